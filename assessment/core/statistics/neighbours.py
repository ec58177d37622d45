"""Nearest neighbours: the authorities of the same nation that are most like one of them.

The traits are open facts of the register. Population and deprivation weigh one each. Density
and the rural share say nearly the same (in England they correlate at -0.87), so they weigh a
half each: settlement counts once. The tier counts as `TIER_GAPS` says. Combined authorities
have neighbours among themselves only: they run few services and contain the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, isnan, log, nan, sqrt
from statistics import median, pstdev

import pandas as pd

from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority, Tier, tier_of
from assessment.core.people.groups import GroupKind

COUNT = 15
DECIMALS = 9

# How far apart types and tiers are, in standard deviations of any other trait. Two types of
# one tier run the same services under other names. A county runs most of what a single tier
# does, by spending, and a district the rest. A county and a district have no service in
# common, so one is the other's neighbour only where there is nobody else.
TYPE_GAP = 0.5
TIER_GAP = 2.0
NOTHING_IN_COMMON = 4.0
TIER_GAPS = {
    frozenset({Tier.COUNTY, Tier.SINGLE}): TIER_GAP,
    frozenset({Tier.DISTRICT, Tier.SINGLE}): TIER_GAP,
}

# What is said of the set: in standard deviations of the nation, from the reader's value to the
# neighbours' median; and the median distance from which a set is not like the reader.
SIMILAR_WITHIN = 0.5
FAR_BEYOND = 2.0


@dataclass(frozen=True, slots=True)
class TraitKind:
    """A trait that authorities are compared by.

    ``weight`` is that of the squared difference in the squared distance.
    """

    id: str
    weight: float
    is_log: bool = False


NUMERIC_TRAITS = (
    TraitKind("population", 1.0, is_log=True),
    TraitKind("deprivation_score", 1.0),
    TraitKind("density", 0.5, is_log=True),
    TraitKind("rural_share", 0.5),
)
TYPE_TRAIT = TraitKind("type", 1.0)


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait of the reader's authority and of a neighbour.

    ``own`` and ``other`` are as the register has them: population in residents, density in
    residents per square kilometre, rural share 0 to 1, deprivation on its index, type in
    words. ``gap`` is other minus own in standard deviations of the nation.
    """

    kind: TraitKind
    own: float | str
    other: float | str
    gap: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One neighbour; the squared ``distance`` is the sum of weight x gap squared."""

    authority_id: str
    distance: float
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A trait in which most neighbours differ from the reader: they have more of it, or less."""

    trait_id: str
    is_more: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """What an authority's neighbours are like, beside it.

    ``similar`` are the ids of the traits in which they are similar. They are ``is_distant`` where
    few authorities of the nation are like the reader's; ``is_everybody`` where all ``count`` that
    can be compared were taken.
    """

    nation: str
    count: int
    similar: tuple[str, ...]
    differing: tuple[Difference, ...]
    is_other_type: bool
    is_distant: bool
    is_everybody: bool


@dataclass(frozen=True, slots=True)
class NeighbourSet:
    """The nearest neighbours of an authority, nearest first, and what they are like.

    ``likeness`` is None where there are none.
    """

    authority_id: str
    neighbours: tuple[Neighbour, ...]
    likeness: Likeness | None = None


def find_neighbours(
    authorities: Sequence[Authority], authority_id: str, *, count: int = COUNT
) -> NeighbourSet:
    """Find the authorities of the same nation that are most like one.

    Parameters
    ----------
    authorities : those that exist, in any order.
    authority_id : whose neighbours.
    count : how many at most. [authorities]

    Returns
    -------
    The nearest first; ties, to the ninth decimal, in the order of ids. There are fewer where
    the nation has fewer. There are none for an authority that lacks a trait; such are nobody's
    neighbours either. A missing trait is not guessed: a guessed one would look like a likeness.

    Raises
    ------
    NotFoundError if the register has no such authority.

    Notes
    -----
    Euclidean distance over standardised traits (mean 0 and population standard deviation 1
    among authorities of the nation that have all traits; a trait that does not vary
    counts nothing), as in the nearest neighbours model of the Chartered Institute of Public
    Finance and Accountancy. Population and density are taken by their natural logarithm.
    """
    reader = next((a for a in authorities if a.id == authority_id), None)
    if reader is None:
        raise NotFoundError(f"There is no authority {authority_id}.")
    if not _has_traits(reader):
        return NeighbourSet(authority_id, ())
    # The reader is one of them: traits are standardised over the whole nation.
    pool = [a for a in authorities if _is_in_pool(a, reader)]
    scales = {kind.id: _spread(pool, kind) for kind in NUMERIC_TRAITS}
    others = [_compare(reader, other, scales) for other in pool if other.id != authority_id]
    others.sort(key=lambda n: (n.distance, n.authority_id))
    nearest = tuple(others[:count])
    likeness = find_likeness(reader, nearest, of_n=len(others)) if nearest else None
    return NeighbourSet(authority_id, nearest, likeness)


def list_neighbour_memberships(found: NeighbourSet) -> pd.DataFrame:
    """List an authority with its neighbours as a peer group of its own.

    Parameters
    ----------
    found : the neighbours of an authority.

    Returns
    -------
    One row per authority, the one they are of among them, with the columns of
    `assessment.core.people.groups.list_memberships`; no row where there are no neighbours.
    """
    ids = [found.authority_id, *(n.authority_id for n in found.neighbours)]
    group = (GroupKind.NEIGHBOURS.value, found.authority_id, GroupKind.NEIGHBOURS.value)
    rows = [(authority_id, *group) for authority_id in ids] if found.neighbours else []
    return pd.DataFrame(rows, columns=["authority_id", "group_kind", "group_id", "group_name"])


def find_likeness(reader: Authority, neighbours: Sequence[Neighbour], *, of_n: int) -> Likeness:
    """Find what an authority's neighbours are like.

    Parameters
    ----------
    reader : whose neighbours.
    neighbours : the whole set, at least one.
    of_n : the authorities that they were chosen from, the reader left out. [authorities]

    Returns
    -------
    What is similar and what differs. A trait is similar where the median of the set's gaps is
    within half a standard deviation; the set is distant where the median distance is 2 or more.
    """
    gaps = {
        kind.id: median(neighbour.traits[index].gap for neighbour in neighbours)
        for index, kind in enumerate(NUMERIC_TRAITS)
    }
    alike = sum(neighbour.traits[-1].other == reader.type for neighbour in neighbours)
    differing = {name: gap for name, gap in gaps.items() if abs(gap) > SIMILAR_WITHIN}
    return Likeness(
        nation=reader.nation,
        count=len(neighbours),
        similar=tuple(name for name in gaps if name not in differing),
        differing=tuple(Difference(name, gap > 0) for name, gap in differing.items()),
        is_other_type=2 * alike < len(neighbours),
        is_distant=median(neighbour.distance for neighbour in neighbours) >= FAR_BEYOND,
        is_everybody=of_n == len(neighbours),
    )


def _has_traits(authority: Authority) -> bool:
    """Return whether an authority can be compared: the register has all its traits."""
    return not any(isnan(_measure(authority, kind)) for kind in NUMERIC_TRAITS)


def _is_in_pool(authority: Authority, reader: Authority) -> bool:
    """Return whether an authority is compared with the reader's, or is the reader's own."""
    strategic = {tier_of(a.type) is Tier.STRATEGIC for a in (authority, reader)}
    of_one_kind = authority.nation == reader.nation and len(strategic) == 1
    return of_one_kind and _has_traits(authority)


def _measure(authority: Authority, kind: TraitKind) -> float:
    """Return a trait as it is compared; NaN where it is not known or has no logarithm."""
    value: float | None = getattr(authority, kind.id)
    if value is None or (kind.is_log and value <= 0):
        return nan
    return log(value) if kind.is_log else float(value)


def _spread(pool: Sequence[Authority], kind: TraitKind) -> float:
    """Return the standard deviation of a trait; 0 where it does not vary."""
    return pstdev(_measure(authority, kind) for authority in pool)


def _compare(reader: Authority, other: Authority, scales: dict[str, float]) -> Neighbour:
    """Measure how far another authority is from the reader's, trait by trait."""
    traits = [_compare_trait(reader, other, kind, scales[kind.id]) for kind in NUMERIC_TRAITS]
    traits.append(Trait(TYPE_TRAIT, reader.type, other.type, _type_gap(reader.type, other.type)))
    # Exact sums and a rounded distance: neither the order of the register nor the last bits of a
    # logarithm may decide between two that are equally near.
    distance = sqrt(fsum(trait.kind.weight * trait.gap**2 for trait in traits))
    return Neighbour(other.id, round(distance, DECIMALS), tuple(traits))


def _compare_trait(reader: Authority, other: Authority, kind: TraitKind, spread: float) -> Trait:
    """Compare one number of two authorities."""
    gap = (_measure(other, kind) - _measure(reader, kind)) / spread if spread else 0.0
    return Trait(kind, getattr(reader, kind.id), getattr(other, kind.id), gap)


def _type_gap(own: str, other: str) -> float:
    """Return how far apart two types of authority are."""
    if own == other:
        return 0.0
    tiers = frozenset({tier_of(own), tier_of(other)})
    return TYPE_GAP if len(tiers) == 1 else TIER_GAPS.get(tiers, NOTHING_IN_COMMON)
