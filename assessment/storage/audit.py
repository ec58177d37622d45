"""The audit trail: written by every change, never changed itself."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.core.people.actors import Actor
from assessment.core.people.events import AuditEvent, EventKind
from assessment.storage.actors import restore_actor, save_actor
from assessment.storage.models import AuditEventRow


def save_event(
    db: Session, actor: Actor, kind: EventKind, authority_id: str | None = None, **detail: Any
) -> None:
    """Add one line to the audit trail."""
    save_events(db, actor, kind, [authority_id], **detail)


def save_events(
    db: Session, actor: Actor, kind: EventKind, authority_ids: Iterable[str | None], **detail: Any
) -> None:
    """Add the same line to the audit trails of several authorities."""
    actor_id = save_actor(db, actor)
    db.add_all(
        AuditEventRow(actor_id=actor_id, kind=kind.value, authority_id=authority_id, detail=detail)
        for authority_id in authority_ids
    )
    db.flush()


def read_events(db: Session, authority_id: str) -> list[AuditEvent]:
    """Return the audit trail of one authority, newest first."""
    query = select(AuditEventRow).where(AuditEventRow.authority_id == authority_id)
    rows = db.scalars(query.order_by(AuditEventRow.at.desc(), AuditEventRow.id.desc()))
    return [
        AuditEvent(row.at, restore_actor(row.actor), EventKind(row.kind), row.detail)
        for row in rows
    ]
