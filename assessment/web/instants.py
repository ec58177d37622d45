"""How pages write instants and deadlines: by the programme's clock."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from assessment import clock
from reports.formats import format_date, format_deadline, format_time


def format_day_of(instant: datetime) -> str:
    """Write the programme's day of an instant."""
    return format_date(clock.day_of(instant))


def format_instant(instant: datetime) -> str:
    """Write the programme's day and time of an instant."""
    return f"{format_day_of(instant)}, {format_time(clock.localise(instant).time())}"


def format_closing(closes_on: date) -> str:
    """Write when something closes; in the last 48 hours with the hour."""
    return format_deadline(closes_on, clock.now())


FILTERS: dict[str, Callable[..., Any]] = {
    "day_of": format_day_of,
    "instant": format_instant,
    "closing": format_closing,
}
