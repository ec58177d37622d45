"""Publishing a version of the questionnaire, and its workbook."""

import json

from sqlalchemy.orm import Session

from assessment.content.questionnaire import restore_questionnaire
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.storage import audit, questionnaires, queue
from reports.render import render_workbook

MAKE_WORKBOOK = "make_workbook"


def publish_questionnaire(db: Session, questionnaire: Questionnaire, *, by: Actor) -> None:
    """Publish an immutable version.

    Raises NotAllowedError where the version exists with other content, or where a question of
    the version before is neither kept nor listed as retired.
    """
    versions = questionnaires.read_published_versions(db)
    known = {*questionnaire.question_ids, *questionnaire.retired_ids}
    for version in versions:
        before = questionnaires.read_questionnaire(db, version)
        # An id that is neither kept nor retired could be given to another question later.
        lost = [q for q in (*before.question_ids, *before.retired_ids) if q not in known]
        if lost:
            raise NotAllowedError(
                gettext(
                    "Version %(version)s had %(questions)s. Keep them, or list them in "
                    "retired_ids.",
                    version=version,
                    questions=", ".join(lost),
                )
            )
    questionnaires.save_questionnaire(db, questionnaire)
    if questionnaires.read_workbook(db, questionnaire.version) is None:
        queue.enqueue(db, MAKE_WORKBOOK, version=questionnaire.version)
    if questionnaire.version not in versions:
        audit.save_event(db, by, EventKind.QUESTIONNAIRE_PUBLISHED, version=questionnaire.version)


def save_workbook(db: Session, version: str, pdf: bytes) -> None:
    """Store the workbook of a published version; one that is made is left as it is."""
    if questionnaires.read_workbook(db, version) is None:
        questionnaires.save_workbook(db, version, pdf)


def render_content(content: str) -> bytes:
    """Render a questionnaire's content as a workbook in PDF; runs in a process of its own."""
    return render_workbook(restore_questionnaire(json.loads(content)))
