"""Limits that hold for all processes and over a restart, because they are counted in the database.

How far guessing gets: a sign-in code is one of 10^6, and at most 10 wrong ones are compared for
one address in a day, from however many clients, browsers and codes. A day of guessing at one
account succeeds with 10 x 10^-6 = 0.001 %, a year of it with 0.4 %; a day of guessing at 400
accounts succeeds somewhere with 0.4 %, while their owners get mail they did not ask for. Windows
begin with the first count, so parts of two may fall into one day: at most twice as much. Whoever
guesses shuts nobody out: the link in the mail is no code, and still works.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assessment.core.errors import TooManyError
from assessment.locale import gettext
from assessment.storage import rate_counts

# How long what is sent for signing in works.
CODE_MINUTES = 15
CODE_LIFETIME = timedelta(minutes=CODE_MINUTES)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done for one key in a window, and what to do after that."""

    kind: str
    max_count: int
    window: timedelta
    advice: Callable[[], str]


# A person's mailbox is not flooded. The window is no longer than what is sent lives, so that
# whoever is refused has mail that still works, whoever asked for it.
MAILS = Limit(
    "mails",
    5,
    CODE_LIFETIME,
    lambda: gettext(
        "Too many messages were asked for this address. Use the link in the newest one, or try "
        "again in %(minutes)d minutes.",
        minutes=CODE_MINUTES,
    ),
)
# Nobody mails a whole list of addresses; a council's people may share one address of the internet.
MAILS_FOR_CLIENT = Limit(
    "mails for client",
    60,
    CODE_LIFETIME,
    lambda: gettext(
        "Too many messages were asked for from your network. Use the link in the newest one you "
        "have, or try again in %(minutes)d minutes.",
        minutes=CODE_MINUTES,
    ),
)
WRONG_CODES = Limit(
    "wrong codes",
    10,
    timedelta(days=1),
    lambda: gettext(
        "Too many wrong codes were entered for this address today. Use the link in the message: "
        "it works without the code."
    ),
)
LIMITS = (MAILS, MAILS_FOR_CLIENT, WRONG_CODES)


def require_below(db: Session, limit: Limit, key_hash: str, now: datetime) -> None:
    """Count one more for this key; raises TooManyError beyond the limit."""
    count, began_at = rate_counts.count_up(db, limit.kind, key_hash, limit.window, now)
    if count > limit.max_count:
        left = began_at + limit.window - now
        raise TooManyError(limit.advice(), retry_after=max(1, round(left.total_seconds())))


def take_back(db: Session, limit: Limit, key_hash: str) -> None:
    """Take back what `require_below` counted for this key."""
    rate_counts.count_down(db, limit.kind, key_hash)


def begin_again(db: Session, limit: Limit, key_hash: str) -> None:
    """Take back whatever was counted for this key."""
    rate_counts.delete_count(db, limit.kind, key_hash)


def forget_counts(db: Session, now: datetime) -> None:
    """Delete the counts whose window is over."""
    for limit in LIMITS:
        rate_counts.delete_counts(db, limit.kind, began_before=now - limit.window)
