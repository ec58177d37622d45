"""A programme of any size, as arrays in memory and as the product's frames."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from assessment.content.questionnaire import load_questionnaire
from assessment.core.questionnaire.questionnaire import Questionnaire

QUESTIONS, PER_PRINCIPLE, ROUNDS = 36, 6, 4
KINDS = {"all": 1, "nation": 4, "region": 12, "type": 9, "band": 5, "rurality": 3}
ITEMS = ["overall", *(f"p{n}" for n in range(QUESTIONS // PER_PRINCIPLE))]
ITEMS += [f"q{n}" for n in range(QUESTIONS)]
# What an edition has of each group and item: shares are percents.
SHARES = [*(f"at_{n}" for n in range(1, 6)), *(f"at_least_{n}" for n in range(2, 6))]
FIGURES = ["n", "mean", "q1", "median", "q3", *SHARES, "dont_know", "does_not_apply"]
# Over those with a value in this round and in the one before; NaN in the first.
CHANGES = ["change_n", "change"]


@dataclass(frozen=True)
class Programme:
    """Codes of each round, int8, one row an authority; and each kind's group, int16."""

    answer_codes: list[np.ndarray]
    groups: dict[str, np.ndarray]

    @property
    def bytes(self) -> int:
        """Return the size of the answers' own arrays."""
        return sum(answer_codes.nbytes for answer_codes in self.answer_codes)


@dataclass(frozen=True)
class Frames:
    """The same as the product holds it: codes by authority_id, and memberships."""

    answer_codes: list[pd.DataFrame]
    memberships: pd.DataFrame


def make_programme(authorities: int) -> Programme:
    """Draw answers with Don't know (-1), Does not apply (-2) and missing ones (0)."""
    draw = np.random.default_rng(authorities)
    answers = np.array([-2, -1, 0, 1, 2, 3, 4, 5], dtype=np.int8)
    shares = [0.03, 0.06, 0.02, 0.18, 0.22, 0.24, 0.16, 0.09]
    answer_codes = [
        draw.choice(answers, size=(authorities, QUESTIONS), p=shares) for _ in range(ROUNDS)
    ]
    groups = {
        kind: draw.integers(0, size, authorities, dtype=np.int16) for kind, size in KINDS.items()
    }
    return Programme(answer_codes, groups)


def frame_programme(programme: Programme) -> Frames:
    """Lay a programme out as the product's frames; groups sort by name as by number."""
    ids = [f"A{number:06}" for number in range(len(programme.answer_codes[0]))]
    memberships = [
        pd.DataFrame(
            {
                "authority_id": ids,
                "group_kind": kind,
                "group_id": [f"{kind}-{number:02}" for number in places],
                "group_name": [f"authorities of {kind} {number:02}" for number in places],
            }
        )
        for kind, places in programme.groups.items()
    ]
    names = list(read_questionnaire().question_ids)
    answer_codes = [pd.DataFrame(of_round, ids, names) for of_round in programme.answer_codes]
    return Frames(answer_codes, pd.concat(memberships, ignore_index=True))


@cache
def read_questionnaire() -> Questionnaire:
    """Return the real questionnaire."""
    return load_questionnaire(Path(__file__).parents[2] / "questions.yaml")
