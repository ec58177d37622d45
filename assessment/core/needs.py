"""What authorities say holds them back and would help them: chosen at submission, never scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from assessment.core.disclosure import MIN_FOR_SPREAD
from assessment.core.questionnaire import Choice, Questionnaire
from assessment.core.rounding import round_half_up

# How many of a list may be chosen: all of them would say nothing.
MOST_CHOSEN = 3
# The fewest that must not have chosen what most did, else it would tell what each chose.
LEAST_APART = 2
COLUMNS = ("authority_id", "kind", "choice_id")
# It does not say how many have: of few, that would tell who has not.
TOO_FEW = f"shown when {MIN_FOR_SPREAD} authorities have chosen"
TOO_ALIKE = "hidden so that nobody's choice can be told"


class NeedKind(StrEnum):
    """The two lists to choose from."""

    BARRIER = "barrier"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Needs:
    """What one authority chose, as ids in the questionnaire's order."""

    barriers: tuple[str, ...] = ()
    support: tuple[str, ...] = ()


NONE_CHOSEN = Needs()


@dataclass(frozen=True, slots=True)
class NeedShare:
    """The share of authorities that chose one thing, in whole percent; None where withheld."""

    choice_id: str
    text: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class NeedList:
    """One list with its shares, the largest first, of ``n`` authorities that chose from it.

    ``of_n`` are counted. Where ``withheld`` says why, n and shares are None.
    """

    kind: NeedKind
    n: int | None
    of_n: int
    withheld: str
    shares: tuple[NeedShare, ...]


def list_choices(questionnaire: Questionnaire, kind: NeedKind) -> tuple[Choice, ...]:
    """Return what there is to choose from in one of the two lists."""
    return questionnaire.barriers if kind is NeedKind.BARRIER else questionnaire.support


def summarise_needs(
    questionnaire: Questionnaire, chosen: pd.DataFrame, counted: Sequence[str]
) -> pd.DataFrame:
    """Say what share of authorities chose each barrier and each kind of support.

    Parameters
    ----------
    questionnaire : the version answered.
    chosen : one row per thing chosen: ``authority_id``, ``kind``, ``choice_id``.
    counted : the ids of the authorities that are counted; others are left out.

    Returns
    -------
    One row per thing to choose, in the questionnaire's order: ``kind``, ``choice_id``; ``n``
    authorities that chose anything in the list, ``of_n`` counted; ``percent`` of n, whole.
    Where ``withheld`` says why, n and percents are NaN: below ten authorities, and where fewer
    than two did not choose the same.
    """
    of_counted = chosen[chosen["authority_id"].isin(list(counted))]
    rows = []
    for kind in NeedKind:
        part = of_counted[of_counted["kind"] == kind.value]
        n = part["authority_id"].nunique()
        counts = part["choice_id"].value_counts()
        withheld = _withhold(n, int(counts.max()) if n else 0)
        for choice in list_choices(questionnaire, kind):
            share = 100 * int(counts.get(choice.id, 0)) / n if n else 0.0
            rows.append(
                {
                    "kind": kind.value,
                    "choice_id": choice.id,
                    "n": np.nan if withheld else float(n),
                    "of_n": len(counted),
                    "percent": np.nan if withheld else round_half_up(share),
                    "withheld": withheld,
                }
            )
    names = ["kind", "choice_id", "n", "of_n", "percent", "withheld"]
    return pd.DataFrame(rows, columns=names)


def count_changed(now: pd.DataFrame, then: pd.DataFrame) -> int:
    """Count the authorities that chose something else now than then, or only once.

    Parameters
    ----------
    now, then : one row per thing chosen: ``authority_id``, ``kind``, ``choice_id``.

    Returns
    -------
    A number of authorities.
    """
    before, after = _gather(then), _gather(now)
    return sum(before.get(one) != after.get(one) for one in {*before, *after})


def _withhold(n: int, most: int) -> str:
    """Say why a list's shares are withheld; empty where they are not."""
    if n < MIN_FOR_SPREAD:
        return TOO_FEW
    return TOO_ALIKE if n - most < LEAST_APART else ""


def _gather(chosen: pd.DataFrame) -> Mapping[str, frozenset[tuple[str, str]]]:
    """Return what each authority chose."""
    return {
        str(authority_id): frozenset(zip(part["kind"], part["choice_id"], strict=True))
        for authority_id, part in chosen.groupby("authority_id")
    }
