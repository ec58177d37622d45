"""Disclosure control: which figures are withheld, and what would open them.

Everything here fails closed. A figure is published only where its own count of authorities is
known and large enough, and a column that is neither a label nor a known figure is refused.
"""

from math import isfinite

import numpy as np
import pandas as pd

from assessment.core.statistics.publication import (
    MIN_FOR_CENTRE,
    MIN_FOR_SPREAD,
    DisclosureError,
)
from assessment.core.statistics.withholding import (
    MISSING_CENTRE,
    MISSING_SPREAD,
    SHOWN,
    WITHHELD_CENTRE,
    WITHHELD_SPREAD,
    Reason,
    Withheld,
    read_withheld,
)

COUNTS = ("n", "submitted", "of_n")
LABELS = frozenset({*COUNTS, "group_kind", "group_id", "group_name", "measure", "item_id", "own"})
REASONS = frozenset({WITHHELD_CENTRE, MISSING_CENTRE, WITHHELD_SPREAD, MISSING_SPREAD})
CENTRE_FIGURES = frozenset({"mean", "median", "change"})
SPREAD_FIGURES = frozenset({"q1", "q3", "percentile", "place"})
PERCENT_PREFIX = "percent_"


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
        have submitted, ``of_n`` authorities in the group. A `Reason` that already stands in
        ``withheld_centre`` or ``withheld_spread`` is kept, with its ``missing_centre`` or
        ``missing_spread``; anything there but SHOWN, even NaN, withholds.
    min_for_centre : mean and median of fewer are withheld. [authorities]
    min_for_spread : quartiles, percents, percentile and place of fewer are withheld.
        [authorities]

    Returns
    -------
    A copy. Withheld figures are NaN; ``withheld_centre`` and ``withheld_spread`` hold the code of
    the `Reason`, and ``missing_centre`` and ``missing_spread`` how many authorities more would
    open them, NaN where no number would. Whatever withholds the centre also withholds the
    spread and ``n``: of a few authorities it would tell which of them gave no level. What would
    open a figure goes by ``submitted``, which is no secret.

    Raises
    ------
    DisclosureError if a threshold is not a whole number of at least 1, if the spread's is
    below the centre's, if a count is missing, or if a column is not known to this module.
    """
    _check_thresholds(min_for_centre, min_for_spread)
    centre, spread = _sort_columns(figures)
    protected = figures.copy()
    why_centre = _reasons(figures, WITHHELD_CENTRE, MISSING_CENTRE, min_for_centre)
    own_spread = _reasons(figures, WITHHELD_SPREAD, MISSING_SPREAD, min_for_spread)
    why_spread = [why_centre[row] if why.is_shown else why for row, why in enumerate(own_spread)]
    told = _frame_reasons(why_centre, why_spread, figures.index)
    is_shown = told[[WITHHELD_CENTRE, WITHHELD_SPREAD]] == Reason.SHOWN
    protected[centre] = protected[centre].where(is_shown[WITHHELD_CENTRE])
    protected[spread] = protected[spread].where(is_shown[WITHHELD_SPREAD])
    protected["n"] = protected["n"].where(is_shown[WITHHELD_CENTRE])
    return protected.assign(**{str(name): told[name] for name in told})


def hide_unanimous(figures: pd.DataFrame) -> pd.DataFrame:
    """Hide each figure that would tell what everybody in its group has.

    Parameters
    ----------
    figures : one row per group and item, not rounded
        ``measure``, ``n``, ``mean`` and ``percent_1`` to ``percent_L``.

    Returns
    -------
    A copy with the reasons to withhold: HIDDEN for centre and spread where all have the same
    level of a question, or all scores are at one end of the scale, from MIN_FOR_CENTRE
    authorities on (of fewer the threshold speaks); else SHOWN.
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
    hidden, shown = Reason.HIDDEN.value, Reason.SHOWN.value
    reasons = pd.Series(np.where(told & enough, hidden, shown), figures.index, dtype=object)
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
    known = {*centre, *spread, *LABELS, *REASONS}
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise DisclosureError(f"Disclosure control does not know {', '.join(unknown)}.")
    return centre, spread


def _reasons(figures: pd.DataFrame, code: str, missing: str, threshold: int) -> list[Withheld]:
    """Give each row's reason to withhold: the one it has, else what its counts say."""
    given = figures[code] if code in figures else pd.Series(Reason.SHOWN.value, figures.index)
    lacking = figures[missing] if missing in figures else pd.Series(np.nan, figures.index)
    n, submitted, of_n = counts = [figures[name] for name in COUNTS]
    sound = _find_sound(given, counts, threshold)
    rows = zip(sound, given, lacking, n, submitted, of_n, strict=True)
    return [
        SHOWN if fine else _reason(read_withheld(reason, number), *row, threshold=threshold)
        for fine, reason, number, *row in rows
    ]


def _frame_reasons(centre: list[Withheld], spread: list[Withheld], index: pd.Index) -> pd.DataFrame:
    """Lay reasons out as the columns of a frame."""
    columns = {
        WITHHELD_CENTRE: pd.Series([why.reason.value for why in centre], index, dtype=object),
        MISSING_CENTRE: pd.Series([why.missing for why in centre], index, dtype=float),
        WITHHELD_SPREAD: pd.Series([why.reason.value for why in spread], index, dtype=object),
        MISSING_SPREAD: pd.Series([why.missing for why in spread], index, dtype=float),
    }
    return pd.DataFrame(columns)


def _find_sound(given: pd.Series, counts: list[pd.Series], threshold: int) -> np.ndarray:
    """Mark the rows that have no reason and large enough counts in plain numbers.

    Every other row is judged by itself; of numbers of an odd type, each is.
    """
    if not all(isinstance(c.dtype, np.dtype) and c.dtype.kind in "iuf" for c in counts):
        return np.zeros(len(given), dtype=bool)
    n, submitted, of_n = numbers = [c.to_numpy(dtype=float) for c in counts]
    whole = np.logical_and.reduce([np.isfinite(c) & (c == np.floor(c)) for c in numbers])
    free = np.array([read_withheld(reason).is_shown for reason in given], dtype=bool)
    return np.asarray(free & whole & (threshold <= n) & (n <= submitted) & (submitted <= of_n))


def _reason(given: Withheld, *counts: object, threshold: int) -> Withheld:
    """Give the reason that stands already, else what the counts say, the smallest first."""
    if not given.is_shown:
        return given
    known = [count for count in map(_count, counts) if count is not None]
    if len(known) < len(counts) or known != sorted(known):
        return Withheld(Reason.COUNT_UNKNOWN)
    return _judge_counts(*known, threshold=threshold)


def _judge_counts(n: int, submitted: int, of_n: int, *, threshold: int) -> Withheld:
    """Say whether figures of so few are withheld, and how many more would open them."""
    if n >= threshold:
        return SHOWN
    if of_n < threshold:
        return Withheld(Reason.GROUP_TOO_SMALL, threshold - of_n)
    if submitted >= threshold:
        return Withheld(Reason.TOO_FEW_WITH_LEVEL)
    return Withheld(Reason.TOO_FEW_SUBMITTED, threshold - submitted)


def _count(value: object) -> int | None:
    """Return a count of authorities, or None for anything that cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return int(value) if isfinite(value) and value >= 0 and value == int(value) else None
