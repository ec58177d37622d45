"""An attacker of its own against whole programmes: groups, editions, rounds, neighbours.

It shares no code with disclosure control. What is published of an item are sums over unknown
quantities, one for each authority's answer in a round; an answer that was changed between two
editions is another quantity. With P the projection on the span of the published sums, a sum over
a set S of quantities is told exactly if P has an eigenvector on S with eigenvalue 1, and a given
sum t is told exactly if P t = t.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.disclosure.benchmark import summarise_groups
from assessment.core.disclosure.change import summarise_change
from assessment.core.disclosure.suppression import (
    audit_edition,
    begin_edition,
    protect_changes,
    protect_edition,
    protect_neighbours,
)
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import list_memberships
from assessment.core.statistics.publication import CutEdition
from assessment.core.statistics.withholding import Reason
from tests.factories import make_authority, make_questionnaire
from tests.properties import examples

# Half the time of make test was coverage of these: other tests cover what they call.
pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

# Each question is a programme of its own, over a register and editions that all share; it is a
# principle too, whose matched change is published for every group.
PROGRAMMES = 10
ASKED = make_questionnaire(principles=PROGRAMMES, questions=1)
QUESTIONS = list(ASKED.question_ids)
# Authorities below which a sum tells, and a spread.
FEW, FEW_FOR_SPREAD = 5, 10
POPULATIONS = {50_000: "under-100k", 150_000: "100k-200k"}
RURALITIES = {0.1: "predominantly-urban", 0.9: "predominantly-rural"}
EXACT = 1e-7


@dataclass(frozen=True)
class World:
    """A register and the editions cut of it, oldest first, with the answers behind each."""

    register: list[Authority]
    editions: list[CutEdition]


def draw_register(rng: np.random.Generator) -> list[Authority]:
    """Draw authorities in nested and overlapping groups."""
    return [
        make_authority(
            id=f"A{number:02}",
            nation=rng.choice(["England", "Wales"], p=[0.7, 0.3]),
            region=rng.choice(["North", "South"]),
            type=rng.choice(["county", "town"]),
            population=int(rng.choice(list(POPULATIONS))),
            rural_share=float(rng.choice(list(RURALITIES))),
        )
        for number in range(rng.integers(12, 27))
    ]


def draw_codes(rng: np.random.Generator, register: list[Authority]) -> np.ndarray:
    """Draw everybody's answers: some questions alike for a type, or not known to many."""
    size = (len(register), PROGRAMMES)
    answer_codes = rng.integers(1, 6, size)
    answer_codes[rng.random(size) < rng.choice([0.0, 0.1, 0.4], PROGRAMMES)] = DONT_KNOW
    towns = np.array([authority.type == "town" for authority in register])
    alike = rng.choice([0, 1, 3, 5, DOES_NOT_APPLY], PROGRAMMES, p=[0.6, 0.1, 0.1, 0.1, 0.1])
    return np.where(towns[:, None] & (alike != 0), alike, answer_codes)


def draw_world(seed: int) -> World:
    """Draw a register, one or two rounds with one or two editions each, and cut them."""
    rng = np.random.default_rng(seed)
    register = draw_register(rng)
    editions: list[CutEdition] = []
    for round_id in ["2025", "2026"][: rng.integers(1, 3)]:
        answer_codes = draw_codes(rng, register)
        present = rng.random(len(register)) < rng.choice([0.6, 0.8, 1.0])
        for _ in range(rng.integers(1, 3)):
            editions.append(cut(register, answer_codes[present], present, editions, round_id))
            answer_codes = np.where(
                rng.random(answer_codes.shape) < 0.1, draw_codes(rng, register), answer_codes
            )
            present = present ^ (rng.random(len(register)) < rng.choice([0.1, 0.4]))
    return World(register, editions)


def cut(
    register: list[Authority],
    answers: np.ndarray,
    present: np.ndarray,
    history: Sequence[CutEdition],
    round_id: str,
) -> CutEdition:
    """Cut an edition of the answers of those present."""
    ids = [a.id for a, is_present in zip(register, present, strict=True) if is_present]
    index = pd.Index(ids, name="authority_id", dtype=object)
    answer_codes = pd.DataFrame(answers.astype("int8"), index=index, columns=QUESTIONS)
    memberships = list_memberships(register)
    figures = summarise_groups(ASKED, answer_codes, memberships)
    number = 1 + sum(e.round_id == round_id for e in history)
    begun = begin_edition(round_id, number, ASKED, figures, answer_codes, memberships)
    edition = protect_edition(begun, history)
    before = [e for e in history if e.round_id < round_id]
    if not before:
        return edition
    moved = summarise_change((ASKED, answer_codes), (ASKED, before[-1].answer_codes), memberships)
    return protect_changes(edition, moved, before[-1], history)


def list_members(register: list[Authority], kind: str, group_id: str) -> np.ndarray:
    """Mark the members of a group, from what they are."""
    of_kind = {
        "all": lambda _: "all",
        "nation": lambda a: a.nation.lower(),
        "region": lambda a: a.region.lower(),
        "type": lambda a: a.type,
        "band": lambda a: POPULATIONS[a.population],
        "rurality": lambda a: RURALITIES[a.rural_share],
    }[kind]
    return np.array([of_kind(authority) == group_id for authority in register])


class Attack:
    """What is published of one item of a world, and what must not be told."""

    def __init__(self, world: World, place: int, measure: str, reader: str = "") -> None:
        """Gather the sums; a ``reader`` knows its own answers, so they are no unknowns."""
        self.world, self.measure = world, measure
        self.item = QUESTIONS[place] if measure == "question" else ASKED.principles[place].id
        self.others = np.array([a.id != reader for a in world.register])
        self.answer_codes = [self._codes(e, place) for e in world.editions]
        self.quantities: dict[tuple[object, ...], int] = {}
        self.owner: list[int] = []
        self.sums: dict[str, list[dict[int, int]]] = {
            name: [] for name in ("centres", "spreads", "counts", "standings", "matches")
        }
        self.targets: dict[str, list[dict[int, int]]] = {name: [] for name in self.sums}
        for step in range(len(world.editions)):
            self._gather(step)
            self._gather_changes(step)

    def _codes(self, edition: CutEdition, place: int) -> np.ndarray:
        """Return each authority's code in an edition; NaN where it did not submit."""
        answer_codes = edition.answer_codes[QUESTIONS[place]].reindex(
            [a.id for a in self.world.register]
        )
        return answer_codes.to_numpy(dtype=float)

    def _sum(self, what: str, step: int, members: np.ndarray) -> dict[int, int]:
        """Return the sum of what members have in an edition."""
        answer_codes, round_id = self.answer_codes[step], self.world.editions[step].round_id
        known = (
            members
            & self.others
            & ((answer_codes > 0) if what == "level" else ~np.isnan(answer_codes))
        )
        return {
            self._quantity(who, what, round_id, self._told(what, answer_codes[who])): 1
            for who in np.flatnonzero(known)
        }

    def _told(self, what: str, code: float) -> float:
        """Return what tells two versions of an answer apart; a principle has a score or none."""
        return code if what == "level" or self.measure == "question" else float(code > 0)

    def _quantity(self, who: int, *name: object) -> int:
        """Return the place of an authority's quantity."""
        if (who, *name) not in self.quantities:
            self.quantities[who, *name] = len(self.owner)
            self.owner.append(who)
        return self.quantities[who, *name]

    def _gather(self, step: int) -> None:
        """Gather the figures that an edition shows anew, and those it withholds."""
        edition = self.world.editions[step]
        rows = edition.figures.assign(base=edition.bases["base"].to_numpy())
        rows = rows[(rows["measure"] == self.measure) & (rows["item_id"] == self.item)]
        for row in rows.to_dict("records"):
            members = list_members(self.world.register, row["group_kind"], row["group_id"])
            levels, counts = self._sum("level", step, members), self._sum("count", step, members)
            if row["base"] == edition.number and row["withheld_centre"] == Reason.SHOWN:
                self.sums["centres"].append(levels)
                self.sums["counts"].append(counts)
                if row["withheld_spread"] == Reason.SHOWN:
                    self.sums["spreads"].append(levels)
                    self.sums["standings"].append(counts)
            self._aim(step, members, levels, counts)

    def _aim(
        self, step: int, members: np.ndarray, levels: dict[int, int], counts: dict[int, int]
    ) -> None:
        """Add what a group's answers forbid to tell."""
        known = self.answer_codes[step][members & (self.answer_codes[step] > 0)]
        if len(known) < FEW:
            self.targets["counts"].append(counts)
        if len(known) < FEW_FOR_SPREAD:
            self.targets["standings"].append(counts)
        is_alike = len(set(known)) == 1 and (self.measure == "question" or known[0] in (1, 5))
        if len(known) < FEW_FOR_SPREAD or is_alike:
            self.targets["spreads"].append(levels)
        if is_alike:
            self.targets["centres"].append(levels)

    def _gather_changes(self, step: int) -> None:
        """Gather the matched changes that an edition shows anew."""
        edition = self.world.editions[step]
        rows = edition.changes
        rows = rows[(rows["measure"] == self.measure) & (rows["item_id"] == self.item)]
        for row in rows.to_dict("records"):
            then = next(
                at
                for at, e in enumerate(self.world.editions)
                if (e.round_id, e.number) == (row["then_round"], row["then_number"])
            )
            members = list_members(self.world.register, row["group_kind"], row["group_id"])
            both = members & (self.answer_codes[step] > 0) & (self.answer_codes[then] > 0)
            gone = dict.fromkeys(self._sum("level", then, both), -1)
            change = self._sum("level", step, both) | gone
            match = self._match(step, then, members)
            if row["base"] == edition.number and row["withheld_centre"] == Reason.SHOWN:
                self.sums["centres"].append(change)
                self.sums["matches"].append(match)
            if both.sum() < FEW:
                self.targets["matches"].append(match)
            if set((self.answer_codes[step] - self.answer_codes[then])[both]) in ({4.0}, {-4.0}):
                self.targets["centres"].append(change)

    def _match(self, step: int, then: int, members: np.ndarray) -> dict[int, int]:
        """Return the count of those with a level in both editions, of those in both."""
        now, before = self.answer_codes[step], self.answer_codes[then]
        pair = members & ~np.isnan(now) & ~np.isnan(before) & self.others
        return {
            self._quantity(who, "both", now[who] > 0 and before[who] > 0): 1
            for who in np.flatnonzero(pair)
        }

    def find_leaks(self) -> Iterator[str]:
        """Name what is told of fewer than five, and each withheld figure that is told."""
        for name, sums in self.sums.items():
            projection = self._project(sums)
            if name in {"centres", "counts", "matches"} and self._tells_few(projection):
                yield f"{name} of a few"
            for target in self.targets[name]:
                wanted = self._vector(target)
                if wanted.any() and np.abs(projection @ wanted - wanted).max() < EXACT:
                    yield f"withheld {name}"

    def _vector(self, total: dict[int, int]) -> np.ndarray:
        """Write a sum as a vector over the quantities."""
        vector = np.zeros(len(self.owner))
        vector[list(total)] = list(total.values())
        return vector

    def _project(self, sums: list[dict[int, int]]) -> np.ndarray:
        """Return the projection on the span of these sums."""
        rows = np.array([self._vector(total) for total in sums]).reshape(-1, len(self.owner))
        _, sizes, basis = np.linalg.svd(rows, full_matrices=False)
        basis = basis[sizes > EXACT]
        return np.asarray(basis.T @ basis)

    def _tells_few(self, projection: np.ndarray) -> bool:
        """Return whether a sum over the quantities of four authorities or fewer is told."""
        owner = np.array(self.owner)
        touched = np.abs(projection).max(axis=1, initial=0) > EXACT
        columns = [np.flatnonzero((owner == who) & touched) for who in np.unique(owner)]
        columns = [own for own in columns if len(own)]
        width = max((len(own) for own in columns), default=0)
        # an authority with fewer quantities repeats none: the padding points at a zero row
        padded = np.full((len(columns), width), len(owner))
        for at, own in enumerate(columns):
            padded[at, : len(own)] = own
        sets = np.array(list(combinations(range(len(columns)), min(FEW - 1, len(columns)))))
        if not sets.size:
            return False
        chosen = padded[sets].reshape(len(sets), -1)
        wider = np.pad(projection, (0, 1))
        blocks = wider[chosen[:, :, None], chosen[:, None, :]]
        return bool(np.linalg.eigvalsh(blocks)[:, -1].max() > 1 - EXACT)

    def show_neighbours(self, number: int, members: np.ndarray, *, spread: bool) -> None:
        """Add what a reader is shown of its neighbours, from the answers of an edition."""
        newest = self.world.editions[-1].round_id
        step = [(e.round_id, e.number) for e in self.world.editions].index((newest, number))
        self.sums["centres"].append(self._sum("level", step, members))
        self.sums["counts"].append(self._sum("count", step, members))
        if spread:
            self.sums["spreads"].append(self.sums["centres"][-1])
            self.sums["standings"].append(self.sums["counts"][-1])


def find_all_leaks(world: World) -> list[tuple[str, int, str]]:
    """List what is told by all that a world's editions publish, by measure and question."""
    return [
        (measure, place, leak)
        for measure in ("principle", "question")
        for place in range(PROGRAMMES)
        for leak in Attack(world, place, measure).find_leaks()
    ]


def find_leaks_to_reader(world: World, seed: int) -> list[tuple[int, str]]:
    """List what its neighbours' figures tell some reader that it could not work out before."""
    rng = np.random.default_rng(seed)
    newest = world.editions[-1]
    if not len(newest.answer_codes):
        return []
    reader = str(rng.choice(newest.answer_codes.index))
    ids = np.array([authority.id for authority in world.register])
    near = rng.permutation(ids[ids != reader])[: rng.integers(5, 16)]
    cells = protect_neighbours(world.editions, reader, [str(one) for one in near])
    leaks = []
    for place in range(PROGRAMMES):
        attack = Attack(world, place, "principle", reader)
        before = set(attack.find_leaks())
        cell = cells["principle", attack.item]
        shown = [e.number for e in world.editions if e.round_id == newest.round_id]
        members = np.isin(ids, near)
        known = attack.answer_codes[-1 - shown[::-1].index(cell.base)][members] > 0
        if not cell.withheld_centre.is_shown or known.sum() < FEW:
            continue
        spread = known.sum() >= FEW_FOR_SPREAD and cell.withheld_spread.is_shown
        attack.show_neighbours(cell.base, members, spread=spread)
        leaks += [(place, leak) for leak in set(attack.find_leaks()) - before]
    return leaks


seeds = st.integers(0, 2**32 - 1)


@examples(check=3, thorough=12)
@given(seed=seeds)
def test_protect_any_programme_withstands_an_attacker_of_its_own(seed: int):
    world = draw_world(seed)

    assert find_all_leaks(world) == []
    assert find_leaks_to_reader(world, seed) == []
    assert audit_edition(world.editions).exposed == ()


@pytest.mark.parametrize("part", range(5))
def test_protect_two_thousand_programmes_withstand_the_attacker(part: int):
    # 5 parts of 45 registers, each with ten questions: 2,250 programmes
    @settings(max_examples=45)
    @given(seed=seeds)
    def attack(seed: int) -> None:
        world = draw_world(seed)
        assert find_all_leaks(world) == []
        assert find_leaks_to_reader(world, seed + part) == []

    attack()


def test_attack_finds_what_careless_editions_tell():
    # the figures as they are without complementary suppression
    rng = np.random.default_rng(1)
    register = draw_register(rng)
    answer_codes = draw_codes(rng, register)
    present = np.ones(len(register), dtype=bool)
    edition = cut(register, answer_codes, present, [], "2026")
    plain = summarise_groups(ASKED, edition.answer_codes, edition.memberships)

    leaks = find_all_leaks(World(register, [replace(edition, figures=plain)]))

    assert {leak for _, _, leak in leaks} >= {"withheld spreads", "withheld standings"}
