"""Settling what an edition shows each authority of its nearest neighbours, once."""

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.disclosure import publish
from assessment.core.statistics.publication import NeighboursDraft
from assessment.services.editions import benchmarking
from assessment.services.editions.neighbours import find_nearest
from assessment.storage import benchmarks, queue, rounds

# The job that settles what an edition shows each authority of its neighbours.
SETTLE_NEIGHBOURS = "settle_neighbours"
# How many authorities one job settles: some seconds' work, which is lost where it is interrupted.
BATCH = 10


def queue_settling(db: Session, edition: Edition) -> None:
    """Queue the job that settles what an edition shows of neighbours; one runs at a time."""
    queue.enqueue(
        db,
        SETTLE_NEIGHBOURS,
        lock=SETTLE_NEIGHBOURS,
        round_id=edition.round_id,
        number=edition.number,
    )


def settle(db: Session, edition: Edition, authority_id: str) -> None:
    """Settle what a round's newest edition shows one authority; what is settled stays.

    It is decided beside all that is published by then, so it is not decided again later.
    """
    found = find_nearest(db, edition, authority_id)
    if not found.neighbours:
        return
    if benchmarks.read_neighbour_cells(db, edition, authority_id) is not None:
        return
    history = benchmarking.read_history(db, rounds.read_round(db, edition.round_id))
    ids = [neighbour.authority_id for neighbour in found.neighbours]
    cells = publish(NeighboursDraft(history, authority_id, ids))
    benchmarks.save_neighbour_cells(db, edition, authority_id, cells)


def settle_batch(db: Session, round_id: str, number: int) -> None:
    """Settle an edition for some authorities that it is not settled for, and queue the next ones.

    Those whose answers it counts go first, for they are the first to look. Of an edition that is
    no longer its round's newest nobody will ask.
    """
    edition = benchmarking.read_newest_edition_of(db, round_id)
    if edition.number != number:
        return
    left = _list_unsettled(db, edition)
    for authority_id in left[:BATCH]:
        settle(db, edition, authority_id)
    if len(left) > BATCH:
        queue_settling(db, edition)


def _list_unsettled(db: Session, edition: Edition) -> list[str]:
    """List the authorities that an edition has neighbours for and is not settled for."""
    settled = benchmarks.read_settled(db, edition)
    counted = set(benchmarks.read_answers_behind(db, edition)[0].index)
    left = [a.id for a in benchmarks.read_register(db, edition) if a.id not in settled]
    with_neighbours = [id_ for id_ in left if find_nearest(db, edition, id_).neighbours]
    return sorted(with_neighbours, key=lambda id_: (id_ not in counted, id_))
