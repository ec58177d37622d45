"""Who takes part: who submitted is shown, who is counted is judged."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import GroupKind
from assessment.core.statistics.representativeness import Representation
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.services.rounds.participation import read_participation
from assessment.storage import answers, authorities, imports
from reports.words import say_verdict
from reports.words.groups import name_group
from tests.factories import JO, OPERATOR, make_answer, make_authority, make_questionnaire

# Ten counties, thirty districts and a former county.
REGISTER = [
    make_authority(
        id=f"A{n:02}",
        type="county" if n < 10 else "district",
        population=[50_000, 700_000, None, 150_000][n % 4],
        rural_share=[0.1, 0.9][n % 2],
    )
    for n in range(40)
]
FORMER = make_authority(id="OLD", type="county", ended_on=date(2023, 3, 31))


@pytest.fixture
def round_id(db: Session) -> str:
    """A round of an installation in which nobody has begun."""
    authorities.save_register(db, [*REGISTER, FORMER], version="test", simulated=False)
    publishing.publish_questionnaire(db, make_questionnaire(), by=OPERATOR)
    days = (date(2026, 11, 1), date(2026, 12, 31))
    scheduling.open_round(db, Round("2026", "Round 2026", *days, "test-1"), by=OPERATOR)
    return "2026"


def submit(db: Session, round_id: str, submitting: Sequence[Authority], *, counted: bool) -> None:
    """Submit assessments at level 3 throughout."""
    answer_codes = pd.DataFrame(
        3, index=[a.id for a in submitting], columns=list(make_questionnaire().question_ids)
    )
    at = datetime(2026, 11, 20, tzinfo=UTC)
    imports.save_imported(
        db, round_id, answer_codes, counted=counted, by=OPERATOR, reason="", submitted_at=at
    )


def test_read_participation_judges_those_that_are_counted(db: Session, round_id: str):
    submit(db, round_id, [*REGISTER[:10], FORMER], counted=True)
    submit(db, round_id, REGISTER[10:40], counted=False)

    page = read_participation(db, round_id)

    # the former county submitted, so it stands among them though it ended before the round
    assert (page.total.submitted, page.counted, page.total.of_n) == (41, 11, 41)
    assert page.conclusion.representation is Representation.UNEVEN
    assert page.conclusion.group_kinds == (GroupKind.TYPE,)
    # 11 of 41 counted are 27%
    assert say_verdict(page.verdicts[0]) == (
        "Counties are over-represented: 11 of 11 against 27% overall. "
        "Districts are under-represented: 0 of 30 against 27% overall."
    )


def test_read_participation_where_nobody_has_begun_says_so(db: Session, round_id: str):
    page = read_participation(db, round_id)

    assert (page.total.submitted, page.counted) == (0, 0)
    assert page.conclusion.representation is Representation.NOBODY


def test_read_participation_counts_every_kind_by_size_or_name(db: Session, round_id: str):
    submit(db, round_id, REGISTER[:10], counted=True)
    answers.save_answer(db, "A10", round_id, make_answer("1.1"), revision=0, by=JO)

    by_kind = read_participation(db, round_id).by_kind

    rows = {
        kind: [(name_group(r.group), r.submitted, r.begun, r.not_begun, r.of_n) for r in of]
        for kind, of in by_kind.items()
    }
    # A10 has begun: it is a district, the third of four bands has no population, even is urban.
    assert rows == {
        "type": [("county", 10, 0, 0, 10), ("district", 0, 1, 29, 30)],
        "region": [("North East", 10, 1, 29, 40)],
        "nation": [("England", 10, 1, 29, 40)],
        "band": [
            ("under 100,000 residents", 3, 0, 7, 10),
            ("100,000 to 199,999 residents", 2, 0, 8, 10),
            ("600,000 residents or more", 3, 0, 7, 10),
            ("not known", 2, 1, 7, 10),
        ],
        "rurality": [
            ("predominantly urban authorities", 5, 1, 14, 20),
            ("predominantly rural authorities", 5, 0, 15, 20),
        ],
    }
