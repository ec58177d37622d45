"""Disclosure control: which figures are withheld, and what would open them.

Everything here fails closed. A figure is published only where its own count of authorities is
known and large enough, and a column that is neither a label nor a known figure is refused.
"""

from math import isfinite

import numpy as np
import pandas as pd

from assessment.core.statistics.publication import (
    HIDDEN,
    MIN_FOR_CENTRE,
    MIN_FOR_SPREAD,
    WITHHELD_CENTRE,
    WITHHELD_SPREAD,
    DisclosureError,
)

COUNTS = ("group_name", "n", "submitted", "of_n")
LABELS = frozenset({*COUNTS, "group_kind", "group_id", "measure", "item_id", "own"})
CENTRE_FIGURES = frozenset({"mean", "median", "change"})
SPREAD_FIGURES = frozenset({"q1", "q3", "percentile", "position", "place"})
PERCENT_PREFIX = "percent_"

COUNT_UNKNOWN = "not shown: the number of authorities is not known"
REASON_UNKNOWN = "not shown: the reason is not known"


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
    would open a figure goes by ``submitted``, which is no secret.

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
    why_spread = why_spread.where(why_spread != "", why_centre)
    protected[centre] = protected[centre].where(why_centre == "")
    protected[spread] = protected[spread].where(why_spread == "")
    protected["n"] = protected["n"].where(why_centre == "")
    return protected.assign(**{WITHHELD_CENTRE: why_centre, WITHHELD_SPREAD: why_spread})


def hide_unanimous(figures: pd.DataFrame) -> pd.DataFrame:
    """Hide each figure that would tell what everybody in its group has.

    Parameters
    ----------
    figures : one row per group and item, not rounded
        ``measure``, ``n``, ``mean`` and ``percent_1`` to ``percent_L``.

    Returns
    -------
    A copy with the reasons to withhold: `HIDDEN` for centre and spread where all have the same
    level of a question, or all scores are at one end of the scale, from MIN_FOR_CENTRE
    authorities on (of fewer the threshold speaks); else empty.
    """
    shares = [str(column) for column in figures.columns if _is_share(str(column))]
    levels = [int(name.removeprefix(PERCENT_PREFIX)) for name in shares]
    mean = figures["mean"].astype(float)
    at_an_end = (mean <= min(levels)) | (mean >= max(levels))
    at_one_level = figures[shares].astype(float).max(axis=1) >= 100
    alike = at_an_end | (at_one_level & (figures["measure"] == "question"))
    return _hide(figures, alike).assign(**{WITHHELD_SPREAD: lambda f: f[WITHHELD_CENTRE]})


def hide_whole_moves(changes: pd.DataFrame, ends: tuple[float, float]) -> pd.DataFrame:
    """Hide each matched change over the whole scale: it tells what everybody has now and had.

    Parameters
    ----------
    changes : one row per group and item, not rounded, with ``n`` and ``change`` [levels].
    ends : of the scale. [level]

    Returns
    -------
    A copy with the reasons to withhold, as `hide_unanimous`; of the centre only.
    """
    return _hide(changes, changes["change"].abs() >= ends[1] - ends[0])


def _hide(figures: pd.DataFrame, told: pd.Series) -> pd.DataFrame:
    """Return a copy whose centres are hidden where they tell, if enough stand behind them."""
    enough = figures["n"] >= MIN_FOR_CENTRE
    reasons = pd.Series(np.where(told & enough, HIDDEN, ""), figures.index, dtype=object)
    return figures.assign(**{WITHHELD_CENTRE: reasons})


def tells_everybody(values: np.ndarray, ends: tuple[float, float], *, are_levels: bool) -> bool:
    """Return whether a figure would tell what everybody has, as `hide_unanimous` judges it.

    Parameters
    ----------
    values : float, one element an authority, NaN where it has none.
    ends : of the scale. [level]
    are_levels : whether they are answers to a question, not scores.

    Returns
    -------
    True if all known values are the same: of levels any, of scores one end of the scale.
    False of nobody.
    """
    known = set(values[~np.isnan(values)].tolist())
    return len(known) == 1 and (are_levels or known <= set(ends))


def tells_move(moved: np.ndarray, whole_scale: float) -> bool:
    """Return whether a matched change would tell what everybody has now and had.

    Parameters
    ----------
    moved : float, one element an authority in both rounds. [levels]
    whole_scale : from its lowest to its highest level. [levels]

    Returns
    -------
    True if all moved over the whole scale, the same way. False of nobody.
    """
    return set(moved.tolist()) in ({whole_scale}, {-whole_scale})


def _is_share(column: str) -> bool:
    """Return whether a column holds the percent of authorities at one level."""
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
    given = figures[column] if column in figures else pd.Series("", figures.index)
    n, submitted, of_n = counts = [figures[name] for name in ("n", "submitted", "of_n")]
    sound = _find_sound(given, counts, threshold)
    rows = zip(sound, given, figures["group_name"], n, submitted, of_n, strict=True)
    reasons = [
        "" if fine else _reason(reason, name, *row, threshold=threshold)
        for fine, reason, name, *row in rows
    ]
    return pd.Series(reasons, figures.index, dtype=object)


def _find_sound(given: pd.Series, counts: list[pd.Series], threshold: int) -> np.ndarray:
    """Mark the rows that have no reason and large enough counts in plain numbers.

    Every other row is judged by itself; of numbers of an odd type, each is.
    """
    if not all(isinstance(c.dtype, np.dtype) and c.dtype.kind in "iuf" for c in counts):
        return np.zeros(len(given), dtype=bool)
    n, submitted, of_n = numbers = [c.to_numpy(dtype=float) for c in counts]
    whole = np.logical_and.reduce([np.isfinite(c) & (c == np.floor(c)) for c in numbers])
    free = np.array([isinstance(reason, str) and reason == "" for reason in given], dtype=bool)
    return np.asarray(free & whole & (threshold <= n) & (n <= submitted) & (submitted <= of_n))


def _reason(given: object, group_name: object, *counts: object, threshold: int) -> str:
    """Give the reason that stands already, else what the counts say, the smallest first."""
    if not isinstance(given, str):
        return REASON_UNKNOWN
    if given:
        return given
    known = [count for count in map(_count, counts) if count is not None]
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
