"""The audit trail: written by every change, never changed itself."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.core.people.accounts import AuditEvent
from assessment.storage.models import AuditEventRow


def save_event(
    db: Session, actor: str, kind: str, authority_id: str | None = None, **detail: Any
) -> None:
    """Add one line to the audit trail."""
    save_events(db, actor, kind, [authority_id], **detail)


def save_events(
    db: Session, actor: str, kind: str, authority_ids: Iterable[str | None], **detail: Any
) -> None:
    """Add the same line to the audit trails of several authorities."""
    db.add_all(
        AuditEventRow(actor=actor, kind=kind, authority_id=authority_id, detail=detail)
        for authority_id in authority_ids
    )
    db.flush()


def read_events(db: Session, authority_id: str) -> list[AuditEvent]:
    """Return the audit trail of one authority, newest first."""
    query = select(AuditEventRow).where(AuditEventRow.authority_id == authority_id)
    rows = db.scalars(query.order_by(AuditEventRow.at.desc(), AuditEventRow.id.desc()))
    return [AuditEvent(row.at, row.actor, row.kind, row.detail) for row in rows]
