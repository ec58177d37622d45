"""Shares of what was chosen at submission, worked out by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from assessment.core.needs import COLUMNS, NeedKind, count_changed, summarise_needs
from assessment.core.questionnaire import Choice, Questionnaire
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

    shares = summarise_needs(make_asked(), choose(chosen), MANY)

    barriers = shares[shares["kind"] == "barrier"]
    assert barriers["choice_id"].tolist() == ["rules", "money", "time"]
    # 10 of 16 is 62.5, half up
    assert barriers["percent"].tolist() == [63, 50, 0]
    assert set(barriers["n"]) == {16}
    assert set(barriers["of_n"]) == {20}
    assert set(barriers["withheld"]) == {""}


def test_summarise_needs_of_nine_is_withheld_with_its_number():
    shares = summarise_needs(
        make_asked(), choose({who: ["rules", "time"][:1] for who in MANY[:9]}), MANY
    )

    assert set(shares["withheld"]) == {"shown when 10 authorities have chosen"}
    assert shares[["n", "percent"]].isna().to_numpy().all()


def test_summarise_needs_that_all_but_one_chose_are_hidden():
    chosen = {who: ["rules"] for who in MANY[:11]} | {MANY[11]: ["money"]}
    apart = chosen | {MANY[12]: ["money"]}

    hidden, shown = (summarise_needs(make_asked(), choose(c), MANY) for c in (chosen, apart))

    barriers = hidden[hidden["kind"] == "barrier"]
    assert set(barriers["withheld"]) == {"hidden so that nobody's choice can be told"}
    assert np.isnan(barriers["percent"]).all()
    # 11 of 13
    assert shown["percent"].tolist()[:2] == [85, 15]


def test_summarise_needs_of_those_not_counted_are_left_out():
    chosen = {who: ["rules"] for who in MANY[:10]} | {who: ["money"] for who in MANY[10:]}

    shares = summarise_needs(make_asked(), choose(chosen), MANY[5:15])

    assert shares["percent"].tolist()[:2] == [50, 50]
    assert set(shares[shares["kind"] == NeedKind.BARRIER.value]["n"]) == {10}


def test_count_changed_counts_authorities_once():
    then = choose({"A": ["rules"], "B": ["money", "time"], "C": ["rules"], "D": ["time"]})
    now = choose({"A": ["rules"], "B": ["time", "money"], "C": ["money", "time"], "E": ["time"]})

    # C chose other things, D no longer, E anew
    assert count_changed(now, then) == 3
