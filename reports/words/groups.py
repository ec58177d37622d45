"""What kinds of groups, and groups of peers, are called."""

from dataclasses import dataclass

from assessment.core.people.groups import GroupKind
from assessment.locale import gettext, lazy_gettext


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


def name_peers(group_name: str) -> str:
    """Name a group of peers as it reads after a number.

    Parameters
    ----------
    group_name : empty where the authority is in no group of the kind.

    Returns
    -------
    The name.
    """
    return group_name or gettext("authorities in no such group")
