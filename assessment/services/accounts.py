"""Accounts: who may sign in, and as what."""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from assessment.core.accounts import PROGRAMME_ROLES, Account, Role
from assessment.core.errors import NotAllowedError
from assessment.core.typed import is_email, normalise_email
from assessment.services import limits
from assessment.services.lifetimes import require_not_ended
from assessment.storage import accounts, audit, authorities, queue
from assessment.storage.accounts import (
    delete_session,
    find_account,
    find_session,
    read_accounts,
)

__all__ = ["delete_session", "find_account", "find_session", "read_accounts"]

SEND_SIGN_IN = "send_sign_in"
CODE_MINUTES = 15
CODE_LIFETIME = timedelta(minutes=CODE_MINUTES)
MOST_WRONG_CODES = 5
SESSION_LIFETIME = timedelta(hours=12)

# Sends an account the code of the sign-in with this number.
SendCode = Callable[[Account, int, str], None]


def create_account(
    db: Session,
    email: str,
    name: str,
    role: Role,
    authority_id: str | None,
    *,
    today: date,
    by: str,
) -> Account:
    """Let a person sign in with a role; raises NotAllowedError, which says what is wrong.

    An authority that starts or ends later may have people; one that has ended may not.
    """
    if not is_email(normalise_email(email)):
        raise NotAllowedError(f"{email!r} is not an e-mail address.")
    if not name.strip():
        raise NotAllowedError("Give the person's name.")
    if role in PROGRAMME_ROLES and authority_id is not None:
        raise NotAllowedError(f"A person of the programme ({role}) belongs to no authority.")
    if role not in PROGRAMME_ROLES and authority_id is None:
        raise NotAllowedError(f"Name the authority that the {role} belongs to.")
    if authority_id is not None:
        require_not_ended(db, authorities.read_authority(db, authority_id), today)
    account = accounts.create_account(db, email, name.strip(), role, authority_id)
    audit.save_event(db, by, "account created", authority_id, email=account.email, role=role.value)
    return account


def ask_sign_in(
    db: Session, email: str, browser: str, next_path: str, *, client: str, now: datetime
) -> None:
    """Queue a sign-in mail for this browser; for an address without an account as much is done.

    ``browser`` is the secret that the browser asking is known by, ``client`` the network it
    asks from. Raises TooManyError where too many were asked for.
    """
    address = normalise_email(email)
    limits.require_below(db, limits.MAILS_FOR_CLIENT, f"{client} {address}", now)
    limits.require_below(db, limits.MAILS, address, now)
    account = find_account(db, email=address)
    account_id = account.id if account is not None and account.active else None
    accounts.save_asking(db, account_id, address, browser, next_path)
    queue.enqueue(db, SEND_SIGN_IN, priority=1, account_id=account_id or 0)


def send_sign_in(db: Session, account_id: int, send: SendCode) -> None:
    """Draw a code for each browser that waits for one, and send it."""
    now = datetime.now(UTC)
    limits.forget_counts(db, now)
    accounts.delete_askings(db, asked_before=now - CODE_LIFETIME)
    for asking_id, account in accounts.read_unsent(db, account_id):
        code = f"{secrets.randbelow(10**6):06}"
        accounts.save_code(db, asking_id, code, now)
        send(account, asking_id, code)


def take_code(
    db: Session, email: str, browser: str, code: str, *, now: datetime
) -> tuple[Account, str] | None:
    """Return whose newest code this is, and where they wanted to go.

    It works once, in the browser that asked, and few may be tried. Raises TooManyError where
    too many wrong ones were tried for the address, in whatever browsers.
    """
    address = normalise_email(email)
    limits.require_below(db, limits.WRONG_CODES, address, now)
    after = now - CODE_LIFETIME
    entering = accounts.take_code(
        db, address, browser, code, sent_after=after, tries=MOST_WRONG_CODES
    )
    if entering is not None:
        limits.take_back(db, limits.WRONG_CODES, address)
    return entering


def take_link(db: Session, asking_id: int, *, now: datetime) -> tuple[Account, str] | None:
    """Return who a link lets in, once, in any browser, and where they wanted to go."""
    return accounts.take_link(db, asking_id, sent_after=now - CODE_LIFETIME)


def begin_session(db: Session, account: Account, *, now: datetime) -> str:
    """Sign a person in in one browser, and return the random key that the browser is given.

    It ends SESSION_LIFETIME later, however much it is used. Time without use does not end it:
    a person who reads or types for an hour between two requests must lose nothing.
    """
    key = secrets.token_hex(32)
    accounts.save_session(db, account.id, key, begun_at=now, ends_at=now + SESSION_LIFETIME)
    return key


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
