from datetime import date
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
    PostStratifiedMean,
    Verdict,
    conclude,
    judge_participation,
    list_strata,
    poststratify,
    summarise_participation,
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


def strata_of(**sizes: int) -> pd.Series:
    """Make strata, named nation_tier, of so many authorities each."""
    labels = [tuple(name.split("_")) for name, size in sizes.items() for _ in range(size)]
    return pd.Series(labels, index=[f"A{n:03}" for n in range(len(labels))], dtype=object)


def answers_of(strata: pd.Series, **values: list[float]) -> pd.Series:
    """Give the first so many authorities of each stratum these values."""
    given_values = {}
    for name, row in values.items():
        ids = [who for who, label in strata.items() if label == tuple(name.split("_"))]
        given_values |= dict(zip(ids, row, strict=False))
    return pd.Series(given_values, dtype=float)


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
        sentence="Counties are over-represented: 8 of 10 against 25 % overall. "
        "Districts are under-represented: 2 of 30 against 25 % overall.",
    )


def test_judge_participation_near_the_overall_rate_stands_out_nowhere() -> None:
    verdicts = judge_participation(summarise(REGISTER, 0, 1, 2, *range(10, 18)))

    # 11 of 40 is 27.5 %, told as 28.
    assert [verdict.sentence for verdict in verdicts] == [
        "No type of authority stands out from the 28 % overall.",
        "No region stands out from the 28 % overall.",
        "No nation stands out from the 28 % overall.",
        "No population band stands out from the 28 % overall.",
        "No urban and rural class stands out from the 28 % overall.",
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
            "read the weighted mean beside the raw one.",
        ),
    ],
)
def test_conclude_says_whether_those_that_answered_stand_for_all(
    places: tuple[int, ...], expected: str
) -> None:
    assert conclude(judge_participation(summarise(REGISTER, *places))) == expected


def test_list_strata_is_nation_and_tier_of_those_present() -> None:
    register = [
        make_authority(id="A1"),
        make_authority(id="A2", type="Welsh council", nation="Wales"),
        make_authority(id="A3", ended_on=date(2023, 3, 31)),
    ]

    strata = list_strata(register)

    assert strata.to_dict() == {"A1": ("England", "upper tier"), "A2": ("Wales", "single tier")}


def test_poststratify_two_strata_is_worked_by_hand() -> None:
    strata = strata_of(England_upper=10, England_lower=30)
    values = answers_of(strata, England_upper=[4] * 10, England_lower=[2] * 5)

    found = poststratify(values, strata)

    # Raw (10 x 4 + 5 x 2) / 15; weighted (10 x 4 + 30 x 2) / 40.
    assert found.raw == pytest.approx(50 / 15)
    assert found.weighted == pytest.approx(2.5)
    assert (found.n, found.of_n) == (15, 40)
    assert [(part.n, part.of_n, part.weight) for part in found.strata] == [(5, 30, 6), (10, 10, 1)]


def test_poststratify_small_strata_of_a_nation_are_joined() -> None:
    strata = strata_of(England_upper=10, England_lower=30, England_single=20, Wales_single=5)
    values = answers_of(
        strata,
        England_upper=[1] * 3,
        England_lower=[3] * 2,
        England_single=[2] * 10,
        Wales_single=[5] * 5,
    )

    found = poststratify(values, strata)

    # England's upper and lower: 5 answers of 40, mean (3 x 1 + 2 x 3) / 5 = 1.8.
    # (40 x 1.8 + 20 x 2 + 5 x 5) / 65.
    assert [len(part.labels) for part in found.strata] == [2, 1, 1]
    assert found.weighted == pytest.approx((72 + 40 + 25) / 65)


def test_poststratify_a_small_stratum_alone_is_joined_to_the_nations_smallest() -> None:
    strata = strata_of(England_upper=10, England_lower=30, England_single=20)
    values = answers_of(
        strata, England_upper=[1] * 4, England_lower=[3] * 6, England_single=[2] * 10
    )

    found = poststratify(values, strata)

    # Upper joins lower, which has fewer answers than single: (4 x 1 + 6 x 3) / 10 = 2.2.
    assert found.strata[0].labels == (("England", "lower"), ("England", "upper"))
    assert found.weighted == pytest.approx((40 * 2.2 + 20 * 2) / 60)


def test_poststratify_small_nations_are_joined_with_one_another() -> None:
    strata = strata_of(England_single=20, Scotland_single=10, Wales_single=10)
    values = answers_of(
        strata, England_single=[2] * 8, Scotland_single=[4] * 3, Wales_single=[1] * 3
    )

    found = poststratify(values, strata)

    # Scotland and Wales: mean 2.5 of 20 authorities.
    assert found.weighted == pytest.approx((20 * 2 + 20 * 2.5) / 40)


@pytest.mark.parametrize(
    ("values", "raw"),
    [
        ({}, None),
        ({"England_upper": [3, 4], "England_lower": [1, np.nan]}, 8 / 3),
        ({"England_upper": [3] * 6, "England_lower": [1] * 2}, 2.5),
    ],
)
def test_poststratify_with_one_stratum_left_gives_the_raw_mean_only(
    values: dict[str, list[float]], raw: float | None
) -> None:
    strata = strata_of(England_upper=10, England_lower=30)
    n = {None: 0, 8 / 3: 3, 2.5: 8}[raw]

    found = poststratify(answers_of(strata, **values), strata)

    assert found == PostStratifiedMean(pytest.approx(raw), None, n, 40, ())


def test_poststratify_of_strangers_or_twice_the_same_raises() -> None:
    strata = strata_of(England_upper=2)

    with pytest.raises(BenchmarkError, match="no stratum, or two values"):
        poststratify(pd.Series({"X": 1.0}), strata)
    with pytest.raises(BenchmarkError, match="no stratum, or two values"):
        poststratify(pd.Series([1.0, 2.0], index=["A000", "A000"]), strata)


LABELS = st.sampled_from(
    [("England", "upper"), ("England", "lower"), ("Wales", "single"), ("Scotland", "single")]
)


@given(st.lists(st.tuples(LABELS, st.sampled_from([1, 2, 3, 4, 5, None])), min_size=20))
def test_poststratify_agrees_with_plain_python(rows: list[tuple[tuple[str, str], int]]) -> None:
    ids = [f"A{n:03}" for n in range(len(rows))]
    strata = pd.Series([label for label, _ in rows], index=ids, dtype=object)
    values = pd.Series([value for _, value in rows], index=ids, dtype=float)

    found = poststratify(values, strata)

    total = 0.0
    for part in found.strata:
        members = [value for label, value in rows if label in part.labels]
        known = [value for value in members if value is not None]
        assert (part.n, part.of_n) == (len(known), len(members))
        assert part.n >= 5
        total += len(members) * sum(known) / len(known)
    assert sum(part.of_n for part in found.strata) in (0, len(rows))
    assert (found.weighted is None) == (len(found.strata) < 2)
    if found.weighted is not None:
        assert found.weighted == pytest.approx(total / len(rows))
