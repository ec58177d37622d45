"""Matched change as it may be published."""

import numpy as np
import pandas as pd

from assessment.core.disclosure.thresholds import hide_whole_moves, withhold_small
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.change import list_comparable
from assessment.core.statistics.counting import (
    Values,
    add_up_change,
    measure_in_parts,
    place_in_groups,
)
from assessment.core.statistics.figures import (
    Measure,
    check_answer_codes,
    check_columns,
    label_rows,
    list_items,
    place_authorities,
    round_figures,
)
from assessment.core.statistics.withholding import MISSING_SPREAD, WITHHELD_SPREAD


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
    search of complementary suppression takes a second for each item with every group):
    ``group_kind``, ``group_id``, ``group_name``,
    ``measure``, ``item_id``; ``n`` authorities with a value in both rounds (NaN where
    withheld), ``submitted`` counted in both, ``of_n`` in the group; ``change`` the mean of now
    less then [levels, to 0.1], NaN where withheld; ``withheld_centre`` and ``missing_centre`` say
    why, as `withhold_small` gives them.

    Raises
    ------
    BenchmarkError if an authority counts twice or is in no group, or the answers are of another
    questionnaire.
    """
    groups, placed = place_authorities(*now, memberships)
    check_columns(*then)
    row_then = then[1].index.get_indexer(now[1].index)
    both = row_then >= 0
    placement = place_in_groups(placed[both], len(groups))
    newer = _measure(now[0], now[1].to_numpy()[both])
    older = _measure(then[0], then[1].to_numpy()[row_then[both]])
    items = list_comparable(then[0], now[0])
    changes = [add_up_change(newer[item], older[item], placement) for item in items]
    n, change = (np.column_stack(part).ravel() for part in zip(*changes, strict=True))
    submitted = np.repeat(placement.add_up(np.ones(both.sum())), len(items))
    figures = label_rows(groups, items).assign(
        n=n.astype(int), submitted=submitted.astype(int), change=change
    )
    of_all = figures["group_kind"] == GroupKind.ALL.value
    kept = figures[of_all | (figures["measure"] != Measure.QUESTION)].reset_index(drop=True)
    levels = [level.number for level in now[0].levels]
    shown = hide_whole_moves(kept, (min(levels), max(levels)))
    return round_figures(withhold_small(shown)).drop(columns=[WITHHELD_SPREAD, MISSING_SPREAD])


def _measure(
    questionnaire: Questionnaire, answer_codes: np.ndarray
) -> dict[tuple[str, str], Values]:
    """Return what each assessment has for each item, by item."""
    check_answer_codes(questionnaire, answer_codes)
    values = measure_in_parts(questionnaire, answer_codes)
    return dict(zip(list_items(questionnaire), values, strict=True))
