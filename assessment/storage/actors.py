"""Actors: who did what is stored."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assessment.core.people.actors import Actor, ActorKind, Person
from assessment.storage.models import ActorRow, PersonRow


def save_actor(db: Session, actor: Actor) -> int:
    """Return the id of an actor, stored now if it is no person and was never there."""
    if actor.person is not None:
        return actor.person.id
    named = {"kind": actor.kind.value, "name": actor.name}
    query = select(ActorRow.id).filter_by(**named)
    found = db.scalar(query)
    if found is not None:
        return found
    db.execute(insert(ActorRow).values(**named).on_conflict_do_nothing())
    return db.scalars(query).one()


def restore_actor(row: ActorRow) -> Actor:
    """Turn the row of an actor into the core's actor."""
    if row.person is None:
        return Actor(ActorKind(row.kind), row.name or "")
    return restore_person(row.person).actor


def restore_person(row: PersonRow) -> Person:
    """Turn the row of a person into the core's person."""
    return Person(row.id, row.email, row.name)
