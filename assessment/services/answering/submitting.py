"""Submitting an assessment."""

from dataclasses import replace

from sqlalchemy.orm import Session

from assessment.core.answers.assessments import Assessment
from assessment.core.answers.barriers import NO_CHOICES, Choices
from assessment.core.errors import AssessmentError, NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.locale import ngettext
from assessment.services.answering.answering import record_event, require_open
from assessment.services.answering.surveys import Survey
from assessment.storage import answers, assessments


class AnswersChangedError(AssessmentError):
    """Answers were changed since a person saw them; ``question_ids`` says which."""

    def __init__(self, question_ids: list[str]) -> None:
        """Keep which answers are others now."""
        self.question_ids = question_ids
        super().__init__(", ".join(question_ids))


class AlreadySubmittedError(AssessmentError):
    """Somebody submitted meanwhile, with other choices; ``assessment`` is what they submitted."""

    def __init__(self, assessment: Assessment) -> None:
        """Keep what was submitted."""
        self.assessment = assessment
        super().__init__(f"{assessment.authority_id}, round {assessment.round_id}")


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
    # Locked before anything is read: an answer that a colleague is saving is waited for, and read.
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


def _require_declared(survey: Survey, seen: str) -> None:
    """Refuse to submit what cannot be submitted, or is not what the person declared."""
    require_open(survey)
    if survey.unanswered:
        raise NotAllowedError(
            ngettext(
                "%(num)d question has no answer yet: %(ids)s. Don't know is an answer.",
                "%(num)d questions have no answer yet: %(ids)s. Don't know is an answer.",
                len(survey.unanswered),
                ids=", ".join(question.id for question in survey.unanswered),
            )
        )
    changed = {part.partition("=")[0] for part in {*seen.split()} ^ {*survey.seen.split()}}
    if changed:
        raise AnswersChangedError([q.id for q in survey.questionnaire.questions if q.id in changed])
