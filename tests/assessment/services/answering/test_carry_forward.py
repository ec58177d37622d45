from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.people.memberships import Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.answering import (
    answering,
    carry_forward,
    earlier_rounds,
    submitting,
    surveys,
)
from assessment.services.answering.carry_forward import Shown
from assessment.services.people import accounts
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from tests.factories import OPERATOR, make_answer, make_questionnaire

FIRST = date(2026, 11, 23)
SECOND = date(2027, 11, 23)
THIRD = date(2028, 11, 23)
# What a button says of each answer that was brought over from the first round.
SHOWN = Shown(1, "2026")


def make_next_version() -> Questionnaire:
    """Make test-2: 1.1 as before, 1.2 asks something else, 2.3 is retired."""
    old = make_questionnaire()
    first, second = old.principles
    changed = replace(first.questions[1], text="What else do you do?")
    return replace(
        old,
        version="test-2",
        principles=(
            replace(first, questions=(first.questions[0], changed, first.questions[2])),
            replace(second, questions=second.questions[:2]),
        ),
        retired_ids=("2.3",),
    )


@pytest.fixture
def submitted(db: Session, lead: Actor) -> Actor:
    """The lead of an authority that submitted a round; the next one uses another version."""
    survey = surveys.read_survey(db, "A01", FIRST)
    for question in survey.questionnaire.questions:
        answer = make_answer(question.id, 4, note="Because.", evidence=("https://a.example/1",))
        answering.answer_together(db, survey, answer, revision=0, by=lead)
    survey = surveys.read_survey(db, "A01", FIRST)
    submitting.submit(db, survey, seen=survey.seen, counted=True, by=lead)
    publishing.publish_questionnaire(db, make_next_version(), by=OPERATOR)
    days = (date(2027, 11, 1), date(2027, 12, 31))
    scheduling.open_round(db, Round("2027", "Round 2027", *days, "test-2"), by=OPERATOR)
    return lead


def test_bring_over_takes_what_asks_the_same(db: Session, submitted: Actor):
    count = carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)

    survey = surveys.read_survey(db, "A01", SECOND)
    assert count == 4
    assert sorted(survey.saved) == ["1.1", "1.3", "2.1", "2.2"]
    answer = survey.saved["1.1"].answer
    assert (answer.level, answer.note, answer.evidence) == (4, "Because.", ("https://a.example/1",))


def test_bring_over_each_answer_is_in_the_audit_trail(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)

    events = [e for e in surveys.read_activity(db, "A01") if e.detail.get("round") == "2027"]
    assert [e.kind for e in events] == [EventKind.ANSWER_BROUGHT_OVER] * 4


def test_bring_over_is_nobodys_own_answer(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)

    survey = surveys.read_survey(db, "A01", SECOND)
    assert surveys.read_own_answers(db, survey, "1.1") == []


def test_bring_over_confirmed_by_a_person_is_their_own_answer(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)
    survey = surveys.read_survey(db, "A01", SECOND)

    answering.answer_together(db, survey, survey.saved["1.1"].answer, revision=1, by=submitted)

    own = surveys.read_own_answers(db, survey, "1.1")
    assert [(answer.person.name, answer.level) for answer in own] == [("Jo Lead", 4)]


def test_bring_over_waits_to_be_checked(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)

    survey = surveys.read_survey(db, "A01", SECOND)
    assert [question.id for question in survey.unchecked] == ["1.1", "1.3", "2.1", "2.2"]
    assert survey.unchecked_from == "Round 2026"
    first, second = survey.progress
    # 1.1 and 1.3 of three are answered; both answers of principle 2, and neither is checked
    assert (first.answered, first.to_check, first.is_complete) == (2, 2, False)
    assert (second.answered, second.to_check, second.is_complete) == (2, 2, False)
    assert second.next_question.id == "2.1"


def test_confirm_is_the_persons_own_answer_and_in_the_audit_trail(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)
    survey = surveys.read_survey(db, "A01", SECOND)

    confirmed, changed = carry_forward.confirm(
        db, survey, {"1.1": SHOWN, "2.1": SHOWN}, by=submitted
    )

    after = surveys.read_survey(db, "A01", SECOND)
    assert (confirmed, changed) == (["1.1", "2.1"], [])
    assert [question.id for question in after.unchecked] == ["1.3", "2.2"]
    assert [own.level for own in surveys.read_own_answers(db, after, "1.1")] == [4]
    newest = surveys.read_activity(db, "A01")[0]
    assert (newest.kind, newest.detail["question"]) == (EventKind.ANSWER_CONFIRMED, "2.1")


def test_confirm_twice_is_once_in_the_audit_trail(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)
    for _ in range(2):
        survey = surveys.read_survey(db, "A01", SECOND)
        assert carry_forward.confirm(db, survey, {"1.1": SHOWN}, by=submitted) == (["1.1"], [])

    kinds = [event.kind for event in surveys.read_activity(db, "A01")]
    assert kinds.count(EventKind.ANSWER_CONFIRMED) == 1


def test_confirm_changed_meanwhile_is_left_and_named(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)
    stale = surveys.read_survey(db, "A01", SECOND)
    email = "kit@a01.example"
    kit = accounts.create_account(
        db, email, "Kit", Role.CONTRIBUTOR, "A01", today=SECOND, by=OPERATOR
    ).actor
    answering.answer_together(db, stale, make_answer("1.1", 2), revision=1, by=kit)
    fresh = surveys.read_survey(db, "A01", SECOND)

    for survey in (stale, fresh):
        seen = {"1.1": SHOWN, "1.2": Shown(0, "2026"), "1.3": SHOWN}
        assert carry_forward.confirm(db, survey, seen, by=submitted) == (["1.3"], ["1.1", "1.2"])

    assert surveys.read_survey(db, "A01", SECOND).saved["1.1"].answer.level == 2


@pytest.mark.parametrize("brought_from", ["2026", "2027", "1999"])
def test_confirm_changed_to_the_answer_of_an_older_round_is_left_and_named(
    db: Session, submitted: Actor, brought_from: str
):
    # level 4 in 2026, level 2 in 2027, from which 2028 starts
    survey = surveys.read_survey(db, "A01", SECOND)
    answering.answer_together(db, survey, make_answer("1.1", 2), revision=0, by=submitted)
    days = (date(2028, 11, 1), date(2028, 12, 31))
    scheduling.open_round(db, Round("2028", "Round 2028", *days, "test-2"), by=OPERATOR)
    survey = surveys.read_survey(db, "A01", THIRD)
    carry_forward.bring_over(db, survey, by=submitted)
    older = surveys.read_survey(db, "A01", FIRST).saved["1.1"].answer
    answering.answer_together(db, survey, older, revision=1, by=submitted)

    seen = {"1.1": Shown(1, brought_from)}
    now = surveys.read_survey(db, "A01", THIRD)
    confirmed, changed = carry_forward.confirm(db, now, seen, by=submitted)

    # only a button that showed the answer of 2026 showed what is saved
    assert (confirmed, changed) == ((["1.1"], []) if brought_from == "2026" else ([], ["1.1"]))


def test_submit_unchecked_answers_are_counted_and_named_in_the_audit_trail(
    db: Session, submitted: Actor
):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)
    survey = surveys.read_survey(db, "A01", SECOND)
    answering.answer_together(db, survey, make_answer("1.2", 2), revision=0, by=submitted)
    carry_forward.confirm(db, survey, {"2.2": SHOWN}, by=submitted)
    survey = surveys.read_survey(db, "A01", SECOND)

    submitting.submit(db, survey, seen=survey.seen, counted=True, by=submitted)

    newest = surveys.read_activity(db, "A01")[0]
    assert newest.kind == EventKind.ASSESSMENT_SUBMITTED
    # four were brought over, one of them confirmed
    assert newest.detail["unchecked"] == 3
    assert newest.detail["unchecked_ids"] == ["1.1", "1.3", "2.1"]
    assert len(surveys.read_survey(db, "A01", SECOND).unchecked) == 3


def test_bring_over_again_changes_nothing(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)

    assert carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted) == 0


def test_bring_over_keeps_what_is_answered_already(db: Session, submitted: Actor):
    survey = surveys.read_survey(db, "A01", SECOND)
    answering.answer_together(db, survey, make_answer("1.1", 2), revision=0, by=submitted)

    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)

    assert surveys.read_survey(db, "A01", SECOND).saved["1.1"].answer.level == 2


def test_bring_over_after_the_round_is_refused(db: Session, submitted: Actor):
    survey = surveys.read_survey(db, "A01", date(2028, 2, 1))

    with pytest.raises(NotAllowedError, match="Round 2027 closed on 31 December 2027"):
        carry_forward.bring_over(db, survey, by=submitted)


def test_bring_over_nothing_before_brings_nothing(db: Session, lead: Actor):
    assert carry_forward.bring_over(db, surveys.read_survey(db, "A01", FIRST), by=lead) == 0


def test_read_last_round_changed_question_needs_a_second_look(db: Session, submitted: Actor):
    survey = surveys.read_survey(db, "A01", SECOND)
    (last,) = earlier_rounds.read_earlier_rounds(db, survey)

    assert earlier_rounds.list_second_looks(survey, last) == ["1.2"]
    assert last.needs_second_look("1.2")
    offered = last.answer_to("1.2")
    assert offered is not None
    assert offered.level == 4


def test_answer_to_retired_question_is_not_offered(db: Session, submitted: Actor):
    (last,) = earlier_rounds.read_earlier_rounds(db, surveys.read_survey(db, "A01", SECOND))

    assert last.answer_to("2.3") is None


def test_bring_over_round_that_was_not_submitted_is_offered_before_the_older(
    db: Session, submitted: Actor
):
    survey = surveys.read_survey(db, "A01", SECOND)
    answering.answer_together(db, survey, make_answer("1.1", 2), revision=0, by=submitted)
    days = (date(2028, 11, 1), date(2028, 12, 31))
    scheduling.open_round(db, Round("2028", "Round 2028", *days, "test-2"), by=OPERATOR)
    third = date(2028, 11, 23)

    survey = surveys.read_survey(db, "A01", third)
    earlier = earlier_rounds.read_earlier_rounds(db, survey)
    assert [(last.round.id, last.is_submitted) for last in earlier] == [
        ("2027", False),
        ("2026", True),
    ]
    assert carry_forward.bring_over(db, survey, by=submitted) == 1
    # 1.3, 2.1 and 2.2 are left to take from 2026
    survey = surveys.read_survey(db, "A01", third)
    assert carry_forward.bring_over(db, survey, by=submitted) == 3
    survey = surveys.read_survey(db, "A01", third)
    assert survey.saved["1.1"].answer.level == 2
    assert survey.unchecked_from == "Round 2027 and Round 2026"


def test_bring_over_of_a_round_without_answers_brings_nothing(db: Session, submitted: Actor):
    survey = surveys.read_survey(db, "A01", SECOND)

    assert carry_forward.bring_over(db, survey, by=submitted, from_id="1999") == 0


def test_bring_over_colleagues_answer_given_meanwhile_stays(db: Session, submitted: Actor):
    stale = surveys.read_survey(db, "A01", SECOND)
    answering.answer_together(db, stale, make_answer("1.1", 2), revision=0, by=submitted)

    count = carry_forward.bring_over(db, stale, by=submitted)

    assert count == 3
    assert surveys.read_survey(db, "A01", SECOND).saved["1.1"].answer.level == 2


def test_list_changed_parts_of_a_round_without_answers_are_told(db: Session, submitted: Actor):
    carry_forward.bring_over(db, surveys.read_survey(db, "A01", SECOND), by=submitted)
    before = earlier_rounds.list_changed_parts(db, surveys.read_survey(db, "A01", SECOND))
    db.execute(
        text(
            "DELETE FROM agreed_answer WHERE assessment_id = "
            "(SELECT id FROM assessment WHERE round_id = '2026')"
        )
    )

    survey = surveys.read_survey(db, "A01", SECOND)

    assert earlier_rounds.read_earlier_rounds(db, survey) == []
    assert earlier_rounds.list_changed_parts(db, survey) == before
    assert before == {"1.1": (), "1.3": (), "2.1": (), "2.2": ()}
