"""The authority beside its peers: which group, and what is said of it."""

from collections.abc import Sequence

from assessment.core.people.groups import PREFERENCE
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.publication import PeerComparison, PeerFigures
from reports.authority.parts import PeerGroup, Peers


def choose_comparison(comparisons: Sequence[PeerComparison]) -> PeerComparison | None:
    """Choose the group of peers that the profile is shown against.

    Parameters
    ----------
    comparisons : one a kind of group.

    Returns
    -------
    The first in order of `PREFERENCE` (nearest neighbours are not among them: they have no
    figures for single questions) whose middle half is shown for every principle; where
    there is none such, the first in that order; None where there is no such comparison.
    """
    fixed = (c for c in comparisons if c.group_kind in PREFERENCE)
    ordered = sorted(fixed, key=lambda c: PREFERENCE.index(c.group_kind))
    shown = (comparison for comparison in ordered if _is_shown(comparison))
    return next(shown, ordered[0] if ordered else None)


def describe_group(comparison: PeerComparison) -> PeerGroup:
    """Describe a group of peers.

    Parameters
    ----------
    comparison : the authority beside it.

    Returns
    -------
    The group; its name reads after a number, even where the authority is in none.
    """
    name = comparison.group_name or "authorities in no such group"
    return PeerGroup(comparison.group_kind, name, comparison.n, comparison.of_n)


def describe_peers(comparison: PeerComparison, measure: Measure, item_id: str) -> Peers | None:
    """Describe what the peers of a group have for one item.

    Parameters
    ----------
    comparison : the authority beside the group.
    measure, item_id : of the item.

    Returns
    -------
    The published figures; None where the edition has no such item, because it was cut from
    another version of the questionnaire.
    """
    for figures in comparison.figures:
        if (figures.measure, figures.item_id) == (measure, item_id):
            return _peers(comparison, figures)
    return None


def _is_shown(comparison: PeerComparison) -> bool:
    """Return whether the middle half is shown for every principle."""
    principles = [f for f in comparison.figures if f.measure == Measure.PRINCIPLE]
    return all(figures.withheld_spread == "" for figures in principles)


def _peers(comparison: PeerComparison, figures: PeerFigures) -> Peers:
    """Take over one item's figures as they are published."""
    return Peers(
        group=describe_group(comparison),
        n=figures.n,
        of_n=figures.of_n,
        median=figures.median,
        q1=figures.q1,
        q3=figures.q3,
        percents=figures.percents,
        position=figures.position,
        withheld_centre=figures.withheld_centre,
        withheld_spread=figures.withheld_spread,
        place=figures.place,
    )
