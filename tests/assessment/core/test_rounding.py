from decimal import InvalidOperation
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.core.rounding import round_all_half_up, round_half_up


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (2.5, 0, 3.0),  # Python's own round gives 2
        (0.5, 0, 1.0),
        (2.49, 0, 2.0),
        (2.25, 1, 2.3),
        (2.35, 1, 2.4),  # the machine holds 2.35000000000000008882
        (2.45, 1, 2.5),  # the machine holds 2.45000000000000017764
        (1.15, 1, 1.2),  # the machine holds 1.14999999999999991118
        ((2.3 + 2.4 + 2.65) / 3, 1, 2.5),  # 7.35 / 3 = 2.45
        (12.5, 0, 13.0),
        (3.0, 1, 3.0),
    ],
)
def test_round_half_up_halves_go_up(value, places, expected):
    assert round_half_up(value, places) == expected


@given(st.integers(0, 500), st.integers(1, 100))
def test_round_half_up_any_share_equals_exact_arithmetic(part, whole):
    exact = floor(Fraction(part, whole) * 10 + Fraction(1, 2)) / 10

    assert round_half_up(part / whole, 1) == exact


@given(
    st.lists(
        st.floats(-1e4, 1e4)
        | st.builds(lambda n, noise: n / 20 + noise, st.integers(-200, 200), st.floats(-2e-9, 2e-9))
        | st.just(np.nan)
    ),
    st.integers(0, 9),
)
# up to half of the ninth decimal below a half is noise, more is not; a zero has no sign
@example([2.2499999997, -2.2499999997, 2.2499999994, -0.04, np.nan], 1)
@example([0.4999999997, 1.5, 2.4999999994], 0)
def test_round_all_half_up_is_round_half_up_of_each(values, places):
    expected = [v if np.isnan(v) else round_half_up(v, places) for v in values]

    rounded = round_all_half_up(np.array(values, dtype=float), places)

    # the very same numbers, and zeros of the same sign
    assert rounded.tobytes() == np.array(expected, dtype=float).tobytes()


@pytest.mark.filterwarnings("ignore:invalid value")
def test_round_all_half_up_of_what_has_no_end_raises():
    with pytest.raises(InvalidOperation):
        round_all_half_up(np.array([1.0, np.inf]))


def test_round_half_up_of_next_to_nothing_has_no_sign():
    assert str(round_half_up(-0.04, 1)) == "0.0"
    assert str(round_all_half_up(np.array([-0.04]), 1)[0]) == "0.0"
