"""Responses: what the submitted assessments of a round say, for its editions."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW, UNANSWERED, Standing
from assessment.core.answers.assessments import AssessmentState
from assessment.core.answers.barriers import COLUMNS, ChoiceKind, Choices
from assessment.storage.models import (
    AgreedAnswerRow,
    AssessmentRow,
)

# One row an assessment: its answers as pairs of a question's number and a code. They are packed by
# PostgreSQL because reading a round then costs about as much as a binary COPY (decision 22).
READ_CODES = text(
    """
    SELECT assessment.authority_id, string_agg(
        int2send(question.number::int2) || int2send(coalesce(answer.level, standing.code)::int2),
        ''::bytea
    ) AS pairs
    FROM assessment
    LEFT JOIN agreed_answer AS answer ON answer.assessment_id = assessment.id
    LEFT JOIN unnest(CAST(:questions AS text[])) WITH ORDINALITY AS question (id, number)
        ON question.id = answer.question_id
    LEFT JOIN unnest(CAST(:standings AS text[]), CAST(:codes AS int2[])) AS standing (name, code)
        ON standing.name = answer.standing
    WHERE assessment.round_id = :round AND assessment.state = 'submitted'
        AND assessment.counted
    GROUP BY assessment.id
    ORDER BY assessment.authority_id
    """
)


# As int2send writes them: big-endian, whatever the machine.
PAIR = np.dtype([("number", ">i2"), ("code", ">i2")])


CODE_STANDINGS = {DONT_KNOW: Standing.DONT_KNOW, DOES_NOT_APPLY: Standing.DOES_NOT_APPLY}


def read_answer_codes(db: Session, round_id: str, question_ids: Sequence[str]) -> pd.DataFrame:
    """Return the answers of every submitted assessment that consented to be counted.

    One row per authority_id, one column per question id, int8 codes, in the order of the ids.
    """
    given = {
        "round": round_id,
        "questions": list(question_ids),
        "standings": [standing.value for standing in CODE_STANDINGS.values()],
        "codes": list(CODE_STANDINGS),
    }
    rows = db.execute(READ_CODES, given).all()
    packed = [row.pairs or b"" for row in rows]
    pairs = np.frombuffer(b"".join(packed), dtype=PAIR)
    at = np.repeat(np.arange(len(rows)), [len(one) // PAIR.itemsize for one in packed])
    answer_codes = np.full((len(rows), len(question_ids)), UNANSWERED, dtype=np.int8)
    # ORDINALITY counts from 1.
    answer_codes[at, pairs["number"] - 1] = pairs["code"]
    index = pd.Index([row.authority_id for row in rows], name="authority_id", dtype=str)
    return pd.DataFrame(answer_codes, index=index, columns=list(question_ids))


def read_seconds(db: Session, round_id: str) -> pd.DataFrame:
    """Return how long each first answer of a counted assessment took, where it is known.

    One row an answer: ``question_id``, ``seconds``; it does not say whose.
    """
    query = (
        select(AgreedAnswerRow.question_id, AgreedAnswerRow.seconds)
        .join(AssessmentRow, AssessmentRow.id == AgreedAnswerRow.assessment_id)
        .where(
            AssessmentRow.round_id == round_id,
            AssessmentRow.state == AssessmentState.SUBMITTED.value,
            AssessmentRow.counted,
            AgreedAnswerRow.seconds.is_not(None),
        )
        .order_by(AgreedAnswerRow.question_id, AgreedAnswerRow.seconds)
    )
    return pd.DataFrame(db.execute(query).all(), columns=["question_id", "seconds"])


def read_chosen(db: Session, round_id: str) -> pd.DataFrame:
    """Return what every submitted assessment that consented to be counted chose.

    One row per thing chosen: ``authority_id``, ``kind``, ``choice_id``.
    """
    query = (
        select(AssessmentRow.authority_id, AssessmentRow.barriers, AssessmentRow.support)
        .where(
            AssessmentRow.round_id == round_id,
            AssessmentRow.state == AssessmentState.SUBMITTED.value,
            AssessmentRow.counted,
        )
        .order_by(AssessmentRow.authority_id)
    )
    rows = [
        (authority_id, kind.value, choice_id)
        for authority_id, barriers, support in db.execute(query)
        for kind, chosen in ((ChoiceKind.BARRIER, barriers), (ChoiceKind.SUPPORT, support))
        for choice_id in chosen
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def save_chosen(db: Session, round_id: str, chosen_by: dict[str, Choices]) -> None:
    """Store what many authorities chose, by authority_id."""
    query = text(
        "UPDATE assessment SET barriers = :barriers, support = :support "
        "WHERE round_id = :round AND authority_id = :authority"
    )
    rows = [
        {
            "round": round_id,
            "authority": authority_id,
            "barriers": list(chosen.barriers),
            "support": list(chosen.support),
        }
        for authority_id, chosen in chosen_by.items()
    ]
    if rows:
        db.execute(query, rows)
