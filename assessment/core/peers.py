"""One authority beside its peers: the figures a report is made from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from assessment.core.authorities import GroupKind
from assessment.core.disclosure import WITHHELD_CENTRE, WITHHELD_SPREAD
from assessment.core.figures import percent_columns
from assessment.core.questionnaire import Questionnaire


class Position(StrEnum):
    """Where an authority stands to the middle half of its peers; never a rank."""

    BELOW = "below"
    WITHIN = "about the same as"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """One item of one authority beside its peers; what is withheld is None and says why.

    ``own`` is not rounded; it is None where the authority has no score or level, and then
    ``percentile`` and ``position`` are None too. ``n`` peers have one, of ``of_n`` peers.
    """

    measure: str
    item_id: str
    own: float | None
    n: int
    of_n: int
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None
    percents: tuple[int, ...] | None
    percentile: int | None
    position: Position | None
    withheld_centre: str
    withheld_spread: str


@dataclass(frozen=True, slots=True)
class PeerComparison:
    """One authority beside one group of peers, itself left out: ``n`` counted of ``of_n``."""

    group_kind: GroupKind
    group_id: str
    group_name: str
    n: int
    of_n: int
    figures: tuple[PeerFigures, ...]

    def figure(self, measure: str, item_id: str) -> PeerFigures:
        """Return the figures of one item."""
        return next(f for f in self.figures if (f.measure, f.item_id) == (measure, item_id))


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
        n=int(known["n"]),
        of_n=int(known["of_n"]),
        percents=None if None in percents else tuple(int(percent) for percent in percents),
        percentile=None if percentile is None else int(percentile),
        position=None if position is None else Position(position),
        withheld_centre=known[WITHHELD_CENTRE],
        withheld_spread=known[WITHHELD_SPREAD],
    )
