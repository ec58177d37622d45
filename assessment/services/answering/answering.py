"""Answering: the task list, the questions, checking and submitting."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answer, Answers, check_answer, encode_answers
from assessment.core.answers.assessments import Assessment, OwnAnswer, SavedAnswer
from assessment.core.answers.barriers import NO_CHOICES, Choices
from assessment.core.answers.rounds import Round, RoundState
from assessment.core.answers.scoring import PrincipleScore, score_answers
from assessment.core.errors import AssessmentError, NotAllowedError, NotFoundError
from assessment.core.people.actors import Actor
from assessment.core.people.authorities import Authority
from assessment.core.people.events import AuditEvent, EventKind
from assessment.core.questionnaire.questionnaire import Principle, Question, Questionnaire
from assessment.core.statistics.item_analysis import PlausibilityQuery, check_plausibility
from assessment.services.register.lifetimes import require_existing
from assessment.storage import answers, assessments, audit, authorities, questionnaires, rounds
from reports.formats import format_count, format_date

# A page open for longer was left open. [seconds]
MAX_WORK_SECONDS = 1800


class AnswersChangedError(AssessmentError):
    """Answers were changed since a person saw them; ``question_ids`` says which."""

    def __init__(self, question_ids: list[str]) -> None:
        """Keep which answers are others now."""
        self.question_ids = question_ids
        super().__init__(f"Changed since the page was opened: {', '.join(question_ids)}.")


class AlreadySubmittedError(AssessmentError):
    """Somebody submitted meanwhile, with other choices; ``assessment`` is what they submitted."""

    def __init__(self, assessment: Assessment) -> None:
        """Keep what was submitted."""
        self.assessment = assessment
        super().__init__("The assessment was submitted meanwhile with other choices.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one principle is answered."""

    principle: Principle
    number: int
    answered: int
    to_check: int
    next_question: Question

    @property
    def total(self) -> int:
        """Return the number of the principle's questions."""
        return len(self.principle.questions)

    @property
    def is_complete(self) -> bool:
        """Return whether every question of the principle has an answer that somebody checked."""
        return self.answered == self.total and not self.to_check


@dataclass(frozen=True, slots=True)
class Survey:
    """One authority's assessment in one round, with the questionnaire it answers.

    ``round_names`` names every round by its id.
    """

    authority: Authority
    round: Round
    questionnaire: Questionnaire
    assessment: Assessment
    saved: dict[str, SavedAnswer]
    today: date
    round_names: dict[str, str]

    @property
    def is_open(self) -> bool:
        """Return whether the authority may answer: its own first and last day bound the round's."""
        exists = self.authority.exists_on(self.today)
        return self.state is RoundState.OPEN and exists and self.assessment.is_answerable

    @property
    def state(self) -> RoundState:
        """Return where today stands to the round."""
        return self.round.state(self.today)

    @property
    def is_readable(self) -> bool:
        """Return whether there is anything to read."""
        return self.assessment.is_submitted or bool(self.saved)

    @property
    def answers(self) -> Answers:
        """Return the agreed answers by question id."""
        return {question_id: saved.answer for question_id, saved in self.saved.items()}

    @property
    def seen(self) -> str:
        """Return which change of each answer this is, such as ``1.1=2 1.2=1``."""
        return " ".join(f"{q}={saved.revision}" for q, saved in sorted(self.saved.items()))

    @property
    def seen_digest(self) -> str:
        """Return the same in sixteen characters, for an address."""
        return hashlib.sha256(self.seen.encode()).hexdigest()[:16]

    @property
    def unscored(self) -> list[PrincipleScore]:
        """Return the principles that have no score, as the answers stand."""
        scores = score_answers(self.questionnaire, self.answers)
        return [score for score in scores.principles if score.score is None]

    @property
    def unanswered(self) -> list[Question]:
        """Return the questions that still need an answer."""
        return [q for q in self.questionnaire.questions if q.id not in self.saved]

    @property
    def unchecked(self) -> list[Question]:
        """Return the questions whose answer was brought over and nobody has confirmed."""
        return [
            question
            for question in self.questionnaire.questions
            if question.id in self.saved and self.saved[question.id].is_unchecked
        ]

    @property
    def unchecked_from(self) -> str:
        """Return the names of the rounds that the unchecked answers were brought over from."""
        ids = {self.saved[question.id].brought_from for question in self.unchecked}
        return " and ".join(name for id_, name in self.round_names.items() if id_ in ids)

    @property
    def progress(self) -> list[Progress]:
        """Return how far each principle is answered."""
        principles = self.questionnaire.principles
        return [self._progress(number, p) for number, p in enumerate(principles, start=1)]

    def _progress(self, number: int, principle: Principle) -> Progress:
        waiting = [q for q in principle.questions if q.id not in self.saved]
        to_check = [q for q in self.unchecked if q in principle.questions]
        return Progress(
            principle=principle,
            number=number,
            answered=len(principle.questions) - len(waiting),
            to_check=len(to_check),
            next_question=(waiting or to_check or list(principle.questions))[0],
        )

    def question_before(self, question_id: str) -> Question | None:
        """Return the question before this one, or None at the first."""
        index = self.questionnaire.question_ids.index(question_id)
        return self.questionnaire.questions[index - 1] if index else None

    def question_after(self, question_id: str) -> Question | None:
        """Return the question after this one, or None at the last."""
        index = self.questionnaire.question_ids.index(question_id) + 1
        questions = self.questionnaire.questions
        return questions[index] if index < len(questions) else None


def read_current_round(db: Session, today: date) -> Round:
    """Return the open round, else the one that closed last, else the one that opens next.

    Raises NotFoundError where there is none.
    """
    current = rounds.find_current_round(db, today)
    if current is None:
        raise NotFoundError("There is no round yet. The programme team will open one.")
    return current


def read_surveys(db: Session, authority_id: str, today: date) -> list[Survey]:
    """Return an authority's surveys of every round that it began, newest first."""
    begun = {one.round_id: one for one in assessments.read_assessments(db, authority_id)}
    saved = answers.read_answers_by_round(db, authority_id)
    return [
        _gather(db, authority_id, today, round_, begun[round_.id], saved.get(round_.id, {}))
        for round_ in rounds.read_rounds(db)
        if round_.id in begun
    ]


def read_past_surveys(db: Session, authority_id: str, today: date) -> list[Survey]:
    """Return an authority's surveys of every round that it began and that is over, newest first."""
    surveys = read_surveys(db, authority_id, today)
    return [survey for survey in surveys if survey.is_readable and not survey.is_open]


def read_past_survey(db: Session, authority_id: str, today: date, round_id: str) -> Survey:
    """Return what an authority answered in a round.

    Raises NotFoundError where there is no such round, or no answer in it and none can be given.
    """
    survey = read_survey(db, authority_id, today, round_id)
    if not (survey.is_readable or survey.is_open):
        raise NotFoundError(f"There are no answers in {survey.round.name}.")
    return survey


def read_survey(db: Session, authority_id: str, today: date, round_id: str = "") -> Survey:
    """Return an authority's survey: of the named round, else of the current one.

    Raises NotFoundError where there is no such round.
    """
    round_ = rounds.read_round(db, round_id) if round_id else read_current_round(db, today)
    assessment = assessments.read_assessment(db, authority_id, round_.id)
    saved = answers.read_answers(db, authority_id, round_.id)
    return _gather(
        db, authority_id, today, round_, assessment or Assessment(authority_id, round_.id), saved
    )


def _gather(
    db: Session,
    authority_id: str,
    today: date,
    round_: Round,
    assessment: Assessment,
    saved: dict[str, SavedAnswer],
) -> Survey:
    """Put an assessment and its answers beside what they are answers to."""
    return Survey(
        authority=authorities.read_authority(db, authority_id),
        round=round_,
        questionnaire=questionnaires.read_questionnaire(db, round_.questionnaire_version),
        assessment=assessment,
        saved=saved,
        today=today,
        round_names={each.id: each.name for each in rounds.read_rounds(db)},
    )


def answer_together(
    db: Session,
    survey: Survey,
    answer: Answer,
    *,
    revision: int,
    by: Actor,
    seconds: int | None = None,
) -> bool:
    """Agree an answer that is the person's own too; return whether the agreed one changed.

    So an authority answers that shares one set of answers. Raises as `agree_answer`, and then
    gives none either.
    """
    changed = agree_answer(db, survey, answer, revision=revision, by=by, seconds=seconds)
    give_answer(db, survey, answer, by=by)
    return changed


def give_answer(db: Session, survey: Survey, answer: Answer, *, by: Actor) -> None:
    """Keep what a person answers, whatever is agreed.

    Raises NotAllowedError where the answer cannot be given.
    """
    _require_answerable(survey, answer)
    answers.save_own_answer(db, survey.authority.id, survey.round.id, answer, by=by)


def agree_answer(
    db: Session,
    survey: Survey,
    answer: Answer,
    *,
    revision: int,
    by: Actor,
    seconds: int | None = None,
    brought_from: str | None = None,
) -> bool:
    """Save the authority's answer and write the audit trail; return whether anything changed.

    ``brought_from`` is the earlier round it was brought over from, None where a person gave it.
    ``revision`` is the one the person saw, 0 for none; ``seconds`` since the page was opened
    count where it was open for half an hour at most. Raises AnswerConflictError where a
    colleague changed the answer meanwhile, NotAllowedError where the answer cannot be saved.
    """
    _require_answerable(survey, answer)
    authority_id, round_id = survey.authority.id, survey.round.id
    changed = answers.save_answer(
        db,
        authority_id,
        round_id,
        answer,
        revision=revision,
        by=by,
        seconds=_worked(seconds),
        brought_from=brought_from,
    )
    if changed:
        saved = survey.saved.get(answer.question_id)
        _record(db, survey, by, _name_change(saved, answer, brought_from), saved, answer)
    return changed


def read_own_answers(db: Session, survey: Survey, question_id: str) -> list[OwnAnswer]:
    """Return what each person of the authority answered last to one question."""
    return group_own_answers(db, survey).get(question_id, [])


def group_own_answers(db: Session, survey: Survey) -> dict[str, list[OwnAnswer]]:
    """Return what each person of the authority answered last, by question."""
    grouped: dict[str, list[OwnAnswer]] = {}
    for own in answers.read_own_answers(db, survey.authority.id, survey.round.id):
        grouped.setdefault(own.question_id, []).append(own)
    return grouped


def submit(
    db: Session,
    survey: Survey,
    *,
    seen: str,
    counted: bool,
    by: Actor,
    needs: Choices = NO_CHOICES,
) -> None:
    """Submit the assessment; submitting again changes nothing.

    ``seen`` tells the answers that the person declared to be the agreed ones. Raises
    AlreadySubmittedError where somebody submitted with other choices, NotAllowedError where the
    round is closed or questions are unanswered, AnswersChangedError where the answers are
    others now.
    """
    authority_id, round_id = survey.authority.id, survey.round.id
    assessments.lock_assessment(db, authority_id, round_id)
    stored = assessments.read_assessment(db, authority_id, round_id)
    if stored is not None and stored.is_submitted:
        if (stored.counted, stored.needs) != (counted, needs):
            raise AlreadySubmittedError(stored)
        return
    survey = replace(survey, saved=answers.read_answers(db, authority_id, round_id))
    _require_declared(survey, seen)
    assessments.submit_assessment(db, authority_id, round_id, by=by, counted=counted, needs=needs)
    unchecked_ids = [question.id for question in survey.unchecked]
    record_event(
        db,
        survey,
        by,
        EventKind.ASSESSMENT_SUBMITTED,
        counted=counted,
        unchecked=len(unchecked_ids),
        unchecked_ids=unchecked_ids,
    )


def _require_answerable(survey: Survey, answer: Answer) -> None:
    """Refuse an answer that cannot be saved, or not now."""
    require_open(survey)
    mistakes = check_answer(survey.questionnaire, answer)
    if mistakes:
        raise NotAllowedError(" ".join(mistakes))


def _require_declared(survey: Survey, seen: str) -> None:
    """Refuse to submit what cannot be submitted, or is not what the person declared."""
    require_open(survey)
    if survey.unanswered:
        questions = format_count(len(survey.unanswered), "question has", "questions have")
        ids = ", ".join(question.id for question in survey.unanswered)
        raise NotAllowedError(f"{questions} no answer yet: {ids}. Don't know is an answer.")
    changed = {part.partition("=")[0] for part in {*seen.split()} ^ {*survey.seen.split()}}
    if changed:
        raise AnswersChangedError([q.id for q in survey.questionnaire.questions if q.id in changed])


def read_activity(db: Session, authority_id: str) -> list[AuditEvent]:
    """Return who did what in an authority, newest first."""
    return audit.read_events(db, authority_id)


def list_plausibility_queries(survey: Survey) -> tuple[PlausibilityQuery, ...]:
    """List what to ask back before submitting, such as one level throughout; it never counts."""
    return check_plausibility(
        survey.questionnaire, encode_answers(survey.questionnaire, survey.answers)
    )


def _worked(seconds: int | None) -> int | None:
    """Return the time an answer took; None where the page was left open, or clocks differ."""
    return seconds if seconds is not None and 0 < seconds <= MAX_WORK_SECONDS else None


def _name_change(saved: SavedAnswer | None, answer: Answer, brought_from: str | None) -> EventKind:
    """Return what became of an answer, as the audit trail has it."""
    if brought_from is not None:
        return EventKind.ANSWER_BROUGHT_OVER
    is_same = saved is not None and saved.is_unchecked and saved.answer == answer
    return EventKind.ANSWER_CONFIRMED if is_same else EventKind.ANSWER_SAVED


def _record(
    db: Session,
    survey: Survey,
    by: Actor,
    kind: EventKind,
    saved: SavedAnswer | None,
    answer: Answer,
) -> None:
    """Write the change of an answer to the audit trail: never what people wrote."""
    before = saved.answer if saved else None
    record_event(
        db,
        survey,
        by,
        kind,
        question=answer.question_id,
        before=before.code if before else None,
        after=answer.code,
        changed=_list_changes(before, answer),
    )


def record_event(db: Session, survey: Survey, by: Actor, kind: EventKind, **detail: object) -> None:
    """Write what a person did in an assessment to the audit trail."""
    audit.save_event(db, by, kind, survey.authority.id, round=survey.round.id, **detail)


def _list_changes(before: Answer | None, after: Answer) -> list[str]:
    """List the parts of an answer that changed, by name: what people wrote is not repeated."""
    empty = Answer(after.question_id, after.standing)
    names = ("reason", "note", "evidence")
    return [name for name in names if getattr(before or empty, name) != getattr(after, name)]


def require_open(survey: Survey) -> None:
    """Refuse changes outside the round or after submission."""
    if not survey.assessment.is_answerable:
        raise NotAllowedError("This assessment is submitted, so its answers can no longer change.")
    require_existing(survey.authority, survey.today)
    if survey.state is RoundState.ANNOUNCED:
        opens_on = format_date(survey.round.opens_on)
        raise NotAllowedError(f"{survey.round.name} opens on {opens_on}: no answers until then.")
    if survey.state is RoundState.CLOSED:
        closed_on = format_date(survey.round.closes_on)
        raise NotAllowedError(
            f"{survey.round.name} closed on {closed_on}, so its answers can no longer change."
        )
