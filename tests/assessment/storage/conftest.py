from datetime import date

import pytest
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round
from assessment.storage import authorities, questionnaires, rounds
from tests.factories import make_authority, make_questionnaire


@pytest.fixture
def round_id(db: Session) -> str:
    """A round of a small questionnaire, with three authorities."""
    register = [make_authority(id=code, name=f"Place {code}") for code in ("A", "B", "C")]
    authorities.save_register(db, register, version="test", simulated=False)
    questionnaires.save_questionnaire(db, make_questionnaire())
    days = (date(2026, 11, 1), date(2026, 12, 31))
    rounds.save_round(db, Round("2026", "Round 2026", *days, "test-1"))
    return "2026"
