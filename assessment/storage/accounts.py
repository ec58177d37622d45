"""Accounts."""

import hashlib
import secrets
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.core.accounts import Account, Role
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.storage.models import AccountRow


def create_account(
    db: Session, email: str, name: str, role: Role, authority_id: str | None
) -> Account:
    """Store a new account; raises NotAllowedError where the address has one already."""
    if find_account(db, email=email) is not None:
        raise NotAllowedError(f"{email} has an account already.")
    row = AccountRow(
        email=email.lower(),
        name=name,
        role=role.value,
        authority_id=authority_id,
        active=True,
        session_key=secrets.token_hex(32),
    )
    db.add(row)
    db.flush()
    return _account(row)


def find_account(
    db: Session, *, email: str | None = None, session_key: str | None = None
) -> Account | None:
    """Return the account of an address or of a session, or None."""
    query = select(AccountRow)
    if email is not None:
        query = query.where(AccountRow.email == email.lower())
    else:
        query = query.where(AccountRow.session_key == session_key)
    row = db.scalar(query)
    return None if row is None else _account(row)


def read_accounts(db: Session, authority_id: str | None) -> list[Account]:
    """Return the people of one authority, or of the programme for None, by name."""
    query = select(AccountRow).where(AccountRow.authority_id.is_not_distinct_from(authority_id))
    return [_account(row) for row in db.scalars(query.order_by(AccountRow.name, AccountRow.id))]


def save_code(db: Session, email: str, code: str, sent_at: datetime) -> Account | None:
    """Store a sign-in code for an active account in the place of any before; None for others."""
    row = _lock(db, email)
    if row is None:
        return None
    row.code_hash, row.code_sent_at, row.wrong_codes = _hash(row, code), sent_at, 0
    db.flush()
    return _account(row)


def take_code(
    db: Session, email: str, code: str, *, sent_after: datetime, tries: int
) -> Account | None:
    """Return the account whose code this is, and end the code; count wrong tries, and end it then.

    The row stays locked until the transaction ends, so that two cannot use one code.
    """
    row = _lock(db, email)
    if row is None or row.code_hash is None or row.code_sent_at is None:
        return None
    right = compare_digest(row.code_hash, _hash(row, code)) and row.code_sent_at > sent_after
    row.wrong_codes += 0 if right else 1
    if right or row.wrong_codes >= tries:
        row.code_hash = None
    db.flush()
    return _account(row) if right else None


def change_account(
    db: Session, email: str, *, role: Role | None = None, active: bool | None = None
) -> Account:
    """Change an account's role or shut it out, and end its sessions.

    Raises NotFoundError where the address has no account.
    """
    row = db.scalar(select(AccountRow).where(AccountRow.email == email.lower()).with_for_update())
    if row is None:
        raise NotFoundError(f"{email} has no account.")
    row.role = row.role if role is None else role.value
    row.active = row.active if active is None else active
    row.session_key, row.code_hash = secrets.token_hex(32), None
    db.flush()
    return _account(row)


def _lock(db: Session, email: str) -> AccountRow | None:
    """Return the row of an active account, locked."""
    query = select(AccountRow).where(AccountRow.email == email.lower(), AccountRow.active)
    return db.scalar(query.with_for_update().execution_options(populate_existing=True))


def _hash(row: AccountRow, code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(f"{row.session_key} {code}".encode()).hexdigest()


def _account(row: AccountRow) -> Account:
    """Turn a row into the core's account."""
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        authority_id=row.authority_id,
        active=row.active,
        session_key=row.session_key,
    )
