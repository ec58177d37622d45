"""What groups of peers are called, and what of it is kept."""

import pytest

from assessment.core.people.groups import GROUP_KINDS, Group, GroupKind, list_memberships
from assessment.core.statistics.neighbours import (
    Neighbour,
    NeighbourSet,
    list_neighbour_memberships,
)
from assessment.locale import speak
from reports.words.groups import PEER_NAMES, name_group, name_memberships, name_peers
from tests.factories import make_authority

TYPE, REGION = GroupKind.TYPE, GroupKind.REGION


@pytest.mark.parametrize(
    ("kept", "kind", "group_id", "name"),
    [
        ("kept", TYPE, "county", "counties"),
        ("neighbours", GroupKind.NEIGHBOURS, "A01", "nearest neighbours"),
        # another register may have other areas
        ("authorities in Upper Vale", REGION, "upper-vale", "authorities in Upper Vale"),
        ("", TYPE, "", "authorities in no such group"),
    ],
)
def test_name_peers_says_a_group_by_its_id_and_else_as_it_was_kept(
    kept: str, kind: GroupKind, group_id: str, name: str
):
    assert name_peers(kept, kind, group_id) == name


def test_name_memberships_names_what_reads_after_a_number():
    known = make_authority(
        id="A1", nation="Wales", region="Wales", type="county", population=150_000, rural_share=0.6
    )
    strange = make_authority(id="A2", region="Upper Vale", type="city", population=None)

    named = name_memberships(list_memberships([known, strange]))

    assert named[["authority_id", "group_name"]].to_numpy().tolist() == [
        ["A1", "authorities"],
        ["A1", "authorities in Wales"],
        ["A1", "authorities in Wales"],
        ["A1", "counties"],
        ["A1", "authorities with 100,000 to 199,999 residents"],
        ["A1", "predominantly rural authorities"],
        ["A2", "authorities"],
        ["A2", "authorities in England"],
        # no language is guessed at
        ["A2", "authorities in Upper Vale"],
        ["A2", "authorities of type city"],
        ["A2", "predominantly urban authorities"],
    ]


def test_name_memberships_of_neighbours_is_one_name():
    found = NeighbourSet("A01", (Neighbour("A02", 0.5, ()),))

    named = name_memberships(list_neighbour_memberships(found))

    assert named["group_name"].tolist() == ["nearest neighbours"] * 2


@pytest.mark.usefixtures("marked_welsh")
def test_name_memberships_is_in_english_whatever_the_language():
    memberships = list_memberships([make_authority()])

    with speak("cy"):
        names = name_memberships(memberships)["group_name"].tolist()
        said = name_peers("counties", TYPE, "county")

    assert names == [
        *("authorities", "authorities in England", "authorities in North East", "counties"),
        *("authorities with 200,000 to 349,999 residents", "predominantly urban authorities"),
    ]
    assert said == "¡counties"


def test_every_group_that_has_a_place_in_an_order_has_a_name():
    for spec in GROUP_KINDS:
        assert set(spec.order) <= set(PEER_NAMES[spec.kind])


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (Group("north-east", "North East"), "North East"),
        (Group("under-100k", "under-100k"), "under 100,000 residents"),
        (None, "not known"),
    ],
)
def test_name_group_names_it_by_itself(group: Group | None, name: str):
    assert name_group(group) == name
