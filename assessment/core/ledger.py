"""What is published of one item over all editions, as sums that an attacker could combine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import product

import numpy as np

from assessment.core.audit import Sums, find_exposed, find_told
from assessment.core.disclosure import MIN_FOR_CENTRE, MIN_FOR_SPREAD, tells_everybody

NOWHERE = -1


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


@dataclass(frozen=True, slots=True)
class Targets:
    """What is withheld and must not be told by what is published, one row a sum.

    ``centres``: of groups with everybody at one end of the scale. ``spreads``: of groups too
    small for a spread, or of a question with everybody at one level. ``tallies``: counts of
    groups too small for a centre; ``standings``: of those too small for a spread.
    """

    centres: np.ndarray
    spreads: np.ndarray
    tallies: np.ndarray
    standings: np.ndarray


class Ledger:
    """The sums of one item that are published; each group goes by its place in the list."""

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
        self.centres: list[np.ndarray] = []
        self.spreads: list[np.ndarray] = []
        self.tallies: list[np.ndarray] = []
        self.standings: list[np.ndarray] = []
        self.matches: list[np.ndarray] = []
        tells = partial(tells_everybody, ends=ends, are_levels=are_levels)
        self.targets = self._find_targets(values, places, groups, tells)

    def _match(
        self, given: np.ndarray, places: np.ndarray, rounds: Sequence[str]
    ) -> "Columns | None":
        """Lay out who gave a level in both editions of each pair; None without pairs."""
        if not self.pairs:
            return None
        both = [given[now] * given[then] for now, then in self.pairs.items()]
        tags = [f"{rounds[now]} {rounds[then]}" for now, then in self.pairs.items()]
        return Columns(np.array(both), places[list(self.pairs)], tags)

    def _find_targets(
        self,
        values: np.ndarray,
        places: np.ndarray,
        groups: int,
        tells: Callable[[np.ndarray], tuple[bool, bool]],
    ) -> Targets:
        """Find what every edition withholds of its groups because of their own answers."""
        rows: dict[str, list[np.ndarray]] = {name.name: [] for name in fields(Targets)}
        for step, group in product(range(len(values)), range(groups)):
            members = (places[step] == group).any(axis=1)
            n = int((~np.isnan(values[step][members])).sum())
            total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
            at_an_end, at_one_level = tells(values[step][members])
            if at_an_end:
                rows["centres"].append(total)
            if n and (n < MIN_FOR_SPREAD or at_one_level):
                rows["spreads"].append(total)
            if n < MIN_FOR_CENTRE and tally.any():
                rows["tallies"].append(tally)
            if n < MIN_FOR_SPREAD and tally.any():
                rows["standings"].append(tally)
        return Targets(**{name: np.array(found) for name, found in rows.items()})

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
            self.standings.append(self.counts.sum_of(group, step))

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
        """Say whether a group's mean or count would, with what is noted, tell too much."""
        total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
        return (
            _exposes(self.levels, [*self.centres, total], added=1)
            or _exposes(self.counts, [*self.tallies, tally], added=1)
            or _tells_more(self.centres, total, self.targets.centres)
            or _tells_more(self.tallies, tally, self.targets.tallies)
        )

    def hides_spread(self, group: int, step: int) -> bool:
        """Say whether a group's spread would, with what is noted, tell one that is withheld."""
        total, tally = self.levels.sum_of(group, step), self.counts.sum_of(group, step)
        return _tells_more(self.spreads, total, self.targets.spreads) or _tells_more(
            self.standings, tally, self.targets.standings
        )

    def hides_change(self, group: int, step: int) -> bool:
        """Say whether a group's change or its count would, with what is noted, tell too much."""
        change, match = self._change(group, step)
        return (
            _exposes(self.levels, [*self.centres, change], added=1)
            or _exposes(self.matched, [*self.matches, match], added=1)
            or _tells_more(self.centres, change, self.targets.centres)
        )

    def is_exposed(self) -> bool:
        """Say whether what is noted tells on too few, or a figure that is withheld."""
        return (
            _exposes(self.levels, self.centres)
            or _exposes(self.counts, self.tallies)
            or _exposes(self.matched, self.matches)
            or bool(_tells(self.centres, self.targets.centres).any())
            or bool(_tells(self.spreads, self.targets.spreads).any())
            or bool(_tells(self.tallies, self.targets.tallies).any())
            or bool(_tells(self.standings, self.targets.standings).any())
        )

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


def _exposes(columns: Columns | None, sums: list[np.ndarray], *, added: int = 0) -> bool:
    """Say whether these sums, published together, tell on too few."""
    if columns is None or not sums:
        return False
    published = Sums(np.array(sums), columns.atom_of, columns.weights)
    return find_exposed(published, smallest=MIN_FOR_CENTRE, added=added)


def _tells(sums: list[np.ndarray], targets: np.ndarray) -> np.ndarray:
    """Say of each target whether these sums, published together, tell it."""
    if not sums or not len(targets):
        return np.zeros(len(targets), dtype=bool)
    return find_told(np.array(sums), targets)


def _tells_more(sums: list[np.ndarray], added: np.ndarray, targets: np.ndarray) -> bool:
    """Say whether one more sum tells a target that these do not tell."""
    told = _tells([*sums, added], targets)
    return bool(told.any() and (told & ~_tells(sums, targets)).any())


def _number_versions(values: np.ndarray, rounds: Sequence[str]) -> np.ndarray:
    """Return, for each authority's values, the first edition of the round that held the same."""
    versions = np.full(values.shape, NOWHERE)
    for step, now in enumerate(values):
        for earlier in range(step + 1):
            if rounds[earlier] == rounds[step]:
                same = (values[earlier] == now) & (versions[step] == NOWHERE)
                versions[step][same] = earlier
    return versions
