from collections.abc import Sequence
from datetime import date
from math import sqrt
from statistics import fmean, median, stdev
from typing import Any

import numpy as np
import pytest

from assessment.content.register import REGISTER_PATH, load_register
from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority
from assessment.core.statistics.neighbours import (
    NUMERIC_TRAITS,
    TYPE_TRAIT,
    Difference,
    Likeness,
    Neighbour,
    NeighbourSet,
    Trait,
    find_likeness,
    find_neighbours,
    list_neighbour_memberships,
)
from tests.factories import make_authority

TODAY = date(2026, 11, 23)
REGISTER = [a for a in load_register(REGISTER_PATH) if a.exists_on(TODAY)]
PRESENT = {authority.id: authority for authority in REGISTER}


def make_likeness(
    *, count: int, more: Sequence[str] = (), less: Sequence[str] = (), **changes: bool
) -> Likeness:
    """Make what so many neighbours in England are like: similar but in these traits."""
    ids = [kind.id for kind in NUMERIC_TRAITS]
    values = {"is_other_type": False, "is_distant": False, "is_everybody": False} | changes
    return Likeness(
        nation="England",
        count=count,
        similar=tuple(one for one in ids if one not in (*more, *less)),
        differing=tuple(Difference(one, one in more) for one in ids if one in (*more, *less)),
        **values,
    )


def make_place(number: int, **changes: Any) -> Authority:
    return make_authority(**({"id": f"A{number:02}"} | changes))


def ids_of(found: NeighbourSet) -> list[str]:
    return [neighbour.authority_id for neighbour in found.neighbours]


def test_find_neighbours_differing_in_size_has_standardised_distances() -> None:
    register = [make_place(n, population=10_000 * 2**n) for n in range(3)]

    found = find_neighbours(register, "A00")

    # Logarithms 0, 1, 2 times log 2 (and a constant): deviation log 2 x sqrt(2/3), so a step
    # is sqrt(3/2) deviations.
    assert ids_of(found) == ["A01", "A02"]
    assert [n.distance for n in found.neighbours] == pytest.approx([sqrt(1.5), 2 * sqrt(1.5)])


def test_find_neighbours_differing_in_density_counts_a_half() -> None:
    register = [make_place(n, density=10.0 * 2**n) for n in range(3)]

    (nearest, _) = find_neighbours(register, "A00").neighbours

    # The root of a half times three halves, the square of a step.
    assert nearest.distance == pytest.approx(sqrt(0.75))


def test_find_neighbours_traits_tell_both_values_and_add_up_to_the_distance() -> None:
    reader = make_place(0, population=10_000, rural_share=0.1)
    other = make_place(1, population=20_000, rural_share=0.3, type="unitary authority")

    (neighbour,) = find_neighbours([reader, other], "A00").neighbours

    told = {trait.kind.id: (trait.own, trait.other) for trait in neighbour.traits}
    assert told == {
        "population": (10_000, 20_000),
        "deprivation_score": (20.0, 20.0),
        "density": (300.0, 300.0),
        "rural_share": (0.1, 0.3),
        "type": ("county", "unitary authority"),
    }
    # Of two, each is one deviation from the mean, so two from the other; the tier counts 2:
    # 1 x 4 for size, 1/2 x 4 for rurality, 1 x 4 for the tier.
    assert [trait.gap for trait in neighbour.traits] == pytest.approx([2, 0, 0, 2, 2])
    assert neighbour.distance == pytest.approx(sqrt(10))


@pytest.mark.parametrize(
    ("own", "other", "gap"),
    [
        ("district", "district", 0),
        ("unitary authority", "metropolitan borough", 0.5),
        ("county", "unitary authority", 2),
        ("London borough", "district", 2),
        ("county", "district", 4),
        ("town", "district", 4),
        ("combined authority", "combined authority", 0),
    ],
)
def test_find_neighbours_of_another_type_are_apart_by_tier(
    own: str, other: str, gap: float
) -> None:
    register = [make_place(0, type=own), make_place(1, type=other)]

    (neighbour,) = find_neighbours(register, "A00").neighbours

    assert neighbour.distance == gap


def test_find_neighbours_leaves_out_whom_it_cannot_compare() -> None:
    register = [
        make_place(0),
        make_place(1),
        make_place(2, nation="Wales"),
        make_place(4, deprivation_score=None),
        make_place(5, population=0),
        make_place(6, type="combined authority"),
    ]

    assert ids_of(find_neighbours(register, "A00")) == ["A01"]


def test_find_neighbours_ties_stand_in_the_order_of_ids() -> None:
    register = [make_place(n) for n in (7, 3, 5, 1, 9)]

    assert ids_of(find_neighbours(register, "A05", count=3)) == ["A01", "A03", "A07"]


@pytest.mark.parametrize("authority_id", ["KEN", "BFS", "GLG", "LND"])
def test_find_neighbours_does_not_depend_on_the_order_of_the_register(authority_id: str) -> None:
    other_way = REGISTER[::-1]

    assert find_neighbours(other_way, authority_id) == find_neighbours(REGISTER, authority_id)


def test_find_neighbours_of_an_unknown_authority_raises() -> None:
    with pytest.raises(NotFoundError, match="no authority A99"):
        find_neighbours([make_place(0)], "A99")


@pytest.mark.parametrize("changes", [{"density": None}, {"density": 0.0, "rural_share": None}])
def test_find_neighbours_of_one_not_comparable_has_none(changes: dict[str, Any]) -> None:
    found = find_neighbours([make_place(0, **changes), make_place(1)], "A00")

    assert found == NeighbourSet("A00", ())


def test_find_neighbours_with_nobody_else_has_none() -> None:
    assert find_neighbours([make_place(0)], "A00") == NeighbourSet("A00", ())


def test_find_neighbours_in_a_small_nation_says_that_all_were_taken() -> None:
    found = find_neighbours([make_place(n) for n in range(4)], "A00")

    assert found.likeness == make_likeness(count=3, is_everybody=True)


def test_find_neighbours_with_one_other_says_that_it_is_the_only_one() -> None:
    register = [make_place(0, type="metropolitan borough"), make_place(1, type="London borough")]

    found = find_neighbours(register, "A00")

    assert found.likeness == make_likeness(count=1, is_other_type=True, is_everybody=True)


def test_find_neighbours_far_away_says_that_few_are_alike() -> None:
    # Eight of nine equal: the mean is 1/9 of the way to the ninth and the deviation is
    # sqrt(8)/9 of it, so it stands 9/sqrt(8) = 3.2 deviations from every other.
    register = [make_place(n, deprivation_score=10.0 + 30 * (n == 0)) for n in range(9)]

    assert find_neighbours(register, "A00", count=4).likeness == make_likeness(
        count=4, less=("deprivation_score",), is_distant=True
    )


def test_find_neighbours_chosen_from_many_are_described_by_their_median() -> None:
    # Densities 100 x 4, 400 x 4 and the reader's 200: logarithms -1, 1 and 0 times log 2,
    # deviation sqrt(8/9) of it. The dense ones are taken by their equal population.
    sparse = [make_place(n, density=100.0, population=10_000) for n in range(1, 5)]
    dense = [make_place(n, density=400.0) for n in range(5, 9)]
    register = [make_place(0, density=200.0), *sparse, *dense]

    found = find_neighbours(register, "A00", count=4)

    assert ids_of(found) == ["A05", "A06", "A07", "A08"]
    assert found.likeness == make_likeness(count=4, more=("density",))


def test_find_neighbours_differing_in_everything_names_no_likeness() -> None:
    near = {"population": 300_000, "density": 400.0, "deprivation_score": 22.0}
    register = [
        make_place(0, rural_share=0.30),
        make_place(1, rural_share=0.20, **near),
        make_place(2, rural_share=0.20, **near),
    ]

    # Of three, two alike: each stands 3/sqrt(2) = 2.1 deviations from the third.
    assert find_neighbours(register, "A00", count=1).likeness == make_likeness(
        count=1,
        more=("population", "deprivation_score", "density"),
        less=("rural_share",),
        is_distant=True,
    )


@pytest.mark.parametrize("authority_id", ["KEN", "CAB", "BFS", "GLG", "LND", "ADU"])
def test_find_neighbours_of_the_register_agree_with_plain_arithmetic(authority_id: str) -> None:
    reader = PRESENT[authority_id]
    pool = [
        a for a in PRESENT.values() if a.nation == reader.nation and a.type != "combined authority"
    ]
    rows = np.array(
        [
            [np.log(a.population), a.deprivation_score, np.log(a.density), a.rural_share]
            for a in pool
        ],
        dtype=float,
    )
    scores = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    own = scores[[a.id for a in pool].index(authority_id)]
    squares = ((scores - own) ** 2) @ np.array([1, 1, 0.5, 0.5])

    found = find_neighbours(REGISTER, authority_id)

    expected = {
        a.id: sqrt(square + neighbour.traits[-1].gap ** 2)
        for a, square in zip(pool, squares, strict=True)
        for neighbour in found.neighbours
        if neighbour.authority_id == a.id
    }
    distances = {n.authority_id: n.distance for n in found.neighbours}
    assert distances == pytest.approx(expected)
    same_type = sorted(
        sqrt(square)
        for a, square in zip(pool, squares, strict=True)
        if a.type == reader.type and a.id not in {authority_id, *distances}
    )
    assert all(left >= max(distances.values()) - 1e-9 for left in same_type)


@pytest.mark.slow
def test_find_neighbours_of_every_authority_of_the_register_are_fit_to_show() -> None:
    for authority in PRESENT.values():
        found = find_neighbours(REGISTER, authority.id)
        types = {PRESENT[neighbour_id].type for neighbour_id in ids_of(found)}

        others = {"Northern Ireland": 10}.get(authority.nation, 15)
        assert len(found.neighbours) == (14 if authority.type == "combined authority" else others)
        assert not {"county", "district"} <= {authority.type, *types}
        assert (found.likeness is None) == (not found.neighbours)


def test_numeric_traits_density_and_rurality_say_nearly_the_same_in_england() -> None:
    pool = [a for a in PRESENT.values() if a.nation == "England" and a.type != "combined authority"]
    density = [np.log(a.density) for a in pool if a.density is not None]
    rural = [a.rural_share for a in pool if a.rural_share is not None]

    # Pearson's correlation from its definition; the reason for their half weights.
    products = [
        (d - fmean(density)) * (r - fmean(rural)) for d, r in zip(density, rural, strict=True)
    ]
    correlation = sum(products) / (len(pool) - 1) / stdev(density) / stdev(rural)
    assert correlation == pytest.approx(-0.87, abs=0.005)
    assert [trait.weight for trait in NUMERIC_TRAITS] == [1, 1, 0.5, 0.5]


def test_find_neighbours_nearest_first_by_distance() -> None:
    distances = [n.distance for n in find_neighbours(REGISTER, "KEN").neighbours]

    assert distances == sorted(distances)
    assert median(distances) < 2


def test_list_neighbour_memberships_is_one_group_with_the_reader():
    found = NeighbourSet("A01", (Neighbour("A02", 0.1, ()), Neighbour("A03", 0.2, ())))

    memberships = list_neighbour_memberships(found)

    assert list(memberships["authority_id"]) == ["A01", "A02", "A03"]
    others = memberships.drop(columns="authority_id").drop_duplicates()
    assert others.to_dict("records") == [
        {"group_kind": "neighbours", "group_id": "A01", "group_name": "neighbours"}
    ]


def test_list_neighbour_memberships_without_neighbours_has_no_row():
    assert list_neighbour_memberships(NeighbourSet("A01", ())).empty


def make_neighbour(gap: float = 0.0, distance: float = 1.0, type: str = "county") -> Neighbour:  # noqa: A002
    """Make a neighbour of a county whose size is so many deviations from it."""
    reader = make_place(0)
    gaps = [gap, 0.0, 0.0, 0.0]
    traits = [Trait(kind, 1.0, 1.0, one) for kind, one in zip(NUMERIC_TRAITS, gaps, strict=True)]
    return Neighbour("A01", distance, (*traits, Trait(TYPE_TRAIT, reader.type, type, 0.0)))


@pytest.mark.parametrize(
    ("gap", "changes"),
    [
        (0.5, {}),
        (-0.5, {}),
        (0.51, {"more": ("population",)}),
        (-0.51, {"less": ("population",)}),
    ],
)
def test_find_likeness_half_a_deviation_apart_is_still_similar(
    gap: float, changes: dict[str, Any]
) -> None:
    likeness = find_likeness(make_place(0), [make_neighbour(gap)], of_n=9)

    assert likeness == make_likeness(count=1, **changes)


@pytest.mark.parametrize(("distance", "few"), [(1.99, False), (2.0, True)])
def test_find_likeness_two_deviations_away_is_far(distance: float, few: bool) -> None:
    likeness = find_likeness(make_place(0), [make_neighbour(distance=distance)], of_n=9)

    assert likeness.is_distant == few


def test_find_likeness_half_of_another_type_is_not_most() -> None:
    alike, other = make_neighbour(), make_neighbour(type="district")

    half, most = ([alike, other], [alike, other, other])

    assert not find_likeness(make_place(0), half, of_n=9).is_other_type
    assert find_likeness(make_place(0), most, of_n=9).is_other_type
