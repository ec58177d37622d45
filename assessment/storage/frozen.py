"""What editions froze, read once in a process: it never changes, and is known by its hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import and_, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Withdrawal
from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority
from assessment.core.statistics.publication import EditionCell
from assessment.core.statistics.withholding import read_withheld
from assessment.locale import gettext
from assessment.storage.frames import unpack_table
from assessment.storage.memory import Memory, read_once
from assessment.storage.models import EditionFrameRow, EditionRow

# How many editions a process keeps: those that people look at, the newest of some rounds.
MAX_EDITIONS = 8

GroupKey = tuple[str, str]
ItemKey = tuple[str, str]
Cells = Mapping[GroupKey, Mapping[ItemKey, EditionCell]]


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition with what may change of it; ``frames_hash`` is of all its frames together."""

    edition: Edition
    released_on: date | None
    withdrawal: Withdrawal | None
    frames_hash: str

    @property
    def key(self) -> tuple[str, int]:
        """Return the edition's round and number."""
        return self.edition.round_id, self.edition.number


class Frozen:
    """The frames of one edition and what pages read from them; ``content`` tells it from others.

    Frames are handed out as copies that share their values until somebody changes one.
    """

    def __init__(self, round_id: str, number: int, content: str, tables: dict[str, pa.Table]):
        """Keep the tables as they are stored."""
        self.content = content
        self._key = round_id, number
        self._tables = tables
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """Return a frame; raises NotFoundError where the edition has none of this name."""
        if name not in self._frames:
            self._frames[name] = self._table(name).to_pandas()
        return self._frames[name].copy(deep=False)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return a frame's rows by column name, None where nothing is known."""
        rows: list[dict[str, Any]] = self._table(name).to_pylist()
        return rows

    @property
    def answer_codes(self) -> pd.DataFrame:
        """Return the answers that the edition was cut from, by authority_id."""
        return self._codes.copy(deep=False)

    @cached_property
    def _codes(self) -> pd.DataFrame:
        return self.frame("codes").set_index("authority_id")

    @cached_property
    def register(self) -> tuple[Authority, ...]:
        """Return the authorities that the edition was cut by, with their traits."""
        return tuple(Authority(**row) for row in self.rows("register"))

    @cached_property
    def cells(self) -> Cells:
        """Return what the edition shows of each item of each group."""
        on = ["group_kind", "group_id", "measure", "item_id"]
        rows = self.frame("figures").merge(self.frame("bases"), on=on, validate="one_to_one")
        cells: dict[GroupKey, dict[ItemKey, EditionCell]] = {}
        for row in rows.to_dict("records"):
            group = cells.setdefault((row["group_kind"], row["group_id"]), {})
            group[row["measure"], row["item_id"]] = EditionCell(
                row["base"],
                read_withheld(row["withheld_centre"], row["missing_centre"]),
                read_withheld(row["withheld_spread"], row["missing_spread"]),
            )
        return MappingProxyType({key: MappingProxyType(group) for key, group in cells.items()})

    def _table(self, name: str) -> pa.Table:
        if name not in self._tables:
            round_id, number = self._key
            raise NotFoundError(
                gettext(
                    "Edition %(number)s of round %(round)s has no frame %(frame)s.",
                    number=number,
                    round=round_id,
                    frame=name,
                )
            )
        return self._tables[name]


_editions: Memory[Frozen] = Memory(MAX_EDITIONS)


def read_frozen(db: Session, round_id: str, number: int) -> Frozen:
    """Return what an edition froze; raises NotFoundError where there is no such edition."""
    stored = find_stored(db, round_id, number)
    content = f"{round_id} {number} {stored.frames_hash}"

    def load() -> Frozen:
        query = select(EditionFrameRow.name, EditionFrameRow.packed)
        rows = db.execute(query.filter_by(round_id=round_id, number=number))
        tables = {name: unpack_table(packed) for name, packed in rows}
        return Frozen(round_id, number, content, tables)

    return _editions.recall(content, load)


def find_stored(db: Session, round_id: str, number: int) -> StoredEdition:
    """Return an edition of this number; raises NotFoundError where there is none."""
    for stored in read_stored(db):
        if stored.key == (round_id, number):
            return stored
    raise NotFoundError(
        gettext("There is no edition %(number)s of round %(round)s.", number=number, round=round_id)
    )


@read_once
def read_stored(db: Session) -> list[StoredEdition]:
    """Return every edition, by round and number: one statement tells all that pages ask of them."""
    frame = EditionFrameRow
    line = func.concat(frame.name, "=", frame.sha256)
    lines = func.string_agg(line, aggregate_order_by(literal(" "), frame.name))
    query = (
        select(EditionRow, lines)
        .join(
            frame,
            and_(frame.round_id == EditionRow.round_id, frame.number == EditionRow.number),
            isouter=True,
        )
        .group_by(EditionRow.round_id, EditionRow.number)
        .order_by(EditionRow.round_id, EditionRow.number)
    )
    return [_stored(row, hashes or "") for row, hashes in db.execute(query)]


def _stored(row: EditionRow, hashes: str) -> StoredEdition:
    """Turn a row into an edition, with one hash of its frames' names and hashes."""
    edition = Edition(
        round_id=row.round_id,
        number=row.number,
        cut_on=row.cut_on,
        questionnaire_version=row.questionnaire_version,
        register_version=row.register_version,
        method_version=row.method_version,
        content_hash=row.content_hash,
    )
    withdrawal = None
    if row.withdrawn_on is not None:
        withdrawal = Withdrawal(row.withdrawn_on, row.withdrawal_note or "")
    frames_hash = hashlib.sha256(hashes.encode()).hexdigest()
    return StoredEdition(edition, row.released_on, withdrawal, frames_hash)
