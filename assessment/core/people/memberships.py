"""People and what each may do where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessment.core.people.actors import Actor, Person


class Role(StrEnum):
    """What a person may do; the first four belong to one authority, the others to none."""

    CONTRIBUTOR = "contributor"
    LEAD = "lead"
    SIGNATORY = "signatory"
    READER = "reader"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


PROGRAMME_ROLES = frozenset({Role.ANALYST, Role.ADMINISTRATOR})
AUTHORITY_ROLES = frozenset(Role) - PROGRAMME_ROLES
ANSWERING_ROLES = frozenset({Role.CONTRIBUTOR, Role.LEAD})
PLANNING_ROLES = frozenset({Role.CONTRIBUTOR, Role.LEAD, Role.SIGNATORY})
SUBMITTING_ROLES = frozenset({Role.LEAD, Role.SIGNATORY})


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person has one role in one authority, or in the programme where that is None.

    ``until`` is when it ended, None while it lasts.
    """

    person: Person
    role: Role
    authority_id: str | None
    since: datetime
    until: datetime | None = None

    @property
    def is_current(self) -> bool:
        """Return whether it lasts."""
        return self.until is None

    @property
    def actor(self) -> Actor:
        """Return the person as somebody who does something."""
        return self.person.actor
