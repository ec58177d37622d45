"""The files of released editions: made once, stored, and sent as they are."""

import hashlib

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.storage.models import EditionFileRow


def save_file(db: Session, edition: Edition, file_format: str, content: bytes) -> None:
    """Store a file of an edition with its SHA-256."""
    db.add(
        EditionFileRow(
            round_id=edition.round_id,
            number=edition.number,
            file_format=file_format,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    )
    db.flush()


def read_hash(db: Session, edition: Edition, file_format: str) -> str | None:
    """Return the SHA-256 of a stored file, without its content; None where none is stored."""
    query = select(EditionFileRow.sha256).filter_by(
        round_id=edition.round_id, number=edition.number, file_format=file_format
    )
    return db.scalar(query)


def read_content(db: Session, edition: Edition, file_format: str) -> bytes | None:
    """Return the content of a stored file; None where none is stored."""
    query = select(EditionFileRow.content).filter_by(
        round_id=edition.round_id, number=edition.number, file_format=file_format
    )
    return db.scalar(query)


def delete_files(db: Session, edition: Edition) -> None:
    """Delete an edition's stored files."""
    of_edition = delete(EditionFileRow).filter_by(round_id=edition.round_id, number=edition.number)
    db.execute(of_edition)
