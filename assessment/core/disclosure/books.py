"""All editions that count together, laid out so that a ledger can be opened for each item."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from assessment.core.answers.answers import UNANSWERED
from assessment.core.disclosure.ledger import NOWHERE, Ledger, Snapshot
from assessment.core.people.groups import PROTECTION_ORDER, GroupKind
from assessment.core.statistics.change import list_comparable, measure_items
from assessment.core.statistics.figures import Measure, list_items
from assessment.core.statistics.publication import (
    CELL,
    GROUP,
    ITEM,
    CutEdition,
    Item,
)
from assessment.core.statistics.withholding import WITHHELD_CENTRE, WITHHELD_SPREAD, Reason

NEIGHBOURS = GroupKind.NEIGHBOURS.value
# In the order in which figures are tried; a reader's nearest neighbours come last.
KINDS = tuple(kind.value for kind in PROTECTION_ORDER)
Row = dict[Hashable, Any]


class Books:
    """All editions laid out over the same authorities, and a ledger for each item."""

    def __init__(self, editions: Sequence[CutEdition]) -> None:
        """Lay the answers out; the last edition is the newest."""
        self.editions = editions
        memberships = pd.concat([e.memberships[GROUP] for e in editions])
        keys = sorted(set(zip(memberships[GROUP[0]], memberships[GROUP[1]], strict=True)), key=_key)
        self.groups = {(str(k), str(g)): place for place, (k, g) in enumerate(keys)}
        authorities = pd.Index(sorted({a for e in editions for a in e.answer_codes.index}))
        newest = editions[-1].questionnaire
        self.items = {item: place for place, item in enumerate(list_items(newest))}
        comparable = [set(list_comparable(e.questionnaire, newest)) for e in editions]
        self.snapshots = [
            _take_snapshot(e, self.groups, authorities, self.items, known)
            for e, known in zip(editions, comparable, strict=True)
        ]
        self.shown = [_shown_rows(e, known) for e, known in zip(editions, comparable, strict=True)]
        self.moved = [_shown_changes(e) for e in editions]
        self.pairs = dict(self._pair())
        levels = [level.number for level in newest.levels]
        self.ends = (min(levels), max(levels))

    def _pair(self) -> Iterator[tuple[int, int]]:
        """Yield each edition that shows change with the edition it goes back to."""
        at = {(e.round_id, e.number): step for step, e in enumerate(self.editions)}
        for step, edition in enumerate(self.editions):
            fresh = edition.changes[edition.changes["base"] == edition.number]
            named = zip(fresh["then_round"], fresh["then_number"].astype(int), strict=True)
            then = {at[key] for key in set(named) if key in at}
            yield from ((step, other) for other in then)

    def open_ledger(self, item: Item, *, noted: int) -> Ledger:
        """Open the ledger of an item, with what the first so many editions showed."""
        linked = self._link(item)
        blank = [s if s.round_id in linked else _silence(s) for s in self.snapshots]
        ledger = Ledger(
            blank,
            self.items[item],
            self.pairs,
            len(self.groups),
            self.ends,
            are_levels=item[0] == Measure.QUESTION,
        )
        for step in range(noted):
            if self.snapshots[step].round_id in linked:
                self.note_edition(ledger, item, step)
        return ledger

    def note_edition(self, ledger: Ledger, item: Item, step: int) -> None:
        """Note all that an edition showed first of an item."""
        self.note_figures(ledger, item, step)
        self._note_changes(ledger, item, step)

    def _link(self, item: Item) -> set[str]:
        """Return the rounds that changes of an item link with the newest edition's."""
        names = [snapshot.round_id for snapshot in self.snapshots]
        links = [
            {names[step], names[then]}
            for step, then in self.pairs.items()
            if len(rows_of(self.moved[step], item))
        ]
        linked = {names[-1]}
        for _ in links:
            linked = linked.union(*(link for link in links if link & linked))
        return linked

    def note_figures(self, ledger: Ledger, item: Item, step: int) -> None:
        """Note what an edition showed first of an item."""
        for row in rows_of(self.shown[step], item).to_dict("records"):
            ledger.note_figure(self._group(row), step, spread=row[WITHHELD_SPREAD] == Reason.SHOWN)

    def _note_changes(self, ledger: Ledger, item: Item, step: int) -> None:
        """Note the changes that an edition showed first; none where what they go back to is old."""
        if step in self.pairs:
            for row in rows_of(self.moved[step], item).to_dict("records"):
                ledger.note_change(self._group(row), step)

    def judge(self, ledger: Ledger, row: Row) -> tuple[bool, bool]:
        """Say whether a new figure's centre and its spread must be hidden too."""
        if row[WITHHELD_CENTRE] != Reason.SHOWN:
            return False, False
        group, now = self._group(row), len(self.editions) - 1
        if ledger.hides_figure(group, now):
            return True, True
        is_shown = row[WITHHELD_SPREAD] == Reason.SHOWN
        return False, is_shown and ledger.hides_spread(group, now)

    def note_new(self, ledger: Ledger, row: Row) -> None:
        """Note a new figure that is published as it is judged."""
        if row[WITHHELD_CENTRE] == Reason.SHOWN:
            now, spread = len(self.editions) - 1, row[WITHHELD_SPREAD] == Reason.SHOWN
            ledger.note_figure(self._group(row), now, spread=spread)

    def judge_change(self, ledger: Ledger, row: Row) -> bool:
        """Say whether a new change must be hidden too; note it where it is shown."""
        if row[WITHHELD_CENTRE] != Reason.SHOWN:
            return False
        group, now = self._group(row), len(self.editions) - 1
        if ledger.hides_change(group, now):
            return True
        ledger.note_change(group, now)
        return False

    def _group(self, row: Row) -> int:
        """Return the place of a row's group."""
        return self.groups[row["group_kind"], row["group_id"]]


def _silence(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot in which nobody has answered."""
    nobody = np.zeros_like(snapshot.submitted)
    nothing = np.full_like(snapshot.values, np.nan)
    return replace(snapshot, values=nothing, standings=nothing, submitted=nobody)


def _key(group: tuple[str, str]) -> tuple[int, str]:
    """Order groups by kind, a reader's neighbours last."""
    return KINDS.index(group[0]), group[1]


def rows_of(rows: pd.DataFrame, item: Item) -> pd.DataFrame:
    """Return the rows of one item."""
    return rows[(rows["measure"] == item[0]) & (rows["item_id"] == item[1])]


def _take_snapshot(
    edition: CutEdition,
    groups: dict[tuple[str, str], int],
    authorities: pd.Index,
    items: Iterable[Item],
    comparable: set[Item],
) -> Snapshot:
    """Lay one edition's answers out over the authorities of all, as far as they compare."""
    found = measure_items(edition.questionnaire, edition.answer_codes.astype(np.int8))
    known = [item if item in comparable else None for item in items]
    values = np.full((len(authorities), len(known)), np.nan)
    standings = np.full_like(values, np.nan)
    rows = authorities.get_indexer(edition.answer_codes.index)
    for place, item in enumerate(known):
        if item is not None:
            values[rows, place] = found[item]
            standings[rows, place] = _stand(edition, item, found[item].to_numpy())
    places = np.full((len(authorities), len(KINDS)), NOWHERE)
    members = edition.memberships
    who = authorities.get_indexer(pd.Index(members["authority_id"]))
    kinds = pd.Index(KINDS).get_indexer(pd.Index(members["group_kind"]))
    which = np.array([groups[key] for key in zip(*(members[k] for k in GROUP), strict=True)])
    places[who[who >= 0], kinds[who >= 0]] = which[who >= 0]
    submitted = np.zeros(len(authorities), dtype=bool)
    submitted[rows] = True
    return Snapshot(edition.round_id, values, standings, submitted, places)


def _stand(edition: CutEdition, item: Item, values: np.ndarray) -> np.ndarray:
    """Return 1 where an item has a value, else the code that says why it has none."""
    why = (
        edition.answer_codes[item[1]].to_numpy() if item[1] in edition.answer_codes else UNANSWERED
    )
    return np.where(np.isnan(values), why, 1)


def _shown_rows(edition: CutEdition, comparable: set[Item]) -> pd.DataFrame:
    """Return the figures that an edition showed anew, of items that compare."""
    fresh = edition.figures.merge(edition.bases, on=CELL, validate="one_to_one")
    alike = [item in comparable for item in zip(*(fresh[k] for k in ITEM), strict=True)]
    shown = (fresh["base"] == edition.number) & (fresh[WITHHELD_CENTRE] == Reason.SHOWN)
    return fresh[shown & np.array(alike, dtype=bool)]


def _shown_changes(edition: CutEdition) -> pd.DataFrame:
    """Return the changes that an edition showed anew."""
    changes = edition.changes
    return changes[(changes["base"] == edition.number) & (changes[WITHHELD_CENTRE] == Reason.SHOWN)]
