"""The tables of improvement plans."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.storage.models.base import Base, now
from assessment.storage.models.people import ActorRow


class TargetRow(Base):
    """The score an authority wants to reach in one principle."""

    __tablename__ = "target"
    authority_id: Mapped[str] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    principle_id: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    changed_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class PlannedActionRow(Base):
    """One action of an authority's improvement plan; ``revision`` tells two editors apart."""

    __tablename__ = "planned_action"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[str] = mapped_column(ForeignKey("authority.id"), index=True)
    question_id: Mapped[str]
    text: Mapped[str]
    owner: Mapped[str]
    due_on: Mapped[date]
    is_done: Mapped[bool]
    revision: Mapped[int]
    changed_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    changer: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    changed_at: Mapped[datetime] = mapped_column(default=now)
