"""The tables of editions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from assessment.storage.models.base import Base, now


class EditionRow(Base):
    """A dated benchmark of one round."""

    __tablename__ = "edition"
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cut_on: Mapped[date]
    questionnaire_version: Mapped[str] = mapped_column(ForeignKey("questionnaire.version"))
    register_version: Mapped[str]
    method_version: Mapped[str]
    content_hash: Mapped[str]
    released_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawal_note: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(
            "withdrawn_on IS NULL OR (released_on IS NOT NULL AND withdrawal_note <> '')",
            name="withdrawal",
        ),
    )


class EditionFrameRow(Base):
    """The frozen frames of an edition, packed as `assessment.storage.frames` says.

    ``figures`` may be published; ``answer_codes`` (one byte an answer) and ``memberships`` may not.
    ``sha256`` is of ``packed``, by which a process knows what it has read already.
    """

    __tablename__ = "edition_frame"
    round_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]


class EditionFileRow(Base):
    """A file of a released edition in one format, made once; ``sha256`` is of its content."""

    __tablename__ = "edition_file"
    round_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    file_format: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "number"], ["edition.round_id", "edition.number"]),
    )


class NeighbourCellsRow(Base):
    """What an edition shows an authority of its nearest neighbours, settled once."""

    __tablename__ = "neighbour_cells"
    round_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[str] = mapped_column(primary_key=True)
    cells: Mapped[list[list[Any]]] = mapped_column(JSONB)
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "number"], ["edition.round_id", "edition.number"]),
    )
