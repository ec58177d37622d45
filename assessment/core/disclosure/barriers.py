"""What share of authorities chose each barrier and each kind of support, as it may be published."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from assessment.core.answers.barriers import ChoiceKind, list_choices
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.rounding import round_half_up
from assessment.core.statistics.publication import MIN_FOR_SPREAD, PublishedChoices
from assessment.core.statistics.withholding import Reason

# The fewest that must not have chosen what most did, else it would tell what each chose.
MIN_DISSENTERS = 2
Chosen = frozenset[str]


def summarise_choices(
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
    Unless ``withheld`` is SHOWN, n and percents are NaN: below ten authorities, and where fewer
    than two did not choose the same.
    """
    of_counted = chosen[chosen["authority_id"].isin(list(counted))]
    rows = []
    for kind in ChoiceKind:
        part = of_counted[of_counted["kind"] == kind.value]
        n = part["authority_id"].nunique()
        counts = part["choice_id"].value_counts()
        withheld = _withhold(n, int(counts.max()) if n else 0)
        is_shown = withheld is Reason.SHOWN
        for choice in list_choices(questionnaire, kind):
            share = 100 * int(counts.get(choice.id, 0)) / n if n else 0.0
            rows.append(
                {
                    "kind": kind.value,
                    "choice_id": choice.id,
                    "n": float(n) if is_shown else np.nan,
                    "of_n": len(counted),
                    "percent": round_half_up(share) if is_shown else np.nan,
                    "withheld": withheld.value,
                }
            )
    names = ["kind", "choice_id", "n", "of_n", "percent", "withheld"]
    return pd.DataFrame(rows, columns=names)


def protect_choices(
    fresh: pd.DataFrame, chosen: pd.DataFrame, earlier: Sequence[PublishedChoices]
) -> pd.DataFrame:
    """Hold a list where its new shares, less older ones, would disclose a few authorities.

    Parameters
    ----------
    fresh : the rows of a new edition, as `summarise_choices` gives them, with ``base``, its number.
    chosen : what they were made from: ``authority_id``, ``kind``, ``choice_id``.
    earlier : the round's editions before, oldest first.

    Returns
    -------
    The rows to publish. A list is held, as it was shown last, where beside any edition that
    showed it anew those that came, those that left or those that chose otherwise are some but
    fewer than ten, or fewer than two of them did not choose the same: a difference of shares is
    a spread too. What was never shown is never held.
    """
    parts = []
    for kind, part in fresh.groupby("kind", sort=False):
        shown = [one for one in earlier if one.shows_anew(str(kind))]
        now = _gather(chosen, str(kind))
        telling = any(_is_disclosive(now, _gather(one.chosen, str(kind))) for one in shown)
        held = shown[-1].rows if telling else part
        parts.append(held[held["kind"] == kind])
    return pd.concat(parts, ignore_index=True) if parts else fresh


def _is_disclosive(now: Mapping[str, Chosen], then: Mapping[str, Chosen]) -> bool:
    """Return whether what two editions show would tell, by subtraction, what a few chose."""
    both = now.keys() & then.keys()
    otherwise = [one for one in both if now[one] != then[one]]
    groups = (
        [now[one] for one in now.keys() - both],
        [then[one] for one in then.keys() - both],
        [now[one] - then[one] for one in otherwise],
        [then[one] - now[one] for one in otherwise],
    )
    judged = [_withhold(len(group), _most_alike(group)) for group in groups if group]
    return any(reason is not Reason.SHOWN for reason in judged)


def _most_alike(group: Sequence[Chosen]) -> int:
    """Return how many of a group chose what most of them chose."""
    counts = Counter(choice for chosen in group for choice in chosen)
    return max(counts.values(), default=0)


def _withhold(n: int, most: int) -> Reason:
    """Say why a list's shares are withheld.

    It does not say how many have chosen: of few, that would tell who has not.
    """
    if n < MIN_FOR_SPREAD:
        return Reason.TOO_FEW_CHOSE
    return Reason.TOO_ALIKE if n - most < MIN_DISSENTERS else Reason.SHOWN


def _gather(chosen: pd.DataFrame, kind: str) -> dict[str, Chosen]:
    """Return what each authority chose in one list."""
    of_kind = chosen[chosen["kind"] == kind]
    return {
        str(authority_id): frozenset(part["choice_id"])
        for authority_id, part in of_kind.groupby("authority_id")
    }
