"""The fixed groups that authorities are compared in."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from assessment.core.people.authorities import Authority


class GroupKind(StrEnum):
    """The ways of making peer groups; they are never stacked."""

    ALL = "all"
    NATION = "nation"
    REGION = "region"
    TYPE = "type"
    BAND = "band"
    RURALITY = "rurality"
    NEIGHBOURS = "neighbours"


@dataclass(frozen=True, slots=True)
class PopulationBand:
    """Authorities with at least ``least`` residents and fewer than the next band's."""

    id: str
    least: int


POPULATION_BANDS = (
    PopulationBand("under-100k", 0),
    PopulationBand("100k-200k", 100_000),
    PopulationBand("200k-350k", 200_000),
    PopulationBand("350k-600k", 350_000),
    PopulationBand("600k-plus", 600_000),
)


@dataclass(frozen=True, slots=True)
class RuralityClass:
    """Authorities with at least ``least_share`` of residents in rural areas, up to the next.

    The shares are those of the official classification of local authorities (Defra and the
    Office for National Statistics, 2011 Rural-Urban Classification).
    """

    id: str
    least_share: float


RURALITY_CLASSES = (
    RuralityClass("predominantly-urban", 0.0),
    RuralityClass("significant-rural", 0.26),
    RuralityClass("predominantly-rural", 0.5),
)


# Nations and regions as official statistics list them, types from counties inwards and then the
# other nations'.
_NATIONS = ("england", "scotland", "wales", "northern-ireland")
_REGIONS = (
    *("north-east", "north-west", "yorkshire-and-the-humber", "east-midlands", "west-midlands"),
    *("east-of-england", "london", "south-east", "south-west"),
)
_TYPES = (
    *("county", "district", "unitary-authority", "metropolitan-borough", "london-borough"),
    *("combined-authority", "scottish-council", "welsh-council", "northern-irish-district"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """One peer group of a kind.

    ``name`` is what the register calls it, and the id of a group that no register has: the words
    for it are those of `reports/words`.
    """

    id: str
    name: str


ALL_AUTHORITIES = Group("all", "all")


def _find_nation(authority: Authority) -> Group:
    return Group(group_id(authority.nation), authority.nation)


def _find_region(authority: Authority) -> Group:
    return Group(group_id(authority.region), authority.region)


def _find_type(authority: Authority) -> Group:
    return Group(group_id(authority.type), authority.type)


def _find_band(authority: Authority) -> Group | None:
    band = population_band(authority.population)
    return None if band is None else Group(band.id, band.id)


def _find_rurality(authority: Authority) -> Group | None:
    rurality = rurality_class(authority.rural_share)
    return None if rurality is None else Group(rurality.id, rurality.id)


@dataclass(frozen=True, slots=True)
class GroupKindSpec:
    """What the core knows of one kind of group; `reports/words` has its names.

    ``find_group`` returns an authority's group, None where the register lacks what it goes by.
    ``order`` lists the ids of groups as they are shown; others follow by id. ``protected`` is
    the rank in which disclosure control takes the kinds: figures of earlier kinds are kept
    rather than those of later ones. ``preferred`` is the rank in which a report chooses the
    peers that its profile shows.
    """

    kind: GroupKind
    find_group: Callable[[Authority], Group | None]
    order: tuple[str, ...]
    protected: int
    preferred: int


# The kinds that are the same for everybody, in the order in which they are shown; neighbours
# differ from one authority to the next. Peers are the most alike first: the region comes last,
# for it mixes types of authority.
GROUP_KINDS = (
    GroupKindSpec(
        GroupKind.ALL,
        lambda _: ALL_AUTHORITIES,
        order=(ALL_AUTHORITIES.id,),
        protected=0,
        preferred=4,
    ),
    GroupKindSpec(GroupKind.NATION, _find_nation, order=_NATIONS, protected=2, preferred=1),
    GroupKindSpec(
        GroupKind.REGION, _find_region, order=(*_REGIONS, *_NATIONS), protected=3, preferred=5
    ),
    GroupKindSpec(GroupKind.TYPE, _find_type, order=_TYPES, protected=1, preferred=0),
    GroupKindSpec(
        GroupKind.BAND,
        _find_band,
        order=tuple(band.id for band in POPULATION_BANDS),
        protected=4,
        preferred=2,
    ),
    GroupKindSpec(
        GroupKind.RURALITY,
        _find_rurality,
        order=tuple(each.id for each in RURALITY_CLASSES),
        protected=5,
        preferred=3,
    ),
)
FIXED_KINDS = tuple(spec.kind for spec in GROUP_KINDS)
# Neighbours come last in both: they are protected beside all that is published.
PROTECTION_ORDER = (
    *(spec.kind for spec in sorted(GROUP_KINDS, key=lambda spec: spec.protected)),
    GroupKind.NEIGHBOURS,
)
PREFERENCE = tuple(spec.kind for spec in sorted(GROUP_KINDS, key=lambda spec: spec.preferred))
_SPECS = {spec.kind: spec for spec in GROUP_KINDS}


def find_group(authority: Authority, kind: GroupKind) -> Group | None:
    """Return an authority's group of a fixed kind, or None where it is in none.

    Parameters
    ----------
    authority : one of the register.
    kind : one of FIXED_KINDS.

    Returns
    -------
    The group; None where the register does not know what the kind goes by.
    """
    return _SPECS[kind].find_group(authority)


def group_order(kind: str, id_: str) -> tuple[int, int, str]:
    """Return what the groups of fixed lists are sorted by wherever they are shown.

    Parameters
    ----------
    kind : one of FIXED_KINDS; kinds stand in that order.
    id_ : of the group; one that is in no list stands after those that are, by its id.

    Returns
    -------
    The rank of the kind, the rank in the kind's list, and the id.
    """
    spec = _SPECS[GroupKind(kind)]
    return FIXED_KINDS.index(spec.kind), (*spec.order, id_).index(id_), id_


def sort_groups(figures: pd.DataFrame) -> pd.DataFrame:
    """Return rows of groups in the order in which groups are shown.

    Parameters
    ----------
    figures : one row per group and item, with ``group_kind`` and ``group_id``.

    Returns
    -------
    The same rows with a new index; those of one group stay as they stood to each other.
    """
    keys = [
        group_order(kind, id_)
        for kind, id_ in zip(figures["group_kind"], figures["group_id"], strict=True)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return figures.iloc[order].reset_index(drop=True)


def population_band(population: int | None) -> PopulationBand | None:
    """Return the band of a population, or None where the population is not known."""
    if population is None:
        return None
    return next(band for band in reversed(POPULATION_BANDS) if population >= band.least)


def rurality_class(rural_share: float | None) -> RuralityClass | None:
    """Return the class of a rural share, or None where the share is not known."""
    if rural_share is None:
        return None
    return next(c for c in reversed(RURALITY_CLASSES) if rural_share >= c.least_share)


def group_id(name: str) -> str:
    """Return an id made from a name: lower case letters without marks, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def list_memberships(authorities: Sequence[Authority]) -> pd.DataFrame:
    """List the peer groups that each authority belongs to.

    Parameters
    ----------
    authorities : those the groups are made of; see `assessment.core.answers.rounds.list_members`.

    Returns
    -------
    One row per (authority_id, group_kind): ``group_id``, ``group_name`` (see `Group`). An
    authority whose population is not known is in no population band; one whose rural share is
    not known is in no class of rurality.
    """
    rows = [
        (authority.id, spec.kind.value, group.id, group.name)
        for authority in authorities
        for spec in GROUP_KINDS
        if (group := spec.find_group(authority)) is not None
    ]
    return pd.DataFrame(rows, columns=["authority_id", "group_kind", "group_id", "group_name"])
