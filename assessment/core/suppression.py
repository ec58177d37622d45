"""Complementary suppression: what can be published together without telling on a few.

`assessment.core.disclosure` withholds a figure that too few stand behind. Here every figure that
is left is tried against everything else that is or ever was published of the round: nested and
overlapping groups, and earlier editions.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assessment.core.audit import Sums, find_exposed, find_told
from assessment.core.disclosure import (
    MIN_FOR_CENTRE,
    MIN_FOR_SPREAD,
    WITHHELD_CENTRE,
    WITHHELD_SPREAD,
    withhold_small,
)
from assessment.core.figures import list_items, measure_codes
from assessment.core.questionnaire import Questionnaire

HIDDEN = "hidden so that another figure cannot be worked out"
KINDS = ("all", "type", "nation", "region", "band", "rurality")
GROUP = ["group_kind", "group_id"]
ITEM = ["measure", "item_id"]
CELL = [*GROUP, *ITEM]
NOWHERE = -1

Row = dict[Hashable, Any]


@dataclass(frozen=True, slots=True)
class CutEdition:
    """An edition that was cut, with the answers behind it.

    ``figures`` one row per group and item as published; ``bases`` with the number of the
    edition whose answers each row shows; ``codes`` and ``memberships`` as they were.
    """

    number: int
    figures: pd.DataFrame
    bases: pd.DataFrame
    codes: pd.DataFrame
    memberships: pd.DataFrame


@dataclass(frozen=True, slots=True)
class EditionAudit:
    """What an edition shows, withholds and lets be worked out.

    Counts of rows, one a group and item: ``figures`` in all; withheld because the group is
    ``too_small``, or ``hidden`` because of another figure; the same of spreads; ``held`` at what
    an earlier edition showed. ``exposed`` are items of which an attacker learns too much.
    """

    figures: int
    too_small: int
    hidden: int
    spreads_too_small: int
    spreads_hidden: int
    held: int
    exposed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The answers of one edition over all authorities of any edition.

    ``values`` float, one row an authority, one column an item, NaN for none; ``submitted``
    bool, one an authority; ``groups`` int, one row an authority, one column a kind of group:
    the group's place in the list of all groups, or NOWHERE.
    """

    values: np.ndarray
    submitted: np.ndarray
    groups: np.ndarray


def protect_edition(
    questionnaire: Questionnaire,
    figures: pd.DataFrame,
    codes: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    history: Sequence[CutEdition],
    number: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide or hold each figure that, with all that is published, would tell on a few.

    Parameters
    ----------
    questionnaire : the version answered.
    figures : one row per group and item, as `summarise_groups` gives them.
    codes, memberships : what they were made from.
    history : every earlier edition of the round, oldest first.
    number : of the edition being cut.

    Returns
    -------
    The figures to publish, in the order of ``figures``, and their bases: the number of the
    edition whose answers each row shows. A row that cannot be shown anew stays as it was last
    shown; if it never was, it is hidden and says so.

    Notes
    -----
    Taken one after the other in the order of ``figures`` (all, then the groups of a kind, the
    largest first), each figure is kept if `assessment.core.audit.find_exposed` finds no sum
    over fewer than MIN_FOR_CENTRE authorities in what is published with it: no mean, and no
    count of those who gave a level. Its spread is kept if the same holds of spreads for
    MIN_FOR_SPREAD. The result is maximal: nothing hidden could be shown as well.
    """
    past = [(e.codes, e.memberships) for e in history]
    groups, snapshots = _take_snapshots(questionnaire, [*past, (codes, memberships)])
    rows = figures.assign(base=number, row=range(len(figures)))
    settled: dict[int, Row] = {}
    shown = [_shown_rows(e.figures, e.bases, e.number) for e in history]
    before = _read_before(history)
    for place, item in enumerate(list_items(questionnaire)):
        of_item = rows[(rows["measure"] == item[0]) & (rows["item_id"] == item[1])]
        ledger = _Ledger(groups, snapshots, place)
        for step, known in enumerate(shown):
            ledger.note(known, item, step)
        for row in _by_size(of_item):
            settled[row["row"]] = _settle(row, ledger.judge(row), before.get(_cell(row)))
    published = pd.DataFrame([settled[place] for place in range(len(figures))])
    return withhold_small(published[list(figures)]), published[[*CELL, "base"]]


def audit_edition(questionnaire: Questionnaire, editions: Sequence[CutEdition]) -> EditionAudit:
    """Try to work out, from all editions of a round together, what must not be told.

    Parameters
    ----------
    questionnaire : the version answered.
    editions : every edition of the round, oldest first; the last one is the one audited.

    Returns
    -------
    How many figures the last edition shows and withholds, and the items of which a sum over
    fewer than MIN_FOR_CENTRE authorities, or a spread withheld as too small, can be worked out.
    """
    groups, snapshots = _take_snapshots(questionnaire, [(e.codes, e.memberships) for e in editions])
    shown = [_shown_rows(e.figures, e.bases, e.number) for e in editions]
    exposed = []
    for place, item in enumerate(list_items(questionnaire)):
        ledger = _Ledger(groups, snapshots, place)
        for step, known in enumerate(shown):
            ledger.note(known, item, step)
        if ledger.is_exposed():
            exposed.append(item[1])
    newest = editions[-1]
    centres, spreads = newest.figures[WITHHELD_CENTRE], newest.figures[WITHHELD_SPREAD]
    return EditionAudit(
        figures=len(newest.figures),
        too_small=int(((centres != "") & (centres != HIDDEN)).sum()),
        hidden=int((centres == HIDDEN).sum()),
        spreads_too_small=int(((spreads != "") & (spreads != HIDDEN)).sum()),
        spreads_hidden=int((spreads == HIDDEN).sum()),
        held=int((newest.bases["base"] != newest.number).sum()),
        exposed=tuple(exposed),
    )


class _Ledger:
    """What is published of one item, as sums that an attacker could combine."""

    def __init__(
        self, groups: dict[tuple[str, str], int], snapshots: Sequence[Snapshot], place: int
    ) -> None:
        """Lay the columns out for the values of one item and for the counts behind them."""
        self.groups = groups
        self.now = len(snapshots) - 1
        values = np.array([s.values[:, place] for s in snapshots])
        submitted = np.array([s.submitted for s in snapshots])
        places = np.array([s.groups for s in snapshots])
        self.levels = _Columns(values, places)
        self.counts = _Columns(np.where(submitted, ~np.isnan(values), np.nan), places)
        self.centres: list[np.ndarray] = []
        self.spreads: list[np.ndarray] = []
        self.tallies: list[np.ndarray] = []
        self.small = self._find_small()

    def _find_small(self) -> np.ndarray:
        """Return the sums of the groups that are too small for a spread."""
        totals = np.array([self.levels.sum_of(g, self.now) for g in self.groups.values()])
        sizes = totals @ self.levels.weights[self.levels.atom_of]
        return totals[(sizes > 0) & (sizes < MIN_FOR_SPREAD)]

    def note(self, known: pd.DataFrame, item: tuple[str, str], step: int) -> None:
        """Add what an earlier edition showed first."""
        of_item = known[(known["measure"] == item[0]) & (known["item_id"] == item[1])]
        for row in of_item.to_dict("records"):
            group = self.groups[row["group_kind"], row["group_id"]]
            self.centres.append(self.levels.sum_of(group, step))
            self.tallies.append(self.counts.sum_of(group, step))
            if not row[WITHHELD_SPREAD]:
                self.spreads.append(self.levels.sum_of(group, step))

    def is_exposed(self) -> bool:
        """Say whether what is noted tells on too few, or a spread that is withheld."""
        if not self.centres:
            return False
        sums = _exposes(self.levels, self.centres) or _exposes(self.counts, self.tallies)
        return sums or self._tells_small(self.spreads)

    def _tells_small(self, spreads: list[np.ndarray]) -> bool:
        """Say whether these spreads tell that of a group too small for one."""
        return bool(spreads) and bool(find_told(np.array(spreads), self.small).any())

    def judge(self, row: Row) -> tuple[str, str]:
        """Say why a figure's centre and spread must be withheld; add what need not be."""
        if row[WITHHELD_CENTRE]:
            return str(row[WITHHELD_CENTRE]), str(row[WITHHELD_SPREAD])
        group = self.groups[row["group_kind"], row["group_id"]]
        total = self.levels.sum_of(group, self.now)
        tally = self.counts.sum_of(group, self.now)
        if _exposes(self.levels, [*self.centres, total], added=1) or _exposes(
            self.counts, [*self.tallies, tally], added=1
        ):
            return HIDDEN, HIDDEN
        self.centres.append(total)
        self.tallies.append(tally)
        if row[WITHHELD_SPREAD]:
            return "", str(row[WITHHELD_SPREAD])
        if self._tells_small([*self.spreads, total]):
            return "", HIDDEN
        self.spreads.append(total)
        return "", ""


class _Columns:
    """The quantities of one item: authorities that no figure tells apart share a column."""

    def __init__(self, values: np.ndarray, places: np.ndarray) -> None:
        """Gather authorities into atoms by their groups and by which editions hold a value."""
        versions = _number_versions(values)
        editions, authorities, kinds = places.shape
        marks = np.concatenate(
            [versions, places.transpose(0, 2, 1).reshape(editions * kinds, authorities)]
        )
        marks = marks[:, (versions != NOWHERE).any(axis=0)]
        atoms, self.weights = np.unique(marks, axis=1, return_counts=True)
        self.versions = atoms[:editions]
        self.places = atoms[editions:].reshape(editions, kinds, -1)
        held = np.array([(self.versions == step).any(axis=0) for step in range(editions)])
        steps, self.atom_of = np.nonzero(held)
        self.column = np.full(held.shape, NOWHERE)
        self.column[steps, self.atom_of] = np.arange(len(steps))

    def sum_of(self, group: int, step: int) -> np.ndarray:
        """Return the sum of a group in an edition, as ones in the columns it adds up."""
        members = (self.places[step] == group).any(axis=0) & (self.versions[step] != NOWHERE)
        atoms = np.flatnonzero(members)
        row = np.zeros(len(self.atom_of), dtype=np.int64)
        row[self.column[self.versions[step][atoms], atoms]] = 1
        return row


def _exposes(columns: _Columns, sums: list[np.ndarray], *, added: int = 0) -> bool:
    """Say whether these sums, published together, tell on too few."""
    published = Sums(np.array(sums), columns.atom_of, columns.weights)
    return find_exposed(published, smallest=MIN_FOR_CENTRE, added=added)


def _number_versions(values: np.ndarray) -> np.ndarray:
    """Return, for each authority's values, the first edition that held the same value."""
    versions = np.full(values.shape, NOWHERE)
    for step, now in enumerate(values):
        for earlier in range(step + 1):
            same = (values[earlier] == now) & (versions[step] == NOWHERE)
            versions[step][same] = earlier
    return versions


def _take_snapshots(
    questionnaire: Questionnaire, editions: Sequence[tuple[pd.DataFrame, pd.DataFrame]]
) -> tuple[dict[tuple[str, str], int], list[Snapshot]]:
    """List all groups, and lay every edition's answers out over the same authorities."""
    memberships = pd.concat([m for _, m in editions])
    keys = memberships[GROUP].drop_duplicates().itertuples(index=False)
    groups = {(str(kind), str(group_id)): place for place, (kind, group_id) in enumerate(keys)}
    authorities = pd.Index(sorted({a for codes, _ in editions for a in codes.index}))
    return groups, [_take_snapshot(questionnaire, e, groups, authorities) for e in editions]


def _take_snapshot(
    questionnaire: Questionnaire,
    edition: tuple[pd.DataFrame, pd.DataFrame],
    groups: dict[tuple[str, str], int],
    authorities: pd.Index,
) -> Snapshot:
    """Lay one edition's answers out over the authorities of all."""
    codes, memberships = edition
    found = measure_codes(questionnaire, codes.to_numpy().astype(np.int8))
    values = np.full((len(authorities), found.shape[1]), np.nan)
    rows = authorities.get_indexer(codes.index)
    values[rows] = found
    places = np.full((len(authorities), len(KINDS)), NOWHERE)
    who = authorities.get_indexer(pd.Index(memberships["authority_id"]))
    kinds = pd.Index(KINDS).get_indexer(pd.Index(memberships["group_kind"]))
    which = [groups[key] for key in zip(*(memberships[k] for k in GROUP), strict=True)]
    known = who >= 0
    places[who[known], kinds[known]] = np.array(which)[known]
    submitted = np.zeros(len(authorities), dtype=bool)
    submitted[rows] = True
    return Snapshot(values, submitted, places)


def _shown_rows(figures: pd.DataFrame, bases: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the figures that an edition showed anew."""
    fresh = figures.merge(bases, on=CELL, validate="one_to_one")
    return fresh[(fresh["base"] == number) & (fresh[WITHHELD_CENTRE] == "")]


def _read_before(history: Sequence[CutEdition]) -> dict[tuple[str, ...], Row]:
    """Return each row that the newest edition published, with its base, by cell."""
    if not history:
        return {}
    rows = history[-1].figures.merge(history[-1].bases, on=CELL, validate="one_to_one")
    return {_cell(row): row for row in rows.to_dict("records")}


def _by_size(rows: pd.DataFrame) -> list[Row]:
    """Order the rows of one item: the kinds as they stand, their largest groups first."""
    kinds = rows["group_kind"].map({kind: place for place, kind in enumerate(KINDS)})
    order = rows.assign(kind=kinds).sort_values(
        ["kind", "n", "group_id"], ascending=[True, False, True]
    )
    return order.drop(columns="kind").to_dict("records")


def _cell(row: Row) -> tuple[str, ...]:
    """Return what a row is known by."""
    return tuple(str(row[name]) for name in CELL)


def _settle(row: Row, reasons: tuple[str, str], before: Row | None) -> Row:
    """Return a row as it is published: shown anew, held as it was shown before, or hidden."""
    if before is not None and _is_held(reasons, before):
        return before
    return row | {WITHHELD_CENTRE: reasons[0], WITHHELD_SPREAD: reasons[1]}


def _is_held(reasons: tuple[str, str], before: Row) -> bool:
    """Say whether a row stays as it was shown, rather than lose what it showed."""
    centre, spread = reasons
    shown_before = (before[WITHHELD_CENTRE] == "", before[WITHHELD_SPREAD] == "")
    return (centre == HIDDEN and shown_before[0]) or (spread == HIDDEN and shown_before[1])
