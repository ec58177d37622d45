"""Accounts: who may sign in, and as what."""

import re

from sqlalchemy.orm import Session

from assessment.core.accounts import PROGRAMME_ROLES, Account, Role
from assessment.core.errors import NotAllowedError
from assessment.storage import accounts, audit, authorities
from assessment.storage.accounts import find_account, read_accounts, save_sign_in

__all__ = ["create_account", "find_account", "read_accounts", "save_sign_in"]


def create_account(
    db: Session, email: str, name: str, role: Role, authority_id: str | None, *, by: str
) -> Account:
    """Let a person sign in with a role; raises NotAllowedError, which says what is wrong."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise NotAllowedError(f"{email!r} is not an e-mail address.")
    if not name.strip():
        raise NotAllowedError("Give the person's name.")
    if role in PROGRAMME_ROLES and authority_id is not None:
        raise NotAllowedError(f"A person of the programme ({role}) belongs to no authority.")
    if role not in PROGRAMME_ROLES and authority_id is None:
        raise NotAllowedError(f"Name the authority that the {role} belongs to.")
    if authority_id is not None:
        authorities.read_authority(db, authority_id)
    account = accounts.create_account(db, email, name.strip(), role, authority_id)
    audit.save_event(db, by, "account created", authority_id, email=account.email, role=role.value)
    return account
