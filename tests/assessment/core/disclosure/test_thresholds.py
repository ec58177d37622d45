from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.disclosure import thresholds
from assessment.core.disclosure.thresholds import hide_unanimous, hide_whole_moves, withhold_small
from assessment.core.statistics.publication import DisclosureError
from assessment.core.statistics.withholding import HIDDEN, SHOWN, Reason, Withheld, read_withheld

FIGURES = ["mean", "median", "q1", "q3", "percent_1", "percent_2"]


def make_figures(n: object = 12, of_n: object = 20, **changes: Any) -> pd.DataFrame:
    row = {"group_kind": "type", "group_id": "counties", "group_name": "counties"}
    row |= {"measure": "question", "item_id": "1.1", "n": n, "submitted": n, "of_n": of_n}
    row |= {"mean": 1.6, "median": 2.0, "q1": 1.0, "q3": 2.0, "percent_1": 40.0, "percent_2": 60.0}
    return pd.DataFrame([row | changes])


def shown(protected: pd.DataFrame) -> list[str]:
    return [name for name in FIGURES if protected[name].notna().all()]


def reasons(protected: pd.DataFrame) -> tuple[Withheld, Withheld]:
    """Return why the centre and the spread of the only row are withheld."""
    (row,) = protected.to_dict("records")
    return (
        read_withheld(row["withheld_centre"], row["missing_centre"]),
        read_withheld(row["withheld_spread"], row["missing_spread"]),
    )


def too_few(missing: int) -> Withheld:
    return Withheld(Reason.TOO_FEW_SUBMITTED, missing)


def test_withhold_small_reason_with_a_number_keeps_it():
    given = make_figures(withheld_centre="too_few_submitted", missing_centre=3.0)

    assert reasons(withhold_small(given))[0] == too_few(3)


def test_thresholds_are_five_and_ten():
    assert thresholds.MIN_FOR_CENTRE == 5
    assert thresholds.MIN_FOR_SPREAD == 10


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, []), (4, []), (5, FIGURES[:2]), (9, FIGURES[:2]), (10, FIGURES), (20, FIGURES)],
)
def test_withhold_small_by_count_shows_only_what_enough_authorities_stand_behind(n, expected):
    assert shown(withhold_small(make_figures(n))) == expected


def test_withhold_small_counts_of_any_type_show_the_same():
    counts = dict.fromkeys(("n", "submitted", "of_n"), object)

    assert shown(withhold_small(make_figures(5).astype(counts))) == FIGURES[:2]


def test_withhold_small_enough_authorities_gives_no_reason_and_keeps_figures():
    figures = make_figures(10)

    protected = withhold_small(figures)

    assert reasons(protected) == (SHOWN, SHOWN)
    assert protected[FIGURES].equals(figures[FIGURES])


def test_withhold_small_says_what_would_open_it():
    protected = withhold_small(make_figures(2))

    # 5 - 2 = 3 and 10 - 2 = 8
    assert reasons(protected) == (too_few(3), too_few(8))


def test_withhold_small_count_behind_a_withheld_figure_is_withheld():
    figures = pd.concat([make_figures(4), make_figures(5)])

    counts = withhold_small(figures)["n"].tolist()

    assert np.isnan(counts[0])
    assert counts[1] == 5


def test_withhold_small_many_submitted_and_few_know_promises_nothing():
    protected = withhold_small(make_figures(3, submitted=12))

    assert reasons(protected)[0] == Withheld(Reason.TOO_FEW_WITH_LEVEL)


def test_withhold_small_what_opens_goes_by_those_that_submitted():
    protected = withhold_small(make_figures(1, submitted=3))

    # 5 - 3 = 2
    assert reasons(protected)[0] == too_few(2)


def test_withhold_small_group_that_can_never_be_shown_says_so():
    protected = withhold_small(make_figures(4, 8))

    # 10 - 8 = 2
    assert reasons(protected) == (too_few(1), Withheld(Reason.GROUP_TOO_SMALL, 2))


@pytest.mark.parametrize(
    "n", [np.nan, None, pd.NA, -1, -12, 12.5, np.inf, -np.inf, "12", True, "many", pd.NaT]
)
def test_withhold_small_odd_count_is_withheld(n):
    protected = withhold_small(make_figures(n).astype({"n": object}))

    assert shown(protected) == []
    assert reasons(protected) == (Withheld(Reason.COUNT_UNKNOWN),) * 2


@pytest.mark.parametrize("of_n", [np.nan, None, -20, "20", 11])
def test_withhold_small_odd_group_size_is_withheld(of_n):
    # 12 of 11 cannot be
    assert shown(withhold_small(make_figures(12, of_n).astype({"of_n": object}))) == []


@pytest.mark.parametrize("column", ["n", "submitted", "of_n"])
def test_withhold_small_missing_column_raises(column):
    with pytest.raises(DisclosureError, match=column):
        withhold_small(make_figures().drop(columns=column))


@pytest.mark.parametrize("column", ["minimum", "max", "standard_deviation"])
def test_withhold_small_column_not_known_raises(column):
    with pytest.raises(DisclosureError, match=column):
        withhold_small(make_figures(**{column: 1.0}))


@pytest.mark.parametrize("threshold", [None, 0, -5, 2.5, "5", True, np.nan])
@pytest.mark.parametrize("name", ["min_for_centre", "min_for_spread"])
def test_withhold_small_threshold_that_is_none_raises(name, threshold):
    with pytest.raises(DisclosureError, match="threshold"):
        withhold_small(make_figures(), **{name: threshold})


def test_withhold_small_spread_easier_than_centre_raises():
    with pytest.raises(DisclosureError, match="below that for the centre"):
        withhold_small(make_figures(), min_for_centre=5, min_for_spread=4)


def test_withhold_small_raised_thresholds_are_kept_to():
    protected = withhold_small(make_figures(12), min_for_centre=13, min_for_spread=15)

    assert shown(protected) == []
    # 13 - 12 = 1 and 15 - 12 = 3
    assert reasons(protected) == (too_few(1), too_few(3))


@pytest.mark.parametrize("reason", [np.nan, None, pd.NA, 0, False, 7, "", "closed", "SHOWN"])
@pytest.mark.parametrize("column", ["withheld_centre", "withheld_spread"])
def test_withhold_small_reason_not_known_is_withheld(column, reason):
    figures = make_figures(**{column: reason}).astype({column: object})

    protected = withhold_small(figures)

    assert shown(protected) == (FIGURES[:2] if column == "withheld_spread" else [])
    assert protected[column].item() == Reason.REASON_UNKNOWN


def test_withhold_small_reason_for_centre_is_kept_and_withholds_spread():
    protected = withhold_small(make_figures(withheld_centre="hidden", withheld_spread="shown"))

    assert shown(protected) == []
    assert reasons(protected) == (HIDDEN, HIDDEN)


def test_withhold_small_twice_is_the_same():
    once = withhold_small(pd.concat([make_figures(n) for n in (0, 4, 5, 9, 10)]))

    assert withhold_small(once).equals(once)


def test_withhold_small_frame_given_is_not_changed():
    figures = make_figures(1)
    before = figures.copy()

    withhold_small(figures)

    assert figures.equals(before)


def test_withhold_small_each_row_is_judged_alone():
    figures = pd.concat([make_figures(12), make_figures(3), make_figures(7)])

    protected = withhold_small(figures)

    assert protected["mean"].notna().tolist() == [True, False, True]
    assert protected["q1"].notna().tolist() == [True, False, False]


@given(
    n=st.one_of(st.integers(-3, 30), st.floats(-3, 30), st.none(), st.text(max_size=2)),
    of_n=st.one_of(st.integers(-3, 30), st.none()),
)
def test_withhold_small_any_count_publishes_only_known_counts(n, of_n):
    figures = make_figures(n, of_n).astype({"n": object, "of_n": object})

    protected = withhold_small(figures)

    sound = isinstance(n, int | float) and n == int(n) and of_n is not None and 0 <= n <= of_n
    expected = [
        name
        for name, least in zip(FIGURES, [5, 5, 10, 10, 10, 10], strict=True)
        if sound and n >= least
    ]
    assert shown(protected) == expected
    assert reasons(protected)[1].is_shown == (expected == FIGURES)


def shown_by_all(figures: pd.DataFrame) -> list[str]:
    return shown(withhold_small(hide_unanimous(figures)))


def shares_at(level: int) -> dict[str, float]:
    return {f"percent_{number}": 100.0 if number == level else 0.0 for number in range(1, 6)}


@pytest.mark.parametrize("level", [1, 3, 5])
def test_hide_unanimous_question_with_all_at_one_level_shows_nothing(level: int):
    figures = make_figures(30, 40, mean=float(level), **shares_at(level))

    protected = withhold_small(hide_unanimous(figures))

    # neither what it is nor, from the number, that all thirty gave a level
    assert shown(protected) == []
    assert reasons(protected) == (HIDDEN, HIDDEN)
    assert np.isnan(protected["n"].item())


def test_hide_unanimous_too_few_leaves_it_to_the_threshold():
    figures = make_figures(4, 40, mean=3.0, **shares_at(3))

    protected = withhold_small(hide_unanimous(figures))

    assert reasons(protected)[0] == too_few(1)


@pytest.mark.parametrize(
    ("mean", "level", "expected"),
    [
        (1.0, 1, []),
        (5.0, 5, []),
        (4.99, 5, FIGURES),  # one of a hundred is lower, and nobody knows which
        (3.0, 3, FIGURES),  # scores from 2.5 to 3.4
    ],
)
def test_hide_unanimous_scores_are_hidden_at_the_ends_of_the_scale_alone(
    mean: float, level: int, expected: list[str]
):
    scores = make_figures(30, 40, measure="principle", mean=mean, **shares_at(level))

    assert shown_by_all(scores) == expected


def test_hide_unanimous_judges_before_rounding():
    # 285 at level 5 and 15 at 4: the mean of 4.95 is printed as 5.0 and tells nobody's answer
    shares = {"percent_1": 0.0, "percent_4": 5.0, "percent_5": 95.0}

    assert shown_by_all(make_figures(300, 300, mean=4.95, **shares)) == FIGURES


@pytest.mark.parametrize(
    ("change", "n", "hidden"),
    [(4.0, 5, True), (-4.0, 30, True), (3.99, 30, False), (4.0, 4, False)],
)
def test_hide_whole_moves_hides_a_change_over_the_whole_scale(change: float, n: int, hidden: bool):
    changes = pd.DataFrame({"n": [n], "change": [change]})

    protected = hide_whole_moves(changes, (1, 5))

    assert protected["withheld_centre"].tolist() == ["hidden" if hidden else "shown"]


@pytest.mark.parametrize(
    ("values", "are_levels", "told"),
    [
        ([3.0, 3.0, np.nan], True, True),
        ([1.0, 5.0], True, False),
        ([np.nan], True, False),
        ([], True, False),
        ([5.0, 5.0], False, True),
        ([1.0, 1.0], False, True),
        ([1.0, 5.0], False, False),
        ([3.0, 3.0], False, False),
    ],
)
def test_tells_everybody_levels_anywhere_and_scores_at_an_end(
    values: list[float], are_levels: bool, told: bool
):
    assert thresholds.tells_everybody(np.array(values), (1, 5), are_levels=are_levels) == told


@pytest.mark.parametrize(
    ("moved", "told"),
    [([4.0, 4.0], True), ([-4.0], True), ([4.0, -4.0], False), ([4.0, 3.0], False), ([], False)],
)
def test_tells_move_all_over_the_whole_scale_the_same_way(moved: list[float], told: bool):
    assert thresholds.tells_move(np.array(moved), 4.0) == told
