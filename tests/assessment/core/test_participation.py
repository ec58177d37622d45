from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from assessment.core.authorities import Authority, GroupKind, list_memberships
from assessment.core.figures import BenchmarkError
from assessment.core.participation import (
    Verdict,
    conclude,
    judge_participation,
    summarise_participation,
    weigh_by_type,
)
from tests.factories import make_authority

# Ten counties and thirty districts of England.
REGISTER = [
    make_authority(id=f"A{n:02}", type="county" if n < 10 else "district") for n in range(40)
]


def summarise(register: list[Authority], *places: int) -> pd.DataFrame:
    """Summarise who took part when those at these places of the register submitted."""
    submitted = {register[place].id for place in places}
    return summarise_participation(list_memberships(register), submitted)


def test_summarise_participation_of_two_types_is_worked_by_hand() -> None:
    # Eight of ten counties, two of thirty districts.
    participation = summarise(REGISTER, *range(8), 10, 11)

    of_type = participation[participation["group_kind"] == "type"].set_index("group_id")
    assert list(of_type["of_n"]) == [10, 30]
    assert list(of_type["submitted"]) == [8, 2]
    assert list(of_type["share"]) == pytest.approx([0.8, 2 / 30])
    # Ten of forty: a quarter of each.
    assert list(of_type["expected"]) == [2.5, 7.5]
    # Variance 10 x 1/4 x 3/4 x 30/39; 5.5 above what is expected, or under it.
    deviation = sqrt(10 / 4 * 3 / 4 * 30 / 39)
    assert list(of_type["residual"]) == pytest.approx([5.5 / deviation, -5.5 / deviation])
    # Eight, nine or ten counties: 45 x C(30,2) + 10 x 30 + 1 draws of C(40,10); no other
    # number is as rare.
    assert of_type.loc["county", "p_value"] == pytest.approx((45 * 435 + 301) / 847660528)


def test_summarise_participation_order_is_kind_then_name() -> None:
    register = [
        make_authority(id="A1", nation="Wales", region="West"),
        make_authority(id="A2", region="East"),
        make_authority(id="A3", population=None, rural_share=None, region="East"),
    ]

    rows = summarise(register, 0)

    assert rows[["group_kind", "group_id", "of_n"]].to_numpy().tolist() == [
        ["type", "county", 3],
        ["region", "east", 2],
        ["region", "west", 1],
        ["nation", "england", 2],
        ["nation", "wales", 1],
        ["band", "200k-350k", 2],
        ["rurality", "predominantly-urban", 2],
    ]


@pytest.mark.parametrize("places", [(), range(40)])
def test_summarise_participation_where_chance_has_no_play_has_no_residual(
    places: tuple[int, ...],
) -> None:
    participation = summarise(REGISTER, *places)

    assert participation["residual"].isna().all()
    assert (participation["p_value"] == 1).all()


def test_summarise_participation_of_one_authority_is_as_expected() -> None:
    participation = summarise(REGISTER[:1], 0)

    assert list(participation["expected"]) == [1.0] * 5


def test_summarise_participation_with_a_stranger_raises() -> None:
    with pytest.raises(BenchmarkError, match="in no group: \\['X1', 'X2'\\]"):
        summarise_participation(list_memberships(REGISTER), {"X2", "A01", "X1"})


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_summarise_participation_agrees_with_scipy(
    counties: int, districts: int, data: st.DataObject
) -> None:
    register = [
        make_authority(id=f"A{n:02}", type="county" if n < counties else "district")
        for n in range(counties + districts)
    ]
    places = data.draw(st.sets(st.integers(0, counties + districts - 1)))

    row = summarise(register, *places).iloc[0]

    k = sum(place < counties for place in places)
    table = [[k, counties - k], [len(places) - k, districts - len(places) + k]]
    numbers = np.arange(counties + 1)
    chances = hypergeom(counties + districts, counties, len(places)).pmf(numbers)
    mean = (chances * numbers).sum()
    deviation = sqrt((chances * (numbers - mean) ** 2).sum())
    assert row["submitted"] == k
    assert row["p_value"] == pytest.approx(fisher_exact(table).pvalue)
    assert row["expected"] == pytest.approx(mean)
    if 0 < len(places) < counties + districts:
        assert row["residual"] == pytest.approx((k - mean) / deviation, abs=1e-9)


def test_judge_participation_names_the_groups_that_stand_out() -> None:
    verdicts = judge_participation(summarise(REGISTER, *range(8), 10, 11))

    assert verdicts[0] == Verdict(
        group_kind=GroupKind.TYPE,
        submitted=10,
        of_n=40,
        over_ids=("county",),
        under_ids=("district",),
        sentence="Counties are over-represented: 8 of 10 against 25% overall. "
        "Districts are under-represented: 2 of 30 against 25% overall.",
    )


def test_judge_participation_near_the_overall_rate_stands_out_nowhere() -> None:
    verdicts = judge_participation(summarise(REGISTER, 0, 1, 2, *range(10, 18)))

    # 11 of 40 is 27.5%, told as 28.
    assert [verdict.sentence for verdict in verdicts] == [
        "No type of authority stands out from the 28% overall.",
        "No region stands out from the 28% overall.",
        "No nation stands out from the 28% overall.",
        "No population band stands out from the 28% overall.",
        "No urban and rural class stands out from the 28% overall.",
    ]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((), "Nobody has submitted yet."),
        (range(40), "Everybody has submitted."),
        (
            (0, 1, *range(10, 18)),
            "Those that submitted could be a random draw by type of authority, region, nation, "
            "population band and urban and rural class.",
        ),
        (
            range(8),
            "Those that submitted differ from all by type of authority: "
            "read the mean weighted by type beside the raw one.",
        ),
    ],
)
def test_conclude_says_whether_those_that_answered_stand_for_all(
    places: tuple[int, ...], expected: str
) -> None:
    assert conclude(judge_participation(summarise(REGISTER, *places))) == expected


def figures_of(*rows: tuple[str, int, float | None]) -> pd.DataFrame:
    """Make the published means of one item: kind of group, authorities in it, mean."""
    return pd.DataFrame(
        [
            {
                "group_kind": kind,
                "measure": "overall",
                "item_id": "overall",
                "of_n": n,
                "mean": mean,
            }
            for kind, n, mean in rows
        ]
    ).astype({"mean": float})


def test_weigh_by_type_counts_each_type_as_in_the_register() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 10, 4.0), ("type", 30, 2.0))

    # (10 x 4 + 30 x 2) / 40 = 100 / 40
    assert weigh_by_type(figures) == {("overall", "overall"): 2.5}


def test_weigh_by_type_withheld_type_counts_with_everybodys_mean() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 10, 4.0), ("type", 30, None))

    # (10 x 4 + 30 x 3.4) / 40 = 142 / 40 = 3.55
    assert weigh_by_type(figures) == {("overall", "overall"): 3.6}


@pytest.mark.parametrize("means", [(None, 4.0), (3.4, None)])
def test_weigh_by_type_without_a_mean_of_all_or_of_any_type_says_nothing(
    means: tuple[float | None, float | None],
) -> None:
    figures = figures_of(("all", 40, means[0]), ("type", 40, means[1]))

    assert weigh_by_type(figures) == {}
