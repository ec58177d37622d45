"""Matched change: how far the authorities that took part in two rounds have moved."""

import numpy as np
import pandas as pd

from assessment.core.answers import UNANSWERED
from assessment.core.authorities import GroupKind
from assessment.core.disclosure import withhold_small
from assessment.core.figures import (
    Measure,
    check_frames,
    label_rows,
    list_groups,
    list_items,
    measure_codes,
    place_members,
    round_figures,
)
from assessment.core.questionnaire import Questionnaire
from assessment.core.versions import Carry, compare_versions


def list_comparable(old: Questionnaire, new: Questionnaire) -> list[tuple[str, str]]:
    """List what two versions measure alike.

    Parameters
    ----------
    old, new : the versions answered then and now.

    Returns
    -------
    (measure, item id) of the new version, in its order: overall and the principles that both
    have, each scored by its own version, and the questions whose answers carry over.
    """
    changes = compare_versions(old, new)
    carried = {c.question_id for c in changes if c.carry is Carry.CARRIES_OVER}
    before = set(list_items(old))
    return [
        (measure, item_id)
        for measure, item_id in list_items(new)
        if (item_id in carried if measure == Measure.QUESTION else (measure, item_id) in before)
    ]


def measure_items(questionnaire: Questionnaire, codes: pd.DataFrame) -> pd.DataFrame:
    """Work out what each authority has for each item, by name.

    Parameters
    ----------
    questionnaire : the version answered.
    codes : one row per authority_id, one column a question in order.

    Returns
    -------
    float, by authority_id; one column per (measure, item id); NaN where there is none.
    """
    values = measure_codes(questionnaire, codes.to_numpy())
    columns = pd.MultiIndex.from_tuples(list_items(questionnaire), names=["measure", "item_id"])
    return pd.DataFrame(values, index=codes.index, columns=columns)


def summarise_change(
    now: tuple[Questionnaire, pd.DataFrame],
    then: tuple[Questionnaire, pd.DataFrame],
    memberships: pd.DataFrame,
) -> pd.DataFrame:
    """Summarise in every group how far those in both rounds have moved.

    Parameters
    ----------
    now, then : the version answered, and its codes, one row per authority_id counted.
    memberships : one row per (authority_id, group_kind), as now.

    Returns
    -------
    One row per group and comparable item (questions for all authorities together only; the
    search of `assessment.core.suppression` takes a second for each item with every group):
    ``group_kind``, ``group_id``, ``group_name``,
    ``measure``, ``item_id``; ``n`` authorities with a value in both rounds (NaN where
    withheld), ``submitted`` counted in both, ``of_n`` in the group; ``change`` the mean of now
    less then [levels, to 0.1], NaN where withheld, and ``withheld_centre`` says why.

    Raises
    ------
    BenchmarkError if an authority counts twice or is in no group.
    """
    check_frames(now[0], now[1], memberships)
    items = list_comparable(then[0], now[0])
    both = now[1].index.intersection(then[1].index)
    newer, older = (measure_items(*one)[items].loc[both] for one in (now, then))
    groups = list_groups(memberships)
    placed = place_members(both, memberships, groups)
    moved = (newer - older).to_numpy()
    n, total = (_add_up(part, placed, len(groups)) for part in (~np.isnan(moved), moved))
    submitted = _add_up(np.ones_like(moved), placed, len(groups))
    with np.errstate(invalid="ignore"):
        change = total / n
    figures = label_rows(groups, items).assign(
        n=n.ravel().astype(int), submitted=submitted.ravel().astype(int), change=change.ravel()
    )
    of_all = figures["group_kind"] == GroupKind.ALL.value
    kept = figures[of_all | (figures["measure"] != Measure.QUESTION)].reset_index(drop=True)
    return round_figures(withhold_small(kept)).drop(columns="withheld_spread")


def count_moved(now: pd.DataFrame, then: pd.DataFrame) -> int:
    """Count the authorities whose answers differ between two editions of a round.

    Parameters
    ----------
    now, then : codes, one row per authority_id, the same columns.

    Returns
    -------
    Authorities that joined, left or changed an answer. [authorities]
    """
    every = now.index.union(then.index)
    first, second = (f.reindex(every).fillna(UNANSWERED).to_numpy() for f in (now, then))
    changed = (first != second).any(axis=1)
    joined = ~every.isin(now.index.intersection(then.index))
    return int((changed | joined).sum())


def _add_up(values: np.ndarray, placed: np.ndarray, groups: int) -> np.ndarray:
    """Add values up, one column an item, over the members of each group; NaN counts nothing."""
    sums = np.zeros((groups, values.shape[1]))
    for groups_of_kind in placed.T:
        known = groups_of_kind >= 0
        np.add.at(sums, groups_of_kind[known], np.nan_to_num(values[known]))
    return sums
