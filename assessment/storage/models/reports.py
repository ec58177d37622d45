"""The table of reports."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.storage.models.base import Base, now
from assessment.storage.models.people import ActorRow


class ReportRow(Base):
    """A report asked for: waiting, ready or failed; the programme's own has no authority."""

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    data: Mapped[str | None] = mapped_column(deferred=True)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    failure: Mapped[str | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    asker: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    made_at: Mapped[datetime | None]
    code: Mapped[str | None] = mapped_column(unique=True)
    content_hash: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),
        Index(
            "uq_report_unfinished",
            "authority_id",
            "round_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            postgresql_nulls_not_distinct=True,
        ),
    )
