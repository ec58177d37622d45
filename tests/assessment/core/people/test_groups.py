import pandas as pd
import pytest

from assessment.content.register import REGISTER_PATH, load_register
from assessment.core.people.groups import (
    FIXED_KINDS,
    GROUP_KINDS,
    PREFERENCE,
    PROTECTION_ORDER,
    GroupKind,
    find_group,
    group_id,
    group_order,
    list_memberships,
    population_band,
    rurality_class,
    sort_groups,
)
from tests.factories import make_authority


@pytest.mark.parametrize(
    ("population", "band_id"),
    [
        (0, "under-100k"),
        (99_999, "under-100k"),
        (100_000, "100k-200k"),
        (199_999, "100k-200k"),
        (200_000, "200k-350k"),
        (350_000, "350k-600k"),
        (599_999, "350k-600k"),
        (600_000, "600k-plus"),
    ],
)
def test_population_band_at_its_edges_includes_the_least(population: int, band_id: str) -> None:
    band = population_band(population)

    assert band is not None
    assert band.id == band_id


def test_population_band_of_unknown_population_is_none() -> None:
    assert population_band(None) is None


@pytest.mark.parametrize(
    ("rural_share", "class_id"),
    [
        (0.0, "predominantly-urban"),
        (0.259, "predominantly-urban"),
        (0.26, "significant-rural"),
        (0.499, "significant-rural"),
        (0.5, "predominantly-rural"),
        (1.0, "predominantly-rural"),
    ],
)
def test_rurality_class_at_its_edges_includes_the_least(rural_share: float, class_id: str) -> None:
    rurality = rurality_class(rural_share)

    assert rurality is not None
    assert rurality.id == class_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("county", "county"),
        ("Northern Irish district", "northern-irish-district"),
        ("Yorkshire and The Humber", "yorkshire-and-the-humber"),
        ("St. Mary's  East", "st-mary-s-east"),
    ],
)
def test_group_id_of_a_name_is_lower_case_with_hyphens(name: str, expected: str) -> None:
    assert group_id(name) == expected


def test_list_memberships_of_a_current_authority_is_one_row_per_kind() -> None:
    authority = make_authority(
        id="A1", nation="Wales", region="Upper Vale", type="county", population=150_000
    )

    memberships = list_memberships([authority])

    assert memberships.to_dict("split")["data"] == [
        ["A1", "all", "all", "all"],
        ["A1", "nation", "wales", "Wales"],
        ["A1", "region", "upper-vale", "Upper Vale"],
        ["A1", "type", "county", "county"],
        ["A1", "band", "100k-200k", "100k-200k"],
        ["A1", "rurality", "predominantly-urban", "predominantly-urban"],
    ]


def test_list_memberships_of_unknown_population_is_in_no_band() -> None:
    memberships = list_memberships([make_authority(population=None)])

    assert list(memberships["group_kind"]) == ["all", "nation", "region", "type", "rurality"]


def test_list_memberships_of_unknown_rural_share_is_in_no_class() -> None:
    memberships = list_memberships([make_authority(rural_share=None)])

    assert list(memberships["group_kind"]) == ["all", "nation", "region", "type", "band"]


def test_list_memberships_of_nobody_is_empty() -> None:
    memberships = list_memberships([])

    assert memberships.empty
    assert list(memberships.columns) == ["authority_id", "group_kind", "group_id", "group_name"]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("nation", ["england", "scotland", "wales", "northern-ireland"]),
        (
            "region",
            [
                *("north-east", "north-west", "yorkshire-and-the-humber", "east-midlands"),
                *("west-midlands", "east-of-england", "london", "south-east", "south-west"),
                *("scotland", "wales", "northern-ireland", "aldhaven", "tidewater"),
            ],
        ),
        (
            "type",
            [
                *("county", "district", "unitary-authority", "metropolitan-borough"),
                *("london-borough", "combined-authority", "scottish-council", "welsh-council"),
                *("northern-irish-district", "fire-authority"),
            ],
        ),
        ("band", ["under-100k", "100k-200k", "200k-350k", "350k-600k", "600k-plus"]),
        ("rurality", ["predominantly-urban", "significant-rural", "predominantly-rural"]),
    ],
)
def test_group_order_is_fixed_and_unknown_groups_come_last(kind: str, shown: list[str]):
    assert sorted(sorted(shown), key=lambda id_: group_order(kind, id_)) == shown


def test_group_order_knows_every_group_of_the_register():
    memberships = list_memberships(load_register(REGISTER_PATH))
    groups = memberships[["group_kind", "group_id"]].drop_duplicates()

    unknown = [
        (kind, id_)
        for kind, id_ in groups.itertuples(index=False)
        if kind != GroupKind.ALL and group_order(kind, id_)[1] == group_order(kind, "none")[1]
    ]

    assert unknown == []


def test_sort_groups_keeps_the_rows_of_a_group_as_they_stood():
    figures = pd.DataFrame(
        [
            ("type", "district", "2.1"),
            ("band", "under-100k", "overall"),
            ("type", "district", "1.1"),
            ("type", "county", "overall"),
            ("all", "all", "overall"),
        ],
        columns=["group_kind", "group_id", "item_id"],
    )

    shown = sort_groups(figures)

    assert shown["group_id"].tolist() == ["all", "county", "district", "district", "under-100k"]
    assert shown["item_id"].tolist() == ["overall", "overall", "2.1", "1.1", "overall"]
    assert shown.index.tolist() == [0, 1, 2, 3, 4]


def test_group_kinds_are_protected_and_preferred_in_fixed_orders() -> None:
    # who is protected first keeps most figures; a region mixes types of authority
    assert [kind.value for kind in PROTECTION_ORDER] == [
        *("all", "type", "nation", "region", "band", "rurality", "neighbours")
    ]
    assert [kind.value for kind in PREFERENCE] == [
        *("type", "nation", "band", "rurality", "all", "region")
    ]


def test_find_group_without_the_fact_is_none() -> None:
    authority = make_authority(population=None, rural_share=None)

    assert find_group(authority, GroupKind.BAND) is None
    assert find_group(authority, GroupKind.RURALITY) is None


def test_group_kinds_have_ranks_of_their_own() -> None:
    ranks = list(range(len(GROUP_KINDS)))

    assert sorted(spec.protected for spec in GROUP_KINDS) == ranks
    assert sorted(spec.preferred for spec in GROUP_KINDS) == ranks
    # stored figures stand in the order of the enumeration, pages in that of the table
    assert [*FIXED_KINDS, GroupKind.NEIGHBOURS] == list(GroupKind)
