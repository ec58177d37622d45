import hashlib
from datetime import date

import numpy as np
import pandas as pd
import pytest

from assessment.core.answers.rounds import (
    Round,
    RoundState,
    choose_round,
    hash_figures,
    list_members,
)
from tests.factories import make_authority

ROUND = Round("2026", "Autumn 2026", date(2026, 9, 1), date(2026, 11, 30), "1.0")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_is_open_counts_both_days(today, expected):
    assert ROUND.is_open(today) is expected


@pytest.mark.parametrize(
    ("life", "is_member"),
    [
        ({}, True),
        ({"ended_on": date(2026, 8, 31)}, False),
        ({"ended_on": date(2026, 9, 1)}, True),
        ({"started_on": date(2026, 11, 30)}, True),
        ({"started_on": date(2026, 12, 1)}, False),
        # within the round, and not on its first or last day
        ({"started_on": date(2026, 10, 1), "ended_on": date(2026, 10, 31)}, True),
    ],
)
def test_list_members_exist_on_a_day_of_the_round(life, is_member):
    authority = make_authority(id="A1", **life)

    assert list_members([authority], ROUND, set()) == ([authority] if is_member else [])


def test_list_members_that_submitted_are_always_among_them():
    ended = make_authority(id="A1", ended_on=date(2026, 8, 31))

    assert list_members([ended], ROUND, {"A1"}) == [ended]


def make_round(round_id: str, opens_on: date, closes_on: date) -> Round:
    return Round(round_id, f"Round {round_id}", opens_on, closes_on, "1.0")


SPRING = make_round("spring", date(2026, 3, 1), date(2026, 4, 30))
LATER = make_round("later", date(2027, 6, 1), date(2027, 8, 31))
LAST = make_round("last", date(2028, 6, 1), date(2028, 8, 31))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 28), "spring"),
        (date(2026, 3, 1), "spring"),
        # closed since 30 April, and nothing has begun after it
        (date(2026, 8, 31), "spring"),
        (date(2026, 9, 1), "2026"),
        (date(2026, 11, 30), "2026"),
        (date(2027, 5, 31), "2026"),
        (date(2027, 6, 1), "later"),
        (date(2029, 1, 1), "last"),
    ],
)
def test_choose_round_open_then_begun_then_announced(today, expected):
    chosen = choose_round([LAST, ROUND, LATER, SPRING], today)

    assert chosen is not None
    assert chosen.id == expected


def test_choose_round_none_announced_is_none():
    assert choose_round([], date(2026, 9, 1)) is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 31), RoundState.ANNOUNCED),
        (date(2026, 9, 1), RoundState.OPEN),
        (date(2026, 11, 30), RoundState.OPEN),
        (date(2026, 12, 1), RoundState.CLOSED),
    ],
)
def test_state_boundaries(today, expected):
    assert ROUND.state(today) is expected


def test_hash_figures_same_figures_is_the_same_sha256():
    figures = pd.DataFrame({"n": [5, 3], "mean": [2.5, np.nan]})

    # printf 'n,mean\n5,2.5\n3,\n' | sha256sum
    expected = "5186dc2aee8b66181a30365609fc618daf84b71c1cbb767943882a675daa8a54"
    assert hash_figures(figures) == expected
    assert hash_figures(figures.copy()) == expected


@pytest.mark.parametrize("mean", [0.0, 2.6, np.nan])
def test_hash_figures_other_figures_is_another(mean):
    figures = pd.DataFrame({"n": [5], "mean": [2.5]})

    assert hash_figures(figures.assign(mean=mean)) != hash_figures(figures)


def test_hash_figures_is_of_csv_to_six_digits_one_frame_after_the_other():
    figures = pd.DataFrame({"mean": [7 / 3, np.nan], "n": [4, 5]})
    changes = pd.DataFrame({"change": [-0.5, 1e-7]})

    text = b"mean,n\n2.33333,4\n,5\nchange\n-0.5\n1e-07\n"
    assert hash_figures(figures, changes) == hashlib.sha256(text).hexdigest()
