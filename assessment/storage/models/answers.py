"""The tables of assessments and their answers."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.core.answers.assessments import AssessmentState
from assessment.storage.models.base import Base, now
from assessment.storage.models.people import ActorRow


class AssessmentRow(Base):
    """One authority in one round."""

    __tablename__ = "assessment"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    authority_id: Mapped[str] = mapped_column(ForeignKey("authority.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(default=AssessmentState.ANSWERING.value)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    submitter: Mapped[ActorRow | None] = relationship(lazy="joined", viewonly=True)
    counted: Mapped[bool] = mapped_column(default=False)
    barriers: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    support: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    reopened_on: Mapped[date | None]
    reopening_reason: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("authority_id", "round_id"),
        CheckConstraint(
            "state IN ('answering', 'in_consensus', 'complete', 'returned', 'submitted', "
            "'reopened')",
            name="state",
        ),
        CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL) "
            "AND (submitted_at IS NULL) = (submitted_by IS NULL)",
            name="submitted",
        ),
        CheckConstraint("state = 'submitted' OR NOT counted", name="counted"),
        CheckConstraint("state <> 'reopened' OR reopened_on IS NOT NULL", name="reopened"),
    )


class AgreedAnswerRow(Base):
    """The authority's answer to one question; ``revision`` tells two editors apart.

    ``brought_from`` is the earlier round it was taken from, until a person saves or confirms it.
    """

    __tablename__ = "agreed_answer"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[str]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str]
    note: Mapped[str]
    evidence: Mapped[list[str]]
    seconds: Mapped[int | None]
    brought_from: Mapped[str | None] = mapped_column(ForeignKey("round.id"))
    revision: Mapped[int]
    changed_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    changer: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (
        CheckConstraint("(standing = 'level') = (level IS NOT NULL)", name="level_given"),
        CheckConstraint("standing IN ('level', 'dk', 'na')", name="standing"),
    )


class ClearedAnswerRow(Base):
    """That an agreed answer was cleared; a later answer goes on from its ``revision``."""

    __tablename__ = "cleared_answer"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    cleared_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    clearer: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    cleared_at: Mapped[datetime] = mapped_column(default=now)


class AnswerRow(Base):
    """What one person answered last, whatever was agreed."""

    __tablename__ = "answer"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    standing: Mapped[str]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (
        CheckConstraint("(standing = 'level') = (level IS NOT NULL)", name="level_given"),
        CheckConstraint("standing IN ('level', 'dk', 'na')", name="standing"),
    )
