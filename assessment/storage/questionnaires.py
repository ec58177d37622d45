"""Published questionnaires, which never change."""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.content.questionnaire import dump_questionnaire, restore_questionnaire
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.storage.memory import Memory, read_once
from assessment.storage.models import QuestionnaireRow

# The versions that rounds still speak of; published content never changes.
MAX_VERSIONS = 16
_restored: Memory[Questionnaire] = Memory(MAX_VERSIONS)


def save_questionnaire(db: Session, questionnaire: Questionnaire) -> None:
    """Publish a version; the same content again does nothing, other content is refused."""
    content = dump_questionnaire(questionnaire)
    content_hash = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    row = db.get(QuestionnaireRow, questionnaire.version)
    if row is None:
        db.add(
            QuestionnaireRow(
                version=questionnaire.version, content=content, content_hash=content_hash
            )
        )
        db.flush()
    elif row.content_hash != content_hash:
        raise NotAllowedError(
            gettext(
                "Version %(version)s is published with other content and cannot change. Give the "
                "file a new version.",
                version=questionnaire.version,
            )
        )


def read_questionnaire(db: Session, version: str) -> Questionnaire:
    """Return a published version; raises NotFoundError where there is none."""
    content_hash = read_hash(db, version)

    def restore() -> Questionnaire:
        query = select(QuestionnaireRow.content).where(QuestionnaireRow.version == version)
        return restore_questionnaire(db.scalars(query).one())

    return _restored.recall((version, content_hash), restore)


def read_hash(db: Session, version: str) -> str:
    """Return the hash of a published version; raises NotFoundError where there is none."""
    content_hash = _read_hashes(db).get(version)
    if content_hash is None:
        raise NotFoundError(
            gettext("Version %(version)s of the questionnaire is not published.", version=version)
        )
    return content_hash


def save_workbook(db: Session, version: str, pdf: bytes) -> None:
    """Store the workbook of a published version."""
    db.get_one(QuestionnaireRow, version).workbook = pdf
    db.flush()


def read_workbook(db: Session, version: str) -> bytes | None:
    """Return the workbook of a published version, or None while it is being made."""
    query = select(QuestionnaireRow.workbook).where(QuestionnaireRow.version == version)
    return db.scalars(query).one_or_none()


def read_published_versions(db: Session) -> list[str]:
    """Return the published versions, oldest first."""
    query = select(QuestionnaireRow.version)
    return list(db.scalars(query.order_by(QuestionnaireRow.published_at, QuestionnaireRow.version)))


@read_once
def _read_hashes(db: Session) -> dict[str, str]:
    """Return the hash of every published version."""
    query = select(QuestionnaireRow.version, QuestionnaireRow.content_hash)
    return {row.version: row.content_hash for row in db.execute(query)}
