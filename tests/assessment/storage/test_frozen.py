"""What an edition froze is read once in a process, and known by its content."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.errors import NotFoundError
from assessment.storage import benchmarks, frozen
from tests.statements import count_statements


def save(db: Session, number: int = 1, level: int = 3) -> Edition:
    """Freeze an edition of one authority that gives one level; its hash says nothing of that."""
    edition = Edition("2026", number, date(2027, 1, 1), "test-1", "test", "2026.1", "hash")
    frames = {
        "codes": pd.DataFrame({"authority_id": ["A"], "1.1": [level]}, dtype=object),
        "chosen": pd.DataFrame({"authority_id": ["A"], "kind": ["k"], "choice_id": ["c"]}),
    }
    benchmarks.save_edition(db, edition, frames)
    return edition


def test_read_frozen_again_reads_no_frame(db: Session, engine: Engine, round_id: str):
    edition = save(db)
    benchmarks.read_frame(db, edition, "codes")

    with count_statements(engine) as statements:
        benchmarks.read_frame(db, edition, "codes")
        benchmarks.read_frame(db, edition, "chosen")
        benchmarks.read_rows(db, edition, "chosen")

    assert statements == []


def test_read_frozen_of_a_process_that_starts_reads_all_frames_at_once(
    db: Session, engine: Engine, round_id: str, monkeypatch: pytest.MonkeyPatch
):
    edition = save(db)
    monkeypatch.setattr(frozen, "_editions", frozen.Memory(1))

    with count_statements(engine) as statements:
        benchmarks.read_frame(db, edition, "codes")
        benchmarks.read_frame(db, edition, "chosen")

    # the editions there are, then the frames of this one
    assert len(statements) == 2


def test_read_frozen_same_edition_with_other_content_is_another(db: Session, round_id: str):
    with db.begin_nested() as undone:
        edition = save(db, level=3)
        assert benchmarks.read_frame(db, edition, "codes")["1.1"].tolist() == [3]
        undone.rollback()

    save(db, level=5)

    assert benchmarks.read_frame(db, edition, "codes")["1.1"].tolist() == [5]


def test_read_frame_changed_by_its_reader_stays_for_others(db: Session, round_id: str):
    edition = save(db)
    answer_codes, _ = benchmarks.read_frame(db, edition, "codes"), None
    answer_codes.loc[0, "1.1"] = 1
    answer_codes["more"] = "added"

    again = benchmarks.read_frame(db, edition, "codes")

    assert again.to_dict("records") == [{"authority_id": "A", "1.1": 3}]


def test_read_frame_that_an_edition_lacks_is_not_found(db: Session, round_id: str):
    edition = save(db)

    with pytest.raises(NotFoundError, match="Edition 1 of round 2026 has no frame needs"):
        benchmarks.read_frame(db, edition, "needs")


def test_read_frame_of_an_edition_there_is_not_is_not_found(db: Session, round_id: str):
    with pytest.raises(NotFoundError, match="no edition 7 of round 2026"):
        benchmarks.read_frame_of(db, "2026", 7, "codes")


def test_read_frozen_of_many_editions_keeps_the_newest_few(db: Session, round_id: str):
    for number in range(1, frozen.MAX_EDITIONS + 3):
        benchmarks.read_frame(db, save(db, number), "codes")

    assert len(frozen._editions) == frozen.MAX_EDITIONS


def test_read_released_and_withdrawn_are_never_remembered_beyond_a_change(
    db: Session, round_id: str
):
    edition = save(db)
    assert benchmarks.read_released(db) == []

    benchmarks.save_release(db, edition, date(2027, 1, 2))

    assert benchmarks.read_released(db) == [edition]
    db.execute(
        text("UPDATE edition SET withdrawn_on = '2027-01-03', withdrawal_note = 'A mistake.'")
    )
    db.expire_all()
    assert benchmarks.read_released(db) == []
    assert benchmarks.read_withdrawn(db) == [edition]
