"""What kinds of groups, and groups of peers, are called."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from assessment.core.people.groups import Group, GroupKind
from assessment.locale import ENGLISH, gettext, lazy_gettext, speak


@dataclass(frozen=True, slots=True)
class GroupKindWords:
    """What people call a kind of group: one and many."""

    one: str
    many: str


GROUP_KIND_WORDS = {
    GroupKind.ALL: GroupKindWords(
        lazy_gettext("all authorities"), lazy_gettext("all authorities together")
    ),
    GroupKind.NATION: GroupKindWords(lazy_gettext("nation"), lazy_gettext("nations")),
    GroupKind.REGION: GroupKindWords(lazy_gettext("region"), lazy_gettext("regions")),
    GroupKind.TYPE: GroupKindWords(
        lazy_gettext("type of authority"), lazy_gettext("types of authority")
    ),
    GroupKind.BAND: GroupKindWords(
        lazy_gettext("population band"), lazy_gettext("population bands")
    ),
    GroupKind.RURALITY: GroupKindWords(
        lazy_gettext("urban and rural class"), lazy_gettext("urban and rural classes")
    ),
}

# Groups that no register has a name for, as they stand by themselves in a table of their kind.
GROUP_LABELS = {
    "all": lazy_gettext("all authorities"),
    "under-100k": lazy_gettext("under 100,000 residents"),
    "100k-200k": lazy_gettext("100,000 to 199,999 residents"),
    "200k-350k": lazy_gettext("200,000 to 349,999 residents"),
    "350k-600k": lazy_gettext("350,000 to 599,999 residents"),
    "600k-plus": lazy_gettext("600,000 residents or more"),
    "predominantly-urban": lazy_gettext("predominantly urban authorities"),
    "significant-rural": lazy_gettext("urban authorities with significant rural areas"),
    "predominantly-rural": lazy_gettext("predominantly rural authorities"),
}
_AREA_NAMES = {
    "england": lazy_gettext("authorities in England"),
    "scotland": lazy_gettext("authorities in Scotland"),
    "wales": lazy_gettext("authorities in Wales"),
    "northern-ireland": lazy_gettext("authorities in Northern Ireland"),
    "north-east": lazy_gettext("authorities in North East"),
    "north-west": lazy_gettext("authorities in North West"),
    "yorkshire-and-the-humber": lazy_gettext("authorities in Yorkshire and The Humber"),
    "east-midlands": lazy_gettext("authorities in East Midlands"),
    "west-midlands": lazy_gettext("authorities in West Midlands"),
    "east-of-england": lazy_gettext("authorities in East of England"),
    "london": lazy_gettext("authorities in London"),
    "south-east": lazy_gettext("authorities in South East"),
    "south-west": lazy_gettext("authorities in South West"),
}
# Groups as they read after a number of authorities, by kind and id; neighbours are each one's own.
PEER_NAMES: Mapping[GroupKind, Mapping[str, str]] = {
    GroupKind.ALL: {"all": lazy_gettext("authorities")},
    GroupKind.NATION: _AREA_NAMES,
    GroupKind.REGION: _AREA_NAMES,
    GroupKind.TYPE: {
        "county": lazy_gettext("counties"),
        "district": lazy_gettext("districts"),
        "unitary-authority": lazy_gettext("unitary authorities"),
        "metropolitan-borough": lazy_gettext("metropolitan boroughs"),
        "london-borough": lazy_gettext("London boroughs"),
        "combined-authority": lazy_gettext("combined authorities"),
        "scottish-council": lazy_gettext("Scottish councils"),
        "welsh-council": lazy_gettext("Welsh councils"),
        "northern-irish-district": lazy_gettext("Northern Irish districts"),
    },
    GroupKind.BAND: {
        "under-100k": lazy_gettext("authorities with under 100,000 residents"),
        "100k-200k": lazy_gettext("authorities with 100,000 to 199,999 residents"),
        "200k-350k": lazy_gettext("authorities with 200,000 to 349,999 residents"),
        "350k-600k": lazy_gettext("authorities with 350,000 to 599,999 residents"),
        "600k-plus": lazy_gettext("authorities with 600,000 residents or more"),
    },
    GroupKind.RURALITY: {
        id_: GROUP_LABELS[id_]
        for id_ in ("predominantly-urban", "significant-rural", "predominantly-rural")
    },
}


def name_group_kind(kind: GroupKind) -> str:
    """Name one group of a kind.

    Parameters
    ----------
    kind : one that is the same for everybody.

    Returns
    -------
    What one of it is called, such as "region".
    """
    return str(GROUP_KIND_WORDS[kind].one)


def name_group(group: Group | None) -> str:
    """Name a group by itself, as in a table of its kind.

    Parameters
    ----------
    group : of a kind that is the same for everybody; None where the register lacks what it
        goes by.

    Returns
    -------
    Its name; what the register calls it, where it has a name for it.
    """
    if group is None:
        return gettext("not known")
    return str(GROUP_LABELS.get(group.id, group.name))


def name_peers(group_name: str, kind: GroupKind, group_id: str) -> str:
    """Name a group of peers as it reads after a number.

    Parameters
    ----------
    group_name : as it was kept; empty where the authority is in no group of the kind.
    kind, group_id : of the group.

    Returns
    -------
    The name in the reader's language where the group is known here, else as it was kept.
    """
    if not group_name:
        return gettext("authorities in no such group")
    if kind is GroupKind.NEIGHBOURS:
        return gettext("nearest neighbours")
    return str(PEER_NAMES[kind].get(group_id, group_name))


@speak(ENGLISH)
def name_memberships(memberships: pd.DataFrame) -> pd.DataFrame:
    """Name the groups of a register for an edition, whose names are kept and hashed in English.

    Parameters
    ----------
    memberships : one row per (authority_id, group_kind), as
        `assessment.core.people.groups.list_memberships` gives it, or of somebody's neighbours.

    Returns
    -------
    The same rows; ``group_name`` reads after a number of authorities.
    """
    columns = (memberships[name] for name in ("group_name", "group_kind", "group_id"))
    names = [
        _name_new(name, GroupKind(kind), id_) for name, kind, id_ in zip(*columns, strict=True)
    ]
    return memberships.assign(group_name=names)


def _name_new(name: str, kind: GroupKind, group_id: str) -> str:
    """Name a group of the register; another one may have other areas and types."""
    if kind is GroupKind.NEIGHBOURS or group_id in PEER_NAMES[kind]:
        return name_peers(name, kind, group_id)
    if kind is GroupKind.TYPE:
        return gettext("authorities of type %(type)s", type=name)
    return gettext("authorities in %(area)s", area=name)
