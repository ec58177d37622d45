"""What is published of one item over all editions, as sums that an attacker could combine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessment.core.disclosure.linear import Sums, find_exposed, find_told
from assessment.core.disclosure.thresholds import tells_everybody, tells_move
from assessment.core.statistics.publication import MIN_FOR_CENTRE, MIN_FOR_SPREAD

NOWHERE = -1
SumsByKind = dict[str, list[np.ndarray]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The answers of one edition over all authorities of any edition.

    ``values`` float, one row an authority, one column an item, NaN for none; ``standings``
    alike: 1 for a value, else the code that says why there is none, NaN where not submitted;
    ``submitted`` bool, one an authority; ``groups`` int, one row an authority, one column a
    kind of group: the group's place in the list of all groups, or NOWHERE.
    """

    round_id: str
    values: np.ndarray
    standings: np.ndarray
    submitted: np.ndarray
    groups: np.ndarray


# What is published of an item: sums of levels behind means and changes (centres) and behind
# spreads; counts behind means (tallies), behind spreads (standings) and behind changes (matches).
KINDS_OF_SUMS = ("centres", "spreads", "tallies", "standings", "matches")
# Of these no sum may be told of a few, whichever they are.
SEARCHED = frozenset({"centres", "tallies", "matches"})


class Ledger:
    """The sums of one item that are published; each group goes by its place in the list.

    Beside them stand its targets, what is withheld in any edition and must not be told: the
    means of groups where everybody has the same, and changes over the whole scale; the spreads
    of those and of groups too small for one; the counts of groups too small for what is counted.
    """

    def __init__(
        self,
        snapshots: Sequence[Snapshot],
        place: int,
        pairs: Mapping[int, int],
        groups: int,
        ends: tuple[float, float],
        *,
        are_levels: bool,
    ) -> None:
        """Lay the columns out for the values of one item and for the counts behind them.

        ``pairs`` names, for each edition that publishes change, the edition it goes back to;
        ``ends`` are the scale's, and ``are_levels`` says whether the item is a question.
        """
        rounds = [snapshot.round_id for snapshot in snapshots]
        values = np.array([s.values[:, place] for s in snapshots])
        submitted = np.array([s.submitted for s in snapshots])
        places = np.array([s.groups for s in snapshots])
        given = np.where(submitted, ~np.isnan(values), np.nan)
        standings = np.array([s.standings[:, place] for s in snapshots])
        self.pairs = dict(pairs)
        self.levels = Columns(values, places, rounds)
        self.counts = Columns(np.where(submitted, standings, np.nan), places, rounds)
        self.matched = self._match(given, places, rounds)
        self.sums: SumsByKind = {kind: [] for kind in KINDS_OF_SUMS}
        self.known = dict.fromkeys(KINDS_OF_SUMS, 0)
        targets: SumsByKind = {kind: [] for kind in KINDS_OF_SUMS}
        for group in range(groups):
            members = (places == group).any(axis=2)
            mine = np.where(members, values, np.nan)
            self._aim_at_figures(targets, group, mine, ends, are_levels=are_levels)
            self._aim_at_changes(targets, group, mine, ends[1] - ends[0])
        self.targets = {kind: np.array(rows) for kind, rows in targets.items()}

    def _match(
        self, given: np.ndarray, places: np.ndarray, rounds: Sequence[str]
    ) -> "Columns | None":
        """Lay out who gave a level in both editions of each pair; None without pairs."""
        if not self.pairs:
            return None
        both = [given[now] * given[then] for now, then in self.pairs.items()]
        tags = [f"{rounds[now]} {rounds[then]}" for now, then in self.pairs.items()]
        return Columns(np.array(both), places[list(self.pairs)], tags)

    def _aim_at_figures(
        self,
        targets: SumsByKind,
        group: int,
        values: np.ndarray,
        ends: tuple[float, float],
        *,
        are_levels: bool,
    ) -> None:
        """Add what each edition withholds of a group because of its own answers."""
        for step, mine in enumerate(values):
            n = int((~np.isnan(mine)).sum())
            total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
            alike = tells_everybody(mine, ends, are_levels=are_levels)
            if alike:
                targets["centres"].append(total)
            if n and (n < MIN_FOR_SPREAD or alike):
                targets["spreads"].append(total)
            if n < MIN_FOR_CENTRE and tally.any():
                targets["tallies"].append(tally)
            if n < MIN_FOR_SPREAD and tally.any():
                targets["standings"].append(tally)

    def _aim_at_changes(
        self, targets: SumsByKind, group: int, values: np.ndarray, whole_scale: float
    ) -> None:
        """Add what each edition withholds of a group's change because of its own answers."""
        for now, then in self.pairs.items():
            moved = values[now] - values[then]
            moved = moved[~np.isnan(moved)]
            change, match = self._change(group, now)
            if len(moved) < MIN_FOR_CENTRE and match.any():
                targets["matches"].append(match)
            if tells_move(moved, whole_scale):
                targets["centres"].append(change)

    def count_members(self, group: int, step: int) -> int:
        """Count the members of a group that have a value in an edition."""
        total = self.levels.sum_of(group, step)
        return int(total @ self.levels.weights[self.levels.atom_of])

    def note_figure(self, group: int, step: int, *, spread: bool) -> None:
        """Add a mean that an edition showed, with its count, and perhaps the spread."""
        self._note(self._figure(group, step))
        if spread:
            self._note(self._spread(group, step))

    def note_change(self, group: int, step: int) -> None:
        """Add a matched change that an edition showed, with its count."""
        self._note(self._change_sums(group, step))

    def admit_figure(self, group: int, step: int, *, spread: bool) -> tuple[bool, bool]:
        """Note a group's mean, and its spread if asked, unless it tells; say which is noted."""
        if self.hides_figure(group, step):
            return False, False
        shown = spread and not self.hides_spread(group, step)
        self.note_figure(group, step, spread=shown)
        return True, shown

    def hides_figure(self, group: int, step: int) -> bool:
        """Return whether a group's mean or count would, with what is noted, tell too much."""
        return self._would_tell(self._figure(group, step))

    def hides_spread(self, group: int, step: int) -> bool:
        """Return whether a group's spread would, with what is noted, tell one that is withheld."""
        return self._would_tell(self._spread(group, step))

    def hides_change(self, group: int, step: int) -> bool:
        """Return whether a group's change or its count would, with what is noted, tell too much."""
        return self._would_tell(self._change_sums(group, step))

    def take_as_known(self) -> None:
        """Take what is noted so far as known: `is_exposed` asks what is told beyond it."""
        self.known = {kind: len(rows) for kind, rows in self.sums.items()}

    def is_exposed(self) -> bool:
        """Return whether what is noted, beyond what is known, tells too much."""
        known = {kind: self.sums[kind][:count] for kind, count in self.known.items()}
        added = {kind: self.sums[kind][count:] for kind, count in self.known.items()}
        return any(self._tells(kind, known[kind], added[kind]) for kind in KINDS_OF_SUMS)

    def _note(self, sums: dict[str, np.ndarray]) -> None:
        """Add what is published together."""
        for kind, row in sums.items():
            self.sums[kind].append(row)

    def _would_tell(self, sums: dict[str, np.ndarray]) -> bool:
        """Return whether these would, with what is noted, tell too much."""
        return any(self._tells(kind, self.sums[kind], [row]) for kind, row in sums.items())

    def _tells(self, kind: str, known: list[np.ndarray], added: list[np.ndarray]) -> bool:
        """Return whether more sums of a kind are about a few, or a target not told before."""
        if not added:
            return False
        rows, targets = [*known, *added], self.targets[kind]
        if kind in SEARCHED and self._tell_few(kind, rows, len(added)):
            return True
        told = find_told(np.array(rows), targets) if len(targets) else np.array([], dtype=bool)
        if not told.any() or not known:
            return bool(told.any())
        return bool((told & ~find_told(np.array(known), targets)).any())

    def _tell_few(self, kind: str, rows: list[np.ndarray], added: int) -> bool:
        """Return whether sums, the last so many of them new, tell one over too few authorities."""
        columns = {"centres": self.levels, "tallies": self.counts, "matches": self.matched}[kind]
        assert columns is not None  # noqa: S101 (there are no matches without pairs)
        published = Sums(np.array(rows), columns.atom_of, columns.weights)
        return find_exposed(published, smallest=MIN_FOR_CENTRE, added=added)

    def _figure(self, group: int, step: int) -> dict[str, np.ndarray]:
        """Return the sums that a group's mean and count tell."""
        total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
        return {"centres": total, "tallies": tally}

    def _spread(self, group: int, step: int) -> dict[str, np.ndarray]:
        """Return the sums that a group's spread tells, level by level and by standing."""
        total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
        return {"spreads": total, "standings": tally}

    def _change_sums(self, group: int, step: int) -> dict[str, np.ndarray]:
        """Return the sums that a group's change and its count tell."""
        change, match = self._change(group, step)
        return {"centres": change, "matches": match}

    def _change(self, group: int, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a group's change as a sum of levels, and the count of those it is over."""
        assert self.matched is not None  # noqa: S101 (a change has a pair)
        change = self.levels.change_of(group, step, self.pairs[step])
        return change, self.matched.sum_of(group, list(self.pairs).index(step))


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


def _number_versions(values: np.ndarray, rounds: Sequence[str]) -> np.ndarray:
    """Return, for each authority's values, the first edition of the round that held the same."""
    versions = np.full(values.shape, NOWHERE)
    for step, now in enumerate(values):
        for earlier in range(step + 1):
            if rounds[earlier] == rounds[step]:
                same = (values[earlier] == now) & (versions[step] == NOWHERE)
                versions[step][same] = earlier
    return versions
