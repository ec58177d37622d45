from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from assessment.core.statistics.uncertainty import (
    PlaceInterval,
    Position,
    UncertaintyError,
    estimate_place,
    list_possible,
)


def test_estimate_place_of_everybody_has_no_width() -> None:
    interval = estimate_place(3, 2, n=10, of_n=10)

    # 100 x (3 + 2/2) / 10
    assert (interval.percentile, interval.low, interval.high) == (40.0, 40.0, 40.0)
    assert (interval.n, interval.of_n) == (10, 10)


def test_estimate_place_of_nobody_is_the_whole_scale() -> None:
    interval = estimate_place(0, 0, n=0, of_n=7)

    assert interval.percentile is None
    assert (interval.low, interval.high) == (0.0, 100.0)


def test_estimate_place_of_three_below_of_four_of_six_is_worked_by_hand() -> None:
    interval = estimate_place(3, 0, n=4, of_n=6)

    # 15 draws of 4 of 6. Three below in the draw: at least 3 of all. With 3 below in all, 3
    # draws of 15 have all three (3 x C(3,1) / 15 = 20 %, over 5 %): 3 is the fewest. One
    # above in the draw, so at least one above in all: at most 5 below. With 5, C(5,3) x 1 of
    # 15 draws (67 %) have at most 3: 5 is the most.
    assert interval.below == (100 * 3 / 6, 100 * 5 / 6)
    assert (interval.low, interval.high) == interval.below == interval.not_above


def test_estimate_place_with_ties_is_the_mean_of_both_limits() -> None:
    interval = estimate_place(3, 1, n=4, of_n=6)

    # Below or equal: all 4 drawn. With 4 of all, 1 draw of 15 (6.7 %) is so: 4 to 6.
    assert interval.not_above == (100 * 4 / 6, 100.0)
    assert interval.low == pytest.approx(100 * (3 + 4) / 2 / 6)
    assert interval.high == pytest.approx(100 * (5 + 6) / 2 / 6)


@pytest.mark.slow
@given(st.data())
def test_estimate_place_without_ties_agrees_with_scipy(data: st.DataObject) -> None:
    of_n = data.draw(st.integers(1, 60))
    n = data.draw(st.integers(0, of_n))
    below = data.draw(st.integers(0, n))

    interval = estimate_place(below, 0, n=n, of_n=of_n)

    # Every number in all that neither tail of the test refuses at 5 %.
    kept = [
        k
        for k in range(of_n + 1)
        if hypergeom(of_n, k, n).sf(below - 1) > 0.05 + 1e-12
        and hypergeom(of_n, k, n).cdf(below) > 0.05 + 1e-12
    ]
    assert interval.below == pytest.approx((100 * kept[0] / of_n, 100 * kept[-1] / of_n))


@pytest.mark.parametrize("of_n", range(1, 13))
def test_estimate_place_covers_every_true_rank_in_nine_draws_of_ten(of_n: int) -> None:
    for n in range(of_n + 1):
        for below in range(of_n + 1):
            for equal in range(of_n - below + 1):
                assert 10 * _draws_covering(below, equal, n, of_n) >= 9 * comb(of_n, n)


def _draws_covering(below: int, equal: int, n: int, of_n: int) -> int:
    """Count the draws of n whose interval holds the true rank."""
    truth, above, covering = 100 * (below + equal / 2) / of_n, of_n - below - equal, 0
    for b in range(min(below, n) + 1):
        for e in range(min(equal, n - b) + 1):
            draws = comb(below, b) * comb(equal, e) * comb(above, n - b - e)
            interval = estimate_place(b, e, n=n, of_n=of_n)
            covering += draws * (interval.low - 1e-9 <= truth <= interval.high + 1e-9)
    return covering


@pytest.mark.parametrize(
    ("below", "equal", "n", "of_n"),
    [(-1, 0, 5, 9), (0, -1, 5, 9), (3, 3, 5, 9), (1, 1, 10, 9), (0, 0, 0, 0)],
)
def test_estimate_place_of_impossible_counts_raises(
    below: int, equal: int, n: int, of_n: int
) -> None:
    with pytest.raises(UncertaintyError, match=f"{below} below and {equal} equal of {n}"):
        estimate_place(below, equal, n=n, of_n=of_n)


@pytest.mark.parametrize(
    ("position", "counts", "expected"),
    [
        # Limits of 0 of 40 of 60 are 0 and 2, of 40 are 58 and 60: 3 % and 97 %.
        (Position.BELOW, (0, 0, 40, 60), (Position.BELOW,)),
        (Position.ABOVE, (40, 0, 40, 60), (Position.ABOVE,)),
        (Position.WITHIN, (20, 0, 40, 60), (Position.WITHIN,)),
        # One in ten or nine in ten of 10 of 300 say little.
        (
            Position.BELOW,
            (1, 0, 10, 300),
            (
                Position.BELOW,
                Position.WITHIN,
            ),
        ),
        (
            Position.ABOVE,
            (9, 0, 10, 300),
            (
                Position.WITHIN,
                Position.ABOVE,
            ),
        ),
        (
            Position.WITHIN,
            (3, 0, 10, 300),
            (
                Position.BELOW,
                Position.WITHIN,
            ),
        ),
        (
            Position.WITHIN,
            (2, 0, 4, 300),
            (
                Position.BELOW,
                Position.WITHIN,
                Position.ABOVE,
            ),
        ),
        (
            Position.BELOW,
            (1, 0, 4, 300),
            (
                Position.BELOW,
                Position.WITHIN,
            ),
        ),
        (
            Position.BELOW,
            (0, 0, 1, 300),
            (
                Position.BELOW,
                Position.WITHIN,
                Position.ABOVE,
            ),
        ),
    ],
)
def test_list_possible_says_whether_it_may_be_chance(
    position: Position, counts: tuple[int, int, int, int], expected: tuple[Position, ...]
) -> None:
    below, equal, n, of_n = counts

    possible = list_possible(position, estimate_place(below, equal, n=n, of_n=of_n))

    assert possible == expected


def test_list_possible_of_everybody_is_the_position_itself() -> None:
    # 3 of 10 below is a rank of 30, yet a value under the lower quartile may have it.
    interval = estimate_place(3, 0, n=10, of_n=10)

    assert list_possible(Position.BELOW, interval) == (Position.BELOW,)


def test_list_possible_of_many_equal_is_within_though_the_rank_is_high() -> None:
    # 148 below, 50 equal of 198 of 200: a rank of 87, but at most 150 of 200 are below.
    interval = estimate_place(148, 50, n=198, of_n=200)

    assert interval.low > 75
    assert list_possible(Position.WITHIN, interval) == (Position.WITHIN,)


def test_estimate_place_of_exactly_one_draw_in_twenty_is_not_enough() -> None:
    interval = estimate_place(1, 0, n=1, of_n=20)

    # With one below in all, 1 draw of 20 (5 %, not over it) shows one below: 2 is the fewest.
    assert interval.below == (100 * 2 / 20, 100.0)


@pytest.mark.parametrize(
    ("position", "below", "not_above", "possible"),
    [
        # Exactly a quarter of peers below or equal is not below the middle half, and exactly
        # three quarters below is not above it.
        (Position.WITHIN, (25.0, 75.0), (25.0, 75.0), (Position.WITHIN,)),
        (Position.BELOW, (0.0, 25.0), (0.0, 25.0), (Position.BELOW, Position.WITHIN)),
        (Position.ABOVE, (75.0, 90.0), (75.0, 90.0), (Position.WITHIN, Position.ABOVE)),
    ],
)
def test_list_possible_at_the_quarters_is_within(
    position: Position,
    below: tuple[float, float],
    not_above: tuple[float, float],
    possible: tuple[Position, ...],
) -> None:
    interval = PlaceInterval(50.0, below[0], below[1], below, not_above, n=10, of_n=20)

    assert list_possible(position, interval) == possible
