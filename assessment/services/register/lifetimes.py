"""When authorities begin and end, in words."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError
from assessment.core.people.authorities import Authority
from assessment.locale import gettext, ngettext
from assessment.storage import authorities
from reports.formats import format_date


def require_not_ended(db: Session, authority: Authority, today: date) -> None:
    """Refuse an authority that has ended by this day, and name its successors."""
    if authority.has_ended(today):
        register = authorities.read_authorities(db)
        sentences = [_say_ended(authority), describe_successors(register, authority)]
        raise NotAllowedError(" ".join(filter(None, sentences)))


def require_existing(authority: Authority, day: date) -> None:
    """Refuse an authority that does not exist on a day: what it does, it does while it exists."""
    if authority.is_to_start(day):
        raise NotAllowedError(
            gettext(
                "%(authority)s starts on %(day)s.",
                authority=authority.name,
                day=format_day(authority.started_on),
            )
        )
    if authority.has_ended(day):
        raise NotAllowedError(_say_ended(authority))


def describe_successors(register: Sequence[Authority], authority: Authority) -> str:
    """Name an authority's successors with their codes; empty if there is none."""
    names = [f"{a.name} ({a.id})" for a in register if a.id in authority.successor_ids]
    if not names:
        return ""
    return ngettext(
        "Its successor is %(names)s.",
        "Its successors are %(names)s.",
        len(names),
        names=", ".join(names),
    )


def format_day(day: date | None) -> str:
    """Return a first or last day in words; the register leaves out what is not known."""
    return format_date(day) if day else gettext("a day that is not known")


def _say_ended(authority: Authority) -> str:
    return gettext(
        "%(authority)s ended on %(day)s.",
        authority=authority.name,
        day=format_day(authority.ended_on),
    )
