"""Item statistics as they are published."""

import numpy as np
import pandas as pd
import pytest

from assessment.core.answers.answers import DONT_KNOW
from assessment.core.disclosure.items import publish_questions
from assessment.core.statistics.item_analysis import summarise_questions
from tests.factories import make_questionnaire


def test_publish_questions_shows_what_the_edition_shows():
    asked = make_questionnaire(principles=1, questions=2)
    answer_codes = pd.DataFrame(
        {"1.1": [1] * 12, "1.2": [5, 5, 5, 5, 5, 5, 5, 5, DONT_KNOW, DONT_KNOW, 2, 2]},
        index=[f"A{n:02}" for n in range(12)],
        dtype="int8",
    )
    seconds = pd.DataFrame({"question_id": ["1.1"] * 10 + ["1.2"], "seconds": [90.0] * 10 + [30.0]})
    measured = summarise_questions(asked, answer_codes, seconds)
    figures = pd.DataFrame(
        {
            "group_kind": "all",
            "measure": "question",
            "item_id": ["1.1", "1.2"],
            "n": [12.0, np.nan],
            "percent_dont_know": [0.0, np.nan],
            "percent_does_not_apply": [0.0, np.nan],
            "percent_1": [100.0, np.nan],
            "percent_5": [0.0, np.nan],
        }
    )

    first, second = publish_questions(asked, measured, figures).to_dict("records")

    assert (first["n"], first["percent_floor"], first["median_seconds"]) == (12, 100, 90)
    assert first["flags"] == "most_at_lowest"
    # withheld in the edition, so withheld here, with the flag that it would raise; timed once
    assert np.isnan(second["percent_dont_know"])
    assert np.isnan(second["median_seconds"])
    assert second["flags"] == ""


def test_publish_questions_rounds_the_correlation_to_hundredths():
    asked = make_questionnaire(principles=1, questions=2)
    # 1.1 and 1.2 have ten pairs (1, 1), one (1, 2) and one (2, 2)
    answer_codes = pd.DataFrame(
        {"1.1": [1] * 11 + [2], "1.2": [1] * 10 + [2, 2]},
        index=[f"A{n:02}" for n in range(12)],
        dtype="int8",
    )
    names = ["n", "percent_dont_know", "percent_does_not_apply", "percent_1", "percent_5"]
    figures = pd.DataFrame(0.0, [0, 1], names).assign(
        group_kind="all", measure="question", item_id=["1.1", "1.2"]
    )
    measured = summarise_questions(asked, answer_codes)

    published = publish_questions(asked, measured, figures)

    # Phi of the fourfold table: (10 x 1 - 1 x 0) / sqrt(11 x 1 x 10 x 2) = 10 / sqrt(220)
    assert measured["item_total"].tolist() == pytest.approx([10 / 220**0.5] * 2)
    assert published["item_total"].tolist() == [0.67, 0.67]
