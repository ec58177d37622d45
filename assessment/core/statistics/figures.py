"""What a benchmark is made of: each authority's values, and their summary in each group.

Nothing here is protected yet; disclosure control stands between these figures and everybody else.
"""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd

from assessment.core.answers.answers import DOES_NOT_APPLY, UNANSWERED
from assessment.core.answers.scoring import overall_scores, score_answer_codes
from assessment.core.errors import AssessmentError
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.rounding import round_all_half_up
from assessment.core.statistics.counting import NOISE_DECIMALS, Tally, place_in_groups, tally_items

LABELS = ("group_kind", "group_id", "group_name")
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


def check_answer_codes(questionnaire: Questionnaire, answer_codes: np.ndarray) -> None:
    """Raise BenchmarkError unless codes are the questionnaire's, one column a question."""
    highest = max(level.number for level in questionnaire.levels)
    known = answer_codes.shape[1] == len(questionnaire.question_ids)
    if not known or (
        answer_codes.size and (answer_codes.min() < DOES_NOT_APPLY or answer_codes.max() > highest)
    ):
        raise BenchmarkError(f"The answers are not those of version {questionnaire.version}.")


def measure_answer_codes(questionnaire: Questionnaire, answer_codes: np.ndarray) -> np.ndarray:
    """Work out what each assessment has for each item.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : int, one row an assessment, one column a question in the questionnaire's order.

    Returns
    -------
    float, one row an assessment, one column an item of `list_items`; level [1 to L], NaN
    where there is no score or no level.

    Raises
    ------
    BenchmarkError if a code is none of this questionnaire's levels nor a known standing, or
    if the number of columns is another.
    """
    check_answer_codes(questionnaire, answer_codes)
    principle_scores = score_answer_codes(questionnaire, answer_codes)
    overall = overall_scores(principle_scores)[:, np.newaxis]
    levels = np.where(answer_codes > UNANSWERED, answer_codes, np.nan)
    values: np.ndarray = np.hstack([overall, principle_scores, levels])
    return values.round(NOISE_DECIMALS)


def summarise_members(
    questionnaire: Questionnaire, answer_codes: np.ndarray, groups: pd.DataFrame, placed: np.ndarray
) -> pd.DataFrame:
    """Summarise every item in every group, unprotected and unrounded.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : int8, one row an assessment, one column a question in the questionnaire's order.
    groups : one row per (group_kind, group_id), in the order wanted, with its other labels.
    placed : int, one row an assessment, one column a kind of group: the index of its group
        among ``groups``, -1 for none.

    Returns
    -------
    One row per group and item: the group's labels, ``measure``, ``item_id``; ``n`` int,
    authorities with a value; ``submitted`` int, authorities with codes; ``mean``, ``median``,
    ``q1``, ``q3`` level [1 to L]; ``percent_1`` to ``percent_L`` nearest to each level and
    ``percent_at_least_2`` to ``percent_at_least_L``, of n; ``percent_dont_know`` and
    ``percent_does_not_apply``, of those with codes, NaN for scores. All but the counts NaN
    where n is 0.

    Notes
    -----
    Quartiles interpolate linearly (Hyndman and Fan 1996, type 7).
    """
    items = list_items(questionnaire)
    placement = place_in_groups(placed, len(groups))
    submitted = placement.add_up(np.ones(len(answer_codes)))
    tallies = tally_items(questionnaire, answer_codes, placement)
    blocks = [summarise_tally(questionnaire, tally, submitted) for tally in tallies]
    summary = label_rows(groups, items)
    for name in blocks[0]:
        summary[name] = np.column_stack([block[name] for block in blocks]).ravel()
    return summary.astype({"n": int, "submitted": int})


def place_authorities(
    questionnaire: Questionnaire, answer_codes: pd.DataFrame, memberships: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray]:
    """List the groups of a register, and say which of them each assessed authority is in.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : one row per authority_id, one column a question in the questionnaire's order.
    memberships : one row per (authority_id, group_kind) of the whole register.

    Returns
    -------
    One row per group, by kind and name: its labels, and ``of_n`` authorities in it. And int,
    one row an authority of ``answer_codes``, one column a kind: the index of its group among the
    groups; -1 where it has none of the kind.

    Raises
    ------
    BenchmarkError unless the answers are of this questionnaire, every authority counts exactly
    once and has its groups, one of a kind, and every group has one name.
    """
    check_columns(questionnaire, answer_codes)
    who, ids = _number(memberships["authority_id"])
    which, groups = _list_groups(memberships)
    kind_of, kinds = _number(groups["group_kind"])
    kind = kind_of[which]
    times = np.bincount(who * len(kinds) + kind, minlength=len(ids) * len(kinds))
    doubled = times.reshape(len(ids), len(kinds)).max(axis=1, initial=0) > 1
    _refuse("These authorities are in two groups of a kind", ids[doubled])
    row_of = answer_codes.index.get_indexer(ids)
    strange = np.ones(len(answer_codes), dtype=bool)
    strange[row_of[row_of >= 0]] = False
    _refuse("These authorities were assessed but are in no group", answer_codes.index[strange])
    placed = np.full((len(answer_codes), len(kinds)), -1)
    rows = row_of[who]
    placed[rows[rows >= 0], kind[rows >= 0]] = which[rows >= 0]
    return groups, placed


def check_columns(questionnaire: Questionnaire, answer_codes: pd.DataFrame) -> None:
    """Raise BenchmarkError unless there is one row an authority and one column a question."""
    if list(answer_codes.columns) != list(questionnaire.question_ids):
        raise BenchmarkError(f"The answers are not those of version {questionnaire.version}.")
    _refuse(
        "These authorities have several assessments",
        answer_codes.index[answer_codes.index.duplicated()],
    )


def label_rows(groups: pd.DataFrame, items: list[tuple[str, str]]) -> pd.DataFrame:
    """Lay out one row per group and item.

    Parameters
    ----------
    groups : one row per group, with its labels.
    items : (measure, item id), in the order wanted.

    Returns
    -------
    The groups' labels, ``measure`` and ``item_id``: every item of a group, group by group.
    """
    rows = groups.loc[groups.index.repeat(len(items))].reset_index(drop=True)
    rows[["measure", "item_id"]] = items * len(groups)
    return rows


def round_figures(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures as they are published: levels to 0.1, percents to whole, half up."""
    places = {"mean": 1, "median": 1, "change": 1, "q1": 1, "q3": 1, "percentile": 0}
    places |= {str(name): 0 for name in figures if str(name).startswith("percent_")}
    rounded = figures.copy()
    for name in rounded.columns.intersection(list(places)):
        rounded[name] = round_all_half_up(rounded[name].to_numpy(dtype=float), places[name])
    return rounded


def summarise_tally(
    questionnaire: Questionnaire, tally: Tally, submitted: np.ndarray
) -> dict[str, np.ndarray]:
    """Work out each figure of one item.

    Parameters
    ----------
    questionnaire : the version answered.
    tally : of the item.
    submitted : authorities of each group that are counted at all.

    Returns
    -------
    By the names of `summarise_members`' columns, one element a group.
    """
    levels = len(questionnaire.levels)
    percents = tally.percents(levels)
    at_least = percents[:, ::-1].cumsum(axis=1)[:, ::-1]
    some = np.where(submitted > 0, submitted, np.nan)
    figures = {"n": tally.n, "submitted": submitted, "mean": tally.mean()}
    figures |= {"median": tally.quarter(2), "q1": tally.quarter(1), "q3": tally.quarter(3)}
    figures |= dict(zip(percent_columns(questionnaire), percents.T, strict=True))
    figures |= {f"percent_at_least_{index + 1}": at_least[:, index] for index in range(1, levels)}
    figures["percent_dont_know"] = 100 * tally.dont_know / some
    figures["percent_does_not_apply"] = 100 * tally.does_not_apply / some
    return figures


def _list_groups(memberships: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the index of each membership's group, and the groups with their sizes, in order."""
    labels = memberships[list(LABELS)]
    for label in LABELS:
        _require_known(labels[label])
    groups = labels.drop_duplicates()
    _refuse("These groups have two names", groups.loc[groups.duplicated(GROUP_KEY), "group_id"])
    # The order of rows is part of an edition's content hash: it must not be that of the register.
    ranks = {kind.value: rank for rank, kind in enumerate(GroupKind)}
    groups = groups.assign(rank=groups["group_kind"].map(ranks))
    groups = groups.sort_values(["rank", "group_name", "group_id"], ignore_index=True)
    groups = groups[list(LABELS)]
    found = pd.MultiIndex.from_frame(groups).get_indexer(pd.MultiIndex.from_frame(labels))
    return found, groups.assign(of_n=np.bincount(found, minlength=len(groups)))


def _number(names: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return the number of each name, and the distinct names by number."""
    _require_known(names)
    numbers, distinct = pd.factorize(names.to_numpy(dtype=object))
    return numbers, pd.Index(distinct)


def _require_known(names: pd.Series) -> None:
    """Raise BenchmarkError where a name is missing."""
    if names.isna().any():
        raise BenchmarkError(f"The memberships lack a {names.name}.")


def _refuse(what: str, authority_ids: Iterable[object]) -> None:
    """Raise BenchmarkError if there are any such authorities."""
    listed = sorted({str(authority_id) for authority_id in authority_ids})
    if listed:
        raise BenchmarkError(f"{what}: {', '.join(listed)}.")
