"""Accounts: who may sign in, and as what."""

import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from assessment.core.accounts import PROGRAMME_ROLES, Account, Role
from assessment.core.errors import NotAllowedError
from assessment.storage import accounts, audit, authorities
from assessment.storage.accounts import find_account, read_accounts

__all__ = ["find_account", "read_accounts"]

CODE_MINUTES = 15
MOST_WRONG_CODES = 5


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
        _require_present(db, authority_id)
    account = accounts.create_account(db, email, name.strip(), role, authority_id)
    audit.save_event(db, by, "account created", authority_id, email=account.email, role=role.value)
    return account


def draw_code(db: Session, email: str) -> tuple[Account, str] | None:
    """Draw a new sign-in code for an active account; None where the address has none."""
    code = f"{secrets.randbelow(10**6):06}"
    account = accounts.save_code(db, email, code, datetime.now(UTC))
    return None if account is None else (account, code)


def take_code(db: Session, email: str, code: str) -> Account | None:
    """Return the account whose newest code this is; it works once, and few may be tried."""
    sent_after = datetime.now(UTC) - timedelta(minutes=CODE_MINUTES)
    return accounts.take_code(db, email, code, sent_after=sent_after, tries=MOST_WRONG_CODES)


def deactivate_account(db: Session, email: str, *, by: str) -> Account:
    """Shut a person out at once; raises NotFoundError where the address has no account."""
    account = accounts.change_account(db, email, active=False)
    audit.save_event(db, by, "account deactivated", account.authority_id, email=account.email)
    return account


def change_role(db: Session, email: str, role: Role, *, by: str) -> Account:
    """Give a person another role in the same place, and end their sessions.

    Raises NotFoundError where the address has no account, NotAllowedError where the role
    belongs elsewhere.
    """
    before = find_account(db, email=email)
    if before is not None and (before.role in PROGRAMME_ROLES) != (role in PROGRAMME_ROLES):
        raise NotAllowedError("A role of the programme and one of an authority do not change.")
    account = accounts.change_account(db, email, role=role)
    audit.save_event(
        db, by, "role changed", account.authority_id, email=account.email, role=role.value
    )
    return account


def _require_present(db: Session, authority_id: str) -> None:
    """Refuse an authority that has ended."""
    authority = authorities.read_authority(db, authority_id)
    if authority.ended_on is not None:
        raise NotAllowedError(f"{authority.name} ended on {authority.ended_on}.")
