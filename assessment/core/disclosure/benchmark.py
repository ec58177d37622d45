"""Benchmarks: the figures of every group, and one authority beside its peers.

Both come out of disclosure control already, rounded as they are published.
"""

import numpy as np
import pandas as pd

from assessment.core.disclosure.thresholds import hide_unanimous, withhold_small
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import (
    GROUP_KEY,
    LABELS,
    check_answer_codes,
    measure_answer_codes,
    percent_columns,
    place_authorities,
    round_figures,
    summarise_members,
)
from assessment.core.statistics.publication import PeerComparison
from assessment.core.statistics.published_figures import list_peer_figures
from assessment.core.statistics.uncertainty import (
    Place,
    Position,
    estimate_place,
    list_possible,
)
from assessment.core.statistics.withholding import WITHHELD_CENTRE, WITHHELD_SPREAD, Reason

STANDING_COLUMNS = ("percent_dont_know", "percent_does_not_apply")
# Weighted scores come without the noise beyond their twelfth decimal, so that a quartile between
# two of them is off by as much; here it must not divide equals.
POSITION_DECIMALS = 9


def summarise_groups(
    questionnaire: Questionnaire, answer_codes: pd.DataFrame, memberships: pd.DataFrame
) -> pd.DataFrame:
    """Summarise every item in every peer group, as it may be published.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : one row per authority_id with a submitted assessment that is counted
        One column per question, in order; a level, DONT_KNOW, DOES_NOT_APPLY or UNANSWERED.
    memberships : one row per (authority_id, group_kind) of the whole register
        As `assessment.core.people.groups.list_memberships` gives it.

    Returns
    -------
    One row per group and item, groups nobody answered in included: ``group_kind``,
    ``group_id``, ``group_name``, ``measure``, ``item_id``; ``n`` authorities with a score or
    level (NaN where withheld), ``submitted`` authorities of the group that are counted at all,
    ``of_n`` authorities in the group; ``mean``, ``median``, ``q1``, ``q3`` level
    [1 to L, to 0.1]; ``percent_1`` to ``percent_L`` of the authorities at each (nearest)
    level, ``percent_at_least_2`` and on at it or above, and for questions
    ``percent_dont_know`` and ``percent_does_not_apply`` of those submitted [whole percent];
    NaN where withheld; ``withheld_centre``, ``missing_centre``, ``withheld_spread`` and
    ``missing_spread`` say why, as `withhold_small` gives them. Ordered by kind, group name and
    the questionnaire.

    Raises
    ------
    BenchmarkError if an authority counts twice or is in no group, or the answers are of
    another questionnaire.

    Notes
    -----
    Quartiles interpolate linearly (Hyndman and Fan 1996, type 7). All rounding is half up and
    comes last.
    """
    groups, placed = place_authorities(questionnaire, answer_codes, memberships)
    check_answer_codes(questionnaire, answer_codes.to_numpy())
    figures = summarise_members(questionnaire, answer_codes.to_numpy(), groups, placed)
    shown = hide_unanimous(figures[_columns(questionnaire)])
    return round_figures(withhold_small(shown))


def compare_with_peers(
    questionnaire: Questionnaire,
    answer_codes: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    authority_id: str,
    own_answer_codes: np.ndarray,
    group_kind: GroupKind,
) -> PeerComparison:
    """Compare one authority with the others of its group.

    Parameters
    ----------
    questionnaire, codes, memberships : as for `summarise_groups`.
    authority_id : the reader; always left out of the peers and of their number.
    own_answer_codes : int, one element a question: the reader's own answers.
    group_kind : which of the reader's groups.

    Returns
    -------
    The peers' figures and the reader's place for every item. The percentile rank is
    100 x (below + half of equal) / n; the position is judged on quartiles not rounded, and a
    quartile itself is within; ``place`` holds it with how sure it is. A reader in no group of
    this kind has no peers: n is 0.

    Raises
    ------
    BenchmarkError as `summarise_groups`.
    """
    groups, placed = place_authorities(questionnaire, answer_codes, memberships)
    group = _group_of(memberships, authority_id, group_kind)
    own_group = (groups[GROUP_KEY] == [group_kind.value, group["group_id"]]).all(axis=1)
    of_n = int(groups.loc[own_group, "of_n"].sum()) - own_group.sum()
    peers = np.isin(placed, np.flatnonzero(own_group)).any(axis=1) & (
        answer_codes.index != authority_id
    )
    counted = answer_codes.to_numpy()[peers]
    values = measure_answer_codes(questionnaire, counted)
    own = measure_answer_codes(questionnaire, own_answer_codes[np.newaxis, :])[0]
    alone = pd.DataFrame([group | {"of_n": of_n}])
    figures = summarise_members(
        questionnaire, counted, alone, np.zeros((len(counted), 1), dtype=np.int64)
    )
    figures = hide_unanimous(_place(figures, values, own))
    if not group["group_id"]:
        figures[[WITHHELD_CENTRE, WITHHELD_SPREAD]] = Reason.NO_GROUP.value
    published = round_figures(withhold_small(figures))
    return PeerComparison(
        group_kind=group_kind,
        group_id=group["group_id"],
        group_name=group["group_name"],
        n=len(counted),
        of_n=of_n,
        figures=list_peer_figures(questionnaire, published),
    )


def _columns(questionnaire: Questionnaire) -> list[str]:
    """Name the columns of the published figures, in order, before the reasons."""
    counts = [*LABELS, "measure", "item_id", "n", "submitted", "of_n"]
    at_least = [f"percent_at_least_{level.number}" for level in questionnaire.levels[1:]]
    shares = [*percent_columns(questionnaire), *at_least, *STANDING_COLUMNS]
    return [*counts, "mean", "median", "q1", "q3", *shares]


def _group_of(
    memberships: pd.DataFrame, authority_id: str, group_kind: GroupKind
) -> dict[str, str]:
    """Return the labels of an authority's group; without id and name where it has none."""
    own = memberships[memberships["authority_id"] == authority_id]
    own = own[own["group_kind"] == group_kind.value]
    names = [*zip(own["group_id"], own["group_name"], strict=True), ("", "")]
    return dict(zip(LABELS, (group_kind.value, *names[0]), strict=True))


def _place(figures: pd.DataFrame, values: np.ndarray, own: np.ndarray) -> pd.DataFrame:
    """Add the reader's own values and, where there are any, their percentile and place."""
    below, equal = (values < own).sum(axis=0), (values == own).sum(axis=0)
    percentile = 100 * (below + equal / 2) / figures["n"]
    low, high = figures["q1"].round(POSITION_DECIMALS), figures["q3"].round(POSITION_DECIMALS)
    where = own.round(POSITION_DECIMALS)
    above_or_below = [where < low, where > high]
    position = np.select(above_or_below, [Position.BELOW, Position.ABOVE], Position.WITHIN)
    scored = ~np.isnan(own) & (figures["n"] > 0).to_numpy()
    counts = zip(below, equal, figures["n"], figures["of_n"], strict=True)
    place = [
        _estimate_place(Position(at), *count) if has else None
        for at, count, has in zip(position, counts, scored, strict=True)
    ]
    return figures.assign(
        own=own,
        percentile=percentile.where(scored),
        place=pd.Series(place, figures.index, dtype=object),
    )


def _estimate_place(position: Position, below: float, equal: float, n: float, of_n: float) -> Place:
    """Say where a reader stands, and where it may stand among all peers."""
    interval = estimate_place(int(below), int(equal), n=int(n), of_n=int(of_n))
    return Place(position, list_possible(position, interval))
