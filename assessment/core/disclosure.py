"""Disclosure control: which figures are withheld, and what would open them.

Everything here fails closed. A figure is published only where its own count of authorities is
known and large enough, and a column that is neither a label nor a known figure is refused.
"""

from math import isfinite

import numpy as np
import pandas as pd

from assessment.core.errors import AssessmentError

# The fewest authorities behind a figure. [authorities]
MIN_FOR_CENTRE = 5
MIN_FOR_SPREAD = 10

WITHHELD_CENTRE = "withheld_centre"
WITHHELD_SPREAD = "withheld_spread"
COUNTS = ("group_name", "n", "submitted", "of_n")
LABELS = frozenset({*COUNTS, "group_kind", "group_id", "measure", "item_id", "own"})
CENTRE_FIGURES = frozenset({"mean", "median", "change"})
SPREAD_FIGURES = frozenset({"q1", "q3", "percentile", "position", "place"})
PERCENT_PREFIX = "percent_"

HIDDEN = "hidden so that another figure cannot be worked out"
COUNT_UNKNOWN = "not shown: the number of authorities is not known"
REASON_UNKNOWN = "not shown: the reason is not known"


class DisclosureError(AssessmentError):
    """Figures that cannot be protected; nothing of them may be published."""


def withhold_small(
    figures: pd.DataFrame,
    *,
    min_for_centre: int = MIN_FOR_CENTRE,
    min_for_spread: int = MIN_FOR_SPREAD,
) -> pd.DataFrame:
    """Withhold each figure that too few authorities stand behind.

    Parameters
    ----------
    figures : one row per group and item
        ``n`` authorities behind the row's figures, ``submitted`` authorities of the group that
        have submitted, ``of_n`` authorities in the group, ``group_name`` in words that read
        after a number. A reason that already stands in
        ``withheld_centre`` or ``withheld_spread`` is kept; anything there but empty text,
        even NaN, withholds.
    min_for_centre : mean and median of fewer are withheld. [authorities]
    min_for_spread : quartiles, percents, percentile and position of fewer are withheld.
        [authorities]

    Returns
    -------
    A copy. Withheld figures are NaN, and ``withheld_centre`` and ``withheld_spread`` say why and
    what would open them (empty text where shown). Whatever withholds the centre also withholds
    the spread and ``n``: of a few authorities it would tell which of them gave no level. What
    would open a figure goes by ``submitted``, which is no secret. A mean at the lowest or
    highest level, and the spread of a question with everybody at one level, would tell what
    each authority has: they are withheld as `HIDDEN`, whatever the number.

    Raises
    ------
    DisclosureError if a threshold is not a whole number of at least 1, if the spread's is
    below the centre's, if a count is missing, or if a column is not known to this module.
    """
    _check_thresholds(min_for_centre, min_for_spread)
    centre, spread = _sort_columns(figures)
    protected = figures.copy()
    why_centre = _reasons(figures, WITHHELD_CENTRE, min_for_centre)
    why_spread = _reasons(figures, WITHHELD_SPREAD, min_for_spread)
    at_an_end, at_one_level = _find_unanimous(figures)
    why_centre = why_centre.where((why_centre != "") | ~at_an_end, HIDDEN)
    why_spread = why_spread.where((why_spread != "") | ~at_one_level, HIDDEN)
    why_spread = why_spread.where(why_spread != "", why_centre)
    protected[centre] = protected[centre].where(why_centre == "")
    protected[spread] = protected[spread].where(why_spread == "")
    protected["n"] = protected["n"].where(why_centre == "")
    return protected.assign(**{WITHHELD_CENTRE: why_centre, WITHHELD_SPREAD: why_spread})


def tells_everybody(
    values: np.ndarray, ends: tuple[float, float], *, are_levels: bool
) -> tuple[bool, bool]:
    """Say whether a mean, and whether a spread, would tell what everybody has.

    Parameters
    ----------
    values : float, one element an authority, NaN where it has none.
    ends : of the scale. [level]
    are_levels : whether they are answers to a question, not scores, so that a share at a level
        tells the answer.

    Returns
    -------
    Whether all known values are at one end of the scale, so that their mean tells each; and
    whether all are one level, so that a share of 100 % does. Of nobody, neither.
    """
    known = set(values[~np.isnan(values)].tolist())
    alike = len(known) == 1
    return alike and known <= set(ends), alike and are_levels


def _find_unanimous(figures: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Mark the rows whose mean tells what everybody has, and those whose spread does."""
    shares = [str(column) for column in figures.columns if _is_share(str(column))]
    if not shares or "mean" not in figures:
        nowhere = pd.Series(False, figures.index)
        return nowhere, nowhere
    levels = [int(name.removeprefix(PERCENT_PREFIX)) for name in shares]
    mean = figures["mean"].astype(float)
    everybody = figures[shares].astype(float).max(axis=1) >= 100
    at_an_end = (mean <= min(levels)) | (mean >= max(levels))
    return at_an_end, everybody & figures["measure"].isin(["question"])


def _is_share(column: str) -> bool:
    """Say whether a column holds the percent of authorities at one level."""
    return column.startswith(PERCENT_PREFIX) and column.removeprefix(PERCENT_PREFIX).isdigit()


def _check_thresholds(min_for_centre: object, min_for_spread: object) -> None:
    """Refuse thresholds that would publish too much."""
    for threshold in (min_for_centre, min_for_spread):
        if not isinstance(threshold, int) or isinstance(threshold, bool) or threshold < 1:
            raise DisclosureError(f"A threshold must be a whole number of at least 1: {threshold}.")
    if min_for_spread < min_for_centre:  # type: ignore[operator]
        raise DisclosureError("The threshold for the spread is below that for the centre.")


def _sort_columns(figures: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the columns that tell a centre and those that tell a spread."""
    columns = [str(column) for column in figures.columns]
    missing = [column for column in COUNTS if column not in columns]
    if missing:
        raise DisclosureError(f"Figures lack the columns {', '.join(missing)}.")
    centre = [column for column in columns if column in CENTRE_FIGURES]
    spread = [c for c in columns if c in SPREAD_FIGURES or c.startswith(PERCENT_PREFIX)]
    known = {*centre, *spread, *LABELS, WITHHELD_CENTRE, WITHHELD_SPREAD}
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise DisclosureError(f"Disclosure control does not know {', '.join(unknown)}.")
    return centre, spread


def _reasons(figures: pd.DataFrame, column: str, threshold: int) -> pd.Series:
    """Give each row's reason to withhold: the one it has, else what its counts say."""
    given = figures[column] if column in figures else [""] * len(figures)
    n, submitted, of_n = (figures[column] for column in ("n", "submitted", "of_n"))
    rows = zip(given, figures["group_name"], n, submitted, of_n, strict=True)
    return pd.Series([_reason(*row, threshold) for row in rows], figures.index, dtype=object)


def _reason(
    given: object, group_name: object, n: object, submitted: object, of_n: object, threshold: int
) -> str:
    """Give the reason that stands already, else what the counts say."""
    if not isinstance(given, str):
        return REASON_UNKNOWN
    if given:
        return given
    counts = [_count(n), _count(submitted), _count(of_n)]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts) or known != sorted(known):
        return COUNT_UNKNOWN
    return _what_opens(group_name, *known, threshold=threshold)


def _what_opens(group_name: object, n: int, submitted: int, of_n: int, *, threshold: int) -> str:
    """Say why figures of so few are withheld and what would open them; empty where shown."""
    if n >= threshold:
        return ""
    if of_n < threshold:
        return f"not shown: it takes {threshold} authorities and this group has {of_n}"
    if submitted >= threshold:
        return f"not shown: too few of the {group_name} that submitted have a level here"
    if threshold - submitted == 1:
        return f"shown when one more of the {group_name} submits"
    return f"shown when {threshold - submitted} more {group_name} submit"


def _count(value: object) -> int | None:
    """Return a count of authorities, or None for anything that cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return int(value) if isfinite(value) and value >= 0 and value == int(value) else None
