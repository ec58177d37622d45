"""Who did something, in words."""

from assessment.core.people.actors import Actor


def name_actor(actor: Actor) -> str:
    """Name who did something.

    Parameters
    ----------
    actor : a person, an operator or the product itself.

    Returns
    -------
    The person's name; whatever else acts, acts for the programme team.
    """
    return actor.name if actor.is_person else "the programme team"


def name_respondent(actor: Actor) -> str:
    """Name who gave answers or submitted them.

    Parameters
    ----------
    actor : a person, or who imported them.

    Returns
    -------
    The person's name, or that they were imported.
    """
    return actor.name if actor.is_person else "the programme team from a file"
