"""The rule by which a report says what comes first, worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from assessment.core.questionnaire.questionnaire import Effort
from reports.authority.parts import QuestionData
from reports.authority.priorities import measure_urgency, rank_priorities, suggest_date
from tests.factories import make_questionnaire
from tests.reports.factories import make_benchmark, make_comparison, make_report


def make_question_data(**changes: object) -> QuestionData:
    """Make question 1.1 at level 2, with a weight of 1, no target and no peers."""
    question = make_report((2, 3, 3), benchmark=None).questions[0]
    return replace(question, **changes)  # type: ignore[arg-type]


def peers(q3: float | None, median: float | None = 2.0) -> object:
    """Make the peers of a question with this upper quartile and median."""
    asked = make_questionnaire()
    figures = make_comparison(asked, uppers={"1.1": q3})
    shown = make_report(benchmark=make_benchmark(figures)).questions[0].peers
    assert shown is not None
    return replace(shown, figure=replace(shown.figure, median=median))


@pytest.mark.parametrize(
    ("changes", "urgency"),
    [
        ({}, 0.0),
        ({"target": 3.5}, 1.5),  # 3.5 - 2
        ({"target": 1.5}, 0.0),  # reached
        ({"peers": peers(4.0)}, 2.0),  # 4 - 2
        ({"target": 3.5, "peers": peers(4.0)}, 2.0),  # the peers are further
        ({"target": 4.5, "peers": peers(4.0)}, 2.5),  # the target is further
        ({"peers": peers(None, 3.0)}, 1.0),  # only the median is shown: 3 - 2
        ({"peers": peers(None, None)}, 0.0),  # all is withheld
        ({"target": 3.5, "weight": 2.0}, 3.0),  # 1.5 x 2
        ({"target": 3.5, "apart": 1}, 1.5),  # nearly agreed
        ({"target": 3.5, "apart": 2}, 0.75),  # 1.5 x 0.5: the level itself is not sure
    ],
)
def test_measure_urgency_by_target_peers_weight_and_agreement(
    changes: dict[str, object], urgency: float
) -> None:
    assert measure_urgency(make_question_data(**changes)) == urgency


def test_rank_priorities_equal_ones_by_level_then_order() -> None:
    questions = [
        make_question_data(id="1.1", target=3.0),
        make_question_data(id="1.2", target=3.0),
        make_question_data(id="1.3"),
    ]
    lower = make_report((1, 3, 3), benchmark=None).questions[0]

    ranked = rank_priorities([*questions, replace(lower, id="1.4", target=2.0)])

    # 1.1, 1.2 and 1.4 are each one level behind, and 1.4 is lowest
    assert [question.id for question in ranked] == ["1.4", "1.1", "1.2", "1.3"]


@pytest.mark.parametrize(
    ("effort", "made_on", "suggested"),
    [
        (Effort.DAYS, date(2026, 11, 26), date(2026, 12, 31)),
        (Effort.WEEKS, date(2026, 11, 26), date(2027, 2, 28)),
        (Effort.WEEKS, date(2027, 11, 1), date(2028, 2, 29)),
        (Effort.MONTHS, date(2026, 3, 31), date(2026, 12, 31)),
        (Effort.MONTHS, date(2026, 4, 30), date(2027, 1, 31)),
    ],
)
def test_suggest_date_is_the_end_of_a_month_ahead(
    effort: Effort, made_on: date, suggested: date
) -> None:
    assert suggest_date(effort, made_on) == suggested
