"""Accounts."""

import hashlib
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.accounts import Account, Role
from assessment.core.typed import normalise_email
from assessment.storage.models import AccountRow, BrowserSessionRow, SignInRow


def create_account(
    db: Session, email: str, name: str, role: Role, authority_id: str | None
) -> Account:
    """Store a new account; raises NotAllowedError where the address has one already."""
    if find_account(db, email=email) is not None:
        raise NotAllowedError(f"{email} has an account already.")
    row = AccountRow(
        email=normalise_email(email),
        name=name,
        role=role.value,
        authority_id=authority_id,
        active=True,
    )
    db.add(row)
    _require_free(db, email)
    return _account(row)


def find_account(db: Session, *, email: str) -> Account | None:
    """Return the account of an address, or None."""
    row = db.scalar(select(AccountRow).where(AccountRow.email == normalise_email(email)))
    return None if row is None else _account(row)


def read_every_account(db: Session) -> list[Account]:
    """Return everybody, deactivated people too, by authority, name and number."""
    order = AccountRow.authority_id, AccountRow.name, AccountRow.id
    return [_account(row) for row in db.scalars(select(AccountRow).order_by(*order))]


def read_accounts(db: Session, authority_id: str | None) -> list[Account]:
    """Return the people of one authority, or of the programme for None, by name."""
    query = select(AccountRow).where(AccountRow.authority_id.is_not_distinct_from(authority_id))
    return [_account(row) for row in db.scalars(query.order_by(AccountRow.name, AccountRow.id))]


def create_sign_in_request(
    db: Session, account_id: int | None, address_hash: str, browser: str, next_path: str
) -> None:
    """Store that a browser asked for a sign-in mail; for no account, nobody will answer it."""
    db.add(
        SignInRow(
            account_id=account_id,
            address_hash=address_hash,
            browser_hash=_hash(browser),
            next_path=next_path,
        )
    )
    db.flush()


def delete_sign_in_requests(db: Session, *, before: datetime) -> list[int]:
    """Forget what was sent before then, or asked for and not sent, without an account too.

    Returns the account of each that no code was sent for.
    """
    last_at = func.coalesce(SignInRow.sent_at, SignInRow.asked_at)
    old = delete(SignInRow).where(last_at <= before)
    deleted = db.execute(old.returning(SignInRow.account_id, SignInRow.code_hash))
    return [account_id for account_id, code_hash in deleted if account_id and code_hash is None]


def lock_unsent(
    db: Session, account_id: int, *, asked_after: datetime
) -> tuple[int, Account] | None:
    """Return an active account with its oldest sign-in request that has no code yet, if any.

    The request is locked until the transaction ends, and one that is locked is passed over.
    """
    query = (
        select(SignInRow.id, AccountRow)
        .join(AccountRow, AccountRow.id == SignInRow.account_id)
        .where(
            AccountRow.id == account_id,
            AccountRow.active,
            SignInRow.code_hash.is_(None),
            SignInRow.asked_at > asked_after,
        )
        .order_by(SignInRow.id)
        .limit(1)
        .with_for_update(of=SignInRow, skip_locked=True)
    )
    found = db.execute(query).first()
    return None if found is None else (found[0], _account(found[1]))


def save_code(db: Session, request_id: int, code: str, sent_at: datetime) -> None:
    """Store the code that is sent to a browser, in the place of any it was sent before."""
    row = db.get_one(SignInRow, request_id)
    row.code_hash, row.sent_at = _hash(f"{row.browser_hash} {code}"), sent_at
    same = (SignInRow.account_id == row.account_id, SignInRow.browser_hash == row.browser_hash)
    db.flush()
    db.execute(delete(SignInRow).where(*same, SignInRow.id < request_id))


def take_code(
    db: Session, address_hash: str, browser: str, code: str, *, sent_after: datetime, tries: int
) -> tuple[Account, str] | None:
    """Return the account and path of the code sent to this browser, and end the code.

    Wrong tries are counted, and too many invalidate the code; nobody else's browser can do that,
    and the link that was sent with it still works. The same is done for an address without an
    account, whose requests have no code: the time of a response must not tell who has one.
    """
    hashed = _hash(browser)
    query = (
        select(SignInRow)
        .where(SignInRow.browser_hash == hashed, SignInRow.address_hash == address_hash)
        .order_by(SignInRow.sent_at.desc().nulls_last(), SignInRow.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = db.scalar(query.execution_options(populate_existing=True))
    if row is None:
        return None
    is_right = compare_digest(str(row.code_hash), _hash(f"{hashed} {code}"))
    is_alive = row.wrong_codes < tries and row.sent_at is not None and row.sent_at > sent_after
    if is_right and is_alive:
        return _take(db, row)
    row.wrong_codes += 1
    db.flush()
    return None


def take_link(db: Session, request_id: int, *, sent_after: datetime) -> tuple[Account, str] | None:
    """Return the account and path of a link, and end it with its code."""
    query = (
        select(SignInRow)
        .where(SignInRow.id == request_id, SignInRow.sent_at > sent_after)
        .with_for_update()
    )
    row = db.scalar(query.execution_options(populate_existing=True))
    return None if row is None else _take(db, row)


def change_account(
    db: Session,
    email: str,
    *,
    role: Role | None = None,
    active: bool | None = None,
    new_email: str | None = None,
    authority_id: str | None = None,
) -> Account:
    """Change what is given of an account, and end its sessions.

    Raises NotFoundError where the address has no account, NotAllowedError where the new
    address has one already.
    """
    row = db.scalar(
        select(AccountRow).where(AccountRow.email == normalise_email(email)).with_for_update()
    )
    if row is None:
        raise NotFoundError(f"{email} has no account.")
    row.role = row.role if role is None else role.value
    row.active = row.active if active is None else active
    row.email = row.email if new_email is None else normalise_email(new_email)
    row.authority_id = row.authority_id if authority_id is None else authority_id
    _require_free(db, new_email or email)
    db.execute(delete(BrowserSessionRow).where(BrowserSessionRow.account_id == row.id))
    db.execute(delete(SignInRow).where(SignInRow.account_id == row.id))
    return _account(row)


def _require_free(db: Session, email: str) -> None:
    """Write what is pending; refuse an address that somebody else took at the same moment."""
    try:
        with db.begin_nested():
            db.flush()
    except IntegrityError:
        raise NotAllowedError(f"{email} has an account already.") from None


def save_session(
    db: Session, account_id: int, key: str, *, begun_at: datetime, ends_at: datetime
) -> None:
    """Store the session of one browser."""
    row = BrowserSessionRow(
        key_hash=_hash(key), account_id=account_id, begun_at=begun_at, ends_at=ends_at
    )
    db.add(row)
    db.flush()


def find_session(db: Session, key: str, now: datetime) -> Account | None:
    """Return the active account that a session is of, or None where it has ended."""
    query = (
        select(AccountRow)
        .join(BrowserSessionRow, BrowserSessionRow.account_id == AccountRow.id)
        .where(
            BrowserSessionRow.key_hash == _hash(key),
            BrowserSessionRow.ends_at > now,
            AccountRow.active,
        )
    )
    row = db.scalar(query)
    return None if row is None else _account(row)


def delete_sessions(db: Session, *, ended_before: datetime) -> None:
    """Forget the sessions that have ended."""
    db.execute(delete(BrowserSessionRow).where(BrowserSessionRow.ends_at <= ended_before))


def delete_session(db: Session, key: str) -> None:
    """End the session of one browser."""
    db.execute(delete(BrowserSessionRow).where(BrowserSessionRow.key_hash == _hash(key)))


def _take(db: Session, row: SignInRow) -> tuple[Account, str] | None:
    """End a sign-in and return whom it lets in, and where to; None where they are shut out."""
    account = db.get_one(AccountRow, row.account_id, populate_existing=True)
    db.delete(row)
    db.flush()
    return (_account(account), row.next_path) if account.active else None


def _hash(secret: str) -> str:
    """Return what is kept of a secret; a code's is salted with its browser's key."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _account(row: AccountRow) -> Account:
    """Turn a row into the core's account."""
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        authority_id=row.authority_id,
        active=row.active,
    )
