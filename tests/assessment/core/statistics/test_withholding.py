"""Reasons to withhold, as frames and cells have them: what is not known withholds."""

import math

import pandas as pd
import pytest

from assessment.core.statistics.withholding import (
    HIDDEN,
    SHOWN,
    Reason,
    Withheld,
    WithheldCounts,
    count_withheld,
    read_withheld,
)


@pytest.mark.parametrize(
    ("code", "missing", "expected"),
    [
        ("shown", math.nan, SHOWN),
        ("hidden", None, HIDDEN),
        ("too_few_submitted", 3.0, Withheld(Reason.TOO_FEW_SUBMITTED, 3)),
        ("group_too_small", 2, Withheld(Reason.GROUP_TOO_SMALL, 2)),
    ],
)
def test_read_withheld_of_a_code(code: str, missing: float | None, expected: Withheld):
    assert read_withheld(code, missing) == expected


@pytest.mark.parametrize("code", ["", "SHOWN", "shown ", None, math.nan, pd.NA, 0, True, ["shown"]])
def test_read_withheld_of_anything_else_withholds(code: object):
    assert read_withheld(code) == Withheld(Reason.REASON_UNKNOWN)


def test_only_shown_is_shown():
    assert [reason for reason in Reason if Withheld(reason).is_shown] == [Reason.SHOWN]


def test_count_withheld_tells_hidden_from_too_small():
    answer_codes = ["shown", "hidden", "too_few_submitted", "reason_unknown", "hidden"]

    counts = count_withheld(answer_codes)

    assert counts == WithheldCounts(rows=5, too_small=2, hidden=2)
    # 2 of 5, and 4 of 5
    assert (counts.plain_percent, counts.percent) == (40.0, 80.0)
