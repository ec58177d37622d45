"""Matched change, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from assessment.core.answers.answers import DONT_KNOW, UNANSWERED
from assessment.core.disclosure.change import summarise_change
from assessment.core.people.groups import list_memberships
from assessment.core.statistics.figures import BenchmarkError
from assessment.core.statistics.withholding import Reason
from tests.factories import make_authority, make_questionnaire

ONE_QUESTION = make_questionnaire(principles=1, questions=1)

IDS = [f"A{number:02}" for number in range(12)]

REGISTER = [
    make_authority(id=authority_id, type="county" if place < 8 else "town")
    for place, authority_id in enumerate(IDS)
]

MEMBERSHIPS = list_memberships(REGISTER)


def codes_of(levels: list[int]) -> pd.DataFrame:
    """Give the first authorities these levels."""
    index = pd.Index(IDS[: len(levels)], name="authority_id")
    return pd.DataFrame({"1.1": np.array(levels, dtype="int8")}, index=index)


def row_of(changes: pd.DataFrame, group_id: str, item_id: str = "principle-1") -> pd.Series:
    return changes[(changes["group_id"] == group_id) & (changes["item_id"] == item_id)].iloc[0]


def test_summarise_change_is_the_mean_of_those_in_both():
    # then ten took part, now all twelve; moves 1, 1, 1, 1, 0, 0, -1, 2, 0, 0 add to 5
    then = codes_of([1, 2, 3, 4, 3, 3, 3, 1, 2, 2])
    now = codes_of([2, 3, 4, 5, 3, 3, 2, 3, 2, 2, 5, 5])

    changes = summarise_change((ONE_QUESTION, now), (ONE_QUESTION, then), MEMBERSHIPS)

    # all: 5 / 10 = 0.5; counties (the first eight): 5 / 8 = 0.625
    everybody, counties = row_of(changes, "all"), row_of(changes, "county")
    assert (everybody["change"], everybody["n"], everybody["of_n"]) == (0.5, 10, 12)
    assert (counties["change"], counties["n"], counties["submitted"]) == (0.6, 8, 8)


def test_summarise_change_downwards_rounds_like_upwards():
    # eight moves of which two are -1: -2 / 8 = -0.25, half up in size -0.3
    then, now = codes_of([3] * 8), codes_of([2, 2] + [3] * 6)

    changes = summarise_change((ONE_QUESTION, now), (ONE_QUESTION, then), MEMBERSHIPS)

    assert row_of(changes, "all")["change"] == -0.3


def test_summarise_change_counts_only_those_with_a_level_in_both():
    then = codes_of([3, 3, 3, 3, 3, 3, DONT_KNOW, 3])
    now = codes_of([4, 4, 4, 4, 4, UNANSWERED, 4, 3])

    changes = summarise_change((ONE_QUESTION, now), (ONE_QUESTION, then), MEMBERSHIPS)

    # five moved by 1 and one by 0: 5 / 6 = 0.83
    everybody = row_of(changes, "all")
    assert (everybody["change"], everybody["n"], everybody["submitted"]) == (0.8, 6, 8)


def test_summarise_change_of_four_is_withheld():
    then = codes_of([3, 3, 3, 3])
    now = codes_of([4, 4, 4, 4, 4])

    changes = summarise_change((ONE_QUESTION, now), (ONE_QUESTION, then), MEMBERSHIPS)

    everybody = row_of(changes, "all")
    assert np.isnan(everybody["change"])
    assert everybody["withheld_centre"] == Reason.TOO_FEW_SUBMITTED
    assert everybody["missing_centre"] == 1


def test_summarise_change_of_questions_is_for_all_together():
    answer_codes = codes_of([3] * 12)

    changes = summarise_change(
        (ONE_QUESTION, answer_codes), (ONE_QUESTION, answer_codes), MEMBERSHIPS
    )

    assert set(changes.loc[changes["measure"] == "question", "group_kind"]) == {"all"}
    assert {"all", "type", "nation"} <= set(changes["group_kind"])


def test_summarise_change_of_an_authority_in_no_group_is_refused():
    answer_codes = codes_of([3] * 12)
    strange = answer_codes.rename(index={"A00": "X99"})

    with pytest.raises(BenchmarkError, match="X99"):
        summarise_change((ONE_QUESTION, strange), (ONE_QUESTION, answer_codes), MEMBERSHIPS)


def test_summarise_change_of_an_authority_counted_twice_then_is_refused():
    answer_codes = codes_of([3] * 12)

    with pytest.raises(BenchmarkError, match=r"several assessments: A00\."):
        summarise_change(
            (ONE_QUESTION, answer_codes), (ONE_QUESTION, answer_codes.iloc[[0, 0, 1]]), MEMBERSHIPS
        )
