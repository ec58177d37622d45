"""Rounds, and the editions that freeze their benchmark."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from assessment.core.people.authorities import Authority

# Changes whenever a rule of scoring, benchmarking or disclosure changes a figure published in
# earnest; the CHANGELOG says what it stands for.
METHOD_VERSION = "2026.1"


class Override(StrEnum):
    """Reasons not to cut an edition of a round yet, which may be overridden."""

    OPEN = "open"
    EMPTY = "empty"


class RoundState(StrEnum):
    """Where a day stands to a round."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Round:
    """A dated window in which authorities assess themselves; both days are included."""

    id: str
    name: str
    opens_on: date
    closes_on: date
    questionnaire_version: str

    def is_open(self, today: date) -> bool:
        """Return whether answers can be given on this day."""
        return self.state(today) is RoundState.OPEN

    def state(self, today: date) -> RoundState:
        """Return where this day stands to the round."""
        if today < self.opens_on:
            return RoundState.ANNOUNCED
        return RoundState.OPEN if today <= self.closes_on else RoundState.CLOSED

    def is_over(self, today: date) -> bool:
        """Return whether the last day is over on this day."""
        return self.closes_on < today


def choose_round(rounds: Iterable[Round], today: date) -> Round | None:
    """Choose the round that people mean today.

    Parameters
    ----------
    rounds : all that are announced, in any order.
    today : by the programme's calendar.

    Returns
    -------
    The open round, else the one that closed last, else the one that opens next; None where
    there is none. A round announced for later never hides one that has begun.
    """
    by_state: dict[RoundState, list[Round]] = {state: [] for state in RoundState}
    for round_ in sorted(rounds, key=lambda each: (each.opens_on, each.id)):
        by_state[round_.state(today)].append(round_)
    begun = by_state[RoundState.CLOSED] + by_state[RoundState.OPEN]
    return next(iter(begun[-1:] + by_state[RoundState.ANNOUNCED]), None)


def list_members(
    register: Sequence[Authority], round_: Round, submitted_ids: Collection[str]
) -> list[Authority]:
    """List the authorities that a round is for: its groups are made of them.

    Parameters
    ----------
    register : every authority, in any order.
    round_ : the round.
    submitted_ids : the authorities that submitted in the round.

    Returns
    -------
    Those that exist on any day of the round, in the order of the register; those that
    submitted are always among them. Where authorities are reorganised within a round, both
    the predecessors and the successors are.
    """
    days = round_.opens_on, round_.closes_on
    return [a for a in register if a.id in submitted_ids or a.exists_within(*days)]


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated benchmark: what its frozen figures were made from, and their hash."""

    round_id: str
    number: int
    cut_on: date
    questionnaire_version: str
    register_version: str
    method_version: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When an edition was withdrawn from open data, and why."""

    on: date
    note: str


def hash_figures(*frames: pd.DataFrame) -> str:
    """Return the SHA-256 of an edition's figures and changes, in hexadecimal.

    Parameters
    ----------
    frames : one row a published figure, in its order; hashed as CSV with NaN left empty.

    Returns
    -------
    64 characters; the same figures always give the same hash.
    """
    texts = (f.to_csv(index=False, lineterminator="\n", float_format="%.6g") for f in frames)
    return hashlib.sha256("".join(texts).encode()).hexdigest()
