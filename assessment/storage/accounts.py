"""Accounts."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.core.accounts import Account, Role
from assessment.core.errors import NotAllowedError
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


def save_sign_in(db: Session, account: Account) -> None:
    """Store what the sign-in keeps of an account."""
    row = db.get_one(AccountRow, account.id)
    row.sign_in_secrets = account.sign_in_secrets
    row.wrong_codes = account.wrong_codes
    row.session_key = account.session_key
    row.active = account.active
    db.flush()


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
        sign_in_secrets=row.sign_in_secrets,
        wrong_codes=row.wrong_codes,
    )
