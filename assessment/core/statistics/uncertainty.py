"""How sure an authority's place is, when only some of its peers have answered."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import comb

from assessment.core.errors import AssessmentError

# What lies outside the interval on either side: one in twenty, so 90 % lie within.
TAIL = (1, 20)
LOW_QUARTER, HIGH_QUARTER = 25.0, 75.0


class Position(StrEnum):
    """Where an authority stands to the middle half of its peers; never a rank."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


class UncertaintyError(AssessmentError):
    """Counts of peers that cannot be; the message carries them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an authority stands to the middle half of its peers, and how sure that is.

    ``position`` is among the peers that answered, ``possible`` those it may have among all of
    them, itself included, in the order of `Position`.
    """

    position: Position
    possible: tuple[Position, ...]

    @property
    def others(self) -> tuple[Position, ...]:
        """Return what else it could be among all peers; nothing where it is certain."""
        return tuple(each for each in self.possible if each is not self.position)


@dataclass(frozen=True, slots=True)
class PlaceInterval:
    """Where an authority may stand among all its peers, in percent of them.

    ``percentile`` is the rank among the ``n`` peers that answered, None where none did;
    ``low`` and ``high`` hold the rank among all ``of_n``. ``below`` holds the percent of all
    peers below the authority, ``not_above`` the percent below or equal; each as (low, high).
    """

    percentile: float | None
    low: float
    high: float
    below: tuple[float, float]
    not_above: tuple[float, float]
    n: int
    of_n: int


def estimate_place(below: int, equal: int, *, n: int, of_n: int) -> PlaceInterval:
    """Estimate an authority's percentile rank among all its peers from those that answered.

    Parameters
    ----------
    below, equal : answering peers below and equal to the authority. [authorities]
    n : peers that answered. [authorities]
    of_n : peers in the whole group, the authority itself left out. [authorities]

    Returns
    -------
    The 90 % interval, two-sided, 5 % on either side [percent, 0 to 100]. It is as wide as the
    whole scale where nobody answered, and of no width where everybody did.

    Raises
    ------
    UncertaintyError if a count is negative, ``below`` and ``equal`` exceed n, or n exceeds
    of_n, or of_n is 0.

    Notes
    -----
    The peers that answered are taken for a random draw from all, without replacement. The
    number of all peers below, and the number below or equal, then each have exact limits by
    inverting the hypergeometric test (Konijn 1973, Statistical Theory of Sample Survey Design
    and Analysis; Wright 1991, Exact Confidence Bounds when Sampling from Small Finite
    Universes). The percentile rank, 100 x (below + half of equal) / of_n, is the mean of the
    two, and its limits are the means of theirs. Without ties the two are one and the interval
    is exact. With ties it is conservative: by enumeration for each true value of groups of up
    to 44, and in large groups because the deviation of a mean of two is at most the mean of
    their deviations. Limits are counted in whole numbers, exactly.
    """
    _check_counts(below, equal, n, of_n)
    under, up_to = _limits(below, n, of_n), _limits(below + equal, n, of_n)
    return PlaceInterval(
        percentile=100 * (below + equal / 2) / n if n else None,
        low=50 * (under[0] + up_to[0]) / of_n,
        high=50 * (under[1] + up_to[1]) / of_n,
        below=(100 * under[0] / of_n, 100 * under[1] / of_n),
        not_above=(100 * up_to[0] / of_n, 100 * up_to[1] / of_n),
        n=n,
        of_n=of_n,
    )


def list_possible(position: Position, interval: PlaceInterval) -> tuple[Position, ...]:
    """List the positions an authority may have among all its peers.

    Parameters
    ----------
    position : among the peers that answered.
    interval : of the same authority and item.

    Returns
    -------
    In the order of `Position`. Only the position given is possible where everybody answered.

    Notes
    -----
    An authority is below the middle half where fewer than 25 % of peers are below or equal to
    it, and above where more than 75 % are below it. Ties are why one percentile does not
    decide: the rank of an authority that equals the upper quartile may well be over 75.
    """
    if interval.n == interval.of_n:
        return (position,)
    below, not_above = interval.below, interval.not_above
    possible = {
        Position.BELOW: not_above[0] < LOW_QUARTER,
        Position.WITHIN: not_above[1] >= LOW_QUARTER and below[0] <= HIGH_QUARTER,
        Position.ABOVE: below[1] > HIGH_QUARTER,
    }
    return tuple(p for p in Position if possible[p] or p is position)


def _check_counts(below: int, equal: int, n: int, of_n: int) -> None:
    """Refuse counts that contradict one another."""
    if min(below, equal) < 0 or below + equal > n or n > of_n or of_n == 0:
        raise UncertaintyError(
            f"These peers cannot be: {below} below and {equal} equal of {n} that answered of "
            f"{of_n}."
        )


def _limits(found: int, n: int, of_n: int) -> tuple[int, int]:
    """Return the fewest and the most of all that may be so, when ``found`` of n are."""
    return _fewest(found, n, of_n), of_n - _fewest(n - found, n, of_n)


@lru_cache(maxsize=4096)
def _fewest(found: int, n: int, of_n: int) -> int:
    """Return the smallest total at which over 5 % of draws of n hold ``found`` or more of it.

    Let the total be the ``k`` lowest of all. A draw holds ``found`` of them or more exactly where
    the ``found``-th lowest of its members is one of them. The draws in which that member is the
    k-th lowest of all (negative hypergeometric) are counted, and added up over k until they are
    enough. Where 2 of 4 are drawn, in 6 ways, and both are found, the second lowest of a draw is
    the second lowest of all in 1 of the 6, which is over 5 %: the smallest total is 2.
    """
    if found == 0:
        return 0
    share, of = TAIL
    # Numbers of draws, for a probability in floats could fall on the wrong side of 5 %.
    enough = share * comb(of_n, n)
    draws, k = 0, found - 1
    while of * draws <= enough:
        k += 1
        draws += comb(k - 1, found - 1) * comb(of_n - k, n - found)
    return k
