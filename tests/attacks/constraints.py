"""How published figures become constraints on whole numbers.

The unknowns of one question are counts: how many authorities of each equivalence class have each
history of answers, one answer an edition. A published figure says that a weighted sum of them lies
in an interval, or that one of several lists of such intervals holds. See Hundepool et al. (2012),
Statistical Disclosure Control, chapter 4, for the attacker who solves such a system.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import ceil, floor

import numpy as np

from assessment.core.answers.answers import DOES_NOT_APPLY

# In a history: the authority is not counted in that edition.
NOT_SUBMITTED = -9
History = tuple[int, ...]
# Published numbers are floats; the exact ones have no larger denominator.
MAX_DENOMINATOR = 10_000


@dataclass(frozen=True, slots=True)
class Interval:
    """``low`` <= a weighted sum of the counts of some classes <= ``high``.

    ``classes`` are indices of equivalence classes; ``weights`` has one element a history.
    """

    classes: tuple[int, ...]
    weights: tuple[int, ...]
    low: int
    high: int

    def holds(self, counts: np.ndarray) -> bool:
        """Return whether it holds of counts, int, one row a class, one column a history."""
        total = int(counts[list(self.classes)].sum(axis=0) @ np.array(self.weights))
        return self.low <= total <= self.high


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several lists of intervals holds, each list as a whole."""

    alternatives: tuple[tuple[Interval, ...], ...]

    def holds(self, counts: np.ndarray) -> bool:
        """Return whether it holds of counts, int, one row a class, one column a history."""
        return any(all(one.holds(counts) for one in each) for each in self.alternatives)


Constraint = Interval | AnyOf


@dataclass(frozen=True)
class Histories:
    """What an authority may have answered to one question in each of some editions.

    ``levels`` are 1 to ``levels``; Don't know, Does not apply and not answered are possible too.
    """

    levels: int
    editions: int = 1

    @cached_property
    def rows(self) -> tuple[History, ...]:
        """Return every history."""
        answers = (NOT_SUBMITTED, *range(DOES_NOT_APPLY, self.levels + 1))
        return tuple(product(answers, repeat=self.editions))

    def weigh(self, edition: int, answers: Iterable[int]) -> tuple[int, ...]:
        """Weigh a history 1 if it has one of these answers in an edition, else 0."""
        wanted = set(answers)
        return tuple(int(history[edition] in wanted) for history in self.rows)

    def weigh_levels(self, edition: int) -> tuple[int, ...]:
        """Weigh a history by its level in an edition, 0 where it has none. [levels]"""
        return tuple(max(history[edition], 0) for history in self.rows)


@dataclass(frozen=True)
class Cell:
    """One group in one edition: the classes whose authorities are counted there.

    Each method reads a published figure of the cell. ``step`` is the unit to which it is rounded,
    half up: a tenth of a level, or one percent.
    """

    histories: Histories
    edition: int
    classes: tuple[int, ...]

    def count(self, answers: Iterable[int], low: int, high: int) -> Interval:
        """From ``low`` to ``high`` authorities have one of these answers."""
        return Interval(self.classes, self.histories.weigh(self.edition, answers), low, high)

    def n(self, low: int, high: int) -> Interval:
        """From ``low`` to ``high`` authorities have a level."""
        return self.count(range(1, self.histories.levels + 1), low, high)

    def mean(self, n: int, mean: float, step: Fraction) -> Interval:
        """The levels of n authorities add up to a sum whose nth part is published as the mean."""
        low, high = published_interval(mean, step, Fraction(n))
        return Interval(self.classes, self.histories.weigh_levels(self.edition), low, high)

    def share(self, answers: Iterable[int], of: int, percent: float, step: Fraction) -> Interval:
        """So many of ``of`` authorities have one of these answers as make this percent."""
        low, high = published_interval(percent, step, Fraction(of, 100))
        return self.count(answers, low, high)

    def quartile(self, n: int, quarter: int, value: float, step: Fraction) -> AnyOf:
        """Two levels that are neighbours in the order of n levels make this quartile.

        Quartiles interpolate linearly (Hyndman and Fan 1996, type 7): with (n - 1) x quarter =
        4 x index + rest, the quartile is (4 - rest) / 4 of the level at that index, counted
        from 0, and rest / 4 of the next.
        """
        index, rest = divmod((n - 1) * quarter, 4)
        return AnyOf(
            tuple(
                self._order_statistics(n, index, lower, upper if rest else None)
                for lower, upper in self._list_pairs(rest)
                if _round_half_up(Fraction(lower * (4 - rest) + upper * rest, 4), step)
                == _as_published(value, step)
            )
        )

    def _list_pairs(self, rest: int) -> Iterator[tuple[int, int]]:
        """List what two neighbours may have; without a rest only the first of them counts."""
        levels = range(1, self.histories.levels + 1)
        for lower in levels:
            for upper in levels if rest else (lower,):
                if lower <= upper:
                    yield lower, upper

    def _order_statistics(
        self, n: int, index: int, lower: int, upper: int | None
    ) -> tuple[Interval, ...]:
        """The level at an index is ``lower``, and the next is ``upper`` if that is not None.

        At most ``index`` of n levels are below the one at the index, and more than that are not
        above it.
        """
        found = (
            self.count(range(1, lower), 0, index),
            self.count(range(1, lower + 1), index + 1, n),
        )
        if upper is None:
            return found
        return found + self._order_statistics(n, index + 1, upper, None)


def read_change(
    histories: Histories,
    classes: tuple[int, ...],
    now: int,
    then: int,
    n: int,
    change: float,
    step: Fraction,
) -> tuple[Interval, Interval]:
    """Read a matched change: n authorities have a level in both editions, and moved so far.

    Parameters
    ----------
    histories : of the editions that are read together.
    classes : of the group, those counted in both editions.
    now, then : indices of the editions.
    n : authorities with a level in both.
    change : mean of the levels now less those then. [levels]
    step : the unit to which the change is rounded. [levels]

    Returns
    -------
    The interval of how many have both, and that of the sum of their moves.
    """
    matched = [history[now] > 0 and history[then] > 0 for history in histories.rows]
    moves = [
        history[now] - history[then] if is_matched else 0
        for history, is_matched in zip(histories.rows, matched, strict=True)
    ]
    low, high = published_interval(change, step, Fraction(n))
    both = tuple(int(is_matched) for is_matched in matched)
    return Interval(classes, both, n, n), Interval(classes, tuple(moves), low, high)


def published_interval(value: float, step: Fraction, times: Fraction) -> tuple[int, int]:
    """Return the whole numbers that, divided by ``times``, are published as a value.

    Halves are rounded away from zero, as `assessment.core.rounding` says: 0.25 becomes 0.3 and
    -0.25 becomes -0.3, so that the interval is open at the end that is away from zero, and that
    of zero is open at both.

    Parameters
    ----------
    value : as published.
    step : the unit to which it is rounded.
    times : what the whole number was divided by, above 0.

    Returns
    -------
    The lowest and the highest; the highest is below the lowest where there is none.
    """
    middle = _as_published(value, step)
    if middle < 0:
        low, high = published_interval(-value, step, times)
        return -high, -low
    high = ceil((middle + step / 2) * times) - 1
    return (ceil((middle - step / 2) * times) if middle else -high), high


def _as_published(value: float, step: Fraction) -> Fraction:
    """Return the multiple of its unit that a published number is."""
    return round(Fraction(value).limit_denominator(MAX_DENOMINATOR) / step) * step


def _round_half_up(value: Fraction, step: Fraction) -> Fraction:
    """Round a number of 0 or more to a unit."""
    return floor(value / step + Fraction(1, 2)) * step
