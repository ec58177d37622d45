"""What an edition shows each authority of its nearest neighbours: settled once, then read."""

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.disclosure import publish
from assessment.core.statistics.neighbours import NeighbourSet, find_neighbours
from assessment.core.statistics.publication import NeighboursDraft
from assessment.services.editions import benchmarking
from assessment.storage import benchmarks, rounds
from assessment.storage.memory import Memory

# How many authorities one job settles: some seconds' work, which is lost where it is interrupted.
BATCH = 10

_found: Memory[NeighbourSet] = Memory(64)


def find_nearest(db: Session, edition: Edition, authority_id: str) -> NeighbourSet:
    """Find an authority's neighbours in the register that an edition was cut by.

    There are none for one that the register lacks.
    """
    register = benchmarks.read_register(db, edition)

    def find() -> NeighbourSet:
        if authority_id not in {authority.id for authority in register}:
            return NeighbourSet(authority_id, ())
        return find_neighbours(register, authority_id)

    return _found.recall((benchmarks.read_content(db, edition), authority_id), find)


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
        benchmarking.queue_settling(db, edition)


def _list_unsettled(db: Session, edition: Edition) -> list[str]:
    """List the authorities that an edition has neighbours for and is not settled for."""
    settled = benchmarks.read_settled(db, edition)
    counted = set(benchmarks.read_answers_behind(db, edition)[0].index)
    left = [a.id for a in benchmarks.read_register(db, edition) if a.id not in settled]
    with_neighbours = [id_ for id_ in left if find_nearest(db, edition, id_).neighbours]
    return sorted(with_neighbours, key=lambda id_: (id_ not in counted, id_))
