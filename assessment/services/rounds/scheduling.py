"""Opening a round, and changing the day it closes."""

import re
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from assessment.content.questionnaire import PART_OF_AN_ADDRESS
from assessment.core.answers.rounds import Round
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.locale import gettext
from assessment.storage import audit, database, questionnaires, rounds
from reports.formats import format_date


def open_round(db: Session, round_: Round, *, by: Actor) -> None:
    """Announce a round; raises NotAllowedError where its id or its days are taken."""
    _require_alone(db)
    questionnaires.read_questionnaire(db, round_.questionnaire_version)
    if not re.fullmatch(PART_OF_AN_ADDRESS, round_.id):
        raise NotAllowedError(
            gettext("A round's id holds letters, digits, full stops and hyphens only.")
        )
    if round_.closes_on < round_.opens_on:
        raise NotAllowedError(gettext("A round cannot close before it opens."))
    if round_.id in {other.id for other in rounds.read_rounds(db)}:
        raise NotAllowedError(
            gettext(
                "There is a round %(round)s already. It can be extended, or closed early.",
                round=round_.id,
            )
        )
    _require_apart(db, round_)
    rounds.save_round(db, round_)
    opens_on, closes_on = date.isoformat(round_.opens_on), date.isoformat(round_.closes_on)
    audit.save_event(
        db, by, EventKind.ROUND_OPENED, round=round_.id, opens_on=opens_on, closes_on=closes_on
    )


def extend_round(db: Session, round_id: str, closes_on: date, today: date, *, by: Actor) -> Round:
    """Let a round close later; one that is over is open again.

    Raises NotAllowedError where the day is no later than now, is past, or is another round's.
    """
    _require_alone(db)
    before = rounds.read_round(db, round_id)
    if closes_on <= before.closes_on:
        later = gettext("Give a later day to extend it.")
        raise NotAllowedError(f"{_say_closing(before, today)} {later}")
    if closes_on < today:
        raise NotAllowedError(
            gettext(
                "%(day)s is past: %(round)s would be over.",
                day=format_date(closes_on),
                round=before.name,
            )
        )
    after = replace(before, closes_on=closes_on)
    _require_apart(db, after)
    _save_closing(db, before, after, EventKind.ROUND_EXTENDED, by)
    return after


def close_round(db: Session, round_id: str, closes_on: date, today: date, *, by: Actor) -> Round:
    """Let a round close earlier: at the end of this day.

    Raises NotAllowedError where the day is past, for answers were given since; and where the
    round is over by then anyway, or does not open before.
    """
    _require_alone(db)
    before = rounds.read_round(db, round_id)
    if closes_on >= before.closes_on:
        earlier = gettext("Give an earlier day to close it.")
        raise NotAllowedError(f"{_say_closing(before, today)} {earlier}")
    if closes_on < today:
        raise NotAllowedError(
            gettext(
                "Answers given since %(day)s would be outside %(round)s: it can close at the end "
                "of today, at the earliest.",
                day=format_date(closes_on),
                round=before.name,
            )
        )
    if closes_on < before.opens_on:
        raise NotAllowedError(
            gettext(
                "%(round)s opens on %(day)s, so it cannot close before.",
                round=before.name,
                day=format_date(before.opens_on),
            )
        )
    after = replace(before, closes_on=closes_on)
    _save_closing(db, before, after, EventKind.ROUND_CLOSED_EARLY, by)
    return after


def _save_closing(db: Session, before: Round, after: Round, kind: EventKind, by: Actor) -> None:
    """Store a round's new last day and write the audit trail."""
    rounds.save_closing(db, after.id, after.closes_on)
    audit.save_event(
        db,
        by,
        kind,
        round=after.id,
        closes_on=after.closes_on.isoformat(),
        closed_on_before=before.closes_on.isoformat(),
    )


def _say_closing(round_: Round, today: date) -> str:
    """Say when a round closes or closed."""
    day = format_date(round_.closes_on)
    if round_.is_over(today):
        return gettext("%(round)s closed on %(day)s.", round=round_.name, day=day)
    return gettext("%(round)s closes on %(day)s.", round=round_.name, day=day)


def _require_apart(db: Session, round_: Round) -> None:
    """Refuse days that another round has."""
    for other in rounds.read_rounds(db):
        days_meet = round_.opens_on <= other.closes_on and other.opens_on <= round_.closes_on
        if other.id != round_.id and days_meet:
            raise NotAllowedError(
                gettext(
                    "The days of round %(round)s overlap round %(other)s, which runs from "
                    "%(opening)s to %(closing)s.",
                    round=round_.id,
                    other=other.id,
                    opening=format_date(other.opens_on),
                    closing=format_date(other.closes_on),
                )
            )


def _require_alone(db: Session) -> None:
    """Refuse to change rounds while somebody else does: their days must not overlap."""
    if not database.try_lock(db, "change the rounds"):
        raise NotAllowedError(gettext("Somebody changes the rounds at this moment. Try again."))
