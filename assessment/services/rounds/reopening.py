"""Reopening: the programme lets an authority change what it has submitted."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.locale import gettext
from assessment.services.register.lifetimes import require_existing
from assessment.storage import assessments, audit, authorities, rounds
from reports.formats import format_date


def reopen_assessment(
    db: Session, authority_id: str, round_id: str, reason: str, today: date, *, by: Actor
) -> None:
    """Let a submitted assessment be answered again, for a reason that the authority reads.

    It leaves the next edition until it is submitted again; reports made of it stay. Raises
    NotFoundError where the authority or the round is not there, NotAllowedError where it has
    not submitted, no reason is given, or nothing could be answered today.
    """
    authority, round_ = (
        authorities.read_authority(db, authority_id),
        rounds.read_round(db, round_id),
    )
    if not reason.strip():
        raise NotAllowedError(gettext("Give the reason: the authority reads it."))
    require_existing(authority, today)
    if round_.is_over(today):
        raise NotAllowedError(
            gettext(
                "%(round)s closed on %(day)s, so nothing could be changed. Extend the round first.",
                round=round_.name,
                day=format_date(round_.closes_on),
            )
        )
    if not assessments.reopen_assessment(
        db, authority_id, round_id, reason=reason.strip(), today=today
    ):
        raise NotAllowedError(
            gettext(
                "%(authority)s has not submitted in %(round)s.",
                authority=authority.name,
                round=round_.name,
            )
        )
    audit.save_event(
        db, by, EventKind.ASSESSMENT_REOPENED, authority_id, round=round_id, reason=reason.strip()
    )
