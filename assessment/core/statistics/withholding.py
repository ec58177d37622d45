"""Why a figure is withheld, and what would open it: a code and a number, never words.

`assessment.core.disclosure` alone decides it; `reports/words` says it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

WITHHELD_CENTRE = "withheld_centre"
WITHHELD_SPREAD = "withheld_spread"
MISSING_CENTRE = "missing_centre"
MISSING_SPREAD = "missing_spread"


class Reason(StrEnum):
    """Why a figure is withheld; every one but SHOWN withholds.

    HIDDEN is complementary suppression, and what would tell what everybody in a group has:
    which of the two it is would tell something itself.
    """

    SHOWN = "shown"
    TOO_FEW_SUBMITTED = "too_few_submitted"
    GROUP_TOO_SMALL = "group_too_small"
    TOO_FEW_WITH_LEVEL = "too_few_with_level"
    TOO_FEW_CHOSE = "too_few_chose"
    TOO_ALIKE = "too_alike"
    TOO_FEW_COMPLETE = "too_few_complete"
    HIDDEN = "hidden"
    NO_GROUP = "no_group"
    COUNT_UNKNOWN = "count_unknown"
    REASON_UNKNOWN = "reason_unknown"


_REASONS = {reason.value: reason for reason in Reason}


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why a figure is withheld.

    ``missing`` authorities have to submit (TOO_FEW_SUBMITTED) or to be in the group
    (GROUP_TOO_SMALL) before it can be shown; None for every other reason. [authorities]
    """

    reason: Reason
    missing: int | None = None

    @property
    def is_shown(self) -> bool:
        """Return whether the figure is shown."""
        return self.reason is Reason.SHOWN


SHOWN = Withheld(Reason.SHOWN)
HIDDEN = Withheld(Reason.HIDDEN)


def read_withheld(code: object, missing: object = None) -> Withheld:
    """Read a reason to withhold as a frame or a stored cell has it.

    Parameters
    ----------
    code : of a `Reason`.
    missing : how many authorities; NaN or None where the reason has no number.

    Returns
    -------
    The reason. Anything that is no code withholds, for a reason that is not known.
    """
    reason = _REASONS.get(code) if isinstance(code, str) else None
    number = int(missing) if isinstance(missing, int | float) and not pd.isna(missing) else None
    return Withheld(reason or Reason.REASON_UNKNOWN, number)


@dataclass(frozen=True, slots=True)
class WithheldCounts:
    """How many of an edition's ``rows``, one a group and item, are withheld of one kind of figure.

    ``too_small`` are those that too few stand behind, which the plain rule withholds alone;
    ``hidden`` those that would tell what each has answered or let another figure be worked out.
    """

    rows: int
    too_small: int
    hidden: int

    @property
    def plain_percent(self) -> float:
        """Return the percent that the thresholds alone withhold; 0 of no rows."""
        return 100 * self.too_small / max(self.rows, 1)

    @property
    def percent(self) -> float:
        """Return the percent that is withheld in all; 0 of no rows."""
        return 100 * (self.too_small + self.hidden) / max(self.rows, 1)


def count_withheld(reasons: Iterable[str]) -> WithheldCounts:
    """Count what is withheld.

    Parameters
    ----------
    reasons : one element a row: the code of why its figure is withheld.

    Returns
    -------
    How many of the rows are withheld as too small and how many are hidden.
    """
    counts = Counter(reasons)
    rows, hidden = counts.total(), counts[Reason.HIDDEN]
    return WithheldCounts(rows, rows - counts[Reason.SHOWN] - hidden, hidden)
