"""What kinds of groups, and groups of peers, are called."""

from dataclasses import dataclass

from assessment.core.people.groups import GroupKind


@dataclass(frozen=True, slots=True)
class GroupKindWords:
    """What people call a kind of group: one, many, its worksheet and the title of its table."""

    one: str
    many: str
    sheet: str
    table: str


GROUP_KIND_WORDS = {
    GroupKind.ALL: GroupKindWords(
        "all authorities", "all authorities together", "All", "Benchmark of all authorities"
    ),
    GroupKind.NATION: GroupKindWords("nation", "nations", "Nations", "Benchmark by nation"),
    GroupKind.REGION: GroupKindWords("region", "regions", "Regions", "Benchmark by region"),
    GroupKind.TYPE: GroupKindWords(
        "type of authority", "types of authority", "Types", "Benchmark by type of authority"
    ),
    GroupKind.BAND: GroupKindWords(
        "population band", "population bands", "Population bands", "Benchmark by population band"
    ),
    GroupKind.RURALITY: GroupKindWords(
        "urban and rural class",
        "urban and rural classes",
        "Urban and rural",
        "Benchmark by urban and rural class",
    ),
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
    return GROUP_KIND_WORDS[kind].one


def name_peers(group_name: str) -> str:
    """Name a group of peers as it reads after a number.

    Parameters
    ----------
    group_name : empty where the authority is in no group of the kind.

    Returns
    -------
    The name.
    """
    return group_name or "authorities in no such group"
