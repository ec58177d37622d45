from dataclasses import replace
from statistics import covariance, variance
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.optimize import least_squares
from scipy.stats import pearsonr

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW, UNANSWERED
from assessment.core.questionnaire.questionnaire import Contradiction
from assessment.core.statistics.figures import BenchmarkError
from assessment.core.statistics.item_analysis import (
    ContradictingLevels,
    UniformLevels,
    alpha_of,
    check_plausibility,
    fit_one_factor,
    omega_of,
    summarise_questions,
    summarise_reliability,
)
from tests.factories import make_questionnaire

TWO_BY_THREE = make_questionnaire(principles=2, questions=3)
ONE_BY_THREE = make_questionnaire(principles=1, questions=3)
TIGHT = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
CODE = st.sampled_from([DOES_NOT_APPLY, DONT_KNOW, UNANSWERED, 1, 2, 3, 4, 5])


def make_codes(*rows: list[int], questions: int = 3) -> pd.DataFrame:
    """Make codes of one principle, one row an authority."""
    columns = [f"1.{number}" for number in range(1, questions + 1)]
    ids = [f"A{number:02}" for number in range(len(rows))]
    return pd.DataFrame(list(rows), ids, columns, dtype="int8")


def first_question(*levels: int) -> pd.Series:
    """Summarise question 1.1 with these codes, the other two at level 3."""
    answer_codes = make_codes(*([level, 3, 3] for level in levels))
    return summarise_questions(ONE_BY_THREE, answer_codes).iloc[0]


def test_summarise_questions_counts_and_percents_are_of_their_own_base() -> None:
    question = first_question(1, 1, 1, 5, 3, DONT_KNOW, DONT_KNOW, DOES_NOT_APPLY, UNANSWERED, 2)

    # Ten submitted, six of them with a level: 2 of 10, 1 of 10, 3 of 6, 1 of 6.
    assert (question["question_id"], question["principle_id"]) == ("1.1", "principle-1")
    assert (question["submitted"], question["n"]) == (10, 6)
    assert question["percent_dont_know"] == 20
    assert question["percent_does_not_apply"] == 10
    assert question["percent_floor"] == 50
    assert question["percent_ceiling"] == pytest.approx(100 / 6)


def test_summarise_questions_of_nobody_has_no_percents() -> None:
    questions = summarise_questions(ONE_BY_THREE, make_codes())

    shares = ["percent_dont_know", "percent_does_not_apply", "percent_floor", "percent_ceiling"]
    assert questions[[*shares, "item_total", "median_seconds"]].isna().all(axis=None)
    assert (questions[["submitted", "n", "item_total_n", "seconds_n"]] == 0).all(axis=None)
    assert list(questions["flags"]) == ["", "", ""]


@pytest.mark.parametrize(
    ("levels", "flags"),
    [
        ([DONT_KNOW] * 2 + [1, 2, 3, 4, 5, 3, 2, 4], "many_dont_know"),
        ([DONT_KNOW, 1, 2, 3, 4, 5, 3, 2, 4, 1], ""),
        ([DONT_KNOW] * 9, ""),
        ([1] * 6 + [2, 3, 4, 5], "most_at_lowest"),
        ([1] * 5 + [2, 3, 4, 5, 5], ""),
        ([5] * 6 + [1, 2, 3, 4], "most_at_highest"),
        ([5] * 9, ""),
    ],
)
def test_summarise_questions_flags_by_the_stated_thresholds(levels: list[int], flags: str) -> None:
    assert first_question(*levels)["flags"] == flags


def test_summarise_questions_against_its_principle_is_flagged() -> None:
    answer_codes = make_codes(*([level, 6 - level, 6 - level] for level in [1, 2, 3, 4, 5] * 2))

    question = summarise_questions(ONE_BY_THREE, answer_codes).iloc[0]

    # The first falls by one where the mean of the others rises by one.
    assert question["item_total"] == pytest.approx(-1)
    assert question["flags"] == "low_item_total"


def test_summarise_questions_item_total_is_worked_by_hand() -> None:
    # Question 1.1 against the mean of the others, twice over: (1, 1), (2, 3), (3, 2),
    # (4, 4), (5, 5). About the means 3: squares 10 and 10, products 4 + 0 + 0 + 1 + 4 = 9.
    rows = [[1, 1, 1], [2, 3, 3], [3, 1, 3], [4, 5, 3], [5, 5, 5]]

    question = summarise_questions(ONE_BY_THREE, make_codes(*rows, *rows)).iloc[0]

    assert (question["item_total"], question["item_total_n"]) == (pytest.approx(0.9), 10)


def test_summarise_questions_item_total_takes_the_others_that_are_there() -> None:
    rows = [[1, 1, DONT_KNOW], [2, 3, 3], [3, 1, 3], [4, UNANSWERED, 4], [5, 5, 5]]
    left_out = [[3, DONT_KNOW, DOES_NOT_APPLY], [DONT_KNOW, 2, 2]]

    question = summarise_questions(ONE_BY_THREE, make_codes(*rows, *rows, *left_out)).iloc[0]

    assert (question["item_total"], question["item_total_n"]) == (pytest.approx(0.9), 10)


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2, 3]] * 5 + [[2, 3, 4]] * 4,
        [[3, 1, 1]] * 5 + [[3, 5, 5]] * 5,
        [[1, 3, 3]] * 5 + [[5, 3, 3]] * 5,
    ],
    ids=["nine authorities", "question does not vary", "others do not vary"],
)
def test_summarise_questions_item_total_that_means_nothing_is_nan(rows: list[list[int]]) -> None:
    question = summarise_questions(ONE_BY_THREE, make_codes(*rows)).iloc[0]

    assert np.isnan(question["item_total"])
    assert question["item_total_n"] == len(rows)


def test_summarise_questions_alone_in_its_principle_has_no_item_total() -> None:
    answer_codes = make_codes(*([level] for level in [1, 2, 3, 4, 5] * 2), questions=1)

    question = summarise_questions(make_questionnaire(1, 1), answer_codes).iloc[0]

    assert (question["item_total_n"], question["flags"]) == (0, "")
    assert np.isnan(question["item_total"])


@given(st.lists(st.tuples(CODE, CODE, CODE), min_size=10, max_size=30))
def test_summarise_questions_item_total_agrees_with_scipy(rows: list[tuple[int, ...]]) -> None:
    question = summarise_questions(ONE_BY_THREE, make_codes(*map(list, rows))).iloc[0]

    pairs = []
    for own, *others in rows:
        given_levels = [level for level in others if level > 0]
        if own > 0 and given_levels:
            pairs.append((own, sum(given_levels) / len(given_levels)))
    assert question["item_total_n"] == len(pairs)
    items, means = [item for item, _ in pairs], [mean for _, mean in pairs]
    if len(pairs) >= 10 and len(set(items)) > 1 and len(set(means)) > 1:
        assert question["item_total"] == pytest.approx(pearsonr(items, means).statistic, abs=1e-9)
    else:
        assert np.isnan(question["item_total"])


def test_summarise_questions_median_seconds_is_of_the_answers_timed() -> None:
    seconds = pd.DataFrame(
        {
            "question_id": ["1.1", "1.1", "1.1", "1.1", "1.3", "9.9"],
            "seconds": [30.0, 90.0, 40.0, np.nan, 61.5, 1.0],
        }
    )

    questions = summarise_questions(ONE_BY_THREE, make_codes([1, 2, 3]), seconds)

    # The middle of 30, 40, 90.
    assert questions["median_seconds"].tolist() == pytest.approx([40, np.nan, 61.5], nan_ok=True)
    assert questions["seconds_n"].tolist() == [3, 0, 1]


@pytest.mark.parametrize("summarise", [summarise_questions, summarise_reliability])
def test_summarise_codes_of_another_questionnaire_raises(summarise: Any) -> None:
    with pytest.raises(BenchmarkError, match="version test-1"):
        summarise(TWO_BY_THREE, make_codes([1, 2, 3]))


def test_summarise_reliability_of_complete_cases_is_worked_by_hand() -> None:
    # Five levels twice, each question the same: each variance 20 / 9, the total's 9 times that.
    # Alpha: 3/2 x (1 - 3/9) = 1; nothing is unique, so omega is 1 as well.
    rows = [[level] * 3 for level in [1, 2, 3, 4, 5] * 2]

    row = summarise_reliability(ONE_BY_THREE, make_codes(*rows, [1, 1, DONT_KNOW])).iloc[0]

    assert (row["principle_id"], row["questions"], row["n"]) == ("principle-1", 3, 10)
    assert (row["alpha"], row["omega"]) == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize(
    "rows",
    [[[1, 2, 3]] * 5 + [[2, 3, 4]] * 4, [[1, 2, 3]] * 10, [[1, 5, 3]] * 5 + [[5, 1, 3]] * 5],
    ids=["nine authorities", "nothing varies", "the total does not vary"],
)
def test_summarise_reliability_that_means_nothing_is_nan(rows: list[list[int]]) -> None:
    row = summarise_reliability(ONE_BY_THREE, make_codes(*rows)).iloc[0]

    assert row[["alpha", "omega"]].isna().all()


def test_summarise_reliability_of_fewer_than_ten_withholds_their_number() -> None:
    # Nine have a level for every question; the tenth does not know one.
    rows = [[level] * 3 for level in [1, 2, 3, 4, 5, 1, 2, 3, 4]]

    few = summarise_reliability(ONE_BY_THREE, make_codes(*rows, [1, 1, DONT_KNOW])).iloc[0]
    enough = summarise_reliability(ONE_BY_THREE, make_codes(*rows, [1, 1, 1])).iloc[0]

    assert np.isnan(few["n"])
    assert enough["n"] == 10


@pytest.mark.parametrize(("questions", "has_alpha"), [(1, False), (2, True)])
def test_summarise_reliability_of_few_questions_has_no_omega(
    questions: int, has_alpha: bool
) -> None:
    answer_codes = make_codes(
        *([level] * questions for level in [1, 2, 3, 4, 5] * 2), questions=questions
    )

    row = summarise_reliability(make_questionnaire(1, questions), answer_codes).iloc[0]

    assert np.isnan(row["omega"])
    assert np.isnan(row["alpha"]) != has_alpha


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=10, max_size=30))
def test_summarise_reliability_alpha_agrees_with_its_definition(
    rows: list[tuple[int, ...]],
) -> None:
    row = summarise_reliability(ONE_BY_THREE, make_codes(*map(list, rows))).iloc[0]

    totals = [sum(levels) for levels in rows]
    if len(set(totals)) == 1:
        assert np.isnan(row["alpha"])
    else:
        of_items = sum(variance(levels) for levels in zip(*rows, strict=True))
        assert row["alpha"] == pytest.approx(1.5 * (1 - of_items / variance(totals)), abs=1e-9)


def test_alpha_of_equal_correlations_is_that_of_spearman_and_brown() -> None:
    covariance = np.full((4, 4), 0.5) + np.diag([0.5] * 4)

    # 4 x 0.5 / (1 + 3 x 0.5)
    assert alpha_of(covariance) == pytest.approx(0.8)


@pytest.mark.parametrize(
    "loadings",
    [(0.8, 0.7, 0.6), (0.9, 0.5, 0.7, 0.4, 0.6, 0.8), (0.6, -0.3, 0.5, 0.7), (1.0, 0.5, 0.5)],
)
def test_omega_of_one_exact_factor_recovers_its_loadings(loadings: tuple[float, ...]) -> None:
    true = np.array(loadings)
    covariance = np.outer(true, true)
    np.fill_diagonal(covariance, 1.0)

    fitted = fit_one_factor(covariance)

    assert fitted * np.sign(fitted[0]) == pytest.approx(true, abs=0.0005)
    common, unique = sum(loadings) ** 2, sum(1 - loading**2 for loading in loadings)
    assert omega_of(covariance) == pytest.approx(common / (common + unique), abs=0.0005)


def draw_one_factor(seed: int, authorities: int, questions: int) -> list[list[int]]:
    """Draw levels behind which stands one factor; some are not known."""
    rng = np.random.default_rng(seed)
    loadings = rng.uniform(0.4, 0.95, questions)
    factor = rng.normal(size=(authorities, 1)) * loadings
    latent = factor + rng.normal(size=factor.shape) * np.sqrt(1 - loadings**2)
    levels = np.clip(np.rint(3 + 1.2 * latent), 1, 5).astype(int)
    return np.where(rng.random(levels.shape) < 0.03, DONT_KNOW, levels).tolist()


def fit_by_scipy(matrix: np.ndarray) -> np.ndarray:
    """Fit one factor to the covariances off the diagonal by a general optimiser, unbounded."""
    first, second = np.triu_indices(len(matrix), 1)
    rng = np.random.default_rng(0)
    starts = [np.sqrt(np.diag(matrix)) * rng.uniform(0.2, 1, len(matrix)) for _ in range(5)]
    fits = [
        least_squares(lambda x: x[first] * x[second] - matrix[first, second], start, **TIGHT)
        for start in starts
    ]
    return min(fits, key=lambda fit: fit.cost).x


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.integers(30, 120), st.integers(3, 6))
@example(1, 60, 3)
@example(2, 357, 6)
def test_summarise_reliability_omega_agrees_with_scipy(
    seed: int, authorities: int, questions: int
) -> None:
    rows = draw_one_factor(seed, authorities, questions)
    columns = list(zip(*(row for row in rows if DONT_KNOW not in row), strict=True))
    matrix = np.array([[covariance(one, other) for other in columns] for one in columns])
    loadings = fit_by_scipy(matrix)
    # a proper solution: each question shares something, and less than its variance
    assume((np.abs(loadings) > 0.1).all() and (loadings**2 < 0.99 * np.diag(matrix)).all())

    answer_codes = make_codes(*rows, questions=questions)
    row = summarise_reliability(make_questionnaire(1, questions), answer_codes).iloc[0]

    common = sum(loadings) ** 2
    unique = sum(np.diag(matrix) - loadings**2)
    assert row["n"] == len(columns[0])
    assert row["omega"] == pytest.approx(common / (common + unique), abs=1e-6)


def test_omega_of_unequal_variances_is_in_the_questions_own_units() -> None:
    # Loadings 2, 1, 0.5 with unique variances 1, 2, 3: 3.5 squared over itself and 6.
    loadings = np.array([2.0, 1.0, 0.5])
    covariance = np.outer(loadings, loadings) + np.diag([1.0, 2.0, 3.0])

    assert omega_of(covariance) == pytest.approx(12.25 / 18.25, abs=0.0005)


def test_omega_of_questions_with_nothing_in_common_is_zero() -> None:
    # The first component is one question alone, so nothing is left to share.
    assert omega_of(np.diag([1.0, 2.0, 3.0])) == 0


def test_fit_one_factor_shares_no_more_than_a_questions_variance() -> None:
    # Correlations 0.9, 0.9 and 0.5 would need a first loading of sqrt(0.9 x 0.9 / 0.5) > 1.
    covariance = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])

    loadings = np.abs(fit_one_factor(covariance))

    # With 1, the others minimise 2 (0.9 - b)^2 + (0.5 - b^2)^2: b^3 + b/2 = 0.9, b = 0.7960.
    assert loadings[0] == 1
    assert loadings[1:] ** 3 + loadings[1:] / 2 == pytest.approx([0.9, 0.9])


def test_fit_one_factor_that_does_not_come_to_rest_is_nan() -> None:
    covariance = np.outer([0.8, 0.7, 0.6], [0.8, 0.7, 0.6]) + np.diag([0.36, 0.51, 0.64])

    assert np.isnan(fit_one_factor(covariance, max_iterations=1)).all()


def test_check_answers_of_one_level_throughout_two_principles_asks_back() -> None:
    asked = check_plausibility(TWO_BY_THREE, np.array([3] * 6))

    assert asked == (UniformLevels(TWO_BY_THREE.levels[2], TWO_BY_THREE.principles),)
    assert asked[0].question_ids == ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3")


@pytest.mark.parametrize(
    "answer_codes",
    [[3, 3, 3, 4, 4, 4], [3, 3, 3, 3, 3, 2], [DONT_KNOW] * 6, [UNANSWERED] * 6],
)
def test_check_answers_of_unlike_answers_asks_nothing(answer_codes: list[int]) -> None:
    assert check_plausibility(TWO_BY_THREE, np.array(answer_codes)) == ()


def test_check_answers_of_short_principles_asks_nothing() -> None:
    assert check_plausibility(make_questionnaire(3, 2), np.array([4] * 6)) == ()


PAIR = Contradiction("1.1", 4, "2.3", 1, "The one needs the other.")
WITH_PAIR = replace(TWO_BY_THREE, contradictions=(PAIR,))


def test_check_answers_of_a_contradiction_asks_back() -> None:
    asked = check_plausibility(WITH_PAIR, np.array([5, 2, 3, 4, 1, 1]))

    assert asked == (
        ContradictingLevels(
            WITH_PAIR.question("1.1"), 5, WITH_PAIR.question("2.3"), 1, "The one needs the other."
        ),
    )
    assert asked[0].question_ids == ("1.1", "2.3")


@pytest.mark.parametrize(
    ("first", "other"),
    [(3, 1), (4, 2), (4, DONT_KNOW), (4, DOES_NOT_APPLY), (4, UNANSWERED), (DONT_KNOW, 1)],
)
def test_check_answers_of_levels_that_go_together_asks_nothing(first: int, other: int) -> None:
    assert check_plausibility(WITH_PAIR, np.array([first, 2, 3, 4, 1, other])) == ()


def test_check_answers_of_another_questionnaire_raises() -> None:
    with pytest.raises(BenchmarkError, match="version test-1"):
        check_plausibility(TWO_BY_THREE, np.array([1, 2, 3]))
