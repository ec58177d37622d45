from collections.abc import Sequence
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from assessment.core.people.authorities import Authority
from assessment.core.people.groups import GroupKind, list_memberships
from assessment.core.statistics.figures import BenchmarkError
from assessment.core.statistics.representativeness import (
    JUDGED_KINDS,
    GroupCount,
    Representation,
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
        ["nation", "england", 2],
        ["nation", "wales", 1],
        ["region", "east", 2],
        ["region", "west", 1],
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


@pytest.mark.slow
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


def test_judge_representativeness_names_the_groups_that_stand_out() -> None:
    verdicts = judge_representativeness(summarise(REGISTER, *range(8), 10, 11))

    # 8 of the 10 counties and 2 of the 30 districts, where 10 of 40 would be 2.5 and 7.5
    assert verdicts[0] == Verdict(
        group_kind=GroupKind.TYPE,
        counted=10,
        of_n=40,
        over=(GroupCount("county", "county", 8, 10),),
        under=(GroupCount("district", "district", 2, 30),),
    )


def test_judge_representativeness_near_the_overall_rate_stands_out_nowhere() -> None:
    verdicts = judge_representativeness(summarise(REGISTER, 0, 1, 2, *range(10, 18)))

    kinds = ["type", "nation", "region", "band", "rurality"]
    assert [verdict.group_kind for verdict in verdicts] == kinds
    assert {(v.counted, v.of_n, v.over, v.under) for v in verdicts} == {(11, 40, (), ())}


# Four counties of every ten in each of two regions: 100 authorities, of which 50 are in the North.
REGIONS = [
    make_authority(
        id=f"A{n:02}",
        type="county" if n % 10 < 4 else "district",
        region="North" if n < 50 else "South",
    )
    for n in range(100)
]
TYPE, REGION = GroupKind.TYPE, GroupKind.REGION


@pytest.mark.parametrize(
    ("places", "expected", "kinds"),
    [
        ((), Representation.NOBODY, JUDGED_KINDS),
        (range(100), Representation.EVERYBODY, JUDGED_KINDS),
        # 12 counties of 40 and 18 districts of 60, half of them in the North
        ([n for n in range(100) if n % 50 < 15], Representation.RANDOM, JUDGED_KINDS),
        # all counties and no district, half of them in the North
        ([n for n in range(100) if n % 10 < 4], Representation.UNEVEN, (TYPE,)),
        # the whole North
        (range(50), Representation.UNEVEN, (REGION,)),
        # the counties of the North
        ([n for n in range(50) if n % 10 < 4], Representation.UNEVEN, (TYPE, REGION)),
    ],
)
def test_summarise_representativeness_concludes_over_every_kind(
    places: Sequence[int], expected: Representation, kinds: tuple[GroupKind, ...]
) -> None:
    found = summarise_representativeness(judge_representativeness(summarise(REGIONS, *places)))

    assert (found.representation, found.group_kinds) == (expected, kinds)
    assert (found.counted, found.of_n) == (len(places), 100)


def make_verdicts(counted: int, of_n: int) -> list[Verdict]:
    """Make verdicts of two kinds by which nothing stands out; two authorities have no band."""
    kinds = [(GroupKind.TYPE, of_n), (GroupKind.BAND, of_n - 2)]
    return [Verdict(kind, counted, n, (), ()) for kind, n in kinds]


@pytest.mark.parametrize(
    ("counted", "of_n", "needed"),
    [
        (29, 200, 30),
        # a tenth of 397 is 39.7
        (39, 397, 40),
        # all of so few are needed
        (19, 20, 20),
    ],
)
def test_summarise_representativeness_of_too_few_tells_nothing(
    counted: int, of_n: int, needed: int
) -> None:
    found = summarise_representativeness(make_verdicts(counted, of_n))

    assert found.representation is Representation.TOO_FEW
    assert (found.counted, found.of_n, found.needed) == (counted, of_n, needed)


# a tenth of 400 is 40
@pytest.mark.parametrize(("counted", "of_n"), [(30, 200), (40, 397), (40, 400)])
def test_summarise_representativeness_of_enough_is_as_a_random_draw(
    counted: int, of_n: int
) -> None:
    found = summarise_representativeness(make_verdicts(counted, of_n))

    assert found.representation is Representation.RANDOM
    assert found.group_kinds == (GroupKind.TYPE, GroupKind.BAND)


def test_summarise_representativeness_of_few_that_differ_says_so_all_the_same() -> None:
    # Eight of forty, which is under thirty: all of them counties.
    found = summarise_representativeness(judge_representativeness(summarise(REGISTER, *range(8))))

    assert found.representation is Representation.UNEVEN


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


def test_post_stratify_by_type_counts_each_type_as_in_the_register() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 10, 4.0), ("type", 30, 2.0))

    # (10 x 4 + 30 x 2) / 40 = 100 / 40
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(2.5, 0, 2, 0.0)}


def test_post_stratify_by_type_of_a_fifth_withheld_is_imputed() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 32, 4.0), ("type", 3, None), ("type", 5, None))

    # 8 of 40 are a fifth. (32 x 4 + 8 x 3.4) / 40 = 155.2 / 40 = 3.88
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(3.9, 2, 3, 0.2)}


def test_post_stratify_by_type_of_more_than_a_fifth_withheld_is_not_given() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 31, 4.0), ("type", 9, None))

    # 9 of 40 are 22.5%
    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(None, 1, 2, 0.225)}


def test_post_stratify_by_type_without_a_mean_of_any_type_is_not_given() -> None:
    figures = figures_of(("all", 40, 3.4), ("type", 40, None))

    assert post_stratify_by_type(figures) == {OVERALL: WeightedMean(None, 1, 1, 1.0)}


def test_post_stratify_by_type_without_a_mean_of_all_is_left_out() -> None:
    assert post_stratify_by_type(figures_of(("all", 40, None), ("type", 40, 4.0))) == {}
