import numpy as np
import pandas as pd
import pytest

from assessment.core.answers import DONT_KNOW
from assessment.core.authorities import list_memberships
from assessment.core.benchmark import summarise_groups
from assessment.core.editions import CELL, count_moves, hold_small_moves
from tests.factories import make_authority, make_questionnaire

ONE_QUESTION = make_questionnaire(principles=1, questions=1)
Answers = tuple[pd.DataFrame, pd.DataFrame]


def make_answers(*levels: int, size: int = 40, skip: int = 0) -> Answers:
    """Make the answers of so many of forty counties, beginning after ``skip``."""
    register = [make_authority(id=f"A{place:02}") for place in range(size)]
    index = pd.Index(
        [f"A{place:02}" for place in range(skip, skip + len(levels))], name="authority_id"
    )
    codes = pd.DataFrame(np.array(levels, dtype=np.int8)[:, np.newaxis], index, ["1.1"])
    return codes, list_memberships(register)


def publish(
    *editions: Answers,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut one edition after the other and return the last one's figures and bases."""
    figures = summarise_groups(ONE_QUESTION, *editions[0])
    bases = figures[CELL].assign(base=1)
    for number, answers in enumerate(editions[1:], start=2):
        figures, bases = hold_small_moves(
            ONE_QUESTION,
            summarise_groups(ONE_QUESTION, *answers),
            *answers,
            previous=figures,
            bases=bases,
            earlier=dict(enumerate(editions, start=1)),
            number=number,
        )
    return figures, bases


def mean_of_all(figures: pd.DataFrame) -> float:
    rows = figures[(figures["group_kind"] == "all") & (figures["measure"] == "question")]
    return float(rows["mean"].item())


@pytest.mark.parametrize(
    ("joined", "mean"),
    # twelve at level 1, then some at level 5: 12 / 12 = 1.0; with five 37 / 17 = 2.2
    [(0, 1.0), (1, 1.0), (4, 1.0), (5, 2.2)],
)
def test_hold_small_moves_figure_moves_from_five_on(joined: int, mean: float):
    figures, _ = publish(make_answers(*[1] * 12), make_answers(*[1] * 12, *[5] * joined))

    assert mean_of_all(figures) == mean


def test_hold_small_moves_held_figures_are_compared_with_what_they_show():
    # Edition 2: four join, held. Edition 3: three of them leave and two others join, so five
    # have moved since edition 2, but only three since edition 1, which is what was shown.
    first = make_answers(*[1] * 12)
    second = make_answers(*[1] * 12, *[5] * 4)
    codes = pd.concat([second[0].iloc[:13], make_answers(5, 5, skip=20)[0]])

    figures, bases = publish(first, second, (codes, first[1]))

    assert mean_of_all(figures) == 1.0
    assert set(bases["base"]) == {1}


def test_hold_small_moves_counts_those_with_a_value_for_the_item():
    # Five join, four of them with Don't know: one value moves the figure, so it is held.
    figures, _ = publish(make_answers(*[1] * 12), make_answers(*[1] * 12, 5, *[DONT_KNOW] * 4))

    assert mean_of_all(figures) == 1.0


def test_hold_small_moves_one_that_leaves_counts():
    figures, _ = publish(make_answers(5, *[1] * 12), make_answers(*[1] * 12, skip=1))

    # 17 / 13 = 1.3 stays
    assert mean_of_all(figures) == 1.3


def test_hold_small_moves_many_small_steps_move_when_they_add_to_five():
    steps = [make_answers(*[1] * 12, *[5] * joined) for joined in (0, 2, 4, 6)]

    figures, bases = publish(*steps)

    # 12 + 30 = 42, 42 / 18 = 2.3
    assert mean_of_all(figures) == 2.3
    assert set(bases["base"]) == {4}


def test_hold_small_moves_group_that_is_new_is_published():
    first, second = make_answers(*[1] * 12, size=12), make_answers(*[1] * 12, size=12)
    register = [make_authority(id=f"A{place:02}", region="Elsewhere") for place in range(12)]

    figures, _ = publish(first, (second[0], list_memberships(register)))

    new = figures[figures["group_id"] == "elsewhere"]
    assert new["mean"].tolist() == [1.0, 1.0, 1.0]


def test_count_moves_changed_value_counts_once():
    moves = count_moves(ONE_QUESTION, make_answers(1, 2, 3), make_answers(1, 2, 4))

    assert moves["all", "all", "question", "1.1"] == 1
    assert moves["all", "all", "overall", "overall"] == 1
