"""A stored report says the same when it is read back."""

from datetime import date

import pytest
from pydantic import ValidationError

from assessment.core.answers.scoring import score_answers
from reports.authority.build import Assessed
from reports.authority.data import ReportData, from_json, to_json
from tests.factories import make_planned_action
from tests.reports.factories import (
    make_benchmark,
    make_comparison,
    make_own_answers,
    make_plan,
    make_questionnaire,
    make_report,
    make_rich_report,
)


def _withheld() -> ReportData:
    asked = make_questionnaire()
    return make_report(benchmark=make_benchmark(make_comparison(asked, withheld=True)))


@pytest.mark.parametrize(
    "report",
    [
        make_report((3, 2, 4, "dk", "na", 1), previous_levels=(2, 2, 3)),
        make_report(benchmark=None),
        _withheld(),
        make_report(("dk",)),
        make_rich_report(),
    ],
    ids=["full", "no peers", "withheld", "all don't know", "rich"],
)
def test_from_json_gives_back_the_same_report(report: ReportData) -> None:
    text = to_json(report)

    assert from_json(text) == report
    assert to_json(from_json(text)) == text


def test_from_json_of_something_else_is_refused() -> None:
    with pytest.raises(ValidationError, match="authority_name"):
        from_json("{}")


def test_strip_of_principle_without_peers_has_no_band() -> None:
    report = make_report(benchmark=None, previous_levels=(2, 2, 2))

    strip = report.strip_of(report.principles[0], None)

    assert strip.own_x == 150.0  # level 3 of 1 to 5 is halfway along 300
    assert strip.band_x is None


def test_report_without_level_leaves_out_what_does_not_apply() -> None:
    report = make_report(("dk", "na", 3))

    # of each principle's three questions the first is Don't know
    assert [question.id for question in report.without_level] == ["1.1", "2.1"]
    assert [question.id for question in report.with_level] == ["1.3", "2.3"]


def test_report_planned_is_what_is_open_in_the_plans_order() -> None:
    first = make_planned_action(question_id="1.2", due_on=date(2027, 1, 31))
    done = make_planned_action(question_id="1.3", is_done=True)
    report = make_report(plan=make_plan(first, done))

    assert [action.question_id for action in report.plan] == ["1.2", "1.3"]
    assert [action.question_id for action in report.planned] == ["1.2"]


def test_report_has_targets_only_where_one_is_set() -> None:
    assert make_report(plan=make_plan(principle_2=3.5)).has_targets
    assert not make_report(plan=make_plan(make_planned_action())).has_targets


def test_report_divided_lists_the_furthest_apart_first() -> None:
    own_answers = (
        *make_own_answers("1.1", jo=2, sam=4),
        *make_own_answers("1.2", jo=3, sam=4),
        *make_own_answers("1.3", jo=1, sam=5, kim="dk"),
    )
    assessed = Assessed("2026", {}, score_answers(make_questionnaire(), {}), None, (), own_answers)

    report = make_report(assessed=assessed)

    # 4 apart, then 2; one level apart is no division
    assert [question.id for question in report.divided] == ["1.3", "1.1"]


def test_example_strip_shows_every_mark() -> None:
    strip = make_report().example_strip

    marks = (strip.own_x, strip.previous_x, strip.band_x, strip.median_x, strip.target_x)
    assert marks == (165.0, 120.0, 90.0, 135.0, 225.0)  # 300 times 0.55, 0.4, 0.3, 0.45, 0.75
