"""Counting: levels are small whole numbers, so every figure of a group comes from counts.

Nothing is sorted but the distinct scores: how often each value occurs in each group is counted in
one pass for each kind of group, and means, quartiles and shares follow from the counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import lcm

import numpy as np

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW, UNANSWERED
from assessment.core.answers.scoring import (
    SCORED_OF,
    overall_scores,
    principle_columns,
    score_answer_codes,
)
from assessment.core.questionnaire.questionnaire import Principle, Questionnaire

# Codes from DOES_NOT_APPLY on, moved up so that the lowest is 0.
SHIFT = -DOES_NOT_APPLY
# Beyond this decimal a weighted score is noise, and must not divide equals.
NOISE_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Placement:
    """Which groups authorities are in.

    ``group_of`` int, one row a kind of group, one column an authority: the index of its group
    plus 1, or 0 for none; ``count`` groups of all kinds, each of one kind.
    """

    group_of: np.ndarray
    count: int

    def count_values(self, values: np.ndarray, size: int) -> np.ndarray:
        """Count how often each of the values 0 to size - 1 occurs in each group.

        Parameters
        ----------
        values : int, one element an authority.
        size : how many values there are.

        Returns
        -------
        float, one row a group, one column a value.

        Examples
        --------
        Of authorities A, B and C, the first kind has A and B in group 0 and C in group 1; the
        second has A and C in group 2, and B in none. A and C have the value 1, B has 0: group 0
        has one of each, groups 1 and 2 have one and two of the value 1.

        >>> Placement(np.array([[1, 1, 2], [3, 0, 3]]), 3).count_values(np.array([1, 0, 1]), 2)
        array([[1., 1.],
               [0., 1.],
               [0., 2.]])
        """
        room = (self.count + 1) * size
        by_kind = [np.bincount(kind * size + values, minlength=room) for kind in self.group_of]
        return np.asarray(np.sum(by_kind, axis=0, dtype=float).reshape(self.count + 1, size)[1:])

    def add_up(self, values: np.ndarray) -> np.ndarray:
        """Add up a number of each authority over each group; one element a group."""
        room = self.count + 1
        by_kind = [np.bincount(kind, weights=values, minlength=room) for kind in self.group_of]
        return np.asarray(np.sum(by_kind, axis=0)[1:])


@dataclass(frozen=True, slots=True)
class Values:
    """What each assessment has for one item.

    ``parts`` one element an assessment: its level or score times ``scale``, not above 0 where it
    has none; whole numbers but where questions have weights.
    """

    parts: np.ndarray
    scale: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each value of one item occurs in each group.

    ``values`` ascending, levels times ``scale``; ``counts`` one row a group, one column a
    value; ``dont_know`` and ``does_not_apply`` authorities in each group, NaN for scores.
    """

    values: np.ndarray
    scale: int
    counts: np.ndarray
    dont_know: np.ndarray
    does_not_apply: np.ndarray

    @property
    def n(self) -> np.ndarray:
        """Return how many authorities of each group have a value."""
        return np.asarray(self.counts.sum(axis=1))

    def mean(self) -> np.ndarray:
        """Return each group's mean level; NaN where nobody has a value."""
        return np.asarray(_divide(self.counts @ self.values, self.n * self.scale))

    def quarter(self, number: int) -> np.ndarray:
        """Return each group's first, second or third quartile; NaN where nobody has a value.

        Linear interpolation (Hyndman and Fan 1996, type 7), in whole numbers until the last
        division.
        """
        n = self.n
        steps = (n - 1) * number
        low, rest = steps // 4, steps % 4
        rising = np.cumsum(self.counts, axis=1)
        at = [
            self.values[(rising <= position[:, np.newaxis]).sum(axis=1)]
            for position in (low, np.minimum(low + 1, n - 1))
        ]
        return np.asarray(
            _divide(at[0] * (4 - rest) + at[1] * rest, np.where(n, 4, 0) * self.scale)
        )

    def percents(self, levels: int) -> np.ndarray:
        """Return the percent of each group nearest to each level, halves up; one row a group."""
        nearest = np.floor((2 * self.values + self.scale) / (2 * self.scale)).astype(np.intp)
        at = np.zeros((len(self.values), levels))
        at[np.arange(len(self.values)), nearest - 1] = 1
        return np.asarray(_divide(100 * (self.counts @ at), self.n[:, np.newaxis]))


def place_in_groups(indices: np.ndarray, count: int) -> Placement:
    """Place authorities in groups.

    Parameters
    ----------
    indices : int, one row an authority, one column a kind of group: the index of its group
        among all, or -1 for none.
    count : groups of all kinds.

    Returns
    -------
    The placement of these authorities.
    """
    return Placement(np.ascontiguousarray(indices.T).astype(np.int64) + 1, count)


def measure_in_parts(questionnaire: Questionnaire, answer_codes: np.ndarray) -> list[Values]:
    """Work out what each assessment has for each item, in numbers that can be counted.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : int8, one row an assessment, one column a question in the questionnaire's order.

    Returns
    -------
    The values of each item of `assessment.core.statistics.figures.list_items`, in its order.
    """
    columns = np.ascontiguousarray(answer_codes.T)
    return [*_score_in_parts(questionnaire, columns), *(Values(column, 1) for column in columns)]


def tally_items(
    questionnaire: Questionnaire, answer_codes: np.ndarray, placement: Placement
) -> Iterator[Tally]:
    """Count every item in every group.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : int8, one row an assessment, one column a question in the questionnaire's order.
    placement : of the same assessments, in the same order.

    Yields
    ------
    A Tally for each item of `assessment.core.statistics.figures.list_items`, in its order.
    """
    items = measure_in_parts(questionnaire, answer_codes)
    scores = len(items) - len(questionnaire.question_ids)
    for score in items[:scores]:
        yield _tally_score(score, placement)
    levels = np.arange(1, len(questionnaire.levels) + 1)
    for question in items[scores:]:
        shifted = question.parts.astype(np.int64) + SHIFT
        counts = placement.count_values(shifted, SHIFT + len(levels) + 1)
        yield Tally(
            levels,
            1,
            counts[:, SHIFT + 1 :],
            dont_know=counts[:, SHIFT + DONT_KNOW],
            does_not_apply=counts[:, SHIFT + DOES_NOT_APPLY],
        )


def add_up_change(now: Values, then: Values, placement: Placement) -> tuple[np.ndarray, np.ndarray]:
    """Add up how far each group has moved in one item.

    Parameters
    ----------
    now, then : values of the same assessments' authorities, in the same order.
    placement : of these authorities.

    Returns
    -------
    One element a group: the authorities with a value in both; and the mean of now less then,
    in levels, NaN where there is none.
    """
    scale = lcm(now.scale, then.scale)
    both = (now.parts > 0) & (then.parts > 0)
    moved = now.parts * (scale / now.scale) - then.parts * (scale / then.scale)
    n = placement.add_up(both)
    return n, _divide(placement.add_up(moved * both), n * scale)


def _has_equal_weights(questionnaire: Questionnaire) -> bool:
    """Return whether every question weighs 1."""
    return all(question.weight == 1 for question in questionnaire.questions)


def _score_in_parts(questionnaire: Questionnaire, columns: np.ndarray) -> list[Values]:
    """Return the overall score, then the principle scores.

    Multiplied by a common multiple of all possible numbers of levels, each mean is a whole number.
    """
    if not _has_equal_weights(questionnaire):
        weighted = score_answer_codes(questionnaire, columns.T)
        both = np.column_stack([overall_scores(weighted), weighted]).T.round(NOISE_DECIMALS)
        return [Values(np.nan_to_num(score), 1) for score in both]
    principles = questionnaire.principles
    scale = lcm(*range(1, 1 + max(len(p.questions) for p in principles)))
    scores = [
        _score_in_whole_numbers(principle, columns[rows], scale)
        for principle, rows in principle_columns(questionnaire)
    ]
    overall = np.where(np.logical_and.reduce([s > 0 for s in scores]), sum(scores), 0)
    return [Values(overall, scale * len(principles)), *(Values(s, scale) for s in scores)]


def _score_in_whole_numbers(principle: Principle, columns: np.ndarray, scale: int) -> np.ndarray:
    """Return each assessment's score times the scale; 0 where it is not scored.

    Of levels 2 and 5 of three applicable questions, with scale 12: two of three suffice, and the
    mean 3.5 is (2 + 5) * 12 / 2 = 42.
    """
    has_level = columns > UNANSWERED
    given = has_level.sum(axis=0)
    applicable = (columns != DOES_NOT_APPLY).sum(axis=0)
    total = (columns * has_level).sum(axis=0, dtype=np.int64)
    numerator, denominator = SCORED_OF
    enough = denominator * given >= numerator * applicable
    # Where no question applies, two thirds of none are given: the 0 keeps that from being a score.
    shares = np.array([0, *(scale // count for count in range(1, len(principle.questions) + 1))])
    return np.asarray(total * shares[given] * enough)


def _tally_score(score: Values, placement: Placement) -> Tally:
    """Count a score by its distinct values; 0 is none."""
    values, indices = np.unique(score.parts, return_inverse=True)
    counts = placement.count_values(indices.ravel(), len(values))
    known = values > 0
    return _without_standings(values[known], score.scale, counts[:, known])


def _without_standings(values: np.ndarray, scale: int, counts: np.ndarray) -> Tally:
    """Return the tally of a score, of which nobody says Don't know or Does not apply."""
    none = np.full(len(counts), np.nan)
    if not len(values):
        # Quartiles and percents need a value to look up; its count of 0 makes every figure NaN.
        values, counts = np.array([scale]), np.zeros((len(counts), 1))
    return Tally(values, scale, counts, none, none)


def _divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide, NaN where there is nothing to divide by."""
    whole = np.broadcast_to(below, above.shape)
    quotients = np.full(above.shape, np.nan)
    np.divide(above, whole, out=quotients, where=whole != 0)
    return quotients
