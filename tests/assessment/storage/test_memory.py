"""What is read once: for a whole process, or while a session does nothing but read."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from assessment.storage.memory import Memory, read_once
from assessment.storage.models import RoundRow


def test_memory_makes_a_value_once():
    memory: Memory[list[int]] = Memory(2)
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return [7]

    first, second = memory.recall("a", make), memory.recall("a", make)

    assert first is second
    assert made == [1]


def test_memory_beyond_its_size_forgets_what_was_unused_for_longest():
    memory: Memory[str] = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory.recall(key, lambda key=key: f"first {key}")

    again = {key: memory.recall(key, lambda: "made again") for key in ("a", "c", "b")}

    assert again == {"a": "first a", "c": "first c", "b": "made again"}
    assert len(memory) == 2


def test_memory_that_fails_to_make_keeps_nothing():
    memory: Memory[str] = Memory(2)

    def fail() -> str:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        memory.recall("a", fail)

    assert memory.recall("a", lambda: "made") == "made"


reads: list[str] = []


@read_once
def read_names(db: Session, like: str) -> list[str]:
    """Read something, and note that it was read."""
    reads.append(like)
    return list(db.scalars(select(RoundRow.name).where(RoundRow.id.like(like))))


@pytest.fixture(autouse=True)
def _forget_reads() -> None:
    reads.clear()


def test_read_once_reads_the_same_again_from_memory(db: Session, round_id: str):
    first = read_names(db, "2026")
    db.scalars(select(RoundRow)).all()
    first.append("changed by its reader")

    assert read_names(db, "2026") == ["Round 2026"]
    assert read_names(db, "%") == ["Round 2026"]
    assert reads == ["2026", "%"]


def _flush(db: Session) -> None:
    db.get_one(RoundRow, "2026").name = "Another name"
    db.flush()


def _lock(db: Session) -> None:
    db.get_one(RoundRow, "2026", with_for_update=True, populate_existing=True)


@pytest.mark.parametrize(
    "disturb",
    [
        _flush,
        _lock,
        lambda db: db.scalar(select(RoundRow).with_for_update()),
        lambda db: db.execute(select(func.pg_advisory_xact_lock(1))),
        lambda db: db.execute(text("UPDATE round SET name = 'Another name'")),
        lambda db: db.begin_nested().rollback(),
        lambda db: db.commit(),
        lambda db: db.rollback(),
    ],
)
def test_read_once_after_anything_else_reads_anew(
    db: Session, round_id: str, disturb: Callable[[Session], object]
):
    read_names(db, "2026")

    disturb(db)
    read_names(db, "2026")

    assert reads == ["2026", "2026"]


def test_read_once_sessions_do_not_share(db: Session, round_id: str):
    read_names(db, "2026")

    with Session(db.get_bind(), join_transaction_mode="create_savepoint") as other:
        read_names(other, "2026")

    assert reads == ["2026", "2026"]
