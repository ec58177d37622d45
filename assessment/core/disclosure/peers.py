"""One authority beside its peers: the figures a report is made from."""

from collections.abc import Mapping
from dataclasses import replace

from assessment.core.statistics.publication import EditionCell, PeerComparison
from assessment.core.statistics.published_figures import PeerFigure


def follow_edition(
    by_base: Mapping[int, PeerComparison], cells: Mapping[tuple[str, str], EditionCell]
) -> PeerComparison:
    """Show of a comparison only what the edition shows of the whole group.

    Parameters
    ----------
    by_base : comparisons with one group, each made from the answers of the edition numbered.
    cells : by measure and item id, what the edition shows of the group.

    Returns
    -------
    The newest comparison, of the items that there is a cell for; each item's figures are from
    the answers that the edition's own figure shows. What the edition hides is withheld here
    too: with the reader's own answer, the peers' figure would tell the group's.
    """
    newest = by_base[max(by_base)]
    items = [f.figure.key.item for f in newest.figures if f.figure.key.item in cells]
    figures = [_follow(by_base[cells[i].base].figure(*i), cells[i]) for i in items]
    return replace(newest, figures=tuple(figures))


def _follow(peers: PeerFigure, cell: EditionCell) -> PeerFigure:
    """Withhold of one item what the edition hides."""
    figure = peers.figure
    if figure.withheld_spread.is_shown and not cell.withheld_spread.is_shown:
        figure = replace(
            figure,
            q1=None,
            q3=None,
            percents=(None,) * len(figure.percents),
            percents_at_least=(None,) * len(figure.percents_at_least),
            percent_dont_know=None,
            percent_does_not_apply=None,
            withheld_spread=cell.withheld_spread,
        )
        peers = replace(peers, percentile=None, place=None)
    if figure.withheld_centre.is_shown and not cell.withheld_centre.is_shown:
        centre = cell.withheld_centre
        figure = replace(figure, n=None, mean=None, median=None, withheld_centre=centre)
    return replace(peers, figure=figure)
