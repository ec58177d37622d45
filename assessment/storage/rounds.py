"""Rounds."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round, choose_round
from assessment.core.errors import NotFoundError
from assessment.locale import gettext
from assessment.storage.memory import read_once
from assessment.storage.models import RoundRow


def save_round(db: Session, round_: Round) -> None:
    """Store a new round."""
    db.add(
        RoundRow(
            id=round_.id,
            name=round_.name,
            opens_on=round_.opens_on,
            closes_on=round_.closes_on,
            questionnaire_version=round_.questionnaire_version,
        )
    )
    db.flush()


def save_closing(db: Session, round_id: str, closes_on: date) -> None:
    """Change the last day of a round."""
    db.get_one(RoundRow, round_id).closes_on = closes_on
    db.flush()


def read_round(db: Session, round_id: str) -> Round:
    """Return one round; raises NotFoundError where there is none of this id."""
    for round_ in read_rounds(db):
        if round_.id == round_id:
            return round_
    raise NotFoundError(gettext("There is no round %(round)s.", round=round_id))


@read_once
def read_rounds(db: Session) -> list[Round]:
    """Return all rounds, newest first."""
    rows = db.scalars(select(RoundRow).order_by(RoundRow.opens_on.desc(), RoundRow.id.desc()))
    return [_round(row) for row in rows]


def find_current_round(db: Session, today: date) -> Round | None:
    """Return the round that people mean today; None where none is announced."""
    return choose_round(read_rounds(db), today)


def _round(row: RoundRow) -> Round:
    """Turn a row into the core's round."""
    return Round(row.id, row.name, row.opens_on, row.closes_on, row.questionnaire_version)
