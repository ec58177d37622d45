"""Answering: giving an answer of one's own, and agreeing the authority's."""

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answer, check_answer
from assessment.core.answers.assessments import SavedAnswer
from assessment.core.answers.rounds import RoundState
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.locale import gettext
from assessment.services.answering.surveys import Survey
from assessment.services.register.lifetimes import require_existing
from assessment.storage import answers, audit
from reports.formats import format_date
from reports.words import say_answer_mistake

# A page open for longer was left open. [seconds]
MAX_WORK_SECONDS = 1800


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


def _require_answerable(survey: Survey, answer: Answer) -> None:
    """Refuse an answer that cannot be saved, or not now."""
    require_open(survey)
    mistakes = check_answer(survey.questionnaire, answer)
    if mistakes:
        raise NotAllowedError(" ".join(map(say_answer_mistake, mistakes)))


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
        raise NotAllowedError(
            gettext("This assessment is submitted, so its answers can no longer change.")
        )
    require_existing(survey.authority, survey.today)
    if survey.state is RoundState.ANNOUNCED:
        raise NotAllowedError(
            gettext(
                "%(round)s opens on %(day)s: no answers until then.",
                round=survey.round.name,
                day=format_date(survey.round.opens_on),
            )
        )
    if survey.state is RoundState.CLOSED:
        raise NotAllowedError(
            gettext(
                "%(round)s closed on %(day)s, so its answers can no longer change.",
                round=survey.round.name,
                day=format_date(survey.round.closes_on),
            )
        )
