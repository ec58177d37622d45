from collections.abc import Sequence
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from assessment.core.people.authorities import (
    Authority,
)
from assessment.core.people.groups import (
    GroupKind,
    list_memberships,
)
from assessment.core.statistics.figures import BenchmarkError
from assessment.core.statistics.representativeness import (
    Verdict,
    WeightedMean,
    judge_representativeness,
    post_stratify_by_type,
    summarise_participation,
    summarise_representativeness,
)
from tests.factories import make_authority

# Ten counties and thirty districts of England.
REGISTER = [
    make_authority(id=f"A{n:02}", type="county" if n < 10 else "district") for n in range(40)
]


def summarise(register: list[Authority], *places: int) -> pd.DataFrame:
    """Summarise who took part when those at these places of the register are counted."""
    counted = {register[place].id for place in places}
    return summarise_participation(list_memberships(register), counted)


def test_summarise_participation_of_two_types_is_worked_by_hand() -> None:
    # Eight of ten counties, two of thirty districts.
    participation = summarise(REGISTER, *range(8), 10, 11)

    of_type = participation[participation["group_kind"] == "type"].set_index("group_id")
    assert list(of_type["of_n"]) == [10, 30]
    assert list(of_type["counted"]) == [8, 2]
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
    with pytest.raises(BenchmarkError, match="are counted but in no group: \\['X1', 'X2'\\]"):
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
    assert row["counted"] == k
    assert row["p_value"] == pytest.approx(fisher_exact(table).pvalue)
    assert row["expected"] == pytest.approx(mean)
    if 0 < len(places) < counties + districts:
        assert row["residual"] == pytest.approx((k - mean) / deviation, abs=1e-9)


def test_judge_participation_names_the_groups_that_stand_out() -> None:
    verdicts = judge_representativeness(summarise(REGISTER, *range(8), 10, 11))

    assert verdicts[0] == Verdict(
        group_kind=GroupKind.TYPE,
        counted=10,
        of_n=40,
        over_ids=("county",),
        under_ids=("district",),
        sentence="Counties are over-represented: 8 of 10 against 25% overall. "
        "Districts are under-represented: 2 of 30 against 25% overall.",
    )


def test_judge_participation_near_the_overall_rate_stands_out_nowhere() -> None:
    verdicts = judge_representativeness(summarise(REGISTER, 0, 1, 2, *range(10, 18)))

    # 11 of 40 is 27.5%, told as 28.
    assert [verdict.sentence for verdict in verdicts] == [
        "No type of authority stands out from the 28% overall.",
        "No region stands out from the 28% overall.",
        "No nation stands out from the 28% overall.",
        "No population band stands out from the 28% overall.",
        "No urban and rural class stands out from the 28% overall.",
    ]


# Four counties of every ten in each of two regions: 100 authorities, of which 50 are in the North.
REGIONS = [
    make_authority(
        id=f"A{n:02}",
        type="county" if n % 10 < 4 else "district",
        region="North" if n < 50 else "South",
    )
    for n in range(100)
]
REMEDY = "where it is given, read the mean weighted by type beside the raw one"


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((), "No authority is counted yet."),
        (range(100), "Every authority is counted."),
        # 12 counties of 40 and 18 districts of 60, half of them in the North
        (
            [n for n in range(100) if n % 50 < 15],
            "Those that are counted could be a random draw by type of authority, region, nation, "
            "population band and urban and rural class.",
        ),
        # all counties and no district, half of them in the North
        (
            [n for n in range(100) if n % 10 < 4],
            f"Those that are counted differ from all by type of authority: {REMEDY}.",
        ),
        # the whole North
        (
            range(50),
            "Those that are counted differ from all by region: no mean is weighted for that, so "
            "read the groups' own figures beside those of all.",
        ),
        # the counties of the North
        (
            [n for n in range(50) if n % 10 < 4],
            "Those that are counted differ from all by type of authority and region: "
            f"{REMEDY}; it puts right the types alone.",
        ),
    ],
)
def test_conclude_says_whether_those_that_are_counted_stand_for_all(
    places: Sequence[int], expected: str
) -> None:
    assert (
        summarise_representativeness(judge_representativeness(summarise(REGIONS, *places)))
        == expected
    )


def make_verdicts(counted: int, of_n: int) -> list[Verdict]:
    """Make verdicts of two kinds by which nothing stands out; two authorities have no band."""
    kinds = [(GroupKind.TYPE, of_n), (GroupKind.BAND, of_n - 2)]
    return [Verdict(kind, counted, n, (), (), "") for kind, n in kinds]


@pytest.mark.parametrize(
    ("counted", "of_n", "expected"),
    [
        (29, 200, "29 of 200; it takes 30"),
        (30, 200, None),
        # a tenth of 397 is 39.7
        (39, 397, "39 of 397; it takes 40"),
        (40, 397, None),
        # a tenth of 400 is 40
        (40, 400, None),
        # all of so few are needed
        (19, 20, "19 of 20; it takes 20"),
    ],
)
def test_conclude_of_too_few_says_that_nothing_can_be_told(
    counted: int, of_n: int, expected: str | None
) -> None:
    found = summarise_representativeness(make_verdicts(counted, of_n))

    if expected is None:
        assert found == (
            "Those that are counted could be a random draw by type of authority and population "
            "band."
        )
    else:
        assert found == f"Too few are counted to tell whether they stand for all: {expected}."


def test_conclude_of_few_that_differ_says_so_all_the_same() -> None:
    # Eight of forty, which is under thirty: all of them counties.
    found = summarise_representativeness(judge_representativeness(summarise(REGISTER, *range(8))))

    assert found == f"Those that are counted differ from all by type of authority: {REMEDY}."


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


OVERALL = ("overall", "overall")


def test_weigh_by_type_counts_each_type_as_in_the_register() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 10, 4.0), ("type", 30, 2.0))

    # (10 x 4 + 30 x 2) / 40 = 100 / 40
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(2.5, "")}


def test_weigh_by_type_of_a_fifth_withheld_counts_with_everybodys_mean_and_says_so() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 32, 4.0), ("type", 3, None), ("type", 5, None))

    # 8 of 40 are a fifth. (32 x 4 + 8 x 3.4) / 40 = 155.2 / 40 = 3.88
    note = "the mean of all stands in for the withheld mean of 2 of 3 types"
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(3.9, note)}


def test_weigh_by_type_of_more_than_a_fifth_withheld_is_not_given_and_says_so() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 31, 4.0), ("type", 9, None))

    # 9 of 40 are 22.5%, told as 23
    note = "not given: means are withheld of 1 of 2 types, with 23% of authorities"
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(None, note)}


def test_weigh_by_type_without_a_mean_of_any_type_is_not_given() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 40, None))

    note = "not given: means are withheld of 1 of 1 types, with 100% of authorities"
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(None, note)}


def test_weigh_by_type_without_a_mean_of_all_is_left_out() -> None:
    assert post_stratify_by_type(figures_of(("all", 40, None), ("type", 40, 4.0))) == {}
