"""Rounding half up, which Python's own round does not do."""

from decimal import ROUND_HALF_UP, Decimal


def round_half_up(value: float, places: int = 0) -> float:
    """Round half up, as people do: 2.25 becomes 2.3 and 2.5 becomes 3.

    Parameters
    ----------
    value : any finite number.
    places : decimals to keep.

    Returns
    -------
    The rounded number. Binary noise beyond the ninth decimal is dropped first, so that a mean
    of 2.45 that the machine holds as 2.4499999999999997 still rounds to 2.5.
    """
    clean = Decimal(f"{value:.9f}")
    return float(clean.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
