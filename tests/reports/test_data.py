"""A stored report says the same when it is read back."""

import pytest
from pydantic import ValidationError

from reports.data import ReportData, from_json, to_json
from tests.reports.factories import (
    make_benchmark,
    make_comparison,
    make_questionnaire,
    make_report,
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
    ],
    ids=["full", "no peers", "withheld", "all don't know"],
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

    strip = report.strip_of(report.principles[0])

    assert strip.own_x == 150.0  # level 3 of 1 to 5 is halfway along 300
    assert strip.band_x is None


def test_report_without_level_leaves_out_what_does_not_apply() -> None:
    report = make_report(("dk", "na", 3))

    # of each principle's three questions the first is Don't know
    assert [question.id for question in report.without_level] == ["1.1", "2.1"]
    assert [question.id for question in report.with_level] == ["1.3", "2.3"]
