"""What is frozen with an edition of what authorities chose."""

import csv
import io

from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.barriers import (
    ChoiceKind,
)
from assessment.core.disclosure.barriers import (
    ChoiceShares,
)
from assessment.services.editions import benchmarking, open_data
from assessment.services.editions.barriers import read_barriers
from tests.conftest import TODAY


def cut(db: Session) -> ChoiceShares:
    """Cut an edition of the demonstration's last round; return what it shows of barriers."""
    edition = benchmarking.cut_edition(db, "2025", TODAY, by="test")
    barriers, support = read_barriers(db, edition)
    assert (barriers.kind, support.kind) == (ChoiceKind.BARRIER, ChoiceKind.SUPPORT)
    return barriers


def change(db: Session, count: int) -> None:
    """Let the first so many of those that chose have chosen one other thing, by turns."""
    query = (
        "UPDATE assessment SET barriers = CASE id % 2 WHEN 0 THEN '{leaders}'::text[] "
        "ELSE '{suppliers}' END WHERE id IN (SELECT id FROM assessment WHERE round_id = '2025' "
        "AND barriers NOT IN ('{}', '{leaders}', '{suppliers}') ORDER BY id LIMIT :n)"
    )
    db.execute(text(query), {"n": count})


def test_cut_edition_shares_are_those_of_the_table(demonstration: Session):
    query = (
        "SELECT barrier, count(*), (SELECT count(*) FROM assessment WHERE round_id = '2025' "
        "AND counted AND barriers <> '{}') FROM assessment, "
        "unnest(barriers) AS barrier WHERE round_id = '2025' AND counted "
        "GROUP BY barrier"
    )
    counted = {barrier: (count, n) for barrier, count, n in demonstration.execute(text(query))}

    edition = benchmarking.read_newest_edition_of(demonstration, "2025")
    barriers, _ = read_barriers(demonstration, edition)

    assert {share.choice_id for share in barriers.shares} == set(counted)
    for share in barriers.shares:
        count, n = counted[share.choice_id]
        assert share.percent == int(100 * count / n + 0.5)
        assert barriers.n == n
    percents = [share.percent for share in barriers.shares]
    assert percents == sorted(percents, reverse=True)


def test_cut_edition_shares_move_only_by_ten(demonstration: Session):
    before = cut(demonstration)
    change(demonstration, 9)
    same = cut(demonstration)
    change(demonstration, 1)
    moved = cut(demonstration)

    assert same == before
    assert moved.base == before.base + 2
    assert moved.shares != before.shares


def test_cut_edition_leaves_out_who_withdrew(demonstration: Session):
    before = cut(demonstration)
    query = (
        "UPDATE assessment SET counted = false WHERE id IN (SELECT id FROM assessment WHERE "
        "round_id = '2025' AND submitted_at IS NOT NULL AND barriers <> '{}' ORDER BY id LIMIT 30)"
    )
    demonstration.execute(text(query))

    after = cut(demonstration)

    assert before.n is not None
    assert after.n == before.n - 30


def test_read_needs_of_an_edition_before_they_were_asked_is_nothing(demonstration: Session):
    query = "DELETE FROM edition_frame WHERE name IN ('needs', 'chosen')"
    demonstration.execute(text(query))

    edition = benchmarking.read_newest_edition_of(demonstration, "2025")

    assert read_barriers(demonstration, edition) == ()
    # the next edition begins anew
    assert cut(demonstration).shares


def test_export_needs_is_what_is_shown(demonstration: Session):
    edition = benchmarking.read_newest_edition_of(demonstration, "2025")
    shown = read_barriers(demonstration, edition)

    file = io.StringIO(open_data.export_barriers(demonstration, "2025"))
    rows = list(csv.DictReader(file))

    assert {row["edition"] for row in rows} == {edition.citation}
    assert {row["remark"] for row in rows} == {"simulated data"}
    assert [(row["kind"], row["text"], int(row["percent"])) for row in rows] == [
        (one.kind.value, share.text, share.percent) for one in shown for share in one.shares
    ]
