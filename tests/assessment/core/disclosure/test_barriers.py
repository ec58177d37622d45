"""Shares of what was chosen at submission, worked out by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assessment.core.answers.barriers import COLUMNS, ChoiceKind
from assessment.core.disclosure.barriers import protect_choices, summarise_choices
from assessment.core.questionnaire.questionnaire import Choice, Questionnaire
from assessment.core.statistics.publication import PublishedChoices
from assessment.core.statistics.withholding import Reason
from tests.factories import make_questionnaire

MANY = [f"A{number:02}" for number in range(20)]


def make_asked() -> Questionnaire:
    """Make a questionnaire with three barriers and one kind of support."""
    barriers = (Choice("rules", "Rules"), Choice("money", "Money"), Choice("time", "Time"))
    return replace(make_questionnaire(), barriers=barriers, support=(Choice("law", "Advice"),))


def choose(barriers: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the rows of who chose which barriers."""
    rows = [(who, "barrier", one) for who, chosen in barriers.items() for one in chosen]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_summarise_needs_shares_are_of_those_that_chose():
    # 16 of 20 chose: 10 rules, 8 money, nobody time
    chosen = {who: ["rules"] for who in MANY[:8]}
    chosen |= {who: ["rules", "money"] for who in MANY[8:10]}
    chosen |= {who: ["money"] for who in MANY[10:16]}

    shares = summarise_choices(make_asked(), choose(chosen), MANY)

    barriers = shares[shares["kind"] == "barrier"]
    assert barriers["choice_id"].tolist() == ["rules", "money", "time"]
    # 10 of 16 is 62.5, half up
    assert barriers["percent"].tolist() == [63, 50, 0]
    assert set(barriers["n"]) == {16}
    assert set(barriers["of_n"]) == {20}
    assert set(barriers["withheld"]) == {Reason.SHOWN}


def test_summarise_needs_of_nine_is_withheld_with_its_number():
    shares = summarise_choices(
        make_asked(), choose({who: ["rules", "time"][:1] for who in MANY[:9]}), MANY
    )

    assert set(shares["withheld"]) == {Reason.TOO_FEW_CHOSE}
    assert shares[["n", "percent"]].isna().to_numpy().all()


def test_summarise_needs_that_all_but_one_chose_are_hidden():
    chosen = {who: ["rules"] for who in MANY[:11]} | {MANY[11]: ["money"]}
    apart = chosen | {MANY[12]: ["money"]}

    hidden, shown = (summarise_choices(make_asked(), choose(c), MANY) for c in (chosen, apart))

    barriers = hidden[hidden["kind"] == "barrier"]
    assert set(barriers["withheld"]) == {Reason.TOO_ALIKE}
    assert np.isnan(barriers["percent"]).all()
    # 11 of 13
    assert shown["percent"].tolist()[:2] == [85, 15]


def test_summarise_needs_of_those_not_counted_are_left_out():
    chosen = {who: ["rules"] for who in MANY[:10]} | {who: ["money"] for who in MANY[10:]}

    shares = summarise_choices(make_asked(), choose(chosen), MANY[5:15])

    assert shares["percent"].tolist()[:2] == [50, 50]
    assert set(shares[shares["kind"] == ChoiceKind.BARRIER.value]["n"]) == {10}


def cut(
    number: int, barriers: Mapping[str, Sequence[str]], *before: PublishedChoices
) -> PublishedChoices:
    """Cut an edition of who chose which barriers, after others."""
    chosen = choose(barriers)
    rows = summarise_choices(make_asked(), chosen, [*barriers]).assign(base=number)
    return PublishedChoices(number, protect_choices(rows, chosen, before), chosen)


def read_bases(edition: PublishedChoices) -> set[int]:
    """Return the edition that the barriers shown were worked out for."""
    return set(edition.rows[edition.rows["kind"] == "barrier"]["base"])


# Six chose rules, six money.
FIRST = {who: ["rules"] for who in MANY[:6]} | {who: ["money"] for who in MANY[6:12]}


@pytest.mark.parametrize(
    "later",
    [
        # one newcomer, who alone chose time
        FIRST | {"N": ["time"]},
        # nine newcomers, who did not choose alike
        FIRST | {f"N{i}": ["rules"] for i in range(5)} | {f"M{i}": ["time"] for i in range(4)},
        # ten newcomers, of whom all but one chose rules
        FIRST | {f"N{i}": ["rules"] for i in range(9)} | {"M": ["time"]},
        # one came where one left
        {who: what for who, what in FIRST.items() if who != "A00"} | {"N": ["time"]},
        # one chose otherwise
        FIRST | {"A00": ["time"]},
        # ten came and did not choose alike, but one left
        {who: what for who, what in FIRST.items() if who != "A00"}
        | {f"N{i}": ["rules"] for i in range(5)}
        | {f"M{i}": ["time"] for i in range(5)},
    ],
)
def test_protect_needs_difference_of_a_few_is_held(later: dict[str, list[str]]):
    first = cut(1, FIRST)
    second = cut(2, later, first)

    pd.testing.assert_frame_equal(second.rows[:3], first.rows[:3])


def test_protect_needs_ten_that_do_not_choose_alike_are_shown():
    first = cut(1, FIRST)
    later = {f"N{i}": ["rules"] for i in range(5)} | {f"M{i}": ["time"] for i in range(5)}
    second = cut(2, FIRST | later, first)

    # 11, 6 and 5 of 22
    assert second.rows["percent"].tolist()[:3] == [50, 27, 23]
    assert read_bases(second) == {2}


def test_protect_needs_looks_at_every_edition_that_was_shown():
    later = {f"N{i}": ["rules"] for i in range(5)} | {f"M{i}": ["time"] for i in range(5)}
    first = cut(1, FIRST)
    second = cut(2, FIRST | later, first)
    # beside the second ten left; beside the first one came
    third = cut(3, FIRST | {"X": ["time"]}, first, second)

    assert read_bases(second) == {2}
    assert read_bases(third) == {2}


def test_protect_needs_what_was_never_shown_is_never_held():
    few = {who: FIRST[who] for who in MANY[3:11]}
    first = cut(1, few)
    second = cut(2, FIRST, first)

    assert first.rows["percent"].isna().all()
    assert second.rows["percent"].tolist()[:2] == [50, 50]


def test_protect_needs_lists_are_held_each_by_itself():
    first = cut(1, FIRST)
    support = [(who, "support", "law") for who in MANY[:12]]
    chosen = pd.concat([choose(FIRST), pd.DataFrame(support, columns=list(COLUMNS))])
    rows = summarise_choices(make_asked(), chosen, MANY).assign(base=2)

    second = PublishedChoices(2, protect_choices(rows, chosen, [first]), chosen)

    # all chose the one kind of support, which says why; barriers are as they were, of 20 now
    assert set(second.rows[second.rows["kind"] == "support"]["withheld"]) == {Reason.TOO_ALIKE}
    assert read_bases(second) == {2}
    assert second.rows["of_n"].tolist() == [20] * 4


# Twelve chose rules, eight money.
TWO_CAMPS = {who: ["rules"] for who in MANY[:12]} | {who: ["money"] for who in MANY[12:]}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        # twelve drop rules, whatever each takes instead: who left a choice is told too
        (
            TWO_CAMPS,
            TWO_CAMPS
            | {who: ["money"] for who in MANY[:6]}
            | {who: ["time"] for who in MANY[6:12]},
        ),
        # twelve take time, whatever each had before
        (
            TWO_CAMPS | {who: ["money"] for who in MANY[6:12]},
            TWO_CAMPS | {who: ["time"] for who in MANY[:12]},
        ),
    ],
)
def test_protect_needs_choice_that_all_dropped_or_took_is_held(
    then: dict[str, list[str]], now: dict[str, list[str]]
):
    first = cut(1, then)
    second = cut(2, now, first)

    assert read_bases(second) == {1}
    # by itself each edition is shown
    assert read_bases(cut(2, now)) == {2}
    assert not cut(2, now).rows["percent"][:3].isna().any()


def test_protect_needs_ten_that_choose_otherwise_apart_are_shown():
    # six go from rules to money and four from money to time: nobody's choice can be told
    now = TWO_CAMPS | {who: ["money"] for who in MANY[:6]} | {who: ["time"] for who in MANY[12:16]}

    second = cut(2, now, cut(1, TWO_CAMPS))

    assert read_bases(second) == {2}
