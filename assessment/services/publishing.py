"""Publishing questionnaires and opening rounds."""

import json
import re
from datetime import date

from sqlalchemy.orm import Session

from assessment.content import PART_OF_AN_ADDRESS, dump_questionnaire, restore_questionnaire
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.questionnaire import Questionnaire
from assessment.core.rounds import Round
from assessment.storage import audit, questionnaires, queue, rounds
from reports.render import render_workbook

MAKE_WORKBOOK = "make_workbook"


def publish_questionnaire(db: Session, questionnaire: Questionnaire, *, by: str) -> None:
    """Publish an immutable version.

    Raises NotAllowedError where the version exists with other content, or where a question of
    the version before is neither kept nor listed as retired.
    """
    versions = questionnaires.read_published_versions(db)
    known = {*questionnaire.question_ids, *questionnaire.retired_ids}
    for version in versions:
        before = questionnaires.read_questionnaire(db, version)
        lost = [q for q in (*before.question_ids, *before.retired_ids) if q not in known]
        if lost:
            raise NotAllowedError(
                f"Version {version} had {', '.join(lost)}. Keep them, or list them in retired_ids."
            )
    questionnaires.save_questionnaire(db, questionnaire)
    if questionnaires.read_workbook(db, questionnaire.version) is None:
        queue.enqueue(db, MAKE_WORKBOOK, version=questionnaire.version)
    if questionnaire.version not in versions:
        audit.save_event(db, by, "questionnaire published", version=questionnaire.version)


def read_content(db: Session, version: str) -> str | None:
    """Return what a published version's workbook is made from; None where it is made."""
    if questionnaires.read_workbook(db, version) is not None:
        return None
    return json.dumps(dump_questionnaire(questionnaires.read_questionnaire(db, version)))


def save_workbook(db: Session, version: str, pdf: bytes) -> None:
    """Store the workbook of a published version; one that is made is left as it is."""
    if questionnaires.read_workbook(db, version) is None:
        questionnaires.save_workbook(db, version, pdf)


def render_content(content: str) -> bytes:
    """Render a questionnaire's content as a workbook in PDF; runs in a process of its own."""
    return render_workbook(restore_questionnaire(json.loads(content)))


def read_workbook(db: Session, today: date) -> tuple[str, bytes]:
    """Return the current questionnaire's workbook and its file name.

    Raises NotFoundError while it is being made.
    """
    version = read_current_questionnaire(db, today).version
    pdf = questionnaires.read_workbook(db, version)
    if pdf is None:
        raise NotFoundError("The workbook is being made. Try again in a minute.")
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


def open_round(db: Session, round_: Round, *, by: str) -> None:
    """Announce a round; raises NotAllowedError where its id or its days are taken."""
    questionnaires.read_questionnaire(db, round_.questionnaire_version)
    if not re.fullmatch(PART_OF_AN_ADDRESS, round_.id):
        raise NotAllowedError("A round's id holds letters, digits, full stops and hyphens only.")
    for other in rounds.read_rounds(db):
        if other.id == round_.id:
            raise NotAllowedError(f"There is a round {round_.id} already.")
        if round_.opens_on <= other.closes_on and other.opens_on <= round_.closes_on:
            raise NotAllowedError(f"The days of round {round_.id} overlap round {other.id}.")
    if round_.closes_on < round_.opens_on:
        raise NotAllowedError("A round cannot close before it opens.")
    rounds.save_round(db, round_)
    opens_on, closes_on = date.isoformat(round_.opens_on), date.isoformat(round_.closes_on)
    audit.save_event(
        db, by, "round opened", round=round_.id, opens_on=opens_on, closes_on=closes_on
    )
