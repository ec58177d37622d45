"""Complementary suppression, attacked by trying every small set of authorities."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.disclosure.benchmark import summarise_groups
from assessment.core.disclosure.books import KINDS
from assessment.core.disclosure.change import summarise_change
from assessment.core.disclosure.suppression import (
    audit_edition,
    begin_edition,
    protect_changes,
    protect_edition,
    protect_neighbours,
)
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import GroupKind, list_memberships
from assessment.core.statistics.publication import CutEdition
from assessment.core.statistics.withholding import Reason, WithheldCounts, count_withheld
from tests.factories import make_authority, make_questionnaire
from tests.properties import examples

ONE_QUESTION = make_questionnaire(principles=1, questions=1)
Answers = dict[str, int]

HIDDEN = Reason.HIDDEN


def make_register(**types: int) -> list[Authority]:
    """Make so many authorities of each type, each type in a region of its own."""
    return [
        make_authority(id=f"{name}{number:02}", type=name, region=f"Region of {name}")
        for name, count in types.items()
        for number in range(count)
    ]


def cut(
    register: list[Authority],
    answers: Answers,
    history: tuple[CutEdition, ...] = (),
    round_id: str = "2026",
) -> CutEdition:
    """Cut an edition of the answers to the one question."""
    answer_codes = pd.DataFrame({"1.1": pd.Series(answers, dtype="int8")}).rename_axis(
        "authority_id"
    )
    memberships = list_memberships(register)
    figures = summarise_groups(ONE_QUESTION, answer_codes, memberships)
    number = sum(e.round_id == round_id for e in history) + 1
    begun = begin_edition(round_id, number, ONE_QUESTION, figures, answer_codes, memberships)
    edition = protect_edition(begun, history)
    before = [e for e in history if e.round_id < round_id]
    if not before:
        return edition
    answered = (ONE_QUESTION, answer_codes), (ONE_QUESTION, before[-1].answer_codes)
    return protect_changes(edition, summarise_change(*answered, memberships), before[-1], history)


def answer(register: list[Authority], level: int = 3, **skipped: int) -> Answers:
    """Answer for all but the first so many of a type: a level lower, at it, a level higher."""
    taken = {f"{name}{number:02}" for name, count in skipped.items() for number in range(count)}
    levels = {a.id: level - 1 + place % 3 for place, a in enumerate(register)}
    return {authority_id: own for authority_id, own in levels.items() if authority_id not in taken}


def row_of(edition: CutEdition, kind: str, group_id: str) -> pd.Series:
    figures = edition.figures
    chosen = (figures["group_kind"] == kind) & (figures["group_id"] == group_id)
    return figures[chosen & (figures["item_id"] == "1.1")].iloc[0]


def test_protect_edition_hides_one_more_group_beside_a_withheld_one():
    # all 34 less 20 less 10 would tell the four towns, so the smaller of the others is hidden
    register = make_register(county=20, borough=10, town=4)

    edition = cut(register, answer(register))

    assert row_of(edition, "type", "town")["withheld_centre"] == Reason.GROUP_TOO_SMALL
    assert row_of(edition, "type", "county")["withheld_centre"] == Reason.SHOWN
    assert row_of(edition, "type", "borough")["withheld_centre"] == HIDDEN
    assert np.isnan(row_of(edition, "type", "borough")["n"])


def test_protect_edition_nothing_withheld_hides_nothing():
    register = make_register(county=20, borough=10, town=12)

    edition = cut(register, answer(register))

    assert set(edition.figures["withheld_centre"]) == {Reason.SHOWN}


def test_protect_edition_overlapping_groups_that_differ_by_few_are_not_both_shown():
    # the region holds the eleven boroughs and one more authority
    register = make_register(county=20, borough=11)
    register.append(make_authority(id="odd", type="county", region="Region of borough"))

    edition = cut(register, answer(register))

    assert row_of(edition, "type", "borough")["withheld_centre"] == Reason.SHOWN
    assert row_of(edition, "region", "region-of-borough")["withheld_centre"] == HIDDEN


def test_protect_edition_spread_that_tells_a_withheld_one_is_hidden():
    # seven towns may have a mean and no spread; all less 20 less 15 would tell it
    register = make_register(county=20, borough=15, town=7)

    edition = cut(register, answer(register))

    assert row_of(edition, "type", "town")["withheld_centre"] == Reason.SHOWN
    borough = row_of(edition, "type", "borough")
    assert (borough["withheld_centre"], borough["withheld_spread"]) == (Reason.SHOWN, HIDDEN)
    assert borough["mean"] == 3.0
    assert np.isnan(borough["q1"])


@pytest.mark.parametrize(
    ("joined", "mean"),
    # twelve at levels 1 and 3, then some at level 5: 24 / 12 = 2.0; with five 49 / 17 = 2.9
    [(0, 2.0), (1, 2.0), (4, 2.0), (5, 2.9)],
)
def test_protect_edition_figure_moves_from_five_on(joined: int, mean: float):
    register = make_register(county=40)
    before = {a.id: 1 + 2 * (place % 2) for place, a in enumerate(register[:12])}
    first = cut(register, before)

    second = cut(register, before | {a.id: 5 for a in register[12 : 12 + joined]}, (first,))

    assert row_of(second, "all", "all")["mean"] == mean
    held = second.bases["base"].iloc[0] == 1
    assert held == (joined in (1, 4))


def test_protect_edition_many_small_steps_move_when_they_add_to_five():
    register = make_register(county=40)
    history: tuple[CutEdition, ...] = ()
    for joined in (0, 2, 4, 6):
        levels = answer(register[:12], 2) | {a.id: 5 for a in register[12 : 12 + joined]}
        history = (*history, cut(register, levels, history))

    # 24 + 30 = 54, 54 / 18 = 3.0
    assert row_of(history[-1], "all", "all")["mean"] == 3.0
    assert set(history[-1].bases["base"]) == {4}


def test_protect_edition_changed_answer_of_a_few_is_held():
    register = make_register(county=12)
    first = cut(register, answer(register, 2))

    second = cut(register, answer(register, 2) | {"county00": 5}, (first,))

    assert row_of(second, "all", "all")["mean"] == 2.0


def test_protect_edition_counts_those_with_a_value_for_the_item():
    # five join, four of them with Don't know: one value moves the figure, so it is held
    register = make_register(county=40)
    before = {a.id: 1 + 2 * (place % 2) for place, a in enumerate(register[:12])}
    joined = {a.id: DONT_KNOW for a in register[12:16]} | {register[16].id: 5}

    second = cut(register, before | joined, (cut(register, before),))

    assert row_of(second, "all", "all")["mean"] == 2.0


def test_protect_edition_spread_shown_before_and_telling_now_is_held():
    # Five towns leave, so the seven left have no spread; five boroughs join. Of all 47, less 20
    # counties and 20 boroughs, the spread of the towns would be told: the boroughs' row stays
    # as it was, with 15 and its spread, rather than lose the spread that everybody has seen.
    register = make_register(county=20, borough=20, town=12)
    first = cut(register, answer(register, borough=5))

    second = cut(register, answer(register, town=5), (first,))

    borough = row_of(second, "type", "borough")
    assert (borough["n"], borough["q1"], borough["withheld_spread"]) == (15, 2.0, Reason.SHOWN)
    bases = second.bases.set_index(["group_kind", "group_id", "item_id"])["base"]
    assert bases["type", "borough", "1.1"] == 1
    assert bases["type", "town", "1.1"] == 2


def test_audit_edition_counts_what_is_withheld_and_why():
    register = make_register(county=20, borough=10, town=4)

    checked = audit_edition([cut(register, answer(register))])

    # all, nation, band, rurality, 3 types, 3 regions; towns and boroughs are one of each
    assert checked.centres == WithheldCounts(rows=10 * 3, too_small=2 * 3, hidden=2 * 3)
    assert (checked.centres.plain_percent, checked.centres.percent) == (20.0, 40.0)
    assert checked.held == 0
    assert checked.exposed == ()


def test_audit_edition_names_the_items_that_tell_on_a_few():
    register = make_register(county=20, borough=10, town=4)
    edition = cut(register, answer(register))
    plain = summarise_groups(ONE_QUESTION, edition.answer_codes, edition.memberships)

    careless = replace(edition, figures=plain)

    assert audit_edition([careless]).exposed == ("overall", "principle-1", "1.1")


def test_audit_edition_names_the_items_that_tell_a_withheld_spread():
    register = make_register(county=20, borough=15, town=7)
    edition = cut(register, answer(register))
    plain = summarise_groups(ONE_QUESTION, edition.answer_codes, edition.memberships)

    careless = replace(edition, figures=plain)

    assert audit_edition([careless]).exposed == ("overall", "principle-1", "1.1")


def test_kinds_are_those_of_the_groups_offered():
    assert set(KINDS) == {kind.value for kind in GroupKind}


def test_audit_edition_of_nobody_exposes_nobody():
    register = make_register(county=12)

    assert audit_edition([cut(register, {})]).exposed == ()


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
        known = edition.answer_codes.index[edition.answer_codes["1.1"] > 0]
        for (_, row), base in zip(edition.figures.iterrows(), edition.bases["base"], strict=True):
            if (
                row["item_id"] != "1.1"
                or row["withheld_centre"] != Reason.SHOWN
                or base != edition.number
            ):
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


@pytest.mark.slow
@examples(check=8, thorough=40)
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
    assert audit_edition(editions).exposed == ()


def change_of(edition: CutEdition, kind: str, group_id: str) -> pd.Series:
    changes = edition.changes
    chosen = (changes["group_kind"] == kind) & (changes["group_id"] == group_id)
    return changes[chosen & (changes["item_id"] == "principle-1")].iloc[0]


def test_protect_changes_shows_the_matched_mean_with_n():
    # twenty counties at 3 then; now fifteen of them, five at 4 and ten at 3: 5 / 15 = 0.3
    register = make_register(county=25)
    then = cut(register, {a.id: 3 for a in register[:20]}, round_id="2025")
    levels = {a.id: 4 if place < 10 else 3 for place, a in enumerate(register[5:25])}
    now = cut(register, levels, (then,))

    # of those in both (places 0 to 14 of register[5:]) ten are at 4: 10 / 15 = 0.67
    change = change_of(now, "all", "all")
    assert (change["n"], change["submitted"], change["of_n"]) == (15, 15, 25)
    assert change["change"] == 0.7
    assert (change["base"], change["then_round"], change["then_number"]) == (1, "2025", 1)


def test_protect_changes_of_fewer_than_five_says_what_opens_it():
    register = make_register(county=25)
    then = cut(register, {a.id: 3 for a in register[:10]}, round_id="2025")
    now = cut(register, {a.id: 3 for a in register[7:25]}, (then,))

    change = change_of(now, "all", "all")

    assert np.isnan(change["change"])
    assert np.isnan(change["n"])
    assert change["withheld_centre"] == Reason.TOO_FEW_SUBMITTED
    assert change["missing_centre"] == 2


def test_protect_changes_that_tells_a_few_by_both_rounds_is_hidden():
    # all 20 answer then; now 18 of them: now less change is then's sum of the 18, and then's
    # mean of 20 less that is the sum of two
    register = make_register(county=20)
    then = cut(register, answer(register, 3), round_id="2025")
    now = cut(register, answer(register, 4, county=2), (then,))

    change = change_of(now, "all", "all")

    assert change["withheld_centre"] == HIDDEN
    assert audit_edition([then, now]).exposed == ()
    assert audit_edition([then, now]).changes.hidden > 0


def test_audit_edition_names_changes_that_tell_on_a_few():
    register = make_register(county=20)
    then = cut(register, answer(register, 3), round_id="2025")
    now = cut(register, answer(register, 4, county=2), (then,))
    careless = replace(now, changes=now.changes.assign(withheld_centre=Reason.SHOWN.value))

    assert audit_edition([then, careless]).exposed == ("overall", "principle-1", "1.1")


def test_protect_changes_moved_by_a_few_stays_as_it_was():
    register = make_register(county=40)
    levels = {a.id: 3 for a in register[:20]}
    then = cut(register, levels, round_id="2025")
    early = {a.id: 4 for a in register[8:28]}
    first = cut(register, early, (then,))
    late = early | {register[0].id: 5}
    second = cut(register, late, (then, first))

    change = change_of(second, "all", "all")

    # the first edition's: twelve in both, each one level up
    assert (change["change"], change["n"], change["base"]) == (1.0, 12, 1)


def test_protect_edition_next_round_counts_with_the_changes_already_shown():
    # a second edition of the first round that moves by five may, with the changes shown
    # meanwhile, still tell on few: whatever is shown stands the audit of all editions
    register = make_register(county=40)
    then = cut(register, {a.id: 2 for a in register[:20]}, round_id="2025")
    now = cut(register, {a.id: 4 for a in register[6:40]}, (then,))
    later = cut(register, {a.id: 2 for a in register[:26]}, (now, then), round_id="2025")

    assert audit_edition([then, later, now]).exposed == ()
    assert audit_edition([now, then, later]).exposed == ()


def test_protect_neighbours_shows_what_tells_nothing():
    register = make_register(county=40)
    edition = cut(register, answer(register))

    cells = protect_neighbours([edition], "county00", [a.id for a in register[1:16]])

    assert set(cells) == {("overall", "overall"), ("principle", "principle-1")}
    assert cells["overall", "overall"].base == 1
    assert cells["overall", "overall"].withheld_centre.is_shown
    assert cells["overall", "overall"].withheld_spread.is_shown


def test_protect_neighbours_that_differ_by_few_from_a_published_group_are_hidden():
    # the neighbours are all counties but three, and all counties are published
    register = make_register(county=18, town=20)
    edition = cut(register, answer(register))

    cells = protect_neighbours([edition], "town00", [a.id for a in register[:15]])

    assert cells["principle", "principle-1"].withheld_centre.reason is Reason.HIDDEN


def test_protect_neighbours_that_would_tell_a_withheld_spread_show_no_spread():
    # all less the counties less the boroughs would tell the seven towns, which have no spread
    register = make_register(county=20, borough=15, town=7)
    edition = cut(register, answer(register))

    cells = protect_neighbours([edition], "county00", [a.id for a in register[20:35]])

    cell = cells["overall", "overall"]
    assert (cell.withheld_centre.reason, cell.withheld_spread.reason) == (Reason.SHOWN, HIDDEN)


def test_protect_neighbours_moved_by_a_few_stay_as_they_were():
    register = make_register(county=40)
    early = {a.id: 3 for a in register[:20]}
    first = cut(register, early)
    second = cut(register, early | {a.id: 5 for a in register[20:30]}, (first,))
    near = [a.id for a in register[8:23]]

    cells = protect_neighbours([first, second], "county39", near)

    # three of the neighbours joined, so their figure stays the first edition's
    assert cells["overall", "overall"].base == 1
    assert cells["overall", "overall"].withheld_centre.is_shown


def test_protect_neighbours_of_too_few_leave_it_to_the_threshold():
    register = make_register(county=40)
    edition = cut(register, {a.id: 3 for a in register[:10]})

    cells = protect_neighbours([edition], "county39", [a.id for a in register[7:22]])

    # three of them submitted: the threshold withholds, and says what opens it
    assert cells["overall", "overall"].withheld_centre.is_shown


def test_audit_edition_change_from_a_round_too_long_ago_is_left_out():
    register = make_register(county=30)
    then = cut(register, {a.id: 3 for a in register[:20]}, round_id="2025")
    now = cut(register, {a.id: 3 for a in register[5:30]}, (then,))

    checked = audit_edition([now])

    assert checked.exposed == ()
    assert checked.changes.rows == len(now.changes)


def test_protect_edition_other_wording_of_a_question_is_another_quantity():
    # the question asks something else now, so what it showed then tells nothing of today
    register = make_register(county=30)
    principle = ONE_QUESTION.principles[0]
    question = replace(principle.questions[0], text="Something else?")
    other = replace(
        ONE_QUESTION, version="old", principles=(replace(principle, questions=(question,)),)
    )
    then = replace(cut(register, answer(register), round_id="2025"), questionnaire=other)
    now = cut(register, answer(register, 4, county=2))

    protected = protect_edition(replace(now, bases=now.bases), (then,))

    assert row_of(protected, "all", "all")["mean"] == 4.0
    assert audit_edition([then, protected]).exposed == ()


def test_protect_edition_count_of_a_group_without_any_level_stays_untold():
    # 42 less 20 less 15 would tell that none of the seven towns gave a level
    register = make_register(county=20, borough=15, town=7)
    towns = {a.id: DOES_NOT_APPLY for a in register if a.type == "town"}

    edition = cut(register, answer(register) | towns)

    rows = [row_of(edition, *g) for g in (("all", "all"), ("type", "county"), ("type", "borough"))]
    assert [row["withheld_centre"] for row in rows] == [Reason.SHOWN, Reason.SHOWN, HIDDEN]
    assert audit_edition([edition]).exposed == ()
    careless = edition.figures.assign(withheld_centre=Reason.SHOWN.value)
    assert audit_edition([replace(edition, figures=careless)]).exposed != ()


def test_protect_edition_spread_withheld_before_stays_untold():
    # seven towns have no spread in the first edition; all then less the counties less the
    # boroughs would tell it, whenever the boroughs' spread is shown
    register = make_register(county=20, borough=15, town=14)
    first = cut(register, answer(register, town=7))

    second = cut(register, answer(register), (first,))

    assert row_of(first, "type", "borough")["withheld_spread"] == HIDDEN
    assert row_of(second, "type", "borough")["withheld_spread"] == HIDDEN
    assert audit_edition([first, second]).exposed == ()
    shown = second.figures.assign(withheld_spread=Reason.SHOWN.value)
    assert audit_edition([first, replace(second, figures=shown)]).exposed != ()


@pytest.mark.slow
def test_protect_changes_counts_with_rounds_long_ago():
    # the same forty in every round and others once: round 4 less the changes back to round 1,
    # less round 1, is the sum of the three that are new
    register = make_register(county=80)
    ids = [a.id for a in register]
    years = {"2023": ids[:40], "2024": ids[:50], "2025": ids[:40] + ids[50:60], "2026": ids[:43]}
    history: tuple[CutEdition, ...] = ()
    for place, (year, present) in enumerate(years.items()):
        levels = {a: 1 + (int(a[-2:]) + place) % 5 for a in present}
        history = (*history, cut(register, levels, history, round_id=year))

    assert change_of(history[-1], "all", "all")["withheld_centre"] == HIDDEN
    assert audit_edition(history).exposed == ()


def test_protect_edition_group_all_at_an_end_of_the_scale_stays_untold():
    # the five towns are all at level 1: their mean would tell each, and so would the rest
    register = make_register(county=20, borough=15, town=5)
    towns = {a.id: 1 for a in register if a.type == "town"}

    edition = cut(register, answer(register) | towns)

    assert row_of(edition, "type", "town")["withheld_centre"] == HIDDEN
    assert row_of(edition, "type", "borough")["withheld_centre"] == HIDDEN
    assert audit_edition([edition]).exposed == ()
    careless = edition.figures.assign(withheld_centre=Reason.SHOWN.value)
    assert audit_edition([replace(edition, figures=careless)]).exposed != ()


def test_protect_edition_group_all_at_one_level_shows_nothing_nor_is_it_told():
    register = make_register(county=20, borough=15, town=12)
    towns = {a.id: 3 for a in register if a.type == "town"}

    edition = cut(register, answer(register) | towns)

    town, borough = row_of(edition, "type", "town"), row_of(edition, "type", "borough")
    assert (town["withheld_centre"], town["withheld_spread"]) == (HIDDEN, HIDDEN)
    assert (borough["withheld_centre"], borough["withheld_spread"]) == (HIDDEN, HIDDEN)


def test_protect_edition_dont_know_that_becomes_does_not_apply_is_held():
    # one authority's change would move two percents, and tell
    register = make_register(county=12)
    first = cut(register, answer(register) | {"county00": DONT_KNOW})

    second = cut(register, answer(register) | {"county00": DOES_NOT_APPLY}, (first,))

    row = row_of(second, "all", "all")
    assert (row["percent_dont_know"], row["percent_does_not_apply"]) == (8.0, 0.0)  # 1 / 12
    assert audit_edition([first, second]).exposed == ()


def test_protect_neighbours_reader_learns_no_more_with_its_own_answer():
    # of twenty counties the reader's fifteen neighbours are shown beside the nineteen others:
    # with its own answer the reader could work out the other four
    register = make_register(county=20)
    edition = cut(register, answer(register))

    cells = protect_neighbours([edition], "county00", [a.id for a in register[1:16]])

    assert cells["principle", "principle-1"].withheld_centre.reason is Reason.HIDDEN


def test_count_withheld_of_nothing_is_none():
    nothing = count_withheld(pd.Series([], dtype=object))

    assert (nothing.rows, nothing.plain_percent, nothing.percent) == (0, 0.0, 0.0)


def test_protect_changes_over_the_whole_scale_is_hidden():
    # both means would tell everybody, and so would a change of +4
    register = make_register(county=30)
    then = cut(register, {a.id: 1 for a in register}, round_id="2025")
    now = cut(register, {a.id: 5 for a in register}, (then,))

    assert change_of(now, "all", "all")["withheld_centre"] == HIDDEN
    assert audit_edition([then, now]).exposed == ()
    shown = now.changes.assign(withheld_centre=Reason.SHOWN.value)
    assert audit_edition([then, replace(now, changes=shown)]).exposed != ()


def test_protect_changes_count_of_a_group_without_any_in_both_stays_untold():
    # five of the ten towns gave a level then and the other five now: 35 less 20 less 15 would
    # tell that none gave one in both
    register = make_register(county=20, borough=15, town=10)
    towns = [a.id for a in register if a.type == "town"]
    levels = answer(register)
    then = cut(register, levels | dict.fromkeys(towns[:5], DONT_KNOW), round_id="2025")
    now = cut(register, levels | dict.fromkeys(towns[5:], DONT_KNOW), (then,))

    shown = [change_of(now, "type", name)["withheld_centre"] for name in ("county", "borough")]
    assert HIDDEN in shown
    assert audit_edition([then, now]).exposed == ()


def make_two_nations(towns: str = "town") -> list[Authority]:
    """Make England with 12 counties and 8 towns, and Wales with 6 towns and 10 boroughs."""
    parts = [("county", "England", 12), ("town", "England", 8)]
    parts += [(towns, "Wales", 6), ("borough", "Wales", 10)]
    return [
        make_authority(id=f"{place}{number:02}", type=name, nation=nation, region=nation)
        for place, (name, nation, count) in enumerate(parts)
        for number in range(count)
    ]


@pytest.mark.parametrize("what", ["leave", "do not know", "are of another type"])
def test_audit_edition_what_an_earlier_edition_rightly_told_refuses_no_later_one(what: str):
    # fourteen towns may have a spread; when the six Welsh ones are none any more, the eight
    # that are left may not, but the first edition told theirs
    register = make_two_nations()
    answers = answer(register)
    welsh = [a.id for a in register if a.nation == "Wales" and a.type == "town"]
    first = cut(register, answers)
    if what == "leave":
        answers = {a: level for a, level in answers.items() if a not in welsh}
    elif what == "do not know":
        answers |= dict.fromkeys(welsh, DONT_KNOW)
    else:
        register = make_two_nations("borough")

    second = cut(register, answers, (first,))

    audit = audit_edition([first, second])
    assert audit.exposed == ()
    assert audit.told_before != ()
