"""What an edition shows of neighbours is settled some authorities at a time, and stays."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.people.actors import Actor
from assessment.services.answering import importing
from assessment.services.editions import cutting, settling
from assessment.storage import benchmarks
from tests.factories import OPERATOR

AFTER = date(2027, 1, 1)
# A08 to A12 submit, so that they are counted; every county is another's neighbour.
COUNTED = [f"A{number:02}" for number in range(8, 13)]
OTHERS = [f"A{number:02}" for number in range(1, 8)]


@pytest.fixture
def edition(db: Session, lead: Actor) -> Edition:
    """An edition of five of the twelve counties that there are."""
    lines = [f"{a},{p}.{q},3" for a in COUNTED for p in (1, 2) for q in (1, 2, 3)]
    file = "authority_code,question_id,level\n" + "\n".join(lines) + "\n"
    importing.import_responses(db, file.encode(), "a.csv", "2026", counted=True, by=OPERATOR)
    return cutting.cut_edition(db, "2026", AFTER, by=OPERATOR)


def count_jobs(db: Session) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'settle_neighbours'"
    return int(db.scalar(text(query)) or 0)


def test_cut_edition_queues_the_settling_of_neighbours(db: Session, edition: Edition):
    assert count_jobs(db) == 1
    assert benchmarks.read_settled(db, edition) == set()


def test_settle_batch_settles_those_counted_first_and_queues_the_rest(
    db: Session, edition: Edition
):
    settling.settle_batch(db, "2026", 1)

    # ten at a time: five that are counted, then the first five of seven others
    assert benchmarks.read_settled(db, edition) == {*COUNTED, *OTHERS[:5]}
    assert count_jobs(db) == 2


def test_settle_batch_again_goes_on_and_then_ends(db: Session, edition: Edition):
    for _ in range(3):
        settling.settle_batch(db, "2026", 1)

    assert benchmarks.read_settled(db, edition) == {*COUNTED, *OTHERS}
    assert count_jobs(db) == 2


def test_settle_batch_of_an_older_edition_does_nothing(db: Session, edition: Edition):
    newer = cutting.cut_edition(db, "2026", AFTER, by=OPERATOR)

    settling.settle_batch(db, "2026", 1)

    assert benchmarks.read_settled(db, edition) == benchmarks.read_settled(db, newer) == set()


def test_settle_what_is_settled_stays(db: Session, edition: Edition):
    settling.settle(db, edition, "A01")
    before = benchmarks.read_neighbour_cells(db, edition, "A01")
    db.execute(text("UPDATE neighbour_cells SET cells = '[]'"))

    settling.settle(db, edition, "A01")

    assert before
    assert benchmarks.read_neighbour_cells(db, edition, "A01") == {}


def test_settle_authority_that_the_edition_does_not_know_has_none(db: Session, edition: Edition):
    settling.settle(db, edition, "OLD")

    assert benchmarks.read_settled(db, edition) == set()
