"""Signing in: codes and links by mail, sessions of browsers."""

import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.errors import RefusedError
from assessment.core.people.actors import Person
from assessment.core.people.memberships import Membership
from assessment.core.typed import normalise_email
from assessment.services.people import limits
from assessment.services.people.limits import CODE_LIFETIME, CODE_MINUTES
from assessment.storage import queue, sign_ins
from assessment.storage.people import find_membership
from assessment.storage.sign_ins import (
    delete_other_sessions,
    delete_session,
    delete_session_of,
)

__all__ = ["CODE_MINUTES", "delete_other_sessions", "delete_session", "delete_session_of"]

SEND_SIGN_IN = "send_sign_in"
MAX_WRONG_CODES = 5
SESSION_LIFETIME = timedelta(hours=12)

# Sends a person the code of the sign-in request with this number.
SendCode = Callable[[Person, int, str], None]

logger = logging.getLogger(__name__)


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
    found = find_membership(db, email=address)
    person_id = found.person.id if found is not None and found.is_current else None
    sign_ins.create_sign_in_request(db, person_id, address_hash, browser, next_path)
    queue.enqueue(db, SEND_SIGN_IN, queue_name=queue.QueueName.MAIL, person_id=person_id or 0)


def send_sign_in(db: Session, person_id: int, send: SendCode) -> bool:
    """Draw a code for the browser that has waited longest for one, and send it.

    Returns whether one waited; commit before the next, so that nothing is sent twice. Nobody
    waits longer than a code lives. Raises UnavailableError where it may be tried again.
    """
    now = clock.now()
    waiting = sign_ins.lock_unsent(db, person_id, asked_after=now - CODE_LIFETIME)
    if waiting is None:
        return False
    request_id, person = waiting
    code = f"{secrets.randbelow(10**6):06}"
    sign_ins.save_code(db, request_id, code, now)
    try:
        send(person, request_id, code)
    except RefusedError as error:
        logger.warning("The sign-in mail of person %s was refused: %s", person_id, error)
    return True


def forget_sign_ins(db: Session, *, now: datetime) -> None:
    """Delete what is kept of signing in once nothing needs it: requests, counts, sessions."""
    for unsent_id in sign_ins.delete_sign_in_requests(db, before=now - CODE_LIFETIME):
        logger.warning("Gave up the sign-in mail of person %s after %s.", unsent_id, CODE_LIFETIME)
    limits.forget_counts(db, now)
    sign_ins.delete_sessions(db, ended_before=now)


def take_code(
    db: Session, email: str, browser: str, code: str, *, salt: str, now: datetime
) -> tuple[Membership, str] | None:
    """Return whose newest code this is, and where they wanted to go.

    It works once, in the browser that asked, and few may be tried. Raises TooManyError where
    too many wrong ones were tried for the address, in whatever browsers.
    """
    address_hash = _hash_with(salt, normalise_email(email))
    limits.require_below(db, limits.WRONG_CODES, address_hash, now)
    after = now - CODE_LIFETIME
    entering = sign_ins.take_code(
        db, address_hash, browser, code, sent_after=after, tries=MAX_WRONG_CODES
    )
    if entering is not None:
        limits.take_back(db, limits.WRONG_CODES, address_hash)
        limits.begin_again(db, limits.MAILS, address_hash)
    return entering


def take_link(
    db: Session, request_id: int, *, salt: str, now: datetime
) -> tuple[Membership, str] | None:
    """Return who a link lets in, once, in any browser, and where they wanted to go."""
    entering = sign_ins.take_link(db, request_id, sent_after=now - CODE_LIFETIME)
    if entering is not None:
        # the newest mail may be used up now
        limits.begin_again(db, limits.MAILS, _hash_with(salt, entering[0].person.email))
    return entering


def begin_session(db: Session, person: Person, *, now: datetime) -> str:
    """Sign a person in in one browser, and return the random key that the browser is given.

    It ends SESSION_LIFETIME later, however much it is used. Time without use does not end it:
    a person who reads or types for an hour between two requests must lose nothing.
    """
    key = secrets.token_hex(32)
    sign_ins.save_session(db, person.id, key, begun_at=now, ends_at=now + SESSION_LIFETIME)
    return key


def _hash_with(salt: str, text: str) -> str:
    """Return what is kept of an address or a network; without the salt nobody can try some."""
    return hmac.new(salt.encode(), text.encode(), "sha256").hexdigest()
