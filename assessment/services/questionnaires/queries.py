"""What can be read of questionnaires."""

import json
from datetime import date

from sqlalchemy.orm import Session

from assessment.content.questionnaire import dump_questionnaire
from assessment.core.errors import NotFoundError
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.storage import questionnaires, rounds


def read_content(db: Session, version: str) -> str | None:
    """Return what a published version's workbook is made from; None where it is made."""
    if questionnaires.read_workbook(db, version) is not None:
        return None
    return json.dumps(dump_questionnaire(questionnaires.read_questionnaire(db, version)))


def read_workbook(db: Session, today: date) -> tuple[str, bytes]:
    """Return the current questionnaire's workbook and its file name.

    Raises NotFoundError while it is being made.
    """
    version = read_current_questionnaire(db, today).version
    pdf = questionnaires.read_workbook(db, version)
    if pdf is None:
        raise NotFoundError(gettext("The workbook is being made. Try again in a minute."))
    return f"innovation-procurement-workbook-{version}.pdf", pdf


def read_version(db: Session, version: str) -> Questionnaire:
    """Return a published version; raises NotFoundError where there is none."""
    return questionnaires.read_questionnaire(db, version)


def read_current_questionnaire(db: Session, today: date) -> Questionnaire:
    """Return the questionnaire of the current round, else the newest version."""
    round_ = rounds.find_current_round(db, today)
    if round_ is not None:
        return questionnaires.read_questionnaire(db, round_.questionnaire_version)
    return questionnaires.read_questionnaire(db, questionnaires.read_published_versions(db)[-1])
