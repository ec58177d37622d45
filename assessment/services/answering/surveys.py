"""Surveys: what is read of an authority's assessments."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answers, encode_answers
from assessment.core.answers.assessments import Assessment, ClearedAnswer, OwnAnswer, SavedAnswer
from assessment.core.answers.rounds import Round, RoundState
from assessment.core.answers.scoring import PrincipleScore, score_answers
from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority
from assessment.core.people.events import AuditEvent
from assessment.core.questionnaire.questionnaire import Principle, Question, Questionnaire
from assessment.core.statistics.item_analysis import PlausibilityQuery, check_plausibility
from assessment.locale import gettext
from assessment.storage import answers, assessments, audit, authorities, questionnaires, rounds
from reports.words import join_words


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
        return join_words([name for id_, name in self.round_names.items() if id_ in ids])

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
        raise NotFoundError(gettext("There is no round yet. The programme team will open one."))
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
        raise NotFoundError(gettext("There are no answers in %(round)s.", round=survey.round.name))
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


def read_own_answers(db: Session, survey: Survey, question_id: str) -> list[OwnAnswer]:
    """Return what each person of the authority answered last to one question."""
    return group_own_answers(db, survey).get(question_id, [])


def group_own_answers(db: Session, survey: Survey) -> dict[str, list[OwnAnswer]]:
    """Return what each person of the authority answered last, by question."""
    grouped: dict[str, list[OwnAnswer]] = {}
    for own in answers.read_own_answers(db, survey.authority.id, survey.round.id):
        grouped.setdefault(own.question_id, []).append(own)
    return grouped


def read_activity(db: Session, authority_id: str) -> list[AuditEvent]:
    """Return who did what in an authority, newest first."""
    return audit.read_events(db, authority_id)


def list_plausibility_queries(survey: Survey) -> tuple[PlausibilityQuery, ...]:
    """List what to ask back before submitting, such as one level throughout; it never counts."""
    return check_plausibility(
        survey.questionnaire, encode_answers(survey.questionnaire, survey.answers)
    )


def read_cleared(db: Session, survey: Survey) -> dict[str, ClearedAnswer]:
    """Return what was cleared and is not answered again, by question id."""
    cleared = answers.read_cleared(db, survey.authority.id, survey.round.id)
    return {
        question_id: one for question_id, one in cleared.items() if question_id not in survey.saved
    }
