"""What a process, or a transaction, need not read twice.

`Memory` keeps what never changes, known by a hash of its content, for the whole process.
`read_once` keeps what may change for as long as one session reads and does nothing else.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

Value = TypeVar("Value")
Given = ParamSpec("Given")

READ = "read_once"


class Memory(Generic[Value]):
    """Values that never change; beyond ``size``, the one unused for longest is forgotten."""

    def __init__(self, size: int) -> None:
        """Begin with none."""
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._values)

    def recall(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made now where it is not kept.

        Two threads may make the same one at once; both are equal, for values never change.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


def read_once(
    read: Callable[Concatenate[Session, Given], Value],
) -> Callable[Concatenate[Session, Given], Value]:
    """Let a session that reads the same again get what it read before, as a copy.

    Only until it does anything else: whatever writes or locks may make what was read outdated.
    """

    @wraps(read)
    def reread(db: Session, *args: Given.args, **kwargs: Given.kwargs) -> Value:
        known: dict[Hashable, Any] = db.info.setdefault(READ, {})
        key = (read, args, *kwargs.items())
        if key not in known:
            value = read(db, *args, **kwargs)
            # Reading may flush pending changes first, which discards what ``known`` refers to.
            db.info.setdefault(READ, {})[key] = value
        kept: Value = db.info[READ][key]
        return copy(kept)

    return cast("Callable[Concatenate[Session, Given], Value]", reread)


@event.listens_for(Session, "do_orm_execute")
def _forget_unless_read(state: ORMExecuteState) -> None:
    """Forget what was read once something is executed that is no plain reading of rows."""
    is_locking = getattr(state.statement, "_for_update_arg", None) is not None
    if is_locking or not (state.is_select and state.is_orm_statement):
        forget(state.session)


@event.listens_for(Session, "after_flush")
def _forget_flushed(db: Session, _: object) -> None:
    """Forget what was read before rows were written."""
    forget(db)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(db: Session, _: object) -> None:
    """Forget what was read before writing was undone."""
    forget(db)


@event.listens_for(Session, "after_transaction_end")
def _forget_ended(db: Session, _: object) -> None:
    """Forget what was read in a transaction that is over."""
    forget(db)


def forget(db: Session) -> None:
    """Forget what a session has read."""
    db.info.pop(READ, None)
