"""Item analysis: how well the questions measure, and plausibility checks of one assessment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW, UNANSWERED
from assessment.core.answers.scoring import principle_columns
from assessment.core.questionnaire.questionnaire import Level, Principle, Question, Questionnaire
from assessment.core.statistics.figures import check_answer_codes

# The fewest authorities that a coefficient or a flag is made from.
MIN_FOR_ITEMS = 10
# From when a question is flagged. [percent; percent; correlation]
MANY_DONT_KNOW = 20.0
MANY_AT_AN_END = 60.0
LOW_ITEM_TOTAL = 0.3
# Of how many principles, with how many questions at least, one level throughout is queried.
ALIKE_PRINCIPLES = 2
ALIKE_QUESTIONS = 3
# The minres iteration: when it has converged, and when it is given up.
TOLERANCE = 1e-10
MAX_ITERATIONS = 2000


class QuestionFlag(StrEnum):
    """What is to be looked at in a question."""

    MANY_DONT_KNOW = "many_dont_know"
    MOST_AT_LOWEST = "most_at_lowest"
    MOST_AT_HIGHEST = "most_at_highest"
    LOW_ITEM_TOTAL = "low_item_total"


@dataclass(frozen=True, slots=True)
class UniformLevels:
    """One level was given to every question of several principles."""

    level: Level
    principles: tuple[Principle, ...]

    @property
    def question_ids(self) -> tuple[str, ...]:
        """Return the questions that it is about."""
        return tuple(q.id for principle in self.principles for q in principle.questions)


@dataclass(frozen=True, slots=True)
class ContradictingLevels:
    """Two levels that hardly go together; ``why`` says the questionnaire."""

    question: Question
    level: int
    other: Question
    other_level: int
    why: str

    @property
    def question_ids(self) -> tuple[str, ...]:
        """Return the questions that it is about."""
        return self.question.id, self.other.id


# A query to whoever answered; never a penalty.
PlausibilityQuery = UniformLevels | ContradictingLevels


def summarise_questions(
    questionnaire: Questionnaire, answer_codes: pd.DataFrame, seconds: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Summarise how each question does.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : one row per authority_id, one column a question in the questionnaire's order; a
        level, DONT_KNOW, DOES_NOT_APPLY or UNANSWERED.
    seconds : one row per answer timed: ``question_id``, ``seconds``, NaN where not known.

    Returns
    -------
    One row per question, in order: ``question_id``, ``principle_id``; ``submitted``
    authorities, ``n`` of them with a level; ``percent_dont_know`` and
    ``percent_does_not_apply`` of submitted, ``percent_floor`` and ``percent_ceiling`` of n at
    the lowest and the highest level, NaN of none; ``item_total`` correlation [-1 to 1] of
    ``item_total_n``, NaN of fewer than 10 or without variance; ``median_seconds`` of
    ``seconds_n`` answers; ``flags`` as `flag_question` gives them. No flag is raised on
    fewer than 10.

    Raises
    ------
    BenchmarkError if the answers are of another questionnaire.

    Notes
    -----
    Corrected item-total correlation: Pearson's, of a question's level with the mean level of
    the other questions of its principle, over the authorities that have both (Nunnally and
    Bernstein 1994). A question alone in its principle has none.
    """
    check_answer_codes(questionnaire, answer_codes.to_numpy())
    times = _gather_seconds(questionnaire, seconds)
    rows = [
        _summarise_question(questionnaire, principle, part, index) | times[question.id]
        for principle, part in _parts(questionnaire, answer_codes)
        for index, question in enumerate(principle.questions)
    ]
    questions = pd.DataFrame(rows)
    return questions.assign(flags=[flag_question(row) for _, row in questions.iterrows()])


def summarise_reliability(questionnaire: Questionnaire, answer_codes: pd.DataFrame) -> pd.DataFrame:
    """Say how far the questions of each principle measure one thing.

    Parameters
    ----------
    questionnaire, codes : as for `summarise_questions`.

    Returns
    -------
    One row per principle: ``principle_id``; ``questions``; ``n`` authorities with a level for
    every one of them, NaN of fewer than 10: in a small group it discloses who left one out;
    ``alpha`` and ``omega``, at most 1, NaN of fewer than 10, where nothing varies, or where there
    are too few questions (2 for alpha, 3 for omega).

    Raises
    ------
    BenchmarkError if the answers are of another questionnaire.

    Notes
    -----
    Complete cases. Alpha: Cronbach 1951. Omega total: McDonald 1999, the square of the sum of
    loadings over itself and the sum of unique variances, of one factor (`fit_one_factor`).
    """
    check_answer_codes(questionnaire, answer_codes.to_numpy())
    rows = []
    for principle, part in _parts(questionnaire, answer_codes):
        levels = part[(part > UNANSWERED).all(axis=1)].astype(float)
        n = len(levels) if len(levels) >= MIN_FOR_ITEMS else np.nan
        row = {"principle_id": principle.id, "questions": part.shape[1], "n": n}
        row |= {"alpha": _reliability(levels, alpha_of, 2)}
        rows.append(row | {"omega": _reliability(levels, omega_of, 3)})
    return pd.DataFrame(rows)


def alpha_of(covariance: np.ndarray) -> float:
    """Return Cronbach's alpha.

    Parameters
    ----------
    covariance : of two questions or more, whose total varies.

    Returns
    -------
    k / (k - 1) x (1 - sum of variances / variance of the total) (Cronbach 1951).
    """
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def omega_of(covariance: np.ndarray) -> float:
    """Return McDonald's omega total.

    Parameters
    ----------
    covariance : of three questions or more, whose total varies.

    Returns
    -------
    The share of one common factor in the variance of the total (McDonald 1999); NaN where no
    factor can be fitted.
    """
    loadings = fit_one_factor(covariance)
    common = loadings.sum() ** 2
    return float(common / (common + np.trace(covariance) - (loadings**2).sum()))


def fit_one_factor(covariance: np.ndarray, *, max_iterations: int = MAX_ITERATIONS) -> np.ndarray:
    """Fit one common factor to a covariance.

    Parameters
    ----------
    covariance : of three questions or more.
    max_iterations : when the iteration is given up.

    Returns
    -------
    A loading for each question, in its own unit [levels]; NaN where it did not converge.

    Notes
    -----
    Minres (Harman and Jones 1966): the loadings whose products come nearest, in least squares,
    to the covariances off the diagonal. Each in turn takes its best value given the others,
    until none moves; no question shares more than its variance (Harman and Fukuda 1966). The
    iteration starts from the first principal component.
    """
    values, vectors = np.linalg.eigh(covariance)
    loadings: np.ndarray = vectors[:, -1] * np.sqrt(values[-1])
    limits = np.sqrt(np.diag(covariance))
    pairs = covariance - np.diag(np.diag(covariance))
    for _ in range(max_iterations):
        before = loadings.copy()
        for index, limit in enumerate(limits):
            others = (loadings**2).sum() - loadings[index] ** 2
            # The diagonal of pairs is 0, so the question's own loading is not part of the product.
            # Where no other question has a loading, every value fits equally well.
            best = pairs[index] @ loadings / others if others > TOLERANCE else 0.0
            # Beyond the limit its unique variance would be negative (a Heywood case).
            loadings[index] = np.clip(best, -limit, limit)
        if np.abs(loadings - before).max() < TOLERANCE:
            return loadings
    return np.full(len(limits), np.nan)


def check_plausibility(
    questionnaire: Questionnaire, answer_codes: np.ndarray
) -> tuple[PlausibilityQuery, ...]:
    """List what to query before an assessment is submitted; queries never change a score.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : int, one element a question in the questionnaire's order.

    Returns
    -------
    First the levels given to every question of two principles or more (of those with three
    questions or more), then the questionnaire's contradictions, in their order.

    Raises
    ------
    BenchmarkError if the codes are of another questionnaire.
    """
    check_answer_codes(questionnaire, answer_codes[np.newaxis, :])
    level_of = dict(zip(questionnaire.question_ids, answer_codes.tolist(), strict=True))
    queries: list[PlausibilityQuery] = list(_query_uniform_levels(questionnaire, answer_codes))
    for pair in questionnaire.contradictions:
        high, low = level_of[pair.question_id], level_of[pair.other_id]
        if high >= pair.least and UNANSWERED < low <= pair.most:
            question, other = map(questionnaire.question, (pair.question_id, pair.other_id))
            queries.append(ContradictingLevels(question, high, other, low, pair.why))
    return tuple(queries)


def _query_uniform_levels(
    questionnaire: Questionnaire, answer_codes: np.ndarray
) -> Iterator[UniformLevels]:
    """Ask about each level that was given to every question of several principles."""
    for level in questionnaire.levels:
        alike = [
            principle
            for principle, columns in principle_columns(questionnaire)
            if len(principle.questions) >= ALIKE_QUESTIONS
            and (answer_codes[columns] == level.number).all()
        ]
        if len(alike) >= ALIKE_PRINCIPLES:
            yield UniformLevels(level, tuple(alike))


def _parts(
    questionnaire: Questionnaire, answer_codes: pd.DataFrame
) -> Iterator[tuple[Principle, np.ndarray]]:
    """Yield each principle with the codes of its questions."""
    for principle, columns in principle_columns(questionnaire):
        yield principle, answer_codes.to_numpy()[:, columns]


def _gather_seconds(
    questionnaire: Questionnaire, seconds: pd.DataFrame | None
) -> dict[str, dict[str, float]]:
    """Return the median time of each question, with the number of answers timed."""
    timed = pd.DataFrame({"question_id": [], "seconds": []}) if seconds is None else seconds
    by_question = timed.groupby("question_id")["seconds"]
    found = by_question.agg(["median", "count"]).reindex(questionnaire.question_ids)
    return {
        str(question_id): {"median_seconds": median, "seconds_n": int(np.nan_to_num(count))}
        for question_id, median, count in found.itertuples()
    }


def _summarise_question(
    questionnaire: Questionnaire, principle: Principle, part: np.ndarray, index: int
) -> dict[str, object]:
    """Summarise one question of a principle, but for its time."""
    numbers = [level.number for level in questionnaire.levels]
    own = part[:, index]
    levels = own[own > UNANSWERED]
    item_total, item_total_n = _item_total(part, index)
    return {
        "question_id": principle.questions[index].id,
        "principle_id": principle.id,
        "submitted": len(own),
        "n": len(levels),
        "percent_dont_know": _percent(own == DONT_KNOW),
        "percent_does_not_apply": _percent(own == DOES_NOT_APPLY),
        "percent_floor": _percent(levels == min(numbers)),
        "percent_ceiling": _percent(levels == max(numbers)),
        "item_total": item_total,
        "item_total_n": item_total_n,
    }


def _percent(hits: np.ndarray) -> float:
    """Return the percent of hits; NaN of none."""
    return 100 * float(hits.mean()) if len(hits) else np.nan


def _item_total(part: np.ndarray, index: int) -> tuple[float, int]:
    """Correlate a question with the mean of its principle's others; and over how many."""
    others = np.delete(part, index, axis=1)
    known = others > UNANSWERED
    both = (part[:, index] > UNANSWERED) & known.any(axis=1)
    sums = np.where(known, others, 0).sum(axis=1)
    item, rest = part[both, index].astype(float), sums[both] / known[both].sum(axis=1)
    if len(item) < MIN_FOR_ITEMS or np.ptp(item) == 0 or np.ptp(rest) == 0:
        return np.nan, len(item)
    return float(np.corrcoef(item, rest)[0, 1]), len(item)


def _reliability(
    levels: np.ndarray, coefficient: Callable[[np.ndarray], float], min_questions: int
) -> float:
    """Work out a coefficient, NaN where it means nothing."""
    if len(levels) < MIN_FOR_ITEMS or levels.shape[1] < min_questions:
        return np.nan
    if np.ptp(levels.sum(axis=1)) == 0:
        return np.nan
    return coefficient(np.cov(levels, rowvar=False))


def flag_question(row: pd.Series) -> str:
    """Find what is to be looked at in a question.

    Parameters
    ----------
    row : of one question, as `summarise_questions` gives it.

    Returns
    -------
    The codes of `QuestionFlag`, in its order, divided by spaces; empty where there is none.
    """
    dont_know = row["submitted"] >= MIN_FOR_ITEMS and row["percent_dont_know"] >= MANY_DONT_KNOW
    enough = row["n"] >= MIN_FOR_ITEMS
    flags = {
        QuestionFlag.MANY_DONT_KNOW: dont_know,
        QuestionFlag.MOST_AT_LOWEST: enough and row["percent_floor"] >= MANY_AT_AN_END,
        QuestionFlag.MOST_AT_HIGHEST: enough and row["percent_ceiling"] >= MANY_AT_AN_END,
        QuestionFlag.LOW_ITEM_TOTAL: row["item_total"] < LOW_ITEM_TOTAL,
    }
    return " ".join(flag.value for flag, raised in flags.items() if raised)


def read_flags(answer_codes: str) -> tuple[QuestionFlag, ...]:
    """Read the flags of a question as its row has them.

    Parameters
    ----------
    answer_codes : as `flag_question` gives them.

    Returns
    -------
    The flags, in their order.
    """
    return tuple(map(QuestionFlag, answer_codes.split()))
