"""Editions: the frozen figures of a round and what they were made from."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Round, Withdrawal
from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority
from assessment.core.statistics.publication import EditionCell
from assessment.core.statistics.withholding import read_withheld
from assessment.storage.frames import pack_frame, unpack_table
from assessment.storage.models import EditionFrameRow, EditionRow, NeighbourCellsRow, RoundRow

# What an edition keeps of each authority.
TRAITS = (
    *("id", "name", "nation", "region", "type"),
    *("population", "density", "deprivation_score", "rural_share"),
)

GroupKey = tuple[str, str]
ItemKey = tuple[str, str]


def save_edition(db: Session, edition: Edition, frames: dict[str, pd.DataFrame]) -> None:
    """Freeze an edition with its frames; raises FrameError where one does not fit its schema."""
    db.add(EditionRow(**asdict(edition)))
    db.flush()
    for name, frame in frames.items():
        packed = pack_frame(name, frame)
        db.add(
            EditionFrameRow(
                round_id=edition.round_id,
                number=edition.number,
                name=name,
                packed=packed,
                sha256=hashlib.sha256(packed).hexdigest(),
            )
        )
    db.flush()


def read_editions(db: Session, round_id: str) -> list[Edition]:
    """Return a round's editions, newest first."""
    query = select(EditionRow).where(EditionRow.round_id == round_id)
    return [_edition(row) for row in db.scalars(query.order_by(EditionRow.number.desc()))]


def read_released(db: Session) -> list[Edition]:
    """Return the released editions of every round, the first released first.

    Those that were withdrawn are left out.
    """
    query = select(EditionRow).where(
        EditionRow.released_on.is_not(None), EditionRow.withdrawn_on.is_(None)
    )
    order = EditionRow.released_on, EditionRow.round_id, EditionRow.number
    return [_edition(row) for row in db.scalars(query.order_by(*order))]


def lock_edition(db: Session, edition: Edition) -> None:
    """Wait until nobody else changes an edition, and let nobody until the transaction ends."""
    key = edition.round_id, edition.number
    db.get_one(EditionRow, key, with_for_update=True, populate_existing=True)


def read_released_on(db: Session, edition: Edition) -> date | None:
    """Return the day an edition was released; None where it is not."""
    return db.get_one(EditionRow, (edition.round_id, edition.number)).released_on


def save_release(db: Session, edition: Edition, released_on: date) -> None:
    """Note that an edition is released."""
    db.get_one(EditionRow, (edition.round_id, edition.number)).released_on = released_on
    db.flush()


def read_withdrawn(db: Session) -> list[Edition]:
    """Return the editions that were withdrawn, the first withdrawn first."""
    query = select(EditionRow).where(EditionRow.withdrawn_on.is_not(None))
    order = EditionRow.withdrawn_on, EditionRow.round_id, EditionRow.number
    return [_edition(row) for row in db.scalars(query.order_by(*order))]


def read_withdrawal(db: Session, edition: Edition) -> Withdrawal | None:
    """Return when and why an edition was withdrawn; None where it was not."""
    row = db.get_one(EditionRow, (edition.round_id, edition.number))
    if row.withdrawn_on is None:
        return None
    return Withdrawal(row.withdrawn_on, row.withdrawal_note or "")


def save_withdrawal(db: Session, edition: Edition, withdrawal: Withdrawal) -> None:
    """Note that a released edition is withdrawn; its figures stay."""
    row = db.get_one(EditionRow, (edition.round_id, edition.number))
    row.withdrawn_on, row.withdrawal_note = withdrawal.on, withdrawal.note
    db.flush()


def read_newest_edition(db: Session, up_to: Round) -> Edition | None:
    """Return the newest edition of this round, else of the last round that has one.

    Only editions of the same version of the questionnaire can be compared with.
    """
    query = (
        select(EditionRow)
        .join(RoundRow, RoundRow.id == EditionRow.round_id)
        .where(
            RoundRow.opens_on <= up_to.opens_on,
            EditionRow.questionnaire_version == up_to.questionnaire_version,
        )
        .order_by(RoundRow.opens_on.desc(), RoundRow.id.desc(), EditionRow.number.desc())
    )
    row = db.scalars(query.limit(1)).first()
    return None if row is None else _edition(row)


def read_frame(db: Session, edition: Edition, name: str) -> pd.DataFrame:
    """Return one frozen frame; raises NotFoundError where the edition has none of this name."""
    return read_frame_of(db, edition.round_id, edition.number, name)


def read_frame_of(db: Session, round_id: str, number: int, name: str) -> pd.DataFrame:
    """Return one frozen frame of the edition of this number."""
    frame: pd.DataFrame = _read_table(db, round_id, number, name).to_pandas()
    return frame


def read_rows(db: Session, edition: Edition, name: str) -> list[dict[str, Any]]:
    """Return one frozen frame's rows by column name, None where nothing is known."""
    table = _read_table(db, edition.round_id, edition.number, name)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def read_cells(db: Session, edition: Edition) -> dict[GroupKey, dict[ItemKey, EditionCell]]:
    """Return what an edition shows of each item of each group."""
    on = ["group_kind", "group_id", "measure", "item_id"]
    figures, bases = (read_frame(db, edition, name) for name in ("figures", "bases"))
    cells: dict[GroupKey, dict[ItemKey, EditionCell]] = {}
    for row in figures.merge(bases, on=on, validate="one_to_one").to_dict("records"):
        group = cells.setdefault((row["group_kind"], row["group_id"]), {})
        group[row["measure"], row["item_id"]] = EditionCell(
            row["base"],
            read_withheld(row["withheld_centre"], row["missing_centre"]),
            read_withheld(row["withheld_spread"], row["missing_spread"]),
        )
    return cells


def read_neighbour_cells(
    db: Session, edition: Edition, authority_id: str
) -> dict[ItemKey, EditionCell] | None:
    """Return what an edition shows an authority of its neighbours; None where not settled."""
    row = db.get(NeighbourCellsRow, (edition.round_id, edition.number, authority_id))
    if row is None:
        return None
    return {
        (measure, item_id): EditionCell(base, read_withheld(*centre), read_withheld(*spread))
        for measure, item_id, base, centre, spread in row.cells
    }


def save_neighbour_cells(
    db: Session, edition: Edition, authority_id: str, cells: dict[ItemKey, EditionCell]
) -> None:
    """Settle what an edition shows an authority of its neighbours; what is settled stays."""
    values = {
        "round_id": edition.round_id,
        "number": edition.number,
        "authority_id": authority_id,
        "cells": [[*item, *astuple(cell)] for item, cell in cells.items()],
    }
    db.execute(insert(NeighbourCellsRow).values(values).on_conflict_do_nothing())


def read_answers_behind(db: Session, edition: Edition) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the answers an edition was cut from, by authority_id, and the memberships."""
    codes = read_frame(db, edition, "codes").set_index("authority_id")
    return codes, read_frame(db, edition, "memberships")


def read_register(db: Session, edition: Edition) -> list[Authority]:
    """Return the authorities of the register that an edition was cut by, with their traits."""
    return [Authority(**row) for row in read_rows(db, edition, "register")]


def frame_register(authorities: Sequence[Authority]) -> pd.DataFrame:
    """Return authorities as a frame to freeze: one row an authority."""
    rows = [{name: getattr(a, name) for name in TRAITS} for a in authorities]
    return pd.DataFrame(rows, columns=list(TRAITS))


def _read_table(db: Session, round_id: str, number: int, name: str) -> pa.Table:
    """Return one frozen frame of the edition of this number as it is stored."""
    row = db.get(EditionFrameRow, (round_id, number, name))
    if row is None:
        raise NotFoundError(f"Edition {number} of round {round_id} has no frame {name}.")
    return unpack_table(row.packed)


def _edition(row: EditionRow) -> Edition:
    """Turn a row into the core's edition."""
    return Edition(
        round_id=row.round_id,
        number=row.number,
        cut_on=row.cut_on,
        questionnaire_version=row.questionnaire_version,
        register_version=row.register_version,
        method_version=row.method_version,
        content_hash=row.content_hash,
    )
