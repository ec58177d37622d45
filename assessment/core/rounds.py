"""Rounds, and the editions that freeze their benchmark."""

import hashlib
from dataclasses import dataclass
from datetime import date

import pandas as pd

# Changes whenever a rule of scoring, benchmarking or disclosure changes a figure published in
# earnest; the CHANGELOG says what it stands for.
METHOD_VERSION = "2026.1"


@dataclass(frozen=True, slots=True)
class Round:
    """A dated window in which authorities assess themselves; both days are included."""

    id: str
    name: str
    opens_on: date
    closes_on: date
    questionnaire_version: str

    def is_open(self, today: date) -> bool:
        """Say whether answers can be given on this day."""
        return self.opens_on <= today <= self.closes_on


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

    @property
    def citation(self) -> str:
        """Return the words a report cites the edition by."""
        day = f"{self.cut_on.day} {self.cut_on:%B %Y}"
        return f"Edition {self.number} of round {self.round_id}, {day}"


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
