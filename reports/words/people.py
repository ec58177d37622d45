"""Who people are and who did something, in words."""

from assessment.core.people.actors import UNKNOWN, Actor
from assessment.core.people.memberships import Role
from assessment.locale import gettext, lazy_gettext

ROLE_NAMES = {
    Role.CONTRIBUTOR: lazy_gettext("contributor"),
    Role.LEAD: lazy_gettext("lead"),
    Role.SIGNATORY: lazy_gettext("signatory"),
    Role.READER: lazy_gettext("reader"),
    Role.ANALYST: lazy_gettext("analyst"),
    Role.ADMINISTRATOR: lazy_gettext("administrator"),
}


def name_actor(actor: Actor) -> str:
    """Name who did something.

    Parameters
    ----------
    actor : a person, an operator or the product itself.

    Returns
    -------
    The person's name; whatever else acts, acts for the programme team.
    """
    if actor == UNKNOWN:
        return gettext("a former colleague")
    return actor.name if actor.is_person else gettext("the programme team")


def name_respondent(actor: Actor) -> str:
    """Name who gave answers or submitted them.

    Parameters
    ----------
    actor : a person, or who imported them.

    Returns
    -------
    The person's name, or that they were imported.
    """
    if actor.is_person or actor == UNKNOWN:
        return name_actor(actor)
    return gettext("the programme team from a file")


def name_role(role: Role) -> str:
    """Name a role.

    Parameters
    ----------
    role : of a membership.

    Returns
    -------
    What people call it, in the reader's language.
    """
    return str(ROLE_NAMES[role])
