"""Rounding half up, which Python's own round does not do."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

# So near to a half of the last place, a number is judged by its decimals: beyond the noise.
NEAR_HALF = 1e-8


def round_half_up(value: float, places: int = 0) -> float:
    """Round half up, as people do: 2.25 becomes 2.3 and 2.5 becomes 3.

    Parameters
    ----------
    value : any finite number.
    places : decimals to keep.

    Returns
    -------
    The rounded number. Binary noise beyond the ninth decimal is dropped first, so that a mean
    of 2.45 that the machine holds as 2.4499999999999997 still rounds to 2.5. Nothing has no
    sign: -0.04 becomes 0.0.
    """
    clean = Decimal(f"{value:.9f}")
    return float(clean.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)) + 0.0


def round_all_half_up(values: np.ndarray, places: int = 0) -> np.ndarray:
    """Round many numbers as `round_half_up` does.

    Parameters
    ----------
    values : float, NaN stays NaN.
    places : decimals to keep.

    Returns
    -------
    The same numbers that `round_half_up` gives one by one: only those within NEAR_HALF of a
    half, where binary noise could turn them, are worked out by it.
    """
    unit = 10.0**places
    units = np.abs(values) * unit
    rounded: np.ndarray = np.copysign(np.floor(units + 0.5) / unit, values) + 0.0
    clear = np.abs(units - np.floor(units) - 0.5) > NEAR_HALF * unit
    for index in np.flatnonzero(~clear & ~np.isnan(values)):
        rounded[index] = round_half_up(float(values[index]), places)
    return rounded
