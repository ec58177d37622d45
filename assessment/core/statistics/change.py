"""Matched change: how far the authorities that took part in two rounds have moved."""

import pandas as pd

from assessment.core.answers.answers import UNANSWERED
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.questionnaire.versions import Carry, compare_versions
from assessment.core.statistics.figures import Measure, list_items, measure_answer_codes


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


def measure_items(questionnaire: Questionnaire, answer_codes: pd.DataFrame) -> pd.DataFrame:
    """Work out what each authority has for each item, by name.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : one row per authority_id, one column a question in order.

    Returns
    -------
    float, by authority_id; one column per (measure, item id); NaN where there is none.
    """
    values = measure_answer_codes(questionnaire, answer_codes.to_numpy())
    columns = pd.MultiIndex.from_tuples(list_items(questionnaire), names=["measure", "item_id"])
    return pd.DataFrame(values, index=answer_codes.index, columns=columns)


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
