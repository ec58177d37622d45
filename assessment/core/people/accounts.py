"""People, their roles, and the trail of what they did."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


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
class Account:
    """A person who may sign in."""

    id: int
    email: str
    name: str
    role: Role
    authority_id: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the audit trail."""

    at: datetime
    actor: str
    kind: str
    detail: dict[str, Any] = field(default_factory=dict)
