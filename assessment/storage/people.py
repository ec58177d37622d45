"""People and their memberships."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import ActorKind
from assessment.core.people.memberships import Membership, Role
from assessment.core.typed import normalise_email
from assessment.locale import gettext
from assessment.storage.actors import restore_person
from assessment.storage.models import (
    ActorRow,
    BrowserSessionRow,
    MembershipRow,
    PersonRow,
    SignInRow,
)


def create_person(
    db: Session, email: str, name: str, role: Role, authority_id: str | None, now: datetime
) -> Membership:
    """Store a new person with a membership from now on.

    Raises NotAllowedError where somebody has the address already.
    """
    if find_membership(db, email=email) is not None:
        raise NotAllowedError(gettext("%(email)s has an account already.", email=email))
    with _refuse_taken(db, email):
        actor = ActorRow(kind=ActorKind.PERSON.value)
        db.add(actor)
        db.flush()
        db.add(PersonRow(id=actor.id, email=normalise_email(email), name=name))
    begin_membership(db, actor.id, role, authority_id, now)
    return _read_newest(db, actor.id)


def find_membership(db: Session, *, email: str) -> Membership | None:
    """Return the newest membership of the person with an address, ended or not, or None."""
    row = db.execute(_newest().where(PersonRow.email == normalise_email(email))).one_or_none()
    return None if row is None else restore_membership(*row)


def read_every_membership(db: Session) -> list[Membership]:
    """Return everybody's newest membership, ended ones too, by authority, name and number."""
    order = MembershipRow.authority_id, PersonRow.name, PersonRow.id
    return [restore_membership(*row) for row in db.execute(_newest().order_by(*order))]


def read_memberships(db: Session, authority_id: str | None) -> list[Membership]:
    """Return the people whose newest membership is of one authority, or of the programme, by name.

    The programme is asked for by None; memberships that have ended are among them.
    """
    query = _newest().where(MembershipRow.authority_id.is_not_distinct_from(authority_id))
    rows = db.execute(query.order_by(PersonRow.name, PersonRow.id))
    return [restore_membership(*row) for row in rows]


def begin_membership(
    db: Session, person_id: int, role: Role, authority_id: str | None, now: datetime
) -> None:
    """Give a person a role in an authority, or in the programme for None."""
    db.add(
        MembershipRow(person_id=person_id, authority_id=authority_id, role=role.value, since=now)
    )
    db.flush()


def end_memberships(db: Session, person_id: int, now: datetime) -> None:
    """End what memberships a person has, their sessions and their requests to sign in."""
    lasting = (MembershipRow.person_id == person_id, MembershipRow.until.is_(None))
    # Another machine's clock may have been ahead when the membership began.
    ended_at = func.greatest(MembershipRow.since, now)
    db.execute(update(MembershipRow).where(*lasting).values(until=ended_at))
    end_sessions(db, person_id)


def lock_person(db: Session, email: str) -> Membership:
    """Return a person's newest membership; nobody else changes either in this transaction.

    Raises NotFoundError where nobody has the address.
    """
    query = select(PersonRow.id).where(PersonRow.email == normalise_email(email))
    person_id = db.scalar(query.with_for_update())
    if person_id is None:
        raise NotFoundError(gettext("%(email)s has no account.", email=email))
    return _read_newest(db, person_id)


def change_email(db: Session, person_id: int, email: str) -> Membership:
    """Correct a person's address, and end their sessions.

    Raises NotAllowedError where somebody has the new one already.
    """
    with _refuse_taken(db, email):
        db.get_one(PersonRow, person_id).email = normalise_email(email)
    end_sessions(db, person_id)
    return _read_newest(db, person_id)


def end_sessions(db: Session, person_id: int) -> None:
    """End a person's sessions and their requests to sign in."""
    db.execute(delete(BrowserSessionRow).where(BrowserSessionRow.person_id == person_id))
    db.execute(delete(SignInRow).where(SignInRow.person_id == person_id))


def restore_membership(row: MembershipRow, person: PersonRow) -> Membership:
    """Turn a row, with that of the person, into the core's membership."""
    return Membership(
        person=restore_person(person),
        role=Role(row.role),
        authority_id=row.authority_id,
        since=row.since,
        until=row.until,
    )


def select_memberships() -> Select[MembershipRow, PersonRow]:
    """Return the query for memberships with their people, as they are stored now."""
    query = select(MembershipRow, PersonRow)
    return query.join(PersonRow, PersonRow.id == MembershipRow.person_id).execution_options(
        populate_existing=True
    )


def _newest() -> Select[MembershipRow, PersonRow]:
    """Return the query for the newest membership of each person."""
    newest_ids = select(func.max(MembershipRow.id)).group_by(MembershipRow.person_id)
    return select_memberships().where(MembershipRow.id.in_(newest_ids))


def _read_newest(db: Session, person_id: int) -> Membership:
    """Return a person's newest membership."""
    row = db.execute(_newest().where(MembershipRow.person_id == person_id)).one()
    return restore_membership(*row)


@contextmanager
def _refuse_taken(db: Session, email: str) -> Iterator[None]:
    """Write what is done within, or nothing of it where somebody took the address meanwhile."""
    try:
        with db.begin_nested():
            yield
    except IntegrityError:
        raise NotAllowedError(gettext("%(email)s has an account already.", email=email)) from None
