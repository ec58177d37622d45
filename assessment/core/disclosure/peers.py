"""One authority beside its peers: the figures a report is made from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import percent_columns
from assessment.core.statistics.publication import (
    WITHHELD_CENTRE,
    WITHHELD_SPREAD,
    EditionCell,
    PeerComparison,
    PeerFigures,
)
from assessment.core.statistics.uncertainty import Position


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
    items = [item for f in newest.figures if (item := (f.measure, f.item_id)) in cells]
    figures = [_follow(by_base[cells[i].base].figure(*i), cells[i]) for i in items]
    return replace(newest, figures=tuple(figures))


def _follow(figures: PeerFigures, cell: EditionCell) -> PeerFigures:
    """Withhold of one item what the edition hides."""
    if cell.withheld_spread and not figures.withheld_spread:
        figures = replace(
            figures,
            q1=None,
            q3=None,
            percents=None,
            percentile=None,
            position=None,
            place="",
            withheld_spread=cell.withheld_spread,
        )
    if cell.withheld_centre and not figures.withheld_centre:
        figures = replace(
            figures, n=None, mean=None, median=None, withheld_centre=cell.withheld_centre
        )
    return figures


def list_peer_figures(
    questionnaire: Questionnaire, published: pd.DataFrame
) -> tuple[PeerFigures, ...]:
    """Turn the published figures of one group, one row an item, into PeerFigures."""
    percents = percent_columns(questionnaire)
    return tuple(_peer_figures(row, percents) for _, row in published.iterrows())


def _peer_figures(row: pd.Series, percent_names: list[str]) -> PeerFigures:
    """Turn one published row into PeerFigures."""
    known: dict[str, Any] = {str(k): None if pd.isna(v) else v for k, v in row.items()}
    percents = [known[name] for name in percent_names]
    percentile, position = known["percentile"], known["position"]
    return PeerFigures(
        measure=known["measure"],
        item_id=known["item_id"],
        **{name: known[name] for name in ("own", "mean", "median", "q1", "q3")},
        n=None if known["n"] is None else int(known["n"]),
        of_n=int(known["of_n"]),
        percents=None if None in percents else tuple(int(percent) for percent in percents),
        percentile=None if percentile is None else int(percentile),
        position=None if position is None else Position(position),
        place=known["place"] or "",
        withheld_centre=known[WITHHELD_CENTRE],
        withheld_spread=known[WITHHELD_SPREAD],
    )
