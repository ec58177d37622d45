"""An attacker who tries every world.

It shares no code with `whole_numbers`: every way of giving each authority an answer is a world, and
those in which the same would be published are possible. Figures are worked out from their
definitions, in fractions.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from math import floor

Answers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Which figures of a group are published, and to which unit.

    ``figures`` are names out of FIGURES; ``level_step`` is the unit of means and quartiles
    [levels], ``percent_step`` that of shares [percent].
    """

    figures: frozenset[str]
    level_step: Fraction = Fraction(1, 10)
    percent_step: Fraction = Fraction(1)


FIGURES = ("n", "mean", "median", "quartiles", "shares", "standings")
EVERYTHING = Policy(frozenset(FIGURES))


@dataclass(frozen=True, slots=True)
class Published:
    """The figures of one group; empty or None where they are not published.

    ``quartiles`` are the lower and the upper; ``percents`` of n at each level; ``standings`` the
    percents of Don't know and Does not apply of all answers.
    """

    n: int | None = None
    mean: Fraction | None = None
    median: Fraction | None = None
    quartiles: tuple[Fraction, ...] = ()
    percents: tuple[Fraction, ...] = ()
    standings: tuple[Fraction, ...] = ()


@cache
def publish_group(policy: Policy, levels: int, answers: Answers) -> Published:
    """Work out what is published of a group.

    Parameters
    ----------
    policy : what is published.
    levels : the highest level.
    answers : one element an authority: a level above 0, -1 Don't know, -2 Does not apply, 0 not
        answered.

    Returns
    -------
    The figures; a group without a level has only its n and standings.
    """
    known = sorted(answer for answer in answers if answer > 0)
    shown: dict[str, object] = {}
    if "n" in policy.figures:
        shown["n"] = len(known)
    if "standings" in policy.figures:
        shown["standings"] = tuple(_percent(answers, answer, policy) for answer in (-1, -2))
    if not known:
        return Published(**shown)  # type: ignore[arg-type]
    if "mean" in policy.figures:
        shown["mean"] = _half_up(Fraction(sum(known), len(known)), policy.level_step)
    if "median" in policy.figures:
        shown["median"] = _half_up(_quantile(known, Fraction(1, 2)), policy.level_step)
    if "quartiles" in policy.figures:
        shown["quartiles"] = tuple(
            _half_up(_quantile(known, Fraction(k, 4)), policy.level_step) for k in (1, 3)
        )
    if "shares" in policy.figures:
        shown["percents"] = tuple(_percent(known, at, policy) for at in range(1, levels + 1))
    return Published(**shown)  # type: ignore[arg-type]


@cache
def publish_change(policy: Policy, answers: Answers) -> tuple[int, Fraction | None]:
    """Work out the matched change of a group.

    Parameters
    ----------
    policy : gives the unit of the change.
    answers : the first half what the authorities answered in one edition, the second half what
        they, in the same order, answered in a later one.

    Returns
    -------
    How many have a level in both, and the mean of their moves, half a unit rounded away from
    zero; None of nobody. [levels]
    """
    half = len(answers) // 2
    pairs = zip(answers[:half], answers[half:], strict=True)
    moves = [now - then for then, now in pairs if now > 0 and then > 0]
    if not moves:
        return 0, None
    mean = Fraction(sum(moves), len(moves))
    return len(moves), _half_up(abs(mean), policy.level_step) * (-1 if mean < 0 else 1)


def list_possible(
    groups: Sequence[Sequence[int]],
    answers: Answers,
    levels: int,
    publish: Callable[[int, Answers], Hashable],
    known: Collection[int] = (),
) -> list[Answers]:
    """List the worlds in which the same is published of every group.

    Parameters
    ----------
    groups : the indices of the answers that stand behind each group's figures.
    answers : one element an authority, or one an authority and edition.
    levels : the highest level.
    publish : what is published of a group: its index, and its answers in its own order.
    known : the indices of answers that the attacker knows.

    Returns
    -------
    One element a world: all answers.
    """

    def describe(group_index: int, world: Answers) -> Hashable:
        return publish(group_index, tuple(world[index] for index in groups[group_index]))

    published = [describe(index, answers) for index in range(len(groups))]
    may_be = [
        (answer,) if index in known else range(-2, levels + 1)
        for index, answer in enumerate(answers)
    ]
    return [
        world
        for world in product(*may_be)
        if all(describe(index, world) == told for index, told in enumerate(published))
    ]


def find_determined(worlds: Sequence[Answers]) -> dict[int, int]:
    """Return the answers that are the same in every world, by their indices."""
    return {
        index: answers[0]
        for index, answers in enumerate(zip(*worlds, strict=True))
        if len(set(answers)) == 1
    }


def _quantile(ordered: Sequence[int], share: Fraction) -> Fraction:
    """Interpolate linearly between neighbours (Hyndman and Fan 1996, type 7)."""
    position = (len(ordered) - 1) * share
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def _percent(answers: Sequence[int], answer: int, policy: Policy) -> Fraction:
    return _half_up(Fraction(100 * answers.count(answer), len(answers)), policy.percent_step)


def _half_up(value: Fraction, step: Fraction) -> Fraction:
    return floor(value / step + Fraction(1, 2)) * step
