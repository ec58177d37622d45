"""Matched change, worked out by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd

from assessment.core.answers.answers import UNANSWERED
from assessment.core.statistics.change import count_moved, list_comparable
from tests.factories import make_question, make_questionnaire

IDS = [f"A{number:02}" for number in range(12)]


def codes_of(levels: list[int]) -> pd.DataFrame:
    """Give the first authorities these levels."""
    index = pd.Index(IDS[: len(levels)], name="authority_id")
    return pd.DataFrame({"1.1": np.array(levels, dtype="int8")}, index=index)


def test_list_comparable_leaves_out_questions_that_ask_something_else():
    old = make_questionnaire(principles=1, questions=2)
    principle = old.principles[0]
    other = make_question(id="1.2", text="Something else?")
    questions = (principle.questions[0], other, make_question(id="1.3"))
    new = replace(old, version="2", principles=(replace(principle, questions=questions),))

    assert list_comparable(old, new) == [
        ("overall", "overall"),
        ("principle", "principle-1"),
        ("question", "1.1"),
    ]


def test_count_moved_counts_who_joined_left_or_changed():
    then, now = codes_of([3, 3, 3]), codes_of([3, 4, 3, 5]).drop(index="A00")

    # A00 left, A01 changed, A02 stayed, A03 joined
    assert count_moved(now, then) == 3
    assert count_moved(then, then) == 0


def test_count_moved_joining_without_an_answer_is_a_move():
    assert count_moved(codes_of([3, UNANSWERED]), codes_of([3])) == 1
