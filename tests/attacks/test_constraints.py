"""Published figures as constraints, worked by hand."""

from fractions import Fraction

import numpy as np
import pytest

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from tests.attacks.constraints import (
    NOT_SUBMITTED,
    AnyOf,
    Cell,
    Histories,
    Interval,
    published_interval,
    read_change,
)

TENTH, PERCENT = Fraction(1, 10), Fraction(1)
HISTORIES = Histories(levels=5)
CELL = Cell(HISTORIES, 0, (0,))


def make_counts(*answers: int) -> np.ndarray:
    """Count the answers of the one class of one edition."""
    counts = np.zeros((1, len(HISTORIES.rows)), dtype=int)
    for answer in answers:
        counts[0, HISTORIES.rows.index((answer,))] += 1
    return counts


@pytest.mark.parametrize(
    ("value", "step", "times", "expected"),
    [
        # of 12 levels: 2.75 x 12 = 33 up to but without 2.85 x 12 = 34.2
        (2.8, TENTH, Fraction(12), (33, 34)),
        # of 5: from 22.75 to 23.25
        (4.6, TENTH, Fraction(5), (23, 23)),
        # of 197: from 482.65 to 502.35, twenty sums
        (2.5, TENTH, Fraction(197), (483, 502)),
        # a mean to half a level, of 4: from 2.25 x 4 = 9 up to but without 2.75 x 4 = 11
        (2.5, Fraction(1, 2), Fraction(4), (9, 10)),
        # 17 % of 12 authorities: from 1.98 to 2.1
        (17.0, PERCENT, Fraction(12, 100), (2, 2)),
        # 50 % of 238: from 117.81 to 120.19
        (50.0, PERCENT, Fraction(238, 100), (118, 120)),
        # no count of 5 is 10 %: none lies from 0.475 to 0.525
        (10.0, PERCENT, Fraction(5, 100), (1, 0)),
        # a change of 20: from 0.25 x 20 = 5 up to but without 7; below zero the same turned round
        (0.3, TENTH, Fraction(20), (5, 6)),
        (-0.3, TENTH, Fraction(20), (-6, -5)),
        # no change, of 20: between -1 and 1, both of which round away; of 21 between -1.05 and 1.05
        (0.0, TENTH, Fraction(20), (0, 0)),
        (0.0, TENTH, Fraction(21), (-1, 1)),
    ],
)
def test_published_interval_has_every_whole_number_that_rounds_to_the_value(
    value, step, times, expected
):
    assert published_interval(value, step, times) == expected


def test_cell_n_counts_levels_alone():
    constraint = CELL.n(3, 3)

    assert constraint.holds(make_counts(1, 5, 5, DONT_KNOW, DOES_NOT_APPLY, 0))
    assert not constraint.holds(make_counts(1, 5, 0, DONT_KNOW))


def test_cell_mean_bounds_the_sum_of_levels():
    # 2.5 of four: from 9.8 to 10.2
    constraint = CELL.mean(4, 2.5, TENTH)

    assert (constraint.low, constraint.high) == (10, 10)
    assert constraint.holds(make_counts(1, 2, 3, 4, DONT_KNOW))
    assert not constraint.holds(make_counts(1, 2, 3, 5))


def test_cell_share_counts_those_with_one_of_the_answers():
    # 33 % of three: from 0.975 to 1.005
    constraint = CELL.share([4, 5], 3, 33.0, PERCENT)

    assert constraint.holds(make_counts(5, 1, 2))
    assert not constraint.holds(make_counts(4, 5, 2))


def test_cell_quartile_between_two_levels_names_both():
    # of ten, 9 / 4 = 2 and a quarter: 3/4 of the third and 1/4 of the fourth. 2.25 is published
    # as 2.3, and 3 x 2 + 3 is the only way to make 9
    constraint = CELL.quartile(10, 1, 2.3, TENTH)

    assert len(constraint.alternatives) == 1
    assert constraint.holds(make_counts(1, 1, 2, 3, 3, 3, 4, 4, 5, 5))
    assert not constraint.holds(make_counts(1, 1, 2, 2, 3, 3, 4, 4, 5, 5))
    assert not constraint.holds(make_counts(1, 2, 3, 3, 3, 3, 4, 4, 5, 5))


def test_cell_quartile_of_a_median_of_an_even_number_has_an_alternative_for_each_pair():
    # the fifth and sixth of ten are 3 and 3, 2 and 4, or 1 and 5
    constraint = CELL.quartile(10, 2, 3.0, TENTH)

    assert len(constraint.alternatives) == 3
    assert constraint.holds(make_counts(1, 1, 1, 1, 1, 5, 5, 5, 5, 5))
    assert constraint.holds(make_counts(1, 1, 2, 2, 3, 3, 4, 4, 5, 5))
    assert not constraint.holds(make_counts(1, 1, 2, 2, 3, 4, 4, 4, 5, 5))


def test_cell_quartile_at_one_level_bounds_how_many_are_below_and_up_to_it():
    # the fifth of nine is 3: at most four are below 3, at least five are up to 3
    constraint = CELL.quartile(9, 2, 3.0, TENTH)

    assert constraint == AnyOf(
        (
            (
                Interval((0,), HISTORIES.weigh(0, [1, 2]), 0, 4),
                Interval((0,), HISTORIES.weigh(0, [1, 2, 3]), 5, 9),
            ),
        )
    )


def test_read_change_counts_those_with_a_level_in_both_editions_and_their_moves():
    histories = Histories(levels=5, editions=2)
    counts = np.zeros((2, len(histories.rows)), dtype=int)
    # they move by 2 and 0; a third has no level now, a fourth is not counted then
    for history in [(2, 4), (3, 3), (1, DONT_KNOW), (NOT_SUBMITTED, 5)]:
        counts[1, histories.rows.index(history)] += 1

    # 1.0 of two: from 1.9 to 2.1
    matched, moves = read_change(histories, (1,), now=1, then=0, n=2, change=1.0, step=TENTH)

    assert (matched.low, matched.high, moves.low, moves.high) == (2, 2, 2, 2)
    assert matched.holds(counts)
    assert moves.holds(counts)
    counts[1, histories.rows.index((2, 4))] -= 1
    assert not matched.holds(counts)
    assert not moves.holds(counts)
