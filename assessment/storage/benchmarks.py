"""Editions: the frozen figures of a round and what they were made from."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Round, Withdrawal
from assessment.core.people.authorities import Authority
from assessment.core.statistics.publication import EditionCell
from assessment.core.statistics.withholding import read_withheld
from assessment.storage.frames import pack_frame
from assessment.storage.frozen import (
    Cells,
    ItemKey,
    find_stored,
    read_frozen,
    read_stored,
)
from assessment.storage.memory import read_once
from assessment.storage.models import EditionFrameRow, EditionRow, NeighbourCellsRow
from assessment.storage.rounds import read_rounds

# What an edition keeps of each authority.
TRAITS = (
    *("id", "name", "nation", "region", "type"),
    *("population", "density", "deprivation_score", "rural_share"),
)


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
    return [s.edition for s in read_stored(db)[::-1] if s.edition.round_id == round_id]


def read_released(db: Session) -> list[Edition]:
    """Return the released editions of every round, the first released first.

    Those that were withdrawn are left out.
    """
    released = [s for s in read_stored(db) if s.released_on and s.withdrawal is None]
    return [s.edition for s in sorted(released, key=lambda s: (s.released_on, *s.key))]


def lock_edition(db: Session, edition: Edition) -> None:
    """Wait until nobody else changes an edition, and let nobody until the transaction ends."""
    key = edition.round_id, edition.number
    db.get_one(EditionRow, key, with_for_update=True, populate_existing=True)


def read_released_on(db: Session, edition: Edition) -> date | None:
    """Return the day an edition was released; None where it is not."""
    return find_stored(db, edition.round_id, edition.number).released_on


def save_release(db: Session, edition: Edition, released_on: date) -> None:
    """Note that an edition is released."""
    db.get_one(EditionRow, (edition.round_id, edition.number)).released_on = released_on
    db.flush()


def read_withdrawn(db: Session) -> list[Edition]:
    """Return the editions that were withdrawn, the first withdrawn first."""
    withdrawn = [(s.withdrawal.on, *s.key, s.edition) for s in read_stored(db) if s.withdrawal]
    return [edition for *_, edition in sorted(withdrawn, key=lambda each: each[:3])]


def read_withdrawal(db: Session, edition: Edition) -> Withdrawal | None:
    """Return when and why an edition was withdrawn; None where it was not."""
    return find_stored(db, edition.round_id, edition.number).withdrawal


def save_withdrawal(db: Session, edition: Edition, withdrawal: Withdrawal) -> None:
    """Note that a released edition is withdrawn; its figures stay."""
    row = db.get_one(EditionRow, (edition.round_id, edition.number))
    row.withdrawn_on, row.withdrawal_note = withdrawal.on, withdrawal.note
    db.flush()


def read_newest_edition(db: Session, up_to: Round) -> Edition | None:
    """Return the newest edition of this round, else of the last round that has one.

    Only editions of the same version of the questionnaire can be compared with.
    """
    earlier = [r.id for r in read_rounds(db) if r.opens_on <= up_to.opens_on]
    editions = {
        s.edition.round_id: s.edition
        for s in read_stored(db)
        if s.edition.questionnaire_version == up_to.questionnaire_version
    }
    return next((editions[round_id] for round_id in earlier if round_id in editions), None)


def read_frame(db: Session, edition: Edition, name: str) -> pd.DataFrame:
    """Return one frozen frame; raises NotFoundError where the edition has none of this name."""
    return read_frame_of(db, edition.round_id, edition.number, name)


def read_frame_of(db: Session, round_id: str, number: int, name: str) -> pd.DataFrame:
    """Return one frozen frame of the edition of this number."""
    return read_frozen(db, round_id, number).frame(name)


def read_rows(db: Session, edition: Edition, name: str) -> list[dict[str, Any]]:
    """Return one frozen frame's rows by column name, None where nothing is known."""
    return read_frozen(db, edition.round_id, edition.number).rows(name)


def read_content(db: Session, edition: Edition) -> str:
    """Return what tells the content of an edition's frames from that of any other."""
    return read_frozen(db, edition.round_id, edition.number).content


def read_cells(db: Session, edition: Edition) -> Cells:
    """Return what an edition shows of each item of each group."""
    return read_frozen(db, edition.round_id, edition.number).cells


@read_once
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


def read_settled(db: Session, edition: Edition) -> set[str]:
    """Return the authorities that an edition's neighbours are settled for."""
    query = select(NeighbourCellsRow.authority_id)
    return set(db.scalars(query.filter_by(round_id=edition.round_id, number=edition.number)))


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
    frozen = read_frozen(db, edition.round_id, edition.number)
    return frozen.answer_codes, frozen.frame("memberships")


def read_register(db: Session, edition: Edition) -> tuple[Authority, ...]:
    """Return the authorities of the register that an edition was cut by, with their traits."""
    return read_frozen(db, edition.round_id, edition.number).register


def frame_register(authorities: Sequence[Authority]) -> pd.DataFrame:
    """Return authorities as a frame to freeze: one row an authority."""
    rows = [{name: getattr(a, name) for name in TRAITS} for a in authorities]
    return pd.DataFrame(rows, columns=list(TRAITS))
