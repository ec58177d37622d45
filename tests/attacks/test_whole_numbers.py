"""Both attackers on small worlds, known leaks, and what a search that reaches its limit means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attacks.constraints import Cell, Constraint, Histories, Interval, read_change
from tests.attacks.enumeration import (
    EVERYTHING,
    Answers,
    Policy,
    Published,
    find_determined,
    list_possible,
    publish_change,
    publish_group,
)
from tests.attacks.integer_programme import IntegerProgramme
from tests.attacks.population import EquivalenceClass
from tests.attacks.whole_numbers import Proven, Target, find_proven, find_range, weigh_total
from tests.properties import examples

TENTH = Fraction(1, 10)
PARTS = ("mean", "median", "quartiles", "shares", "standings")
STANDINGS = (-1, -2)


@dataclass(frozen=True)
class World:
    """Authorities in groups, their answers in each edition, and what is published of the groups.

    ``answers`` has one element an edition, each with one element an authority; ``groups`` lists
    the indices of authorities, ``policies`` what is published of each group in every edition;
    ``known`` are the indices of authorities whose answers the attacker knows.
    """

    levels: int
    answers: tuple[Answers, ...]
    groups: tuple[tuple[int, ...], ...]
    policies: tuple[Policy, ...]
    known: tuple[int, ...] = ()

    @property
    def authorities(self) -> int:
        """Return their number."""
        return len(self.answers[0])

    @property
    def class_of(self) -> list[int]:
        """Return the equivalence class of each authority."""
        signatures: dict[object, int] = {}
        found = []
        for index in range(self.authorities):
            alone = index if index in self.known else None
            signature = alone, *(index in group for group in self.groups)
            found.append(signatures.setdefault(signature, len(signatures)))
        return found


@st.composite
def draw_world(draw: st.DrawFn, editions: int = 1, max_levels: int = 4, most: int = 4) -> World:
    """Draw a world; one group is everybody's, and nothing may be published of any."""
    levels = draw(st.integers(2, max_levels))
    authorities = draw(st.integers(2, most))
    answer = st.sampled_from([*range(1, levels + 1)] * 2 + [0, *STANDINGS])
    answers = tuple(
        tuple(draw(st.lists(answer, min_size=authorities, max_size=authorities)))
        for _ in range(editions)
    )
    members = st.sets(st.integers(0, authorities - 1), min_size=1).map(lambda s: tuple(sorted(s)))
    groups = (tuple(range(authorities)), *draw(st.lists(members, max_size=3)))
    policies = tuple(draw(draw_policy()) for _ in groups)
    return World(levels, answers, groups, policies)


@st.composite
def draw_policy(draw: st.DrawFn) -> Policy:
    """Draw which figures of a group are published, if any; n is with every other."""
    parts = draw(st.none() | st.sets(st.sampled_from(PARTS)))
    return Policy(
        frozenset() if parts is None else frozenset({"n", *parts}),
        level_step=draw(st.sampled_from([Fraction(1, 10), Fraction(1, 2), Fraction(1)])),
        percent_step=draw(st.sampled_from([Fraction(1), Fraction(10), Fraction(25)])),
    )


def try_every_world(world: World) -> list[Answers]:
    """List the possible answers, edition after edition, by enumeration."""
    size = world.authorities
    editions = range(len(world.answers))
    cells = [tuple(e * size + i for i in group) for e in editions for group in world.groups]
    pairs = [tuple(e * size + i for e in editions for i in group) for group in world.groups]
    policies = world.policies * len(world.answers)

    def publish(index: int, answers: Answers) -> object:
        if index < len(cells):
            return publish_group(policies[index], world.levels, tuple(sorted(answers)))
        policy = world.policies[index - len(cells)]
        return publish_change(policy, answers) if policy.figures else None

    return list_possible(
        cells + (pairs if len(world.answers) > 1 else []),
        tuple(answer for of_edition in world.answers for answer in of_edition),
        world.levels,
        publish,
        known=[e * size + i for e in editions for i in world.known],
    )


def read_cell(cell: Cell, published: Published, policy: Policy, size: int) -> Iterator[Constraint]:
    """Read the figures of a group of so many authorities."""
    levels = cell.histories.levels
    if published.n is None:
        return
    yield cell.n(published.n, published.n)
    for answer, percent in zip(STANDINGS, published.standings, strict=False):
        yield cell.share([answer], size, float(percent), policy.percent_step)
    if published.mean is not None:
        yield cell.mean(published.n, float(published.mean), policy.level_step)
    if published.median is not None:
        yield cell.quartile(published.n, 2, float(published.median), policy.level_step)
    for quarter, value in zip((1, 3), published.quartiles, strict=False):
        yield cell.quartile(published.n, quarter, float(value), policy.level_step)
    for level, percent in zip(range(1, levels + 1), published.percents, strict=False):
        yield cell.share([level], published.n, float(percent), policy.percent_step)


def read_pairs(
    histories: Histories,
    classes: tuple[int, ...],
    published: tuple[int, Fraction | None],
    policy: Policy,
) -> list[Interval]:
    """Read how many of a group have a level in both of two editions, and their change if any."""
    n, change = published
    matched, moves = read_change(histories, classes, 1, 0, n, float(change or 0), policy.level_step)
    return [matched] if change is None else [matched, moves]


def build_programme(world: World) -> tuple[IntegerProgramme, np.ndarray]:
    """Return the integer programme of a world, and the answers behind it as counts."""
    histories = Histories(world.levels, len(world.answers))
    class_of = world.class_of
    sizes = np.bincount(class_of)
    classes = [EquivalenceClass(int(size), (True,) * len(world.answers)) for size in sizes]
    counts = np.zeros((len(classes), len(histories.rows)), dtype=int)
    for class_, history in zip(class_of, zip(*world.answers, strict=True), strict=True):
        counts[class_, histories.rows.index(history)] += 1
    constraints: list[Constraint] = []
    for group, policy in zip(world.groups, world.policies, strict=True):
        where = tuple(sorted({class_of[index] for index in group}))
        for edition, answers in enumerate(world.answers):
            published = publish_group(policy, world.levels, tuple(answers[i] for i in group))
            constraints += read_cell(Cell(histories, edition, where), published, policy, len(group))
        if len(world.answers) > 1 and policy.figures:
            paired = tuple(answers[i] for answers in world.answers for i in group)
            constraints += read_pairs(histories, where, publish_change(policy, paired), policy)
    for index in world.known:
        for edition, answers in enumerate(world.answers):
            own = Cell(histories, edition, (class_of[index],))
            constraints.append(own.count([answers[index]], 1, 1))
    return IntegerProgramme(histories, classes, constraints), counts


def list_answers_proven(world: World, proven: Sequence[Proven]) -> dict[int, int]:
    """Return the answers that are proven, by their indices as enumeration has them."""
    return {
        each.target.edition * world.authorities + index: each.target.answer
        for each in proven
        for index, class_ in enumerate(world.class_of)
        if class_ == each.target.class_index
    }


def check_both_attackers(world: World) -> dict[int, int]:
    """Assert that both attackers prove the same answers; return them."""
    programme, truth = build_programme(world)

    proven = find_proven(programme, truth)

    assert programme.admits(truth)
    assert all(each.is_decided for each in proven)
    found = list_answers_proven(world, proven)
    assert found == find_determined(try_every_world(world))
    return found


@examples(check=10, thorough=500)
@given(world=draw_world())
def test_find_proven_any_small_world_is_what_enumeration_proves(world):
    check_both_attackers(world)


@examples(check=10, thorough=200)
@given(world=draw_world(), reader=st.integers(0, 1))
def test_find_proven_to_a_reader_is_what_enumeration_proves_to_it(world, reader):
    check_both_attackers(replace(world, known=(reader,)))


@examples(check=5, thorough=100)
@given(world=draw_world(editions=2, max_levels=2, most=3))
def test_find_proven_two_editions_and_their_change_is_what_enumeration_proves(world):
    check_both_attackers(world)


@examples(check=10, thorough=200)
@given(world=draw_world())
def test_find_range_of_a_class_is_that_of_every_possible_world(world):
    programme, truth = build_programme(world)
    members = [index for index, class_ in enumerate(world.class_of) if class_ == 0]
    weights = weigh_total(programme.histories, [0], 0, len(programme.classes))

    found = find_range(programme, truth, weights)

    totals = [sum(max(answers[i], 0) for i in members) for answers in try_every_world(world)]
    assert found == (min(totals), max(totals))


@dataclass(frozen=True)
class Example:
    """A world of one edition and five levels, and the answers that its figures prove."""

    groups: tuple[tuple[int, ...], ...]
    answers: Answers
    figures: tuple[str, ...]
    proven: dict[int, int]
    known: tuple[int, ...] = ()


LEAKS = {
    # Two groups of three share authority 2. The mean of the first is 13 / 3 = 4.3: of 13 levels no
    # one has fewer than 3, for two have at most 10. That of the second is 5 / 3 = 1.7: of 5 levels
    # no one has more than 3. So authority 2 has 3; then the others have 5 and 5, 1 and 1. Of the
    # two sums and five unknowns linear algebra tells nothing.
    "means": Example(
        ((0, 1, 2), (2, 3, 4)), (5, 5, 3, 1, 1), ("n", "mean"), dict(enumerate((5, 5, 3, 1, 1)))
    ),
    # Of three in a group of five the median is 3 and the quartiles 2 and 4, halfway to the next:
    # they have 1, 3 and 5. Of all five the second, third and fourth are the quartiles, 3 each: the
    # two others have 3.
    "quartiles": Example(
        ((0, 1, 2, 3, 4), (0, 1, 2)), (1, 3, 5, 3, 3), ("n", "median", "quartiles"), {3: 3, 4: 3}
    ),
    # 25 %, 25 % and 50 % of four are one, one and two; 33 %, 33 % and 33 % of three of them are
    # one each: the fourth has 4.
    "percents": Example(((0, 1, 2, 3), (0, 1, 2)), (1, 2, 4, 4), ("n", "shares"), {3: 4}),
    # Three of four have a level and one Don't know; all of another three have a level.
    "standings": Example(((0, 1, 2, 3), (0, 1, 2)), (1, 2, 4, -1), ("n", "standings"), {3: -1}),
    # Two levels of mean 3 are 1 and 5 or 2 and 4 or 3 and 3; who has 1 knows the other.
    "mean of two, to one of them": Example(((0, 1),), (1, 5), ("n", "mean"), {0: 1, 1: 5}, (0,)),
}


@pytest.mark.parametrize("example", LEAKS.values(), ids=LEAKS)
def test_find_proven_known_leak_is_found_by_both_attackers(example):
    policies = (Policy(frozenset(example.figures)),) * len(example.groups)

    world = World(5, (example.answers,), example.groups, policies, example.known)

    assert check_both_attackers(world) == example.proven


def test_find_proven_of_every_figure_of_two_groups_alike_is_nothing():
    # each group has 2, 3 and 4, and the one in both may have any of them
    answers, groups = (2, 4, 3, 2, 4), ((0, 1, 2), (2, 3, 4))

    assert check_both_attackers(World(5, (answers,), groups, (EVERYTHING,) * 2)) == {}


def test_find_proven_of_groups_above_the_threshold_is_what_their_means_prove():
    # As the means above, in two groups of five with one in both: 4 x 5 + 3 = 23 levels, 4.6, and
    # 4 x 1 + 3 = 7 levels, 1.4.
    histories = Histories(levels=5)
    first, second = (Cell(histories, 0, where) for where in ((0, 1), (1, 2)))
    figures = [first.n(5, 5), first.mean(5, 4.6, TENTH), second.n(5, 5), second.mean(5, 1.4, TENTH)]
    classes = [EquivalenceClass(size, (True,)) for size in (4, 1, 4)]
    truth = np.zeros((3, len(histories.rows)), dtype=int)
    for index, (level, size) in enumerate([(5, 4), (3, 1), (1, 4)]):
        truth[index, histories.rows.index((level,))] = size

    proven = find_proven(IntegerProgramme(histories, classes, figures), truth)

    assert proven == [
        Proven(Target(0, 0, 5), 4, is_decided=True),
        Proven(Target(1, 0, 3), 1, is_decided=True),
        Proven(Target(2, 0, 1), 4, is_decided=True),
    ]


@pytest.mark.parametrize(
    ("node_limit", "proven", "levels"),
    [(0, [Proven(Target(0, 0, 3), 1, is_decided=False)], (3, 3)), (1_000, [], (1, 5))],
)
def test_find_proven_beyond_the_limit_of_a_search_is_proven(node_limit, proven, levels):
    # Of six with mean and median 3 one is told apart, and has 3; the others have 1 to 5. It may
    # change places with any of them.
    histories = Histories(levels=5)
    cell = Cell(histories, 0, (0, 1))
    figures = [cell.n(6, 6), cell.mean(6, 3.0, TENTH), cell.quartile(6, 2, 3.0, TENTH)]
    classes = [EquivalenceClass(size, (True,)) for size in (1, 5)]
    truth = np.zeros((2, len(histories.rows)), dtype=int)
    truth[0, histories.rows.index((3,))] = 1
    truth[1, -5:] = 1
    programme = IntegerProgramme(histories, classes, figures, node_limit=node_limit)

    assert find_proven(programme, truth) == proven
    assert find_range(programme, truth, weigh_total(histories, [0], 0, 2)) == levels
