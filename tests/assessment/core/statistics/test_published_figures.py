"""From published frames to figures."""

import math
from typing import Any

import pandas as pd

from assessment.core.people.groups import GroupKind
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.published_figures import (
    NO_CHANGE,
    Change,
    FigureKey,
    list_figures,
)
from assessment.core.statistics.representativeness import WeightedMean
from assessment.core.statistics.withholding import HIDDEN, SHOWN, Reason, Withheld
from tests.factories import make_questionnaire

THREE_LEVELS = make_questionnaire(1, 1, levels=3)
NAN = math.nan


def make_row(**changes: Any) -> dict[str, Any]:
    """Make the overall score of 12 of 20 authorities, as a frame has it."""
    row: dict[str, Any] = {"group_kind": "all", "group_id": "all", "group_name": "authorities"}
    row |= {"measure": "overall", "item_id": "overall", "n": 12.0, "submitted": 13, "of_n": 20}
    row |= {"mean": 2.1, "median": 2.0, "q1": 1.5, "q3": 2.5}
    row |= {"percent_1": 25.0, "percent_2": 50.0, "percent_3": 25.0}
    row |= {"percent_at_least_2": 75.0, "percent_at_least_3": 25.0}
    row |= {"percent_dont_know": NAN, "percent_does_not_apply": NAN}
    row |= {"withheld_centre": "shown", "missing_centre": NAN}
    row |= {"withheld_spread": "shown", "missing_spread": NAN}
    return row | changes


def test_list_figures_counts_and_percents_are_whole():
    (figure,) = list_figures(THREE_LEVELS, pd.DataFrame([make_row()]))

    assert figure.key == FigureKey(GroupKind.ALL, "all", Measure.OVERALL, "overall")
    assert figure.key.item == ("overall", "overall")
    assert (figure.n, figure.submitted, figure.of_n, figure.mean) == (12, 13, 20, 2.1)
    assert isinstance(figure.n, int)
    assert figure.percents == figure.shares == (25, 50, 25)
    assert (figure.percent_at_least(2), figure.percent_at_least(3)) == (75, 25)
    assert (figure.percent_dont_know, figure.withheld_centre) == (None, SHOWN)
    assert (figure.change, figure.weighted) == (NO_CHANGE, None)


def test_list_figures_withheld_is_none_and_says_why():
    shares = [f"percent_{level}" for level in (1, 2, 3)]
    shares += ["percent_at_least_2", "percent_at_least_3"]
    nothing = dict.fromkeys(("n", "mean", "median", "q1", "q3", *shares), NAN)
    few = {"withheld_centre": "too_few_submitted", "missing_centre": 2.0}
    withheld = make_row(**nothing, **few, withheld_spread="hidden")

    figure, _ = list_figures(THREE_LEVELS, pd.DataFrame([withheld, make_row(group_id="other")]))

    assert (figure.n, figure.mean, figure.q3) == (None, None, None)
    assert (figure.percents, figure.shares) == ((None,) * 3, ())
    assert figure.withheld_centre == Withheld(Reason.TOO_FEW_SUBMITTED, 2)
    assert figure.withheld_spread == HIDDEN


def test_list_figures_sets_changes_and_weighted_means_beside_them():
    kinds = ({}, {"group_kind": "type", "group_id": "county"}, {"item_id": "1.1"})
    rows = [make_row(**kind) for kind in kinds]
    rows[2]["measure"] = "question"
    changes = pd.DataFrame(
        [
            {"change": 0.3, "n": 9.0, "withheld_centre": "shown", "missing_centre": NAN},
            {"change": NAN, "n": NAN, "withheld_centre": "hidden", "missing_centre": NAN},
        ]
    ).assign(then_round="2025")
    changes[["group_kind", "group_id"]] = [["all", "all"], ["type", "county"]]
    changes = changes.assign(measure="overall", item_id="overall")
    mean = WeightedMean(2.2, 0, 9, 0.0)

    of_all, county, question = list_figures(
        THREE_LEVELS, pd.DataFrame(rows), changes, {("overall", "overall"): mean}
    )

    assert of_all.change == Change(0.3, 9, "2025")
    assert county.change == Change(None, None, "2025", HIDDEN)
    assert question.change == NO_CHANGE
    # of all authorities together alone
    assert (of_all.weighted, county.weighted, question.weighted) == (mean, None, None)
