"""Accounts: who may sign in, and as what."""

from datetime import date

from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.people.memberships import PROGRAMME_ROLES, Membership, Role
from assessment.core.typed import is_email, normalise_email
from assessment.locale import gettext
from assessment.services.register.lifetimes import require_not_ended
from assessment.storage import audit, authorities, people
from assessment.storage.people import find_membership
from reports.words import name_role


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
        raise NotAllowedError(gettext("Give the person's name."))
    if role in PROGRAMME_ROLES and authority_id is not None:
        raise NotAllowedError(
            gettext(
                "A person of the programme (%(role)s) belongs to no authority.",
                role=name_role(role),
            )
        )
    if role not in PROGRAMME_ROLES and authority_id is None:
        raise NotAllowedError(
            gettext("Name the authority that the %(role)s belongs to.", role=name_role(role))
        )
    _require_authority(db, authority_id, today)
    created = people.create_person(db, email, name.strip(), role, authority_id, clock.now())
    _record(db, by, EventKind.ACCOUNT_CREATED, created, role=role.value)
    return created


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
        raise NotAllowedError(
            gettext("%(email)s can sign in: the account is active.", email=before.person.email)
        )
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
        raise NotAllowedError(
            gettext("A role of the programme and one of an authority do not change.")
        )
    after = _change_membership(db, before, role, before.authority_id)
    _record(db, by, EventKind.ROLE_CHANGED, after, role=role.value)
    return after


def change_email(db: Session, email: str, new_email: str, *, by: Actor) -> Membership:
    """Correct a person's address and end their sessions; the audit trail keeps both addresses.

    Raises NotFoundError where nobody has the address, NotAllowedError where the new one is
    not an address or somebody has it.
    """
    before = people.lock_person(db, email)
    _require_email(new_email)
    other = find_membership(db, email=new_email)
    if other is not None:
        taken = other.person.email
        if other.person == before.person:
            raise NotAllowedError(
                gettext("%(email)s is the address of this account already.", email=taken)
            )
        raise NotAllowedError(gettext("%(email)s has an account already.", email=taken))
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
        raise NotAllowedError(
            gettext(
                "%(email)s is of the programme, and of no authority.", email=before.person.email
            )
        )
    if before.authority_id == authority_id:
        raise NotAllowedError(
            gettext(
                "%(email)s is of %(authority)s already.",
                email=before.person.email,
                authority=authority_id,
            )
        )
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
            gettext(
                "%(email)s is deactivated: activate the account first.",
                email=membership.person.email,
            )
        )
    return membership


def _require_email(email: str) -> None:
    """Refuse what is no e-mail address."""
    if not is_email(normalise_email(email)):
        raise NotAllowedError(gettext("%(email)s is not an e-mail address.", email=repr(email)))


def _require_authority(db: Session, authority_id: str | None, today: date) -> None:
    """Refuse an authority that is not there or has ended; the programme has none."""
    if authority_id is not None:
        require_not_ended(db, authorities.read_authority(db, authority_id), today)
