"""A programme of any size, as arrays in memory."""

from dataclasses import dataclass

import numpy as np

QUESTIONS, PER_PRINCIPLE, ROUNDS = 36, 6, 4
KINDS = {"all": 1, "nation": 4, "region": 12, "type": 9, "band": 5, "rurality": 3}


@dataclass(frozen=True)
class Programme:
    """Codes of each round, int8, one row an authority; and each kind's group, int16."""

    codes: list[np.ndarray]
    groups: dict[str, np.ndarray]

    @property
    def bytes(self) -> int:
        """Return the size of the answers' own arrays."""
        return sum(codes.nbytes for codes in self.codes)


def make_programme(authorities: int) -> Programme:
    """Draw answers with Don't know (-1), Does not apply (-2) and missing ones (0)."""
    draw = np.random.default_rng(authorities)
    answers = np.array([-2, -1, 0, 1, 2, 3, 4, 5], dtype=np.int8)
    shares = [0.03, 0.06, 0.02, 0.18, 0.22, 0.24, 0.16, 0.09]
    codes = [draw.choice(answers, size=(authorities, QUESTIONS), p=shares) for _ in range(ROUNDS)]
    groups = {
        kind: draw.integers(0, size, authorities, dtype=np.int16) for kind, size in KINDS.items()
    }
    return Programme(codes, groups)
