"""Reading a round's answers from PostgreSQL, against a bare binary COPY of the same rows."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import pandas as pd
from sqlalchemy.orm import Session

from assessment.content.questionnaire import load_questionnaire
from assessment.core.answers.rounds import Round
from assessment.core.people.authorities import Authority
from assessment.demonstration.postgres import start_embedded_server
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.storage import authorities, imports, responses
from assessment.storage.database import migrate, open_engine
from tests.bench.programme import make_programme
from tests.factories import OPERATOR

AUTHORITIES = 10_000
BARE = """COPY (
    SELECT assessment_id, question_id, standing, level FROM agreed_answer
) TO STDOUT (FORMAT BINARY)"""


def measure_reading() -> tuple[float, float]:
    """Return the median seconds of reading the answers, and of the bare copy."""
    questionnaire = load_questionnaire(Path(__file__).parents[2] / "questions.yaml")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(start_embedded_server(Path(folder) / "postgres"))
        migrate(engine)
        with Session(engine) as db:
            ids = _fill(db, questionnaire.version, list(questionnaire.question_ids))
            found = responses.read_answer_codes(db, "R", questionnaire.question_ids)
            pd.testing.assert_frame_equal(found, ids, check_names=False)
            reading = _time(
                lambda: responses.read_answer_codes(db, "R", questionnaire.question_ids)
            )
            bare = _time(lambda: _copy(db))
        engine.dispose()
    return reading, bare


def _fill(db: Session, version: str, question_ids: list[str]) -> pd.DataFrame:
    """Store a register, a round and its answers; return the answers."""
    questionnaire = load_questionnaire(Path(__file__).parents[2] / "questions.yaml")
    names = [f"A{number:05}" for number in range(AUTHORITIES)]
    register = [Authority(n, n, "England", "North", "county", gss_code="") for n in names]
    authorities.save_register(db, register, version="bench", simulated=True)
    publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)
    round_ = Round("R", "R", date(2026, 1, 1), date(2026, 2, 1), version)
    scheduling.open_round(db, round_, by=OPERATOR)
    answer_codes = pd.DataFrame(make_programme(AUTHORITIES).answer_codes[0], names, question_ids)
    now = datetime.now(UTC)
    imports.save_imported(
        db, "R", answer_codes, counted=True, by=OPERATOR, reason="Bench", submitted_at=now
    )
    db.commit()
    return answer_codes


def _copy(db: Session) -> int:
    """Copy the answers without looking at them."""
    connection = db.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(BARE) as copy:
        return sum(len(part) for part in copy)


def _time(work: Callable[[], object]) -> float:
    """Return the median seconds of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)
