"""The fixed groups that authorities are compared in."""

import unicodedata
from collections.abc import Sequence
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


# Lists that are the same for everybody; neighbours differ from one authority to the next.
FIXED_KINDS = tuple(kind for kind in GroupKind if kind is not GroupKind.NEIGHBOURS)


@dataclass(frozen=True, slots=True)
class PopulationBand:
    """Authorities with at least ``least`` residents and fewer than the next band's."""

    id: str
    name: str
    least: int


POPULATION_BANDS = (
    PopulationBand("under-100k", "under 100,000 residents", 0),
    PopulationBand("100k-200k", "100,000 to 199,999 residents", 100_000),
    PopulationBand("200k-350k", "200,000 to 349,999 residents", 200_000),
    PopulationBand("350k-600k", "350,000 to 599,999 residents", 350_000),
    PopulationBand("600k-plus", "600,000 residents or more", 600_000),
)


@dataclass(frozen=True, slots=True)
class RuralityClass:
    """Authorities with at least ``least_share`` of residents in rural areas, up to the next.

    The shares are those of the official classification of local authorities (Defra and the
    Office for National Statistics, 2011 Rural-Urban Classification); ``name`` reads after a
    number.
    """

    id: str
    name: str
    least_share: float


RURALITY_CLASSES = (
    RuralityClass("predominantly-urban", "predominantly urban authorities", 0.0),
    RuralityClass("significant-rural", "urban authorities with significant rural areas", 0.26),
    RuralityClass("predominantly-rural", "predominantly rural authorities", 0.5),
)


# The orders in which groups are shown: nations and regions as official statistics list them,
# types from counties inwards and then the other nations', the rest by size.
_NATIONS = ("england", "scotland", "wales", "northern-ireland")
_REGIONS = (
    *("north-east", "north-west", "yorkshire-and-the-humber", "east-midlands", "west-midlands"),
    *("east-of-england", "london", "south-east", "south-west"),
)
_TYPES = (
    *("county", "district", "unitary-authority", "metropolitan-borough", "london-borough"),
    *("combined-authority", "scottish-council", "welsh-council", "northern-irish-district"),
)
_SHOWN_ORDERS = {
    GroupKind.NATION: _NATIONS,
    GroupKind.REGION: (*_REGIONS, *_NATIONS),
    GroupKind.TYPE: _TYPES,
    GroupKind.BAND: tuple(band.id for band in POPULATION_BANDS),
    GroupKind.RURALITY: tuple(each.id for each in RURALITY_CLASSES),
}


def group_order(kind: str, id_: str) -> tuple[int, int, str]:
    """Return what the groups of fixed lists are sorted by wherever they are shown.

    Parameters
    ----------
    kind : one of FIXED_KINDS; kinds stand in that order.
    id_ : of the group; one that is in no list stands after those that are, by its id.

    Returns
    -------
    The place of the kind, the place in the kind's list, and the id.
    """
    known = _SHOWN_ORDERS.get(GroupKind(kind), ())
    return FIXED_KINDS.index(GroupKind(kind)), (*known, id_).index(id_), id_


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
    One row per (authority_id, group_kind): ``group_id``, ``group_name`` (in words, as it
    stands after a number of authorities). An authority whose population is not known is in no
    population band; one whose rural share is not known is in no class of rurality.
    """
    rows: list[tuple[str, str, str, str]] = []
    for authority in authorities:
        groups = {
            GroupKind.ALL: ("all", "authorities"),
            GroupKind.NATION: (group_id(authority.nation), f"authorities in {authority.nation}"),
            GroupKind.REGION: (group_id(authority.region), f"authorities in {authority.region}"),
            GroupKind.TYPE: (group_id(authority.type), _plural(authority.type)),
        }
        band = population_band(authority.population)
        if band is not None:
            groups[GroupKind.BAND] = (band.id, f"authorities with {band.name}")
        rurality = rurality_class(authority.rural_share)
        if rurality is not None:
            groups[GroupKind.RURALITY] = (rurality.id, rurality.name)
        rows += [(authority.id, kind.value, *group) for kind, group in groups.items()]
    return pd.DataFrame(rows, columns=["authority_id", "group_kind", "group_id", "group_name"])


def _plural(name: str) -> str:
    """Return the plural of a type of authority: counties, districts, boroughs."""
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
