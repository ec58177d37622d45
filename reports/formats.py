"""How figures are written, in pages and PDFs alike. Rounding happens only here."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from babel import dates

from assessment.core.documents.verification_codes import format_code
from assessment.core.rounding import round_half_up
from assessment.locale import gettext, language, lazy_gettext

NOT_SCORED = "–"
# What a spreadsheet takes for the beginning of a formula, or skips before one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t")
MINUS = "−"
# How long before a deadline its hour is said.
NAMED_HOURS = timedelta(hours=48)


def format_level(value: float | None) -> str:
    """Write a score or median.

    Parameters
    ----------
    value : level [1 to L]; None where there is none.

    Returns
    -------
    One decimal, half up; a dash where there is none.
    """
    return _write(value, 1)


def format_median(value: float | None) -> str:
    """Write the median of whole levels.

    Parameters
    ----------
    value : level [1 to L], whole or a half; None where there is none.

    Returns
    -------
    No decimal where it is whole, else one, half up; a dash where there is none.
    """
    return format_level(value).removesuffix(".0")


def format_cell(cell: Any) -> Any:
    """Write a cell of a CSV file so that no spreadsheet runs its text as a formula.

    Parameters
    ----------
    cell : a text, a number or nothing.

    Returns
    -------
    A text that would begin a formula with an apostrophe before it; everything else as it is, so
    that negative numbers stay numbers.

    Notes
    -----
    As the Open Worldwide Application Security Project advises against CSV injection.
    """
    begins_formula = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
    return f"'{cell}" if begins_formula else cell


def format_percent(value: float | None) -> str:
    """Write a percentage.

    Parameters
    ----------
    value : percent [0 to 100]; None where there is none.

    Returns
    -------
    Whole percent, half up, with its sign; a dash where there is none.
    """
    return _write(value, 0, "%")


def format_change(value: float | None) -> str:
    """Write a change of a score.

    Parameters
    ----------
    value : difference [levels]; None where there is none.

    Returns
    -------
    One decimal, half up in size, with + or a true minus; "same" where that is nothing; a
    dash where there is none.
    """
    if value is None:
        return NOT_SCORED
    size = f"{round_half_up(abs(value), 1):.1f}"
    if size == "0.0":
        return gettext("same")
    return f"+{size}" if value > 0 else f"{MINUS}{size}"


def format_date(value: date) -> str:
    """Write a date.

    Parameters
    ----------
    value : any date.

    Returns
    -------
    Day, month in words, year: 20 November 2026.

    Raises
    ------
    TypeError for an instant, whose day depends on the zone.
    """
    if isinstance(value, datetime):
        raise TypeError("An instant has no day until its zone is said.")
    return dates.format_date(value, "d MMMM y", locale=language.get())


def format_time(value: time) -> str:
    """Write a time of day.

    Parameters
    ----------
    value : any time.

    Returns
    -------
    Hours of the half day, minutes, half of the day: 2:05 pm.
    """
    clock = f"{value.hour % 12 or 12}:{value:%M}"
    return (
        gettext("%(time)s am", time=clock)
        if value.hour < 12
        else gettext("%(time)s pm", time=clock)
    )


def format_deadline(closes_on: date, now: datetime) -> str:
    """Write until when something can be done, which is the end of a day.

    Parameters
    ----------
    closes_on : the last day, in the zone of ``now``.
    now : this instant, with its zone.

    Returns
    -------
    The day; in its last 48 hours also the hour: 31 March 2027 at 11:59 pm, today at 11:59 pm.
    """
    # Compared in UTC: two days in which the clock changes have 47 or 49 hours.
    end = datetime.combine(closes_on + timedelta(days=1), time(), now.tzinfo).astimezone(UTC)
    left = end - now.astimezone(UTC)
    if not timedelta() < left <= NAMED_HOURS:
        return format_date(closes_on)
    end_of_day = format_time(time(23, 59))
    if closes_on == now.date():
        return gettext("today at %(time)s", time=end_of_day)
    return gettext("%(day)s at %(time)s", day=format_date(closes_on), time=end_of_day)


def format_range(lower: float | None, upper: float | None) -> str:
    """Write the range of peers' middle half.

    Parameters
    ----------
    lower, upper : levels [1 to L]; None where withheld.

    Returns
    -------
    Both with one decimal: 2.4 to 3.8; a dash where either is withheld.
    """
    if lower is None or upper is None:
        return NOT_SCORED
    return gettext("%(lower)s to %(upper)s", lower=format_level(lower), upper=format_level(upper))


def format_n_of(n: int | None, of_n: int) -> str:
    """Write how many authorities stand behind a figure.

    Parameters
    ----------
    n : authorities with a value; None where it is withheld.
    of_n : authorities in the group.

    Returns
    -------
    Both numbers: 12 of 32; a dash for the first where it is withheld.
    """
    return gettext("%(n)s of %(of_n)s", n=NOT_SCORED if n is None else n, of_n=of_n)


def format_coefficient(value: float | None) -> str:
    """Write a correlation or a reliability.

    Parameters
    ----------
    value : at most 1; None where there is none.

    Returns
    -------
    Two decimals, half up; a dash where there is none.
    """
    return _write(value, 2)


def format_number(value: float | None) -> str:
    """Write a whole number.

    Parameters
    ----------
    value : any number; None where it is not known.

    Returns
    -------
    Whole, half up, thousands divided by commas; a dash where it is not known.
    """
    return _write(value, 0)


def _write(value: float | None, places: int, unit: str = "") -> str:
    """Write a number with so many decimals, half up; a dash where there is none."""
    # English and Welsh write numbers alike.
    return NOT_SCORED if value is None else f"{round_half_up(value, places):,.{places}f}{unit}"


def capitalise(words: str) -> str:
    """Begin words with a capital letter.

    Parameters
    ----------
    words : any text.

    Returns
    -------
    The same with its first letter in upper case; names within it stay as they are.
    """
    return words[:1].upper() + words[1:]


def name_report(kind: str) -> str:
    """Name a kind of report.

    Parameters
    ----------
    kind : one of `KIND_NAMES`.

    Returns
    -------
    What people call it, with a capital letter.
    """
    return str(KIND_NAMES[kind])


# What people call each kind of report.
KIND_NAMES = {
    "scorecard": lazy_gettext("Scorecard"),
    "improvement": lazy_gettext("Improvement report"),
    "shareable": lazy_gettext("Improvement report to share"),
    "national": lazy_gettext("National report"),
}

FILTERS: dict[str, Callable[..., Any]] = {
    "level": format_level,
    "median": format_median,
    "percent": format_percent,
    "change": format_change,
    "date": format_date,
    "range_to": format_range,
    "n_of": format_n_of,
    "whole": format_number,
    "two_places": format_coefficient,
    "kind_name": name_report,
    "code": format_code,
    "capital": capitalise,
}
