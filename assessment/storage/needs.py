"""The barriers and the support that authorities chose when they submitted."""

import pandas as pd
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assessment.core.answers.barriers import COLUMNS, ChoiceKind, Choices
from assessment.storage.models import AssessmentRow


def read_chosen(db: Session, round_id: str) -> pd.DataFrame:
    """Return what every submitted assessment that consented to be counted chose.

    One row per thing chosen: ``authority_id``, ``kind``, ``choice_id``.
    """
    query = (
        select(AssessmentRow.authority_id, AssessmentRow.barriers, AssessmentRow.support)
        .where(
            AssessmentRow.round_id == round_id,
            AssessmentRow.submitted_at.is_not(None),
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
