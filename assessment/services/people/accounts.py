"""Accounts: who may sign in, and as what."""

import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.errors import NotAllowedError, RefusedError
from assessment.core.people.actors import Actor, Person
from assessment.core.people.events import EventKind
from assessment.core.people.memberships import PROGRAMME_ROLES, SUBMITTING_ROLES, Membership, Role
from assessment.core.typed import is_email, normalise_email
from assessment.services.people import limits
from assessment.services.people.limits import CODE_LIFETIME, CODE_MINUTES
from assessment.services.register.lifetimes import require_not_ended
from assessment.storage import audit, authorities, people, queue, sign_ins
from assessment.storage.people import find_membership, read_every_membership, read_memberships
from assessment.storage.sign_ins import delete_session, find_session

__all__ = [
    "CODE_MINUTES",
    "delete_session",
    "find_membership",
    "find_session",
    "read_every_membership",
    "read_memberships",
]

SEND_SIGN_IN = "send_sign_in"
MAX_WRONG_CODES = 5
SESSION_LIFETIME = timedelta(hours=12)

# Sends a person the code of the sign-in request with this number.
SendCode = Callable[[Person, int, str], None]

logger = logging.getLogger(__name__)


def create_account(
    db: Session,
    email: str,
    name: str,
    role: Role,
    authority_id: str | None,
    *,
    today: date,
    by: Actor,
) -> Membership:
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
    created = people.create_person(db, email, name.strip(), role, authority_id, clock.now())
    _record(db, by, EventKind.ACCOUNT_CREATED, created, role=role.value)
    return created


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
    request_id, membership = waiting
    code = f"{secrets.randbelow(10**6):06}"
    sign_ins.save_code(db, request_id, code, now)
    try:
        send(membership.person, request_id, code)
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


def deactivate_account(db: Session, email: str, *, by: Actor) -> Membership:
    """Shut a person out at once; raises NotFoundError where nobody has the address."""
    before = people.lock_person(db, email)
    people.end_memberships(db, before.person.id, clock.now())
    _record(db, by, EventKind.ACCOUNT_DEACTIVATED, before)
    return people.lock_person(db, email)


def activate_account(db: Session, email: str, *, today: date, by: Actor) -> Membership:
    """Let a person who was shut out sign in again, with the same role in the same place.

    Raises NotFoundError where nobody has the address, NotAllowedError where the person is not
    shut out or their authority has ended.
    """
    before = people.lock_person(db, email)
    if before.is_current:
        raise NotAllowedError(f"{before.person.email} can sign in: the account is active.")
    _require_authority(db, before.authority_id, today)
    after = _change_membership(db, before, before.role, before.authority_id)
    _record(db, by, EventKind.ACCOUNT_ACTIVATED, after, role=after.role.value)
    return after


def change_role(db: Session, email: str, role: Role, *, by: Actor) -> Membership:
    """Give a person another role in the same place, and end their sessions.

    Raises NotFoundError where nobody has the address, NotAllowedError where the person is
    deactivated or the role belongs elsewhere.
    """
    before = _lock_current(db, email)
    if (before.role in PROGRAMME_ROLES) != (role in PROGRAMME_ROLES):
        raise NotAllowedError("A role of the programme and one of an authority do not change.")
    after = _change_membership(db, before, role, before.authority_id)
    _record(db, by, EventKind.ROLE_CHANGED, after, role=role.value)
    return after


def list_submitters(db: Session, authority_id: str) -> list[Membership]:
    """List who of an authority may submit, by name."""
    members = read_memberships(db, authority_id)
    return [one for one in members if one.is_current and one.role in SUBMITTING_ROLES]


def change_email(db: Session, email: str, new_email: str, *, by: Actor) -> Membership:
    """Correct a person's address and end their sessions; the audit trail keeps both addresses.

    Raises NotFoundError where nobody has the address, NotAllowedError where the new one is
    not an address or somebody has it.
    """
    before = people.lock_person(db, email)
    _require_email(new_email)
    other = find_membership(db, email=new_email)
    if other is not None:
        same = "its own already" if other.person == before.person else "an account already"
        raise NotAllowedError(f"{other.person.email} has {same}.")
    after = people.change_email(db, before.person.id, new_email)
    _record(db, by, EventKind.ADDRESS_CHANGED, before, new_email=after.person.email)
    return after


def move_account(
    db: Session, email: str, authority_id: str, *, today: date, by: Actor
) -> Membership:
    """Move a person to another authority, with the same role, and end their sessions.

    Both authorities' audit trails say so; what the person answered stays where it is. Raises
    NotFoundError where the address or the authority is not there, NotAllowedError where the
    person is deactivated, is of the programme or there already, or the authority has ended.
    """
    before = _lock_current(db, email)
    if before.authority_id is None:
        raise NotAllowedError(f"{before.person.email} is of the programme, and of no authority.")
    if before.authority_id == authority_id:
        raise NotAllowedError(f"{before.person.email} is of {authority_id} already.")
    _require_authority(db, authority_id, today)
    after = _change_membership(db, before, before.role, authority_id)
    audit.save_events(
        db,
        by,
        EventKind.ACCOUNT_MOVED,
        [before.authority_id, authority_id],
        email=after.person.email,
        role=after.role.value,
        moved_from=before.authority_id,
        moved_to=authority_id,
    )
    return after


def name_authority(db: Session, authority_id: str) -> str:
    """Return the name of an authority that a form says it is of; empty where there is none."""
    names = {authority.id: authority.name for authority in authorities.read_authorities(db)}
    return names.get(authority_id, "")


def _change_membership(
    db: Session, before: Membership, role: Role, authority_id: str | None
) -> Membership:
    """End a person's memberships and sessions, and begin another membership."""
    now = clock.now()
    people.end_memberships(db, before.person.id, now)
    people.begin_membership(db, before.person.id, role, authority_id, now)
    return people.lock_person(db, before.person.email)


def _record(
    db: Session, by: Actor, kind: EventKind, membership: Membership, **detail: object
) -> None:
    """Write to the audit trail what was done to a person, named by their address."""
    place = membership.authority_id
    audit.save_event(db, by, kind, place, email=membership.person.email, **detail)


def _lock_current(db: Session, email: str) -> Membership:
    """Return a person's membership, locked; raises NotAllowedError where it has ended."""
    membership = people.lock_person(db, email)
    if not membership.is_current:
        raise NotAllowedError(
            f"{membership.person.email} is deactivated: activate the account first."
        )
    return membership


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
