"""Limits that hold for all processes and over a restart, because they are counted in the database.

How far guessing gets: a sign-in code is one of 10^6, and at most 10 wrong ones are compared for
one address in a day, from however many clients, browsers and codes. A day of guessing at one
account succeeds with 10 x 10^-6 = 0.001 %, a year of it with 0.4 %; a day of guessing at 400
accounts succeeds somewhere with 0.4 %, while their owners get mail they did not ask for. Windows
begin with the first count, so parts of two may fall into one day: at most twice as much. Whoever
guesses shuts nobody out: the link in the mail is no code, and still works.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assessment.core.errors import TooManyError
from assessment.storage import rate_counts


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done for one key in a window, and what to do after that."""

    kind: str
    max_count: int
    window: timedelta
    advice: str


# A person's mailbox is not flooded, and somebody elsewhere who asks for a person's mail does not
# keep that person from asking: one client gets less than a third of what an address gets.
TOO_MANY_MAILS = (
    "Too many messages were asked for this address. Use the newest one, or try again in an hour."
)
MAILS = Limit("mails", 20, timedelta(hours=1), TOO_MANY_MAILS)
MAILS_FOR_CLIENT = Limit("mails for client", 6, timedelta(hours=1), TOO_MANY_MAILS)
WRONG_CODES = Limit(
    "wrong codes",
    10,
    timedelta(days=1),
    "Too many wrong codes were entered for this address today. Use the link in the message: "
    "it works without the code.",
)
LONGEST_WINDOW = max(limit.window for limit in (MAILS, MAILS_FOR_CLIENT, WRONG_CODES))


def require_below(db: Session, limit: Limit, key: str, now: datetime) -> None:
    """Count one more for this key; raises TooManyError beyond the limit."""
    count, began_at = rate_counts.count_up(db, limit.kind, key, limit.window, now)
    if count > limit.max_count:
        left = began_at + limit.window - now
        raise TooManyError(limit.advice, retry_after=max(1, round(left.total_seconds())))


def take_back(db: Session, limit: Limit, key: str) -> None:
    """Take back what `require_below` counted for this key."""
    rate_counts.count_down(db, limit.kind, key)


def forget_counts(db: Session, now: datetime) -> None:
    """Delete the counts whose window is over."""
    rate_counts.delete_counts(db, began_before=now - LONGEST_WINDOW)
