"""What a benchmark is made of: each authority's values, and their summary in each group.

Nothing here is protected yet; `assessment.core.disclosure` stands between these figures and
everybody else.
"""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd

from assessment.core.answers import DOES_NOT_APPLY, UNANSWERED
from assessment.core.errors import AssessmentError
from assessment.core.questionnaire import Questionnaire
from assessment.core.rounding import round_half_up
from assessment.core.scoring import overall_scores, score_codes

# What the machine holds beyond this decimal is noise, and must not divide equals.
NOISE_DECIMALS = 12
GROUP_KEY = ["group_kind", "group_id"]


class Measure(StrEnum):
    """What is measured: the whole, a principle or a question."""

    OVERALL = "overall"
    PRINCIPLE = "principle"
    QUESTION = "question"


class BenchmarkError(AssessmentError):
    """Frames that break a promise between rooms; the message carries the ids."""


def list_items(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """List what is measured as (measure, item id): overall, principles, then questions."""
    items = [(Measure.OVERALL.value, Measure.OVERALL.value)]
    items += [(Measure.PRINCIPLE.value, p.id) for p in questionnaire.principles]
    items += [(Measure.QUESTION.value, question_id) for question_id in questionnaire.question_ids]
    return items


def percent_columns(questionnaire: Questionnaire) -> list[str]:
    """Name the columns that hold the percent of authorities at each level, in order."""
    return [f"percent_{level.number}" for level in questionnaire.levels]


def check_frames(
    questionnaire: Questionnaire, codes: pd.DataFrame, memberships: pd.DataFrame
) -> None:
    """Raise BenchmarkError unless every authority counts exactly once and has its groups."""
    if list(codes.columns) != list(questionnaire.question_ids):
        raise BenchmarkError(f"The answers are not those of version {questionnaire.version}.")
    _refuse("These authorities have several assessments", codes.index[codes.index.duplicated()])
    doubled = memberships.duplicated(["authority_id", "group_kind"])
    _refuse("These authorities are in two groups of a kind", memberships["authority_id"][doubled])
    strangers = codes.index.difference(pd.Index(memberships["authority_id"].unique()))
    _refuse("These authorities were assessed but are in no group", strangers)


def measure_codes(questionnaire: Questionnaire, codes: np.ndarray) -> np.ndarray:
    """Work out what each assessment has for each item.

    Parameters
    ----------
    questionnaire : the version answered.
    codes : int, one row an assessment, one column a question in the questionnaire's order.

    Returns
    -------
    float, one row an assessment, one column an item of `list_items`; level [1 to L], NaN
    where there is no score or no level.

    Raises
    ------
    BenchmarkError if a code is none of this questionnaire's levels nor a known standing, or
    if the number of columns is another.
    """
    highest = max(level.number for level in questionnaire.levels)
    known = codes.shape[1] == len(questionnaire.question_ids)
    if not known or ((codes < DOES_NOT_APPLY) | (codes > highest)).any():
        raise BenchmarkError(f"The answers are not those of version {questionnaire.version}.")
    principle_scores = score_codes(questionnaire, codes)
    overall = overall_scores(principle_scores)[:, np.newaxis]
    levels = np.where(codes > UNANSWERED, codes, np.nan)
    values: np.ndarray = np.hstack([overall, principle_scores, levels])
    return values.round(NOISE_DECIMALS)


def summarise_members(
    questionnaire: Questionnaire, values: pd.DataFrame, members: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    """Summarise every item in every group, unprotected and unrounded.

    Parameters
    ----------
    questionnaire : the version answered.
    values : one row per authority_id, one column an item of `list_items`; NaN for none.
    members : one row per (authority_id, group_kind, group_id); those without values count
        for nothing here.
    groups : one row per (group_kind, group_id), in the order wanted, with its other labels.

    Returns
    -------
    One row per group and item: the group's labels, ``measure``, ``item_id``, ``n`` int,
    ``submitted`` int, those of the group that are counted at all;
    ``mean``, ``median``, ``q1``, ``q3`` level [1 to L], ``percent_1`` to ``percent_L``; all
    but ``n`` NaN where n is 0.

    Notes
    -----
    Quartiles interpolate linearly (Hyndman and Fan 1996, type 7).
    """
    items = list_items(questionnaire)
    rows = values.index.get_indexer(pd.Index(members["authority_id"]))
    counted = rows >= 0
    found = pd.DataFrame(values.to_numpy()[rows[counted]])
    keys = [members[key].to_numpy()[counted] for key in GROUP_KEY]
    wanted = pd.MultiIndex.from_frame(groups[GROUP_KEY])
    summary = groups.loc[groups.index.repeat(len(items))].reset_index(drop=True)
    summary[["measure", "item_id"]] = items * len(groups)
    for name, table in _tables(questionnaire, found, keys).items():
        summary[name] = table.reindex(wanted).to_numpy().ravel()
    submitted = found.groupby(keys).size().reindex(wanted).fillna(0).astype(int)
    return summary.assign(
        n=summary["n"].fillna(0).astype(int), submitted=submitted.repeat(len(items)).to_numpy()
    )


def round_figures(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures as they are published: levels to 0.1, percents to whole, half up."""
    places = {"mean": 1, "median": 1, "q1": 1, "q3": 1, "percentile": 0}
    places |= {str(name): 0 for name in figures if str(name).startswith("percent_")}
    rounded = figures.copy()
    for name in rounded.columns.intersection(list(places)):
        kept = rounded[name].astype(float)
        rounded[name] = [v if np.isnan(v) else round_half_up(v, places[name]) for v in kept]
    return rounded


def _tables(
    questionnaire: Questionnaire, found: pd.DataFrame, keys: list[np.ndarray]
) -> dict[str, pd.DataFrame]:
    """Work out each figure as a table: one row a group, one column an item."""
    grouped = found.groupby(keys)
    n = grouped.count()
    tables = {
        "n": n,
        "mean": grouped.mean(),
        "median": grouped.median(),
        "q1": grouped.quantile(0.25).round(NOISE_DECIMALS),
        "q3": grouped.quantile(0.75).round(NOISE_DECIMALS),
    }
    nearest = _nearest_levels(found)
    for level, name in zip(questionnaire.levels, percent_columns(questionnaire), strict=True):
        tables[name] = 100 * (nearest == level.number).groupby(keys).sum() / n
    return tables


def _nearest_levels(values: pd.DataFrame) -> pd.DataFrame:
    """Return the level each value is nearest to, halves up; NaN where there is no value."""
    nearest = {value: round_half_up(value) for value in np.unique(values) if not np.isnan(value)}
    return pd.DataFrame({column: values[column].map(nearest) for column in values})


def _refuse(what: str, authority_ids: Iterable[object]) -> None:
    """Raise BenchmarkError if there are any such authorities."""
    listed = sorted({str(authority_id) for authority_id in authority_ids})
    if listed:
        raise BenchmarkError(f"{what}: {', '.join(listed)}.")
