"""Publishing questionnaires; opening, extending and closing rounds."""

import json
import re
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from assessment.content.questionnaire import (
    PART_OF_AN_ADDRESS,
    dump_questionnaire,
    restore_questionnaire,
)
from assessment.core.answers.rounds import Round
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.storage import audit, database, questionnaires, queue, rounds
from reports.formats import format_date
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
        lost = [q for q in (*before.question_ids, *before.retired_ids) if q not in known]
        if lost:
            raise NotAllowedError(
                f"Version {version} had {', '.join(lost)}. Keep them, or list them in retired_ids."
            )
    questionnaires.save_questionnaire(db, questionnaire)
    if questionnaires.read_workbook(db, questionnaire.version) is None:
        queue.enqueue(db, MAKE_WORKBOOK, version=questionnaire.version)
    if questionnaire.version not in versions:
        audit.save_event(db, by, EventKind.QUESTIONNAIRE_PUBLISHED, version=questionnaire.version)


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


def open_round(db: Session, round_: Round, *, by: Actor) -> None:
    """Announce a round; raises NotAllowedError where its id or its days are taken."""
    _require_alone(db)
    questionnaires.read_questionnaire(db, round_.questionnaire_version)
    if not re.fullmatch(PART_OF_AN_ADDRESS, round_.id):
        raise NotAllowedError("A round's id holds letters, digits, full stops and hyphens only.")
    if round_.closes_on < round_.opens_on:
        raise NotAllowedError("A round cannot close before it opens.")
    if round_.id in {other.id for other in rounds.read_rounds(db)}:
        raise NotAllowedError(
            f"There is a round {round_.id} already. It can be extended, or closed early."
        )
    _require_apart(db, round_)
    rounds.save_round(db, round_)
    opens_on, closes_on = date.isoformat(round_.opens_on), date.isoformat(round_.closes_on)
    audit.save_event(
        db, by, EventKind.ROUND_OPENED, round=round_.id, opens_on=opens_on, closes_on=closes_on
    )


def extend_round(db: Session, round_id: str, closes_on: date, today: date, *, by: Actor) -> Round:
    """Let a round close later; one that is over is open again.

    Raises NotAllowedError where the day is no later than now, is past, or is another round's.
    """
    _require_alone(db)
    before = rounds.read_round(db, round_id)
    if closes_on <= before.closes_on:
        raise NotAllowedError(f"{_describe(before, today)} Give a later day to extend it.")
    if closes_on < today:
        raise NotAllowedError(f"{format_date(closes_on)} is past: {before.name} would be over.")
    after = replace(before, closes_on=closes_on)
    _require_apart(db, after)
    _save_closing(db, before, after, EventKind.ROUND_EXTENDED, by)
    return after


def close_round(db: Session, round_id: str, closes_on: date, today: date, *, by: Actor) -> Round:
    """Let a round close earlier: at the end of this day.

    Raises NotAllowedError where the day is past, for answers were given since; and where the
    round is over by then anyway, or does not open before.
    """
    _require_alone(db)
    before = rounds.read_round(db, round_id)
    if closes_on >= before.closes_on:
        raise NotAllowedError(f"{_describe(before, today)} Give an earlier day to close it.")
    if closes_on < today:
        raise NotAllowedError(
            f"Answers given since {format_date(closes_on)} would be outside {before.name}: it "
            "can close at the end of today, at the earliest."
        )
    if closes_on < before.opens_on:
        raise NotAllowedError(
            f"{before.name} opens on {format_date(before.opens_on)}, so it cannot close before."
        )
    after = replace(before, closes_on=closes_on)
    _save_closing(db, before, after, EventKind.ROUND_CLOSED_EARLY, by)
    return after


def _save_closing(db: Session, before: Round, after: Round, kind: EventKind, by: Actor) -> None:
    """Store a round's new last day and write the audit trail."""
    rounds.save_closing(db, after.id, after.closes_on)
    audit.save_event(
        db,
        by,
        kind,
        round=after.id,
        closes_on=after.closes_on.isoformat(),
        closed_on_before=before.closes_on.isoformat(),
    )


def _describe(round_: Round, today: date) -> str:
    """Say when a round closes or closed."""
    verb = "closed" if round_.is_over(today) else "closes"
    return f"{round_.name} {verb} on {format_date(round_.closes_on)}."


def _require_apart(db: Session, round_: Round) -> None:
    """Refuse days that another round has."""
    for other in rounds.read_rounds(db):
        days_meet = round_.opens_on <= other.closes_on and other.opens_on <= round_.closes_on
        if other.id != round_.id and days_meet:
            raise NotAllowedError(
                f"The days of round {round_.id} overlap round {other.id}, which runs from "
                f"{format_date(other.opens_on)} to {format_date(other.closes_on)}."
            )


def _require_alone(db: Session) -> None:
    """Refuse to change rounds while somebody else does: their days must not overlap."""
    if not database.try_lock(db, "change the rounds"):
        raise NotAllowedError("Somebody changes the rounds at this moment. Try again.")
