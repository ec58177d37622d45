"""The tables of questionnaires and rounds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
)
from sqlalchemy.orm import Mapped, mapped_column

from assessment.storage.models.base import Base, now


class QuestionnaireRow(Base):
    """A published, immutable version of the questionnaire."""

    __tablename__ = "questionnaire"
    version: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(default=now)
    workbook: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class RoundRow(Base):
    """A dated window in which authorities assess themselves."""

    __tablename__ = "round"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    questionnaire_version: Mapped[str] = mapped_column(ForeignKey("questionnaire.version"))
    __table_args__ = (CheckConstraint("opens_on <= closes_on", name="dates"),)
