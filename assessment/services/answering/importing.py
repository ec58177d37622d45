"""Importing responses from a file: all or nothing, every bad line by number and reason."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from assessment import clock
from assessment.content.files import Row, read_table, show
from assessment.core.answers.answers import UNANSWERED, parse_code
from assessment.core.answers.rounds import Round
from assessment.core.errors import FileMistakesError, Mistake, MistakeList, NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.authorities import Authority
from assessment.core.people.events import EventKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.services.register.lifetimes import format_day
from assessment.storage import assessments, audit, authorities, imports, questionnaires, rounds

COLUMNS = ("authority_code", "question_id", "level")
IMPORTED_REASON = "Imported from a file without a reason"
# So many authorities are remembered as refused, so that each is named once.
MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line may speak of."""

    questionnaire: Questionnaire
    round: Round
    authorities: dict[str, Authority]
    begun_ids: frozenset[str]


def import_responses(
    db: Session, content: bytes, name: str, round_id: str, *, counted: bool, by: Actor
) -> int:
    """Import a CSV of answers as submitted assessments; return the number of authorities.

    ``counted`` : whether these authorities consented to be counted in benchmarks.
    ``content`` : a table with the columns ``authority_code``, ``question_id`` and ``level``, as
    `read_table` reads it; a level is a number, ``dk`` or ``na``. Raises FileMistakesError, and
    imports nothing, where any line is wrong.
    """
    round_ = rounds.read_round(db, round_id)
    known = _read_known(db, round_)
    answers = _parse(content, name, known)
    answer_codes = _arrange(answers, known)
    imports.save_imported(
        db,
        round_id,
        answer_codes,
        counted=counted,
        by=by,
        reason=IMPORTED_REASON,
        submitted_at=clock.now(),
    )
    audit.save_events(
        db,
        by,
        EventKind.RESPONSES_IMPORTED,
        answer_codes.index,
        round=round_id,
        file=name,
        counted=counted,
    )
    return len(answer_codes)


def withdraw_responses(db: Session, authority_id: str, round_id: str, *, by: Actor) -> None:
    """Take back an import of one authority, so that it has not begun; editions stay as they are.

    Raises NotFoundError where the authority or the round is not there, NotAllowedError where
    its answers were not imported, or people have changed them since.
    """
    authority = authorities.read_authority(db, authority_id)
    round_ = rounds.read_round(db, round_id)
    if not imports.delete_imported(db, authority_id, round_id):
        raise NotAllowedError(
            gettext(
                "%(authority)s has no answers in %(round)s that are as they were imported.",
                authority=authority.name,
                round=round_.name,
            )
        )
    audit.save_event(db, by, EventKind.RESPONSES_WITHDRAWN, authority_id, round=round_id)


def _read_known(db: Session, round_: Round) -> _Known:
    """Read what the lines are checked against."""
    begun = assessments.read_participation(db, round_.id)["authority_id"]
    return _Known(
        questionnaire=questionnaires.read_questionnaire(db, round_.questionnaire_version),
        round=round_,
        authorities={authority.id: authority for authority in authorities.read_authorities(db)},
        begun_ids=frozenset(begun),
    )


@dataclass
class _Lines:
    """What was read of the lines so far: codes, where they stand, and what is wrong."""

    answer_codes: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    refused_ids: set[str] = field(default_factory=set)
    mistakes: MistakeList = field(default_factory=MistakeList)


def _parse(content: bytes, name: str, known: _Known) -> dict[tuple[str, str], int]:
    """Return the codes by (authority id, question id), or refuse the file."""
    read = _Lines()
    for row in read_table(content, name, COLUMNS, read.mistakes):
        _take_row(row, known, read)
    if read.mistakes:
        raise FileMistakesError(name, read.mistakes.first, read.mistakes.more)
    if not read.answer_codes:
        words = gettext("there are no answers below the header")
        raise FileMistakesError(name, [Mistake(1, "", words)])
    return read.answer_codes


def _take_row(row: Row, known: _Known, read: _Lines) -> None:
    """Take up one answer, or note what is wrong with it."""
    authority_id, question_id, level = (row.fields[column] for column in COLUMNS)
    wrong = _check_fields(row, known, read.lines)
    # Once for each authority: every line of its answers would repeat the same mistake.
    if authority_id not in read.refused_ids and (words := _check_authority(authority_id, known)):
        wrong.insert(0, ("authority_code", words))
        if len(read.refused_ids) < MAX_REMEMBERED:
            read.refused_ids.add(authority_id)
    for column, words in wrong:
        read.mistakes.add(row.line, column, words)
    code = parse_code(level.casefold(), known.questionnaire)
    if not wrong and authority_id not in read.refused_ids and code is not None:
        read.answer_codes[authority_id, question_id] = code
        read.lines[authority_id, question_id] = row.line


def _check_fields(
    row: Row, known: _Known, lines: dict[tuple[str, str], int]
) -> list[tuple[str, str]]:
    """List what is wrong with a line's question and level, by column."""
    authority_id, question_id, level = (row.fields[column] for column in COLUMNS)
    wrong = []
    if question_id not in known.questionnaire.question_ids:
        words = gettext("there is no question %(question)s", question=show(question_id))
        wrong.append(("question_id", words))
    if parse_code(level.casefold(), known.questionnaire) is None:
        words = gettext(
            "%(level)s is not a level from 1 to %(last)s, dk or na",
            level=show(level),
            last=known.questionnaire.levels[-1].number,
        )
        wrong.append(("level", words))
    if (authority_id, question_id) in lines:
        words = gettext("answered already on line %(line)s", line=lines[authority_id, question_id])
        wrong.append(("question_id", words))
    return wrong


def _check_authority(authority_id: str, known: _Known) -> str:
    """Say what is wrong with an authority; empty where nothing is."""
    authority = known.authorities.get(authority_id)
    if authority is None:
        return gettext(
            "there is no authority %(authority)s in the register", authority=show(authority_id)
        )
    if authority.has_ended(known.round.opens_on):
        return gettext(
            "%(authority)s ended on %(day)s, before %(round)s; use its successor's code",
            authority=authority.name,
            day=format_day(authority.ended_on),
            round=known.round.name,
        )
    if authority.is_to_start(known.round.closes_on):
        return gettext(
            "%(authority)s starts on %(day)s, after %(round)s",
            authority=authority.name,
            day=format_day(authority.started_on),
            round=known.round.name,
        )
    if authority_id in known.begun_ids:
        return gettext(
            "%(authority)s has an assessment in this round already", authority=authority_id
        )
    return ""


def _arrange(answers: dict[tuple[str, str], int], known: _Known) -> pd.DataFrame:
    """Arrange the codes with one row an authority and one column a question."""
    authority_ids = sorted({authority_id for authority_id, _ in answers})
    question_ids = list(known.questionnaire.question_ids)
    places = {authority_id: index for index, authority_id in enumerate(authority_ids)}
    columns = {question_id: index for index, question_id in enumerate(question_ids)}
    answer_codes = np.full((len(authority_ids), len(question_ids)), UNANSWERED, dtype=np.int8)
    for (authority_id, question_id), code in answers.items():
        answer_codes[places[authority_id], columns[question_id]] = code
    return pd.DataFrame(answer_codes, index=authority_ids, columns=question_ids)
