"""What is published of one item over all editions, as sums that an attacker could combine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessment.core.audit import Sums, find_exposed, find_told
from assessment.core.disclosure import MIN_FOR_CENTRE, MIN_FOR_SPREAD

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The answers of one edition over all authorities of any edition.

    ``values`` float, one row an authority, one column an item, NaN for none; ``submitted``
    bool, one an authority; ``groups`` int, one row an authority, one column a kind of group:
    the group's place in the list of all groups, or NOWHERE.
    """

    round_id: str
    values: np.ndarray
    submitted: np.ndarray
    groups: np.ndarray


class Ledger:
    """The sums of one item that are published; each group goes by its place in the list."""

    def __init__(
        self, snapshots: Sequence[Snapshot], place: int, pairs: Mapping[int, int], groups: int
    ) -> None:
        """Lay the columns out for the values of one item and for the counts behind them.

        ``pairs`` names, for each edition that publishes change, the edition it goes back to.
        """
        rounds = [snapshot.round_id for snapshot in snapshots]
        values = np.array([s.values[:, place] for s in snapshots])
        submitted = np.array([s.submitted for s in snapshots])
        places = np.array([s.groups for s in snapshots])
        given = np.where(submitted, ~np.isnan(values), np.nan)
        self.pairs = dict(pairs)
        self.levels = Columns(values, places, rounds)
        self.counts = Columns(given, places, rounds)
        self.matched = self._match(given, places, rounds)
        self.centres: list[np.ndarray] = []
        self.spreads: list[np.ndarray] = []
        self.tallies: list[np.ndarray] = []
        self.matches: list[np.ndarray] = []
        self.small = self._find_small(len(snapshots) - 1, groups)

    def _match(
        self, given: np.ndarray, places: np.ndarray, rounds: Sequence[str]
    ) -> "Columns | None":
        """Lay out who gave a level in both editions of each pair; None without pairs."""
        if not self.pairs:
            return None
        both = [given[now] * given[then] for now, then in self.pairs.items()]
        tags = [f"{rounds[now]} {rounds[then]}" for now, then in self.pairs.items()]
        return Columns(np.array(both), places[list(self.pairs)], tags)

    def _find_small(self, step: int, groups: int) -> np.ndarray:
        """Return the sums of the groups of an edition that are too small for a spread."""
        totals = np.array([self.levels.sum_of(group, step) for group in range(groups)])
        sizes = totals @ self.levels.weights[self.levels.atom_of]
        return totals[(sizes > 0) & (sizes < MIN_FOR_SPREAD)]

    def count_members(self, group: int, step: int) -> int:
        """Count the members of a group that have a value in an edition."""
        total = self.levels.sum_of(group, step)
        return int(total @ self.levels.weights[self.levels.atom_of])

    def note_figure(self, group: int, step: int, *, spread: bool) -> None:
        """Add a mean that an edition showed, with its count, and perhaps the spread."""
        self.centres.append(self.levels.sum_of(group, step))
        self.tallies.append(self.counts.sum_of(group, step))
        if spread:
            self.spreads.append(self.levels.sum_of(group, step))

    def note_change(self, group: int, step: int) -> None:
        """Add a matched change that an edition showed, with its count."""
        change, match = self._change(group, step)
        self.centres.append(change)
        self.matches.append(match)

    def admit_figure(self, group: int, step: int, *, spread: bool) -> tuple[bool, bool]:
        """Note a group's mean, and its spread if asked, unless it tells; say which is noted."""
        if self.hides_figure(group, step):
            return False, False
        shown = spread and not self.hides_spread(group, step)
        self.note_figure(group, step, spread=shown)
        return True, shown

    def hides_figure(self, group: int, step: int) -> bool:
        """Say whether a group's mean or count would, with what is noted, tell on a few."""
        total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
        return _exposes(self.levels, [*self.centres, total], added=1) or _exposes(
            self.counts, [*self.tallies, tally], added=1
        )

    def hides_spread(self, group: int, step: int) -> bool:
        """Say whether a group's spread would tell that of a group too small for one."""
        return self._tells_small([*self.spreads, self.levels.sum_of(group, step)])

    def hides_change(self, group: int, step: int) -> bool:
        """Say whether a group's change or its count would, with what is noted, tell on a few."""
        change, match = self._change(group, step)
        return _exposes(self.levels, [*self.centres, change], added=1) or _exposes(
            self.matched, [*self.matches, match], added=1
        )

    def is_exposed(self) -> bool:
        """Say whether what is noted tells on too few, or a spread that is withheld."""
        return (
            _exposes(self.levels, self.centres)
            or _exposes(self.counts, self.tallies)
            or _exposes(self.matched, self.matches)
            or self._tells_small(self.spreads)
        )

    def _change(self, group: int, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a group's change as a sum of levels, and the count of those it is over."""
        assert self.matched is not None  # noqa: S101 (a change has a pair)
        change = self.levels.change_of(group, step, self.pairs[step])
        return change, self.matched.sum_of(group, list(self.pairs).index(step))

    def _tells_small(self, spreads: list[np.ndarray]) -> bool:
        """Say whether these spreads tell that of a group too small for one."""
        return bool(spreads) and bool(find_told(np.array(spreads), self.small).any())


class Columns:
    """The quantities of one item: authorities that no figure tells apart share a column.

    One authority's values in two rounds are two quantities; in two editions of one round they
    are the same as long as they are equal.
    """

    def __init__(self, values: np.ndarray, places: np.ndarray, rounds: Sequence[str]) -> None:
        """Gather authorities into atoms by their groups and by which editions hold a value."""
        versions = _number_versions(values, rounds)
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
        atoms = np.flatnonzero(self._members(group, step))
        row = np.zeros(len(self.atom_of), dtype=np.int64)
        row[self.column[self.versions[step][atoms], atoms]] = 1
        return row

    def change_of(self, group: int, now: int, then: int) -> np.ndarray:
        """Return the sum of a group's changes: its ones now, less its ones then."""
        both = self._members(group, now) & (self.versions[then] != NOWHERE)
        atoms = np.flatnonzero(both)
        row = np.zeros(len(self.atom_of), dtype=np.int64)
        row[self.column[self.versions[now][atoms], atoms]] = 1
        row[self.column[self.versions[then][atoms], atoms]] = -1
        return row

    def _members(self, group: int, step: int) -> np.ndarray:
        """Mark the atoms of a group that have a value in an edition."""
        in_group = (self.places[step] == group).any(axis=0)
        return np.asarray(in_group & (self.versions[step] != NOWHERE))


def _exposes(columns: Columns | None, sums: list[np.ndarray], *, added: int = 0) -> bool:
    """Say whether these sums, published together, tell on too few."""
    if columns is None or not sums:
        return False
    published = Sums(np.array(sums), columns.atom_of, columns.weights)
    return find_exposed(published, smallest=MIN_FOR_CENTRE, added=added)


def _number_versions(values: np.ndarray, rounds: Sequence[str]) -> np.ndarray:
    """Return, for each authority's values, the first edition of the round that held the same."""
    versions = np.full(values.shape, NOWHERE)
    for step, now in enumerate(values):
        for earlier in range(step + 1):
            if rounds[earlier] == rounds[step]:
                same = (values[earlier] == now) & (versions[step] == NOWHERE)
                versions[step][same] = earlier
    return versions
