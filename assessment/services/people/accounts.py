"""Accounts: who may sign in, and as what."""

import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.errors import NotAllowedError, NotFoundError, RefusedError
from assessment.core.people.accounts import PROGRAMME_ROLES, SUBMITTING_ROLES, Account, Role
from assessment.core.typed import is_email, normalise_email
from assessment.services.people import limits
from assessment.services.people.limits import CODE_LIFETIME, CODE_MINUTES
from assessment.services.register.lifetimes import require_not_ended
from assessment.storage import accounts, audit, authorities, queue
from assessment.storage.accounts import (
    delete_session,
    find_account,
    find_session,
    read_accounts,
    read_every_account,
)

__all__ = [
    "CODE_MINUTES",
    "delete_session",
    "find_account",
    "find_session",
    "read_accounts",
    "read_every_account",
]

SEND_SIGN_IN = "send_sign_in"
MAX_WRONG_CODES = 5
SESSION_LIFETIME = timedelta(hours=12)

# Sends an account the code of the sign-in with this number.
SendCode = Callable[[Account, int, str], None]

logger = logging.getLogger(__name__)


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
    _require_email(email)
    if not name.strip():
        raise NotAllowedError("Give the person's name.")
    if role in PROGRAMME_ROLES and authority_id is not None:
        raise NotAllowedError(f"A person of the programme ({role}) belongs to no authority.")
    if role not in PROGRAMME_ROLES and authority_id is None:
        raise NotAllowedError(f"Name the authority that the {role} belongs to.")
    _require_authority(db, authority_id, today)
    account = accounts.create_account(db, email, name.strip(), role, authority_id)
    audit.save_event(db, by, "account created", authority_id, email=account.email, role=role.value)
    return account


def ask_sign_in(
    db: Session,
    email: str,
    browser: str,
    next_path: str,
    *,
    client: str,
    salt: str,
    now: datetime,
) -> None:
    """Queue a sign-in mail for this browser; for an address without an account as much is done.

    ``browser`` is the secret that the browser asking is known by, ``client`` the network it
    asks from. Raises TooManyError where too many were asked for.
    """
    address = normalise_email(email)
    address_hash = _hash_with(salt, address)
    limits.require_below(db, limits.MAILS_FOR_CLIENT, _hash_with(salt, client), now)
    limits.require_below(db, limits.MAILS, address_hash, now)
    account = find_account(db, email=address)
    account_id = account.id if account is not None and account.active else None
    accounts.create_sign_in_request(db, account_id, address_hash, browser, next_path)
    queue.enqueue(db, SEND_SIGN_IN, queue_name=queue.QueueName.MAIL, account_id=account_id or 0)


def send_sign_in(db: Session, account_id: int, send: SendCode) -> bool:
    """Draw a code for the browser that has waited longest for one, and send it.

    Returns whether one waited; commit before the next, so that nothing is sent twice. Nobody
    waits longer than a code lives. Raises UnavailableError where it may be tried again.
    """
    now = clock.now()
    waiting = accounts.lock_unsent(db, account_id, asked_after=now - CODE_LIFETIME)
    if waiting is None:
        return False
    request_id, account = waiting
    code = f"{secrets.randbelow(10**6):06}"
    accounts.save_code(db, request_id, code, now)
    try:
        send(account, request_id, code)
    except RefusedError as error:
        logger.warning("The sign-in mail of account %s was refused: %s", account.id, error)
    return True


def forget_sign_ins(db: Session, *, now: datetime) -> None:
    """Delete what is kept of signing in once nothing needs it: requests, counts, sessions."""
    for unsent_id in accounts.delete_sign_in_requests(db, before=now - CODE_LIFETIME):
        logger.warning("Gave up the sign-in mail of account %s after %s.", unsent_id, CODE_LIFETIME)
    limits.forget_counts(db, now)
    accounts.delete_sessions(db, ended_before=now)


def take_code(
    db: Session, email: str, browser: str, code: str, *, salt: str, now: datetime
) -> tuple[Account, str] | None:
    """Return whose newest code this is, and where they wanted to go.

    It works once, in the browser that asked, and few may be tried. Raises TooManyError where
    too many wrong ones were tried for the address, in whatever browsers.
    """
    address_hash = _hash_with(salt, normalise_email(email))
    limits.require_below(db, limits.WRONG_CODES, address_hash, now)
    after = now - CODE_LIFETIME
    entering = accounts.take_code(
        db, address_hash, browser, code, sent_after=after, tries=MAX_WRONG_CODES
    )
    if entering is not None:
        limits.take_back(db, limits.WRONG_CODES, address_hash)
        limits.begin_again(db, limits.MAILS, address_hash)
    return entering


def take_link(
    db: Session, request_id: int, *, salt: str, now: datetime
) -> tuple[Account, str] | None:
    """Return who a link lets in, once, in any browser, and where they wanted to go."""
    entering = accounts.take_link(db, request_id, sent_after=now - CODE_LIFETIME)
    if entering is not None:
        # the newest mail may be used up now
        limits.begin_again(db, limits.MAILS, _hash_with(salt, entering[0].email))
    return entering


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


def activate_account(db: Session, email: str, *, today: date, by: str) -> Account:
    """Let a person who was shut out sign in again, with the same role in the same place.

    Raises NotFoundError where the address has no account, NotAllowedError where it is active
    or its authority has ended.
    """
    before = _read(db, email)
    if before.active:
        raise NotAllowedError(f"{before.email} can sign in: the account is active.")
    _require_authority(db, before.authority_id, today)
    account = accounts.change_account(db, email, active=True)
    audit.save_event(
        db,
        by,
        "account activated",
        account.authority_id,
        email=account.email,
        role=account.role.value,
    )
    return account


def change_role(db: Session, email: str, role: Role, *, by: str) -> Account:
    """Give a person another role in the same place, and end their sessions.

    Raises NotFoundError where the address has no account, NotAllowedError where it is
    deactivated or the role belongs elsewhere.
    """
    before = _read_active(db, email)
    if (before.role in PROGRAMME_ROLES) != (role in PROGRAMME_ROLES):
        raise NotAllowedError("A role of the programme and one of an authority do not change.")
    account = accounts.change_account(db, email, role=role)
    audit.save_event(
        db, by, "role changed", account.authority_id, email=account.email, role=role.value
    )
    return account


def list_submitters(db: Session, authority_id: str) -> list[Account]:
    """List who of an authority may submit, by name."""
    people = accounts.read_accounts(db, authority_id)
    return [one for one in people if one.active and one.role in SUBMITTING_ROLES]


def change_email(db: Session, email: str, new_email: str, *, by: str) -> Account:
    """Correct a person's address and end their sessions; the audit trail keeps both addresses.

    Raises NotFoundError where the address has no account, NotAllowedError where the new one is
    not an address or has an account.
    """
    before = _read(db, email)
    _require_email(new_email)
    other = find_account(db, email=new_email)
    if other is not None:
        same = "its own already" if other.id == before.id else "an account already"
        raise NotAllowedError(f"{other.email} has {same}.")
    account = accounts.change_account(db, email, new_email=new_email)
    audit.save_event(
        db,
        by,
        "address changed",
        account.authority_id,
        email=before.email,
        new_email=account.email,
    )
    return account


def move_account(db: Session, email: str, authority_id: str, *, today: date, by: str) -> Account:
    """Move a person to another authority, with the same role, and end their sessions.

    Both authorities' audit trails say so; what the person answered stays where it is. Raises
    NotFoundError where the address or the authority is not there, NotAllowedError where the
    account is deactivated, is of the programme or there already, or the authority has ended.
    """
    before = _read_active(db, email)
    if before.authority_id is None:
        raise NotAllowedError(f"{before.email} is of the programme, and of no authority.")
    if before.authority_id == authority_id:
        raise NotAllowedError(f"{before.email} is of {authority_id} already.")
    _require_authority(db, authority_id, today)
    account = accounts.change_account(db, email, authority_id=authority_id)
    audit.save_events(
        db,
        by,
        "account moved",
        [before.authority_id, authority_id],
        email=account.email,
        role=account.role.value,
        moved_from=before.authority_id,
        moved_to=authority_id,
    )
    return account


def name_authority(db: Session, authority_id: str) -> str:
    """Return the name of an authority that a form says it is of; empty where there is none."""
    names = {authority.id: authority.name for authority in authorities.read_authorities(db)}
    return names.get(authority_id, "")


def _read(db: Session, email: str) -> Account:
    """Return the account of an address; raises NotFoundError where it has none."""
    account = find_account(db, email=email)
    if account is None:
        raise NotFoundError(f"{email} has no account.")
    return account


def _read_active(db: Session, email: str) -> Account:
    """Return the account of an address; raises NotAllowedError where it is deactivated."""
    account = _read(db, email)
    if not account.active:
        raise NotAllowedError(f"{account.email} is deactivated: activate the account first.")
    return account


def _require_email(email: str) -> None:
    """Refuse what is no e-mail address."""
    if not is_email(normalise_email(email)):
        raise NotAllowedError(f"{email!r} is not an e-mail address.")


def _require_authority(db: Session, authority_id: str | None, today: date) -> None:
    """Refuse an authority that is not there or has ended; the programme has none."""
    if authority_id is not None:
        require_not_ended(db, authorities.read_authority(db, authority_id), today)


def _hash_with(salt: str, text: str) -> str:
    """Return what is kept of an address or a network; without the salt nobody can try some."""
    return hmac.new(salt.encode(), text.encode(), "sha256").hexdigest()
