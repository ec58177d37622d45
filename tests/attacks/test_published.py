"""Published frames as constraints, and authorities in equivalence classes."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from assessment.core.answers.answers import DONT_KNOW
from assessment.core.disclosure import publish
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import list_memberships
from assessment.core.statistics.publication import CHANGE_COLUMNS, CutEdition, EditionDraft
from assessment.core.statistics.withholding import Reason
from assessment.demonstration.responses import simulate_answers, simulate_register
from tests.attacks.constraints import NOT_SUBMITTED, Cell, Histories, Interval
from tests.attacks.population import EquivalenceClass, count_histories, find_classes
from tests.attacks.published import LEVEL_STEP, read_editions, read_own_answers, read_row
from tests.factories import make_authority, make_questionnaire

QUESTIONNAIRE = make_questionnaire(principles=1, questions=1)
HISTORIES = Histories(levels=5)
CELL = Cell(HISTORIES, 0, (0,))
TOWNS = [make_authority(id=f"T{number}", type="town") for number in range(1, 4)]
COUNTIES = [make_authority(id=f"C{number}", type="county") for number in range(1, 3)]
REGISTER = [*TOWNS, *COUNTIES]


def make_row(**changes: Any) -> dict[str, Any]:
    """Make the row of the levels 1, 2, 3, 4 and 5, of five submitted, with its spread withheld."""
    values: dict[str, Any] = {
        "group_kind": "all",
        "group_id": "all",
        "measure": "question",
        "item_id": "1.1",
        "submitted": 5,
        "n": 5,
        "mean": 3.0,
        "median": 3.0,
        "withheld_centre": Reason.SHOWN.value,
        "withheld_spread": Reason.TOO_FEW_SUBMITTED.value,
    }
    return values | changes


def make_spread() -> dict[str, Any]:
    """Make what a row shows beside, where ten authorities have two of each level."""
    shares = {f"percent_{level}": 20.0 for level in range(1, 6)}
    shares |= {f"percent_at_least_{level}": 20.0 * (6 - level) for level in range(2, 6)}
    standings = {"percent_dont_know": 8.0, "percent_does_not_apply": 8.0}
    shown = {"submitted": 12, "n": 10, "q1": 2.0, "q3": 4.0, "withheld_spread": Reason.SHOWN.value}
    return shown | shares | standings


def make_change(**changes: Any) -> dict[str, Any]:
    """Make the row of a change since the edition 2025/1, with two levels in both."""
    row = {"group_kind": "all", "group_id": "all", "measure": "question", "item_id": "1.1"}
    since = {"base": 1, "then_round": "2025", "then_number": 1}
    return row | since | {"n": 2, "change": 0.5, "withheld_centre": "shown"} | changes


def make_edition(
    answers: dict[str, int],
    rows: list[dict[str, Any]],
    *,
    bases: list[int] | None = None,
    changes: list[dict[str, Any]] | None = None,
    register: list[Authority] = REGISTER,
    round_id: str = "2025",
) -> CutEdition:
    """Make the first edition of a round that shows these rows."""
    return CutEdition(
        round_id=round_id,
        number=1,
        questionnaire=QUESTIONNAIRE,
        figures=pd.DataFrame(rows),
        bases=pd.DataFrame({"base": bases or [1] * len(rows)}),
        answer_codes=pd.DataFrame({"1.1": answers}, dtype="int8"),
        memberships=list_memberships(register),
        changes=pd.DataFrame(changes or [], columns=None if changes else CHANGE_COLUMNS),
    )


LEVELS = dict(zip(["T1", "T2", "T3", "C1", "C2"], range(1, 6), strict=True))


def test_find_classes_puts_those_in_the_same_groups_together():
    population = find_classes([make_edition(LEVELS, [make_row()])])

    assert population.classes == (EquivalenceClass(3, (True,)), EquivalenceClass(2, (True,)))
    assert population.class_of == {"T1": 0, "T2": 0, "T3": 0, "C1": 1, "C2": 1}
    assert population.groups[0]["type", "town"] == (0,)
    assert population.groups[0]["all", "all"] == (0, 1)


def test_find_classes_of_an_authority_that_is_known_apart_is_its_own():
    population = find_classes([make_edition(LEVELS, [make_row()])], apart=["T2"])

    assert population.class_of == {"T1": 0, "T2": 1, "T3": 0, "C1": 2, "C2": 2}
    assert population.groups[0]["type", "town"] == (0, 1)


def test_find_classes_of_two_editions_are_those_counted_in_the_same():
    editions = [
        make_edition({"T1": 1, "T2": 2, "C1": 3}, [make_row()]),
        make_edition({"T1": 1, "T3": 2}, [make_row()], round_id="2026"),
    ]

    population = find_classes(editions)

    both, first, second = (True, True), (True, False), (False, True)
    submitted = {id_: population.classes[c].submitted for id_, c in population.class_of.items()}
    assert submitted == {"T1": both, "T2": first, "C1": first, "T3": second}
    assert ("type", "county") not in population.groups[1]


def test_find_classes_of_an_authority_that_moved_is_not_that_of_those_who_stayed():
    moved = [make_authority(id="T1", type="county"), *REGISTER[1:]]
    answers = {"T1": 1, "T2": 2}

    population = find_classes(
        [
            make_edition(answers, [make_row()]),
            make_edition(answers, [make_row()], register=moved, round_id="2026"),
        ]
    )

    assert population.class_of == {"T1": 0, "T2": 1}


def test_count_histories_counts_each_class():
    editions = [
        make_edition({"T1": 1, "T2": 1, "C1": DONT_KNOW}, [make_row()]),
        make_edition({"T1": 4, "T2": 4, "C2": 0}, [make_row()], round_id="2026"),
    ]
    histories = Histories(levels=5, editions=2)

    counts = count_histories(find_classes(editions), histories, editions, "1.1")

    found = {
        (class_, histories.rows[column]): int(counts[class_, column])
        for class_, column in zip(*np.nonzero(counts), strict=True)
    }
    assert found == {(0, (1, 4)): 2, (1, (DONT_KNOW, NOT_SUBMITTED)): 1, (2, (NOT_SUBMITTED, 0)): 1}


def test_read_row_of_a_centre_is_n_mean_and_median():
    n, mean, median = read_row(CELL, make_row())

    assert n == CELL.n(5, 5)
    # from 2.95 x 5 = 14.75 to 15.25
    assert isinstance(mean, Interval)
    assert (mean.low, mean.high) == (15, 15)
    assert median == CELL.quartile(5, 2, 3.0, LEVEL_STEP)


def test_read_row_of_a_spread_is_quartiles_and_shares_too():
    found = read_row(CELL, make_row(**make_spread()))

    # n, mean and three quartiles; five shares at a level and four at or above; two standings
    assert len(found) == 5 + 9 + 2
    assert found[5] == CELL.count([1], 2, 2)
    # 80 % of ten have level 2 or more; 8 % of twelve, from 0.9 to 1.02, is one
    assert found[10] == CELL.count(range(2, 6), 8, 8)
    assert found[-2] == CELL.count([DONT_KNOW], 1, 1)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.TOO_FEW_WITH_LEVEL, [CELL.n(0, 4)]),
        (Reason.HIDDEN, [CELL.n(5, 8)]),
        (Reason.TOO_FEW_SUBMITTED, []),
    ],
)
def test_read_row_that_is_withheld_says_what_its_reason_says_of_n(reason, expected):
    nothing = {"n": np.nan, "mean": np.nan, "median": np.nan}

    row = make_row(submitted=8, withheld_centre=reason.value, **nothing)

    assert read_row(CELL, row) == expected


def test_read_editions_skips_other_items_and_rows_held_from_an_earlier_edition():
    rows = [make_row(), make_row(item_id="1.2"), make_row(measure="principle")]
    held = make_row(group_kind="nation", group_id="england")
    edition = make_edition(LEVELS, [*rows, held], bases=[2, 1, 1, 1])
    population = find_classes([edition])

    found = read_editions(population, HISTORIES, [edition], "1.1")

    assert found == read_row(Cell(HISTORIES, 0, (0, 1)), held)


def test_read_editions_skips_groups_in_which_nobody_is_counted():
    empty = make_row(group_kind="type", group_id="city", submitted=0, withheld_centre="hidden")
    edition = make_edition(LEVELS, [empty])

    assert read_editions(find_classes([edition]), HISTORIES, [edition], "1.1") == []


def test_read_editions_reads_changes_of_those_counted_in_both():
    nothing = [make_row(withheld_centre="too_few_submitted")]
    since_none = make_change(then_round="2024")
    withheld = make_change(withheld_centre="hidden")
    editions = [
        make_edition({"T1": 1, "T2": 2, "C1": 3}, nothing),
        make_edition(
            {"T1": 2, "T2": 2, "C2": 2},
            nothing,
            changes=[make_change(), since_none, withheld],
            round_id="2026",
        ),
    ]
    population = find_classes(editions)

    matched, moves = read_editions(population, Histories(5, editions=2), editions, "1.1")

    # the towns 1 and 2, class 0; 0.5 of two is 1
    assert (matched.classes, matched.low, matched.high) == ((0,), 2, 2)
    assert (moves.classes, moves.low, moves.high) == ((0,), 1, 1)


def test_read_own_answers_is_the_readers_answer_in_each_edition_that_counts_it():
    editions = [
        make_edition({"T1": 1, "T2": 2}, [make_row()]),
        make_edition({"T1": 4, "T2": DONT_KNOW}, [make_row()], round_id="2026"),
        make_edition({"T1": 4}, [make_row()], round_id="2027"),
    ]
    population, histories = find_classes(editions, apart=["T2"]), Histories(5, editions=3)

    found = read_own_answers(population, histories, editions, "1.1", "T2")

    own = (population.class_of["T2"],)
    first, second = (Cell(histories, edition, own) for edition in (0, 1))
    assert found == [first.count([2], 1, 1), second.count([DONT_KNOW], 1, 1)]


@pytest.mark.slow
def test_read_editions_of_two_rounds_holds_of_the_answers_behind_them():
    questionnaire = make_questionnaire(principles=1, questions=2)
    register = simulate_register(seed=7)
    answers = simulate_answers(questionnaire, register, rounds=3, seed=7)
    memberships = list_memberships(register)
    editions: list[CutEdition] = []
    for round_index in (0, 1):
        of_round = answers[answers["round_index"] == round_index]
        codes = of_round.pivot(index="authority_id", columns="question_id", values="code")
        then = editions[-1] if editions else None
        draft = EditionDraft(
            str(round_index), 1, questionnaire, codes, memberships, then, tuple(editions)
        )
        editions.append(publish(draft))
    histories, population = Histories(5, editions=2), find_classes(editions)

    for question_id in questionnaire.question_ids:
        counts = count_histories(population, histories, editions, question_id)
        constraints = read_editions(population, histories, editions, question_id)
        assert len(constraints) > 500
        assert all(constraint.holds(counts) for constraint in constraints)
