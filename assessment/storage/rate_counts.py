"""How often something was done for a key: the same for every process, and after a restart."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assessment.storage.models import RateCountRow


def count_up(
    db: Session, kind: str, key_hash: str, window: timedelta, now: datetime
) -> tuple[int, datetime]:
    """Count one more, and return how many there are and when the count began.

    A count older than ``window`` begins again. Its row stays locked until the transaction ends,
    so that those who come at once are counted one after the other.
    """
    new = insert(RateCountRow).values(kind=kind, key_hash=key_hash, began_at=now, count=1)
    is_over = RateCountRow.began_at <= now - window
    counted = new.on_conflict_do_update(
        index_elements=[RateCountRow.kind, RateCountRow.key_hash],
        set_={
            "count": case((is_over, 1), else_=RateCountRow.count + 1),
            "began_at": case((is_over, now), else_=RateCountRow.began_at),
        },
    ).returning(RateCountRow.count, RateCountRow.began_at)
    count, began_at = db.execute(counted).one()
    return count, began_at


def count_down(db: Session, kind: str, key_hash: str) -> None:
    """Take one count back."""
    same = (RateCountRow.kind == kind, RateCountRow.key_hash == key_hash)
    db.execute(update(RateCountRow).where(*same).values(count=RateCountRow.count - 1))


def delete_count(db: Session, kind: str, key_hash: str) -> None:
    """Begin again at nothing."""
    same = (RateCountRow.kind == kind, RateCountRow.key_hash == key_hash)
    db.execute(delete(RateCountRow).where(*same))


def delete_counts(db: Session, kind: str, *, began_before: datetime) -> None:
    """Forget old counts of a kind."""
    old = (RateCountRow.kind == kind, RateCountRow.began_at <= began_before)
    db.execute(delete(RateCountRow).where(*old))
