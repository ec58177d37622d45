"""The programme's time: the one place that asks what time it is, and in which zone.

A round that closes on a day closes at the end of that day here, whatever the machine's zone is.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/London"
_zone = ZoneInfo(DEFAULT_ZONE)


def set_zone(name: str) -> None:
    """Set the programme's zone, once, when a process starts; one process serves one programme."""
    global _zone  # noqa: PLW0603 (an instant needs no zone handed to it everywhere)
    _zone = ZoneInfo(name)


def now() -> datetime:
    """Return this instant, in the programme's zone."""
    return datetime.now(_zone)


def today() -> date:
    """Return the programme's day."""
    return now().date()


def localise(instant: datetime) -> datetime:
    """Return an instant in the programme's zone; raises ValueError where it has no zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} is no instant: it has no zone.")
    return instant.astimezone(_zone)


def day_of(instant: datetime) -> date:
    """Return the programme's day of an instant; raises ValueError where it has no zone."""
    return localise(instant).date()
