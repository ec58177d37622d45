"""One published figure, as pages, reports and files show it.

Stored reports hold figures: a field added later needs a default, one that is renamed or taken away
a migration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import Measure, percent_columns
from assessment.core.statistics.representativeness import WeightedMean
from assessment.core.statistics.uncertainty import Place
from assessment.core.statistics.withholding import SHOWN, Withheld, read_withheld


@dataclass(frozen=True, slots=True)
class FigureKey:
    """What a figure is of: an item of one group."""

    group_kind: GroupKind
    group_id: str
    measure: Measure
    item_id: str

    @property
    def item(self) -> tuple[str, str]:
        """Return the measure and the item's id."""
        return self.measure.value, self.item_id


@dataclass(frozen=True, slots=True)
class Change:
    """The matched change of an item: the ``mean`` of now less then, in levels.

    It is of the ``n`` authorities that have a value in both rounds, ``since`` the round of that
    id; empty where no round came before, or where the item does not compare.
    """

    mean: float | None = None
    n: int | None = None
    since: str = ""
    withheld: Withheld = SHOWN


NO_CHANGE = Change()


@dataclass(frozen=True, slots=True)
class Figure:
    """The published figures of one item in one group; what is withheld is None and says why.

    ``group_name`` reads after a number of authorities. ``n`` authorities have a value, of
    ``submitted`` that are counted and ``of_n`` in the group. ``mean``, ``median``, ``q1`` and
    ``q3`` are levels [1 to L, to 0.1]; ``percents`` are of n at each level, ``percents_at_least``
    from the second level on at it or above, ``percent_dont_know`` and ``percent_does_not_apply``
    of those submitted [whole percent]. ``weighted`` is the mean weighted by type, None but for
    all authorities together.
    """

    key: FigureKey
    group_name: str
    n: int | None
    submitted: int
    of_n: int
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None
    percents: tuple[int | None, ...]
    percents_at_least: tuple[int | None, ...]
    percent_dont_know: int | None
    percent_does_not_apply: int | None
    withheld_centre: Withheld
    withheld_spread: Withheld
    change: Change = NO_CHANGE
    weighted: WeightedMean | None = None

    @property
    def shares(self) -> tuple[int, ...]:
        """Return the percents at each level; nothing where they are withheld."""
        known = tuple(percent for percent in self.percents if percent is not None)
        return known if len(known) == len(self.percents) else ()

    def percent_at_least(self, level: int) -> int | None:
        """Return the percent at a level or above, from the second level on."""
        return self.percents_at_least[level - 2]


@dataclass(frozen=True, slots=True)
class PeerFigure:
    """A figure of an authority's peers, and where the authority stands to them.

    ``own`` is not rounded; it is None where the authority has no score or level, and then
    ``percentile`` and ``place`` are None too, as they are where the spread is withheld.
    """

    figure: Figure
    own: float | None
    percentile: int | None
    place: Place | None


def list_figures(
    questionnaire: Questionnaire,
    figures: pd.DataFrame,
    changes: pd.DataFrame | None = None,
    weighted: Mapping[tuple[str, str], WeightedMean] | None = None,
) -> tuple[Figure, ...]:
    """Turn published frames into figures.

    Parameters
    ----------
    questionnaire : the version answered.
    figures : one row per group and item, as published.
    changes : one row per group and comparable item, as published; None where there is none.
    weighted : by (measure, item id), the means of all authorities together weighted by type.

    Returns
    -------
    One figure per row of ``figures``, in its order; None where withheld.
    """
    moved = {} if changes is None else {_key(row): _change(row) for row in _records(changes)}
    means = weighted or {}
    found = []
    for row in _records(figures):
        key = _key(row)
        mean = means.get(key.item) if key.group_kind is GroupKind.ALL else None
        change = moved.get(key, NO_CHANGE)
        found.append(_figure(questionnaire, row, key, change, mean))
    return tuple(found)


def list_peer_figures(
    questionnaire: Questionnaire, published: pd.DataFrame
) -> tuple[PeerFigure, ...]:
    """Turn the published figures of one group of peers into figures beside the reader's own.

    Parameters
    ----------
    questionnaire : the version answered.
    published : one row an item, with the reader's ``own``, ``percentile`` and ``place``.

    Returns
    -------
    One a row, in its order.
    """
    figures = list_figures(questionnaire, published)
    return tuple(
        PeerFigure(figure, row["own"], _whole(row["percentile"]), row["place"])
        for figure, row in zip(figures, _records(published), strict=True)
    )


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows by column name, None where nothing is known."""
    known = rows.astype(object).where(rows.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in known.to_dict("records")]


def _key(row: Mapping[str, Any]) -> FigureKey:
    return FigureKey(
        GroupKind(row["group_kind"]), row["group_id"], Measure(row["measure"]), row["item_id"]
    )


def _figure(
    questionnaire: Questionnaire,
    row: Mapping[str, Any],
    key: FigureKey,
    change: Change,
    weighted: WeightedMean | None,
) -> Figure:
    at_least = [f"percent_at_least_{level.number}" for level in questionnaire.levels[1:]]
    return Figure(
        key=key,
        group_name=row["group_name"],
        n=_whole(row["n"]),
        submitted=int(row["submitted"]),
        of_n=int(row["of_n"]),
        mean=row["mean"],
        median=row["median"],
        q1=row["q1"],
        q3=row["q3"],
        percents=tuple(_whole(row[name]) for name in percent_columns(questionnaire)),
        percents_at_least=tuple(_whole(row[name]) for name in at_least),
        percent_dont_know=_whole(row["percent_dont_know"]),
        percent_does_not_apply=_whole(row["percent_does_not_apply"]),
        withheld_centre=read_withheld(row["withheld_centre"], row["missing_centre"]),
        withheld_spread=read_withheld(row["withheld_spread"], row["missing_spread"]),
        change=change,
        weighted=weighted,
    )


def _change(row: Mapping[str, Any]) -> Change:
    withheld = read_withheld(row["withheld_centre"], row["missing_centre"])
    return Change(row["change"], _whole(row["n"]), row["then_round"], withheld)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
