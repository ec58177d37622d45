"""What an authority answered in earlier rounds, and what of it can be brought over."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answer
from assessment.core.answers.assessments import SavedAnswer
from assessment.core.answers.rounds import Round
from assessment.core.questionnaire.versions import Carry, compare_versions
from assessment.services.answering.surveys import Survey
from assessment.storage import answers, assessments, questionnaires, rounds


@dataclass(frozen=True, slots=True)
class LastRound:
    """What an authority answered in a round before, and what becomes of each answer.

    ``saved`` and ``carries`` are by question id; the latter has every question of either version.
    """

    round: Round
    is_submitted: bool
    saved: dict[str, SavedAnswer]
    carries: dict[str, Carry]

    def answer_to(self, question_id: str) -> Answer | None:
        """Return the answer to a question that can be started from, or None."""
        saved = self.saved.get(question_id)
        offered = self.carries.get(question_id) in (Carry.CARRIES_OVER, Carry.SECOND_LOOK)
        return saved.answer if saved and offered else None

    def needs_second_look(self, question_id: str) -> bool:
        """Return whether a question asks something else than it did."""
        return self.carries.get(question_id) is Carry.SECOND_LOOK


def read_earlier_rounds(db: Session, survey: Survey) -> list[LastRound]:
    """Return the rounds before the survey's that its authority answered in, newest first.

    Whether it submitted them or not: what was answered is not lost with a missed day.
    """
    begun = {one.round_id: one for one in assessments.read_assessments(db, survey.authority.id)}
    saved = answers.read_answers_by_round(db, survey.authority.id)
    earlier = (
        _read_earlier(db, survey, round_, begun[round_.id].is_submitted, saved.get(round_.id, {}))
        for round_ in rounds.read_rounds(db)
        if round_.id in begun and round_.opens_on < survey.round.opens_on
    )
    return [last for last in earlier if last.saved]


def _read_earlier(
    db: Session,
    survey: Survey,
    round_: Round,
    is_submitted: bool,
    saved: dict[str, SavedAnswer],
) -> LastRound:
    """Return what was answered in one round before, beside the survey's questionnaire."""
    old = questionnaires.read_questionnaire(db, round_.questionnaire_version)
    changes = compare_versions(old, survey.questionnaire)
    return LastRound(
        round=round_,
        is_submitted=is_submitted,
        saved=saved,
        carries={change.question_id: change.carry for change in changes},
    )


def find_offer(survey: Survey, earlier: Sequence[LastRound]) -> LastRound | None:
    """Return the newest round before that has answers to bring over, or None."""
    return next((last for last in earlier if list_offered(survey, last)), None)


def find_answered(earlier: Sequence[LastRound], question_id: str) -> LastRound | None:
    """Return the newest round before whose answer to a question can be started from, or None."""
    return next((last for last in earlier if last.answer_to(question_id)), None)


def list_changed_parts(db: Session, survey: Survey) -> dict[str, tuple[str, ...]]:
    """List, for each answer that is to check, the parts of its question that are others now.

    They are told by the questionnaire of the round it was brought from, for the answers there
    may be gone: an import can be withdrawn, and answers of a reopened round can be cleared.
    """
    origins = {
        question.id: brought_from
        for question in survey.unchecked
        if (brought_from := survey.saved[question.id].brought_from) is not None
    }
    changed = {id_: _list_changes(db, survey, id_) for id_ in sorted({*origins.values()})}
    return {question_id: changed[id_][question_id] for question_id, id_ in origins.items()}


def _list_changes(db: Session, survey: Survey, round_id: str) -> dict[str, tuple[str, ...]]:
    """List what changed in each question since a round's questionnaire."""
    version = rounds.read_round(db, round_id).questionnaire_version
    old = questionnaires.read_questionnaire(db, version)
    changes = compare_versions(old, survey.questionnaire)
    return {change.question_id: change.changed for change in changes}


def list_offered(survey: Survey, last: LastRound) -> list[Answer]:
    """List last round's answers that carry over to questions not answered yet."""
    return [
        last.saved[question.id].answer
        for question in survey.unanswered
        if question.id in last.saved and last.carries[question.id] is Carry.CARRIES_OVER
    ]


def list_second_looks(survey: Survey, last: LastRound) -> list[str]:
    """List the questions answered last round that ask something else now, by id."""
    return [
        question.id
        for question in survey.unanswered
        if question.id in last.saved and last.needs_second_look(question.id)
    ]
