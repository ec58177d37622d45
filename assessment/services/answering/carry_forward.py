"""Starting from last round's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answer
from assessment.core.answers.assessments import AnswerClearedError, AnswerConflictError, SavedAnswer
from assessment.core.answers.rounds import Round
from assessment.core.people.actors import Actor
from assessment.core.questionnaire.versions import Carry, compare_versions
from assessment.services.answering.answering import agree_answer, answer_together
from assessment.services.answering.clearing import read_cleared
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


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a button to confirm it showed it: which change, from which round."""

    revision: int
    brought_from: str


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


def bring_over(db: Session, survey: Survey, *, by: Actor, from_id: str = "") -> int:
    """Save an earlier round's answers to the questions not answered yet; return how many.

    They are those of the round of this id, else of the newest that has any to offer. Raises
    NotAllowedError where the survey's round is closed or submitted.
    """
    earlier = read_earlier_rounds(db, survey)
    chosen = [last for last in earlier if last.round.id == from_id] if from_id else earlier
    last = find_offer(survey, chosen)
    if last is None:
        return 0
    # An answer cleared in this round is answered again from the revision of its clearing.
    cleared = read_cleared(db, survey)
    revisions = {question_id: one.revision for question_id, one in cleared.items()}
    return sum(
        _bring(db, survey, last, answer, revisions.get(answer.question_id, 0), by)
        for answer in list_offered(survey, last)
    )


def confirm(
    db: Session, survey: Survey, seen: Mapping[str, Shown], *, by: Actor
) -> tuple[list[str], list[str]]:
    """Confirm answers that were brought over; each becomes the person's own answer too.

    ``seen`` holds what the person saw, by question id. Returns the ids of the
    confirmed questions, and of those that a colleague changed meanwhile; confirming again
    changes nothing. Raises NotAllowedError where answers cannot be saved.
    """
    earlier = {last.round.id: last for last in read_earlier_rounds(db, survey)}
    confirmed: list[str] = []
    changed: list[str] = []
    for question_id, shown in seen.items():
        origin = earlier.get(shown.brought_from)
        brought = origin.answer_to(question_id) if origin else None
        done = _confirm(db, survey, question_id, shown.revision, brought, by)
        (confirmed if done else changed).append(question_id)
    return confirmed, changed


def _confirm(
    db: Session,
    survey: Survey,
    question_id: str,
    revision: int,
    brought: Answer | None,
    by: Actor,
) -> bool:
    """Confirm one answer; say whether it is still the one the person saw.

    A colleague may have confirmed it meanwhile: then it is what was brought over, one change on.
    """
    saved = survey.saved.get(question_id)
    if saved is None or (saved.revision != revision and saved.answer != brought):
        return False
    try:
        answer_together(db, survey, saved.answer, revision=saved.revision, by=by)
    except (AnswerConflictError, AnswerClearedError):
        return False
    return True


def _bring(
    db: Session, survey: Survey, last: LastRound, answer: Answer, revision: int, by: Actor
) -> bool:
    """Save one answer of last round; a colleague's answer given meanwhile stays."""
    try:
        return agree_answer(
            db, survey, answer, revision=revision, by=by, brought_from=last.round.id
        )
    except (AnswerConflictError, AnswerClearedError):
        return False
