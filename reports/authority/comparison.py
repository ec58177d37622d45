"""The authority beside its peers: which group, and what is said of it."""

from collections.abc import Sequence

from assessment.core.people.groups import PREFERENCE
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.publication import PeerComparison
from assessment.core.statistics.published_figures import PeerFigure
from assessment.locale import ENGLISH, speak
from reports.authority.parts import PeerGroup
from reports.words import name_peers


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


@speak(ENGLISH)
def describe_group(comparison: PeerComparison) -> PeerGroup:
    """Describe a group of peers.

    Parameters
    ----------
    comparison : the authority beside it.

    Returns
    -------
    The group; its name reads after a number, even where the authority is in none. It is kept in
    English.
    """
    return PeerGroup(
        comparison.group_kind,
        name_peers(comparison.group_name, comparison.group_kind, comparison.group_id),
        comparison.n,
        comparison.of_n,
    )


def find_peers(comparison: PeerComparison, measure: Measure, item_id: str) -> PeerFigure | None:
    """Find what the peers of a group have for one item.

    Parameters
    ----------
    comparison : the authority beside the group.
    measure, item_id : of the item.

    Returns
    -------
    The published figures; None where the edition has no such item, because it was cut from
    another version of the questionnaire.
    """
    item = (measure.value, item_id)
    return next((one for one in comparison.figures if one.figure.key.item == item), None)


def _is_shown(comparison: PeerComparison) -> bool:
    """Return whether the middle half is shown for every principle."""
    figures = [peers.figure for peers in comparison.figures]
    principles = [figure for figure in figures if figure.key.measure is Measure.PRINCIPLE]
    return all(figure.withheld_spread.is_shown for figure in principles)
