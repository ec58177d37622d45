"""What is read of people."""

from sqlalchemy.orm import Session

from assessment.core.people.memberships import SUBMITTING_ROLES, Membership
from assessment.storage import authorities
from assessment.storage.people import find_membership, read_every_membership, read_memberships
from assessment.storage.sign_ins import find_session, identify_session, read_sessions

__all__ = [
    "find_membership",
    "find_session",
    "identify_session",
    "list_submitters",
    "name_authority",
    "read_every_membership",
    "read_sessions",
]


def list_submitters(db: Session, authority_id: str) -> list[Membership]:
    """List who of an authority may submit, by name."""
    members = read_memberships(db, authority_id)
    return [one for one in members if one.is_current and one.role in SUBMITTING_ROLES]


def name_authority(db: Session, authority_id: str) -> str:
    """Return the name of an authority that a form says it is of; empty where there is none."""
    names = {authority.id: authority.name for authority in authorities.read_authorities(db)}
    return names.get(authority_id, "")
