"""Complementary suppression, attacked by trying every small set of authorities."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.answers import DONT_KNOW
from assessment.core.authorities import Authority, GroupKind, list_memberships
from assessment.core.benchmark import summarise_groups
from assessment.core.suppression import HIDDEN, KINDS, CutEdition, audit_edition, protect_edition
from tests.factories import make_authority, make_questionnaire

ONE_QUESTION = make_questionnaire(principles=1, questions=1)
Answers = dict[str, int]


def make_register(**types: int) -> list[Authority]:
    """Make so many authorities of each type, each type in a region of its own."""
    return [
        make_authority(id=f"{name}{number:02}", type=name, region=f"Region of {name}")
        for name, count in types.items()
        for number in range(count)
    ]


def cut(
    register: list[Authority], answers: Answers, history: tuple[CutEdition, ...] = ()
) -> CutEdition:
    """Cut an edition of the answers to the one question."""
    codes = pd.DataFrame({"1.1": pd.Series(answers, dtype="int8")}).rename_axis("authority_id")
    memberships = list_memberships(register)
    number = len(history) + 1
    figures, bases = protect_edition(
        ONE_QUESTION,
        summarise_groups(ONE_QUESTION, codes, memberships),
        codes,
        memberships,
        history=history,
        number=number,
    )
    return CutEdition(number, figures, bases, codes, memberships)


def answer(register: list[Authority], level: int = 3, **skipped: int) -> Answers:
    """Answer for all but the first so many of a type."""
    taken = {f"{name}{number:02}" for name, count in skipped.items() for number in range(count)}
    return {a.id: level for a in register if a.id not in taken}


def row_of(edition: CutEdition, kind: str, group_id: str) -> pd.Series:
    figures = edition.figures
    chosen = (figures["group_kind"] == kind) & (figures["group_id"] == group_id)
    return figures[chosen & (figures["item_id"] == "1.1")].iloc[0]


def test_protect_edition_hides_one_more_group_beside_a_withheld_one():
    # all 34 less 20 less 10 would tell the four towns, so the smaller of the others is hidden
    register = make_register(county=20, borough=10, town=4)

    edition = cut(register, answer(register))

    assert row_of(edition, "type", "town")["withheld_centre"].startswith("not shown: it takes 5")
    assert row_of(edition, "type", "county")["withheld_centre"] == ""
    assert row_of(edition, "type", "borough")["withheld_centre"] == HIDDEN
    assert np.isnan(row_of(edition, "type", "borough")["n"])


def test_protect_edition_nothing_withheld_hides_nothing():
    register = make_register(county=20, borough=10, town=12)

    edition = cut(register, answer(register))

    assert set(edition.figures["withheld_centre"]) == {""}


def test_protect_edition_overlapping_groups_that_differ_by_few_are_not_both_shown():
    # the region holds the eleven boroughs and one more authority
    register = make_register(county=20, borough=11)
    register.append(make_authority(id="odd", type="county", region="Region of borough"))

    edition = cut(register, answer(register))

    assert row_of(edition, "type", "borough")["withheld_centre"] == ""
    assert row_of(edition, "region", "region-of-borough")["withheld_centre"] == HIDDEN


def test_protect_edition_spread_that_tells_a_withheld_one_is_hidden():
    # seven towns may have a mean and no spread; all less 20 less 15 would tell it
    register = make_register(county=20, borough=15, town=7)

    edition = cut(register, answer(register))

    assert row_of(edition, "type", "town")["withheld_centre"] == ""
    borough = row_of(edition, "type", "borough")
    assert (borough["withheld_centre"], borough["withheld_spread"]) == ("", HIDDEN)
    assert borough["mean"] == 3.0
    assert np.isnan(borough["q1"])


@pytest.mark.parametrize(
    ("joined", "mean"),
    # twelve at level 1, then some at level 5: 12 / 12 = 1.0; with five 37 / 17 = 2.2
    [(0, 1.0), (1, 1.0), (4, 1.0), (5, 2.2)],
)
def test_protect_edition_figure_moves_from_five_on(joined: int, mean: float):
    register = make_register(county=40)
    before = {a.id: 1 for a in register[:12]}
    first = cut(register, before)

    second = cut(register, before | {a.id: 5 for a in register[12 : 12 + joined]}, (first,))

    assert row_of(second, "all", "all")["mean"] == mean
    held = second.bases["base"].iloc[0] == 1
    assert held == (joined in (1, 4))


def test_protect_edition_many_small_steps_move_when_they_add_to_five():
    register = make_register(county=40)
    history: tuple[CutEdition, ...] = ()
    for joined in (0, 2, 4, 6):
        levels = {a.id: 1 for a in register[:12]} | {a.id: 5 for a in register[12 : 12 + joined]}
        history = (*history, cut(register, levels, history))

    # 12 + 30 = 42, 42 / 18 = 2.3
    assert row_of(history[-1], "all", "all")["mean"] == 2.3
    assert set(history[-1].bases["base"]) == {4}


def test_protect_edition_changed_answer_of_a_few_is_held():
    register = make_register(county=12)
    first = cut(register, answer(register, 1))

    second = cut(register, answer(register, 1) | {"county00": 5}, (first,))

    assert row_of(second, "all", "all")["mean"] == 1.0


def test_protect_edition_counts_those_with_a_value_for_the_item():
    # five join, four of them with Don't know: one value moves the figure, so it is held
    register = make_register(county=40)
    before = {a.id: 1 for a in register[:12]}
    joined = {a.id: DONT_KNOW for a in register[12:16]} | {register[16].id: 5}

    second = cut(register, before | joined, (cut(register, before),))

    assert row_of(second, "all", "all")["mean"] == 1.0


def test_audit_edition_counts_what_is_withheld_and_why():
    register = make_register(county=20, borough=10, town=4)

    checked = audit_edition(ONE_QUESTION, [cut(register, answer(register))])

    # all, nation, band, rurality, 3 types, 3 regions; towns and boroughs are one of each
    assert checked.figures == 10 * 3
    assert (checked.too_small, checked.hidden) == (2 * 3, 2 * 3)
    assert checked.held == 0
    assert checked.exposed == ()


def test_audit_edition_names_the_items_that_tell_on_a_few():
    register = make_register(county=20, borough=10, town=4)
    edition = cut(register, answer(register))
    plain = summarise_groups(ONE_QUESTION, edition.codes, edition.memberships)

    careless = CutEdition(1, plain, edition.bases, edition.codes, edition.memberships)

    assert audit_edition(ONE_QUESTION, [careless]).exposed == ("overall", "principle-1", "1.1")


def test_audit_edition_names_the_items_that_tell_a_withheld_spread():
    register = make_register(county=20, borough=15, town=7)
    edition = cut(register, answer(register))
    plain = summarise_groups(ONE_QUESTION, edition.codes, edition.memberships)

    careless = CutEdition(1, plain, edition.bases, edition.codes, edition.memberships)

    assert audit_edition(ONE_QUESTION, [careless]).exposed == ("overall", "principle-1", "1.1")


def test_kinds_are_those_of_the_groups_offered():
    assert set(KINDS) == {kind.value for kind in GroupKind}


def test_audit_edition_of_nobody_exposes_nobody():
    register = make_register(county=12)

    assert audit_edition(ONE_QUESTION, [cut(register, {})]).exposed == ()


def draw_programme(draw: st.DrawFn) -> tuple[list[Authority], list[Answers]]:
    """Draw a register of nested and overlapping groups, and the answers of two editions."""
    size = draw(st.integers(12, 45))
    choose = st.sampled_from
    register = [
        make_authority(
            id=f"A{number:02}",
            nation=draw(choose(["England", "Wales"])),
            region=draw(choose(["North", "South", "East"])),
            type=draw(choose(["county", "town"])),
            population=draw(choose([50_000, 150_000, 250_000])),
            rural_share=draw(choose([0.1, 0.9])),
        )
        for number in range(size)
    ]
    levels = st.sampled_from([1, 2, 3, 4, 5, 5, DONT_KNOW, None])
    first = {a.id: level for a in register if (level := draw(levels)) is not None}
    second = first | {a.id: 3 for a in register if a.id not in first and draw(st.booleans())}
    return register, [first, second]


programmes = st.composite(draw_programme)()


def rows_told(
    editions: list[CutEdition], register: list[Authority]
) -> tuple[np.ndarray, np.ndarray]:
    """Build, without any code of the product, which authorities each shown figure adds up."""
    kinds: dict[str, Any] = {
        "all": lambda _: "all",
        "nation": lambda a: a.nation.lower(),
        "region": lambda a: a.region.lower(),
        "type": lambda a: a.type,
        "band": lambda a: {50_000: "under-100k", 150_000: "100k-200k", 250_000: "200k-350k"}[
            a.population
        ],
        "rurality": lambda a: {0.1: "predominantly-urban", 0.9: "predominantly-rural"}[
            a.rural_share
        ],
    }
    told = []
    for edition in editions:
        known = edition.codes.index[edition.codes["1.1"] > 0]
        for (_, row), base in zip(edition.figures.iterrows(), edition.bases["base"], strict=True):
            if row["item_id"] != "1.1" or row["withheld_centre"] or base != edition.number:
                continue
            told.append(
                [
                    int(a.id in known and kinds[row["group_kind"]](a) == row["group_id"])
                    for a in register
                ]
            )
    matrix = np.array(told or [[0] * len(register)])
    atoms, weights = np.unique(matrix, axis=1, return_counts=True)
    silent = ~atoms.any(axis=0)
    return atoms[:, ~silent], weights[~silent]


@settings(max_examples=40, deadline=None)
@given(programme=programmes)
def test_protect_edition_any_programme_withstands_every_small_set(
    programme: tuple[list[Authority], list[Answers]],
):
    register, (before, after) = programme
    first = cut(register, before)
    editions = [first, cut(register, after, (first,))]

    atoms, weights = rows_told(editions, register)

    rank = np.linalg.matrix_rank(atoms) if atoms.size else 0
    small = [place for place, weight in enumerate(weights) if weight < 5]
    for size in range(1, 5):
        for taken in combinations(small, size):
            if weights[list(taken)].sum() < 5:
                rest = np.delete(atoms, taken, axis=1)
                assert (np.linalg.matrix_rank(rest) if rest.size else 0) == rank, taken
    assert audit_edition(ONE_QUESTION, editions).exposed == ()
