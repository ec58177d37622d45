"""Editions of one round: a figure moves only when enough authorities have moved with it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from assessment.core.figures import list_items, measure_codes
from assessment.core.questionnaire import Questionnaire

# The fewest authorities by which two published values of one figure may differ. [authorities]
MIN_MOVED = 5

CELL = ["group_kind", "group_id", "measure", "item_id"]


def hold_small_moves(
    questionnaire: Questionnaire,
    figures: pd.DataFrame,
    codes: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    previous: pd.DataFrame,
    bases: pd.DataFrame,
    earlier: Mapping[int, tuple[pd.DataFrame, pd.DataFrame]],
    number: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep each figure as it was published unless at least MIN_MOVED authorities moved it.

    Parameters
    ----------
    questionnaire : the version answered.
    figures : one row per group and item of the edition being cut, as `summarise_groups` gives.
    codes, memberships : what they were made from.
    previous : the figures that the edition before published.
    bases : one row per group and item of that edition: ``base``, the number of the edition
        whose answers its figures show.
    earlier : by edition number, the codes and memberships of every base.
    number : of the edition being cut.

    Returns
    -------
    The figures to publish, in the order of ``figures``, and their bases. An authority moves a
    figure if its value for the item, or its membership of the group, is another than in the
    answers the figure shows; a figure that 1 to 4 authorities moved is held.
    """
    now = figures.set_index(CELL)
    before = previous.set_index(CELL)
    shown = bases.set_index(CELL)["base"].reindex(now.index)
    base = pd.Series(number, index=now.index)
    for old in shown.dropna().unique():
        moved = count_moves(questionnaire, (codes, memberships), earlier[int(old)])
        held = (shown == old) & moved.reindex(now.index).between(1, MIN_MOVED - 1)
        now.loc[held] = before.loc[now.index[held], now.columns].to_numpy()
        base[held] = int(old)
    return now.reset_index()[list(figures.columns)], base.rename("base").reset_index()


def count_moves(
    questionnaire: Questionnaire,
    now: tuple[pd.DataFrame, pd.DataFrame],
    then: tuple[pd.DataFrame, pd.DataFrame],
) -> pd.Series:
    """Count the authorities that move each figure between two sets of answers.

    Parameters
    ----------
    questionnaire : the version answered.
    now, then : codes and memberships of two editions.

    Returns
    -------
    By group and item, how many authorities have another value, or none, in one of the two.
    [authorities]
    """
    values = pd.concat({"now": _values(questionnaire, *now), "then": _values(questionnaire, *then)})
    wide = values.unstack(0)
    same = (wide["now"] == wide["then"]) | wide.isna().all(axis=1)
    moved: pd.Series = (~same).groupby(level=CELL).sum()
    return moved


def _values(
    questionnaire: Questionnaire, codes: pd.DataFrame, memberships: pd.DataFrame
) -> pd.Series:
    """Return each authority's value for each item in each of its groups."""
    items = pd.MultiIndex.from_tuples(list_items(questionnaire), names=CELL[2:])
    found = measure_codes(questionnaire, codes.to_numpy().astype(np.int8))
    values = pd.DataFrame(found, index=codes.index, columns=items)
    members = memberships[memberships["authority_id"].isin(codes.index)]
    spread = values.loc[members["authority_id"]]
    spread.index = pd.MultiIndex.from_frame(members[["group_kind", "group_id", "authority_id"]])
    stacked = spread.stack(CELL[2:], future_stack=True)
    return pd.Series(stacked.squeeze(axis=1) if isinstance(stacked, pd.DataFrame) else stacked)
