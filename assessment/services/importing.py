"""Importing responses from a file: all or nothing, every bad line by number and reason."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from assessment.core.answers import UNANSWERED, parse_code
from assessment.core.authorities import Authority
from assessment.core.errors import FileMistakesError, Mistake
from assessment.core.questionnaire import Questionnaire
from assessment.core.rounds import Round
from assessment.services.lifetimes import describe_end, describe_start
from assessment.storage import assessments, audit, authorities, questionnaires, rounds

COLUMNS = ["authority_code", "question_id", "level"]
IMPORTED_REASON = "Imported from a file without a reason"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line may speak of."""

    questionnaire: Questionnaire
    round: Round
    authorities: dict[str, Authority]
    begun_ids: frozenset[str]


def import_responses(
    db: Session, content: bytes, name: str, round_id: str, *, counted: bool, by: str
) -> int:
    """Import a CSV of answers as submitted assessments; return the number of authorities.

    ``counted`` : whether these authorities consented to be counted in benchmarks.
    ``content`` : UTF-8 text with the header ``authority_code,question_id,level``; a level is a
    number, ``dk`` or ``na``. Raises FileMistakesError, and imports nothing, where any line is
    wrong.
    """
    round_ = rounds.read_round(db, round_id)
    known = _read_known(db, round_)
    answers = _parse(content, name, known)
    codes = _arrange(answers, known)
    assessments.save_imported(
        db,
        round_id,
        codes,
        counted=counted,
        by=by,
        reason=IMPORTED_REASON,
        submitted_at=datetime.now(UTC),
    )
    audit.save_events(
        db, by, "responses imported", codes.index, round=round_id, file=name, counted=counted
    )
    return len(codes)


def _read_known(db: Session, round_: Round) -> _Known:
    """Read what the lines are checked against."""
    begun = assessments.read_participation(db, round_.id)["authority_id"]
    return _Known(
        questionnaire=questionnaires.read_questionnaire(db, round_.questionnaire_version),
        round=round_,
        authorities={authority.id: authority for authority in authorities.read_authorities(db)},
        begun_ids=frozenset(begun),
    )


def _parse(content: bytes, name: str, known: _Known) -> dict[tuple[str, str], int]:
    """Return the codes by (authority id, question id), or refuse the file."""
    (_, header), *rows = _read_rows(content, name) or [(1, [])]
    if header != COLUMNS:
        raise FileMistakesError(name, [Mistake(1, "", f"must read {','.join(COLUMNS)}")])
    codes: dict[tuple[str, str], int] = {}
    lines: dict[tuple[str, str], int] = {}
    mistakes: list[Mistake] = []
    for line, row in rows:
        found = _check_row(row, line, known, lines)
        mistakes += found
        if not found and row:
            codes[row[0], row[1]] = parse_code(row[2], known.questionnaire) or UNANSWERED
            lines[row[0], row[1]] = line
    if not codes and not mistakes:
        mistakes.append(Mistake(1, "", "there are no answers below the header"))
    if mistakes:
        raise FileMistakesError(name, mistakes)
    return codes


def _read_rows(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Return each row with the number of its last line, or refuse the file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileMistakesError(name, [Mistake(line, "", "is not UTF-8 text")]) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise FileMistakesError(name, [Mistake(reader.line_num, "", str(error))]) from None


def _check_row(
    row: list[str], line: int, known: _Known, lines: dict[tuple[str, str], int]
) -> list[Mistake]:
    """List what is wrong with one line; a blank line is no mistake."""
    if not row:
        return []
    if len(row) != len(COLUMNS):
        return [Mistake(line, "", f"has {len(row)} fields instead of {len(COLUMNS)}")]
    authority_id, question_id, level = row
    mistakes = [Mistake(line, "authority_code", m) for m in _check_authority(authority_id, known)]
    if question_id not in known.questionnaire.question_ids:
        mistakes.append(Mistake(line, "question_id", f"there is no question {question_id!r}"))
    if parse_code(level, known.questionnaire) is None:
        last = known.questionnaire.levels[-1].number
        words = f"{level!r} is not a level from 1 to {last}, dk or na"
        mistakes.append(Mistake(line, "level", words))
    if (authority_id, question_id) in lines:
        words = f"answered already on line {lines[authority_id, question_id]}"
        mistakes.append(Mistake(line, "question_id", words))
    return mistakes


def _check_authority(authority_id: str, known: _Known) -> list[str]:
    """List what is wrong with a line's authority."""
    authority = known.authorities.get(authority_id)
    if authority is None:
        return [f"there is no authority {authority_id!r} in the register"]
    if authority.has_ended(known.round.opens_on):
        end = describe_end(authority, known.round.opens_on)
        return [f"{end}, before {known.round.name}; use its successor's code"]
    if authority.is_to_start(known.round.closes_on):
        return [f"{describe_start(authority)}, after {known.round.name}"]
    if authority_id in known.begun_ids:
        return [f"{authority_id} has an assessment in this round already"]
    return []


def _arrange(answers: dict[tuple[str, str], int], known: _Known) -> pd.DataFrame:
    """Arrange the codes with one row an authority and one column a question."""
    authority_ids = sorted({authority_id for authority_id, _ in answers})
    question_ids = list(known.questionnaire.question_ids)
    places = {authority_id: place for place, authority_id in enumerate(authority_ids)}
    columns = {question_id: place for place, question_id in enumerate(question_ids)}
    codes = np.full((len(authority_ids), len(question_ids)), UNANSWERED, dtype=np.int8)
    for (authority_id, question_id), code in answers.items():
        codes[places[authority_id], columns[question_id]] = code
    return pd.DataFrame(codes, index=authority_ids, columns=question_ids)
