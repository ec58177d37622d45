"""A county that ends and its successors that begin, on the days between."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round
from assessment.core.errors import FileMistakesError, NotAllowedError
from assessment.core.people.memberships import Membership, Role
from assessment.services.answering import answering, importing, surveys
from assessment.services.editions import cutting
from assessment.services.people import accounts
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.services.rounds.participation import read_participation
from assessment.storage import authorities, benchmarks
from tests.factories import OPERATOR, make_answer, make_authority, make_questionnaire

LAST_DAY, FIRST_DAY = date(2027, 3, 31), date(2027, 4, 1)
REGISTER = [
    *(make_authority(id=f"A{n}", name=f"County {n}") for n in range(1, 7)),
    make_authority(id="SRY", name="Surrey", ended_on=LAST_DAY, successor_ids=("WSY", "ESY")),
    make_authority(id="WSY", name="West Surrey", started_on=FIRST_DAY),
    make_authority(id="ESY", name="East Surrey", started_on=FIRST_DAY),
]


def open_round(db: Session, opens_on: date, closes_on: date) -> None:
    """Install the register and announce a round of these days."""
    authorities.save_register(db, REGISTER, version="test", simulated=False)
    publishing.publish_questionnaire(db, make_questionnaire(), by=OPERATOR)
    days = (opens_on, closes_on)
    scheduling.open_round(db, Round("R", "Round R", *days, "test-1"), by=OPERATOR)


@pytest.fixture
def long_round(db: Session) -> None:
    """A round in the middle of which Surrey ends."""
    open_round(db, date(2027, 3, 1), date(2027, 4, 30))


def create(db: Session, authority_id: str, today: date) -> Membership:
    email = f"{authority_id}.{today}@a.example".lower()
    return accounts.create_account(
        db, email, "Jo Field", Role.LEAD, authority_id, today=today, by=OPERATOR
    )


def save(db: Session, authority_id: str, today: date) -> bool:
    by = create(db, authority_id, date(2027, 1, 1)).actor
    survey = surveys.read_survey(db, authority_id, today)
    return answering.answer_together(db, survey, make_answer("1.1", 3), revision=0, by=by)


@pytest.mark.usefixtures("long_round")
@pytest.mark.parametrize("today", [date(2027, 3, 30), LAST_DAY])
def test_save_answer_until_the_last_day_is_saved(db: Session, today: date):
    assert save(db, "SRY", today)
    assert surveys.read_survey(db, "SRY", today).is_open


@pytest.mark.usefixtures("long_round")
def test_save_answer_on_the_day_after_the_last_is_refused(db: Session):
    with pytest.raises(NotAllowedError, match=r"^Surrey ended on 31 March 2027\.$"):
        save(db, "SRY", FIRST_DAY)

    assert not surveys.read_survey(db, "SRY", FIRST_DAY).is_open


@pytest.mark.usefixtures("long_round")
def test_save_answer_before_the_first_day_is_refused(db: Session):
    with pytest.raises(NotAllowedError, match=r"^West Surrey starts on 1 April 2027\.$"):
        save(db, "WSY", LAST_DAY)

    assert not surveys.read_survey(db, "WSY", LAST_DAY).is_open


@pytest.mark.usefixtures("long_round")
@pytest.mark.parametrize("today", [FIRST_DAY, date(2027, 4, 2)])
def test_save_answer_from_the_first_day_on_is_saved(db: Session, today: date):
    assert save(db, "WSY", today)


@pytest.mark.usefixtures("long_round")
@pytest.mark.parametrize("today", [date(2027, 3, 30), LAST_DAY])
def test_create_account_until_the_last_day_is_made(db: Session, today: date):
    assert create(db, "SRY", today).authority_id == "SRY"


@pytest.mark.usefixtures("long_round")
def test_create_account_after_the_last_day_names_the_successors(db: Session):
    words = r"Surrey ended on 31 March 2027\. Its successors are East Surrey \(ESY\), West Surrey"

    with pytest.raises(NotAllowedError, match=words):
        create(db, "SRY", FIRST_DAY)


@pytest.mark.usefixtures("long_round")
def test_create_account_of_an_authority_that_is_to_start_is_made(db: Session):
    assert create(db, "WSY", LAST_DAY).authority_id == "WSY"


def import_level(db: Session, *authority_ids: str) -> int:
    lines = [f"{authority_id},1.1,3" for authority_id in authority_ids]
    content = "\n".join(["authority_code,question_id,level", *lines]).encode()
    return importing.import_responses(db, content, "a.csv", "R", counted=True, by=OPERATOR)


@pytest.mark.usefixtures("long_round")
def test_import_responses_of_all_that_exist_within_the_round_are_taken(db: Session):
    assert import_level(db, "SRY", "WSY") == 2


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "authority_id", "words"),
    [
        (FIRST_DAY, date(2027, 6, 30), "SRY", "Surrey ended on 31 March 2027, before Round R"),
        (date(2027, 1, 1), LAST_DAY, "WSY", "West Surrey starts on 1 April 2027, after Round R"),
    ],
)
def test_import_responses_of_one_outside_the_round_is_refused(
    db: Session, opens_on: date, closes_on: date, authority_id: str, words: str
):
    open_round(db, opens_on, closes_on)

    with pytest.raises(FileMistakesError, match=words):
        import_level(db, authority_id)


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "expected"),
    [
        (date(2027, 1, 1), LAST_DAY, {"SRY"}),
        (date(2027, 3, 1), date(2027, 4, 30), {"SRY", "WSY", "ESY"}),
        (FIRST_DAY, date(2027, 6, 30), {"WSY", "ESY"}),
    ],
)
def test_cut_edition_groups_hold_those_that_exist_on_a_day_of_the_round(
    db: Session, opens_on: date, closes_on: date, expected: set[str]
):
    open_round(db, opens_on, closes_on)
    counties = {f"A{n}" for n in range(1, 7)}
    import_level(db, *sorted(counties))

    edition = cutting.cut_edition(db, "R", date(2027, 7, 1), by=OPERATOR)

    assert set(benchmarks.read_answers_behind(db, edition)[1]["authority_id"]) == (
        counties | expected
    )
    assert {a.id for a in benchmarks.read_register(db, edition)} == counties | expected
    assert read_participation(db, "R").total.of_n == len(counties | expected)


def test_cut_edition_counts_those_that_ended_since_they_submitted(db: Session):
    open_round(db, date(2027, 1, 1), LAST_DAY)
    import_level(db, "A1", "A2", "A3", "A4", "SRY")

    edition = cutting.cut_edition(db, "R", date(2027, 5, 1), by=OPERATOR)

    figures: pd.DataFrame = benchmarks.read_frame(db, edition, "figures")
    everybody = figures[figures["group_kind"] == "all"]
    # six counties and Surrey
    assert set(everybody["submitted"]) == {5}
    assert set(everybody["of_n"]) == {7}
