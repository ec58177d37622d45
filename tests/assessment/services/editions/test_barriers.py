"""What is frozen with an edition of what authorities chose."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.barriers import ChoiceKind, Choices
from assessment.core.answers.rounds import Round
from assessment.core.questionnaire.questionnaire import Choice
from assessment.core.statistics.publication import ChoiceShares
from assessment.services.editions import benchmarking, cutting, open_data
from assessment.services.editions.barriers import read_barriers
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.storage import authorities, imports, responses
from reports.words import cite_edition
from tests.conftest import TODAY
from tests.factories import OPERATOR, make_authority, make_questionnaire

IDS = [f"A{number:02}" for number in range(60)]
BARRIERS = tuple(Choice(id_, id_) for id_ in ("rules", "skills", "risk", "leaders", "suppliers"))
SUPPORT = tuple(Choice(id_, id_) for id_ in ("law", "peers", "money"))


@pytest.fixture
def small(db: Session) -> Session:
    """Sixty counties that are counted; by turns of three they chose one barrier and one support."""
    register = [make_authority(id=authority_id) for authority_id in IDS]
    authorities.save_register(db, register, version="test", simulated=True)
    questionnaire = replace(make_questionnaire(1, 1), barriers=BARRIERS, support=SUPPORT)
    publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)
    days = (date(2026, 1, 1), date(2026, 3, 31))
    scheduling.open_round(db, Round("2025", "Round 2025", *days, "test-1"), by=OPERATOR)
    levels = [1 + number % 5 for number in range(len(IDS))]
    answer_codes = pd.DataFrame({"1.1": np.array(levels, dtype="int8")}, index=IDS)
    at = datetime(2026, 2, 1, tzinfo=UTC)
    imports.save_imported(
        db, "2025", answer_codes, counted=True, by=OPERATOR, reason="", submitted_at=at
    )
    responses.save_chosen(
        db,
        "2025",
        {
            authority_id: Choices((BARRIERS[number % 3].id,), (SUPPORT[number % 3].id,))
            for number, authority_id in enumerate(IDS)
        },
    )
    return db


def cut(db: Session) -> ChoiceShares:
    """Cut an edition of the small round; return what it shows of barriers."""
    edition = cutting.cut_edition(db, "2025", TODAY, by=OPERATOR)
    barriers, support = read_barriers(db, edition)
    assert (barriers.kind, support.kind) == (ChoiceKind.BARRIER, ChoiceKind.SUPPORT)
    return barriers


def change(db: Session, first: int, count: int) -> None:
    """Let so many of them have chosen one other thing, by turns."""
    others = (Choices(("leaders",)), Choices(("suppliers",)))
    ids = IDS[first : first + count]
    responses.save_chosen(db, "2025", {id_: others[n % 2] for n, id_ in enumerate(ids)})


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


def test_cut_edition_shares_move_only_by_ten(small: Session):
    before = cut(small)
    change(small, 0, 9)
    same = cut(small)
    change(small, 9, 1)
    moved = cut(small)

    assert same == before
    assert moved.base == before.base + 2
    assert moved.shares != before.shares


def test_cut_edition_leaves_out_who_withdrew(small: Session):
    before = cut(small)
    query = "UPDATE assessment SET counted = false WHERE authority_id = ANY(:ids)"
    small.execute(text(query), {"ids": IDS[:30]})

    after = cut(small)

    assert (before.n, after.n) == (60, 30)


def test_read_barriers_of_an_edition_before_they_were_asked_is_nothing(small: Session):
    edition = cutting.cut_edition(small, "2025", TODAY, by=OPERATOR)
    small.execute(text("DELETE FROM edition_frame WHERE name IN ('needs', 'chosen')"))

    assert read_barriers(small, edition) == ()
    # the next edition begins anew
    assert cut(small).shares


def test_export_needs_is_what_is_shown(demonstration: Session):
    edition = benchmarking.read_newest_edition_of(demonstration, "2025")
    shown = read_barriers(demonstration, edition)

    file = io.StringIO(open_data.export_barriers(demonstration, "2025"))
    rows = list(csv.DictReader(file))

    assert {row["edition"] for row in rows} == {cite_edition(edition)}
    assert {row["remark"] for row in rows} == {"simulated data"}
    assert [(row["kind"], row["text"], int(row["percent"])) for row in rows] == [
        (one.kind.value, share.text, share.percent) for one in shown for share in one.shares
    ]
