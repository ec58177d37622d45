"""An attacker who works in whole numbers.

Published figures are rounded, so that sums of exact figures are not known; but levels are whole
numbers from 1 to L, and authorities cannot be divided. An integer programme asks whether any counts
that agree with everything published give an authority another answer. The attacker fails closed:
what is not decided within the limit of a search counts as proven.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tests.attacks.constraints import Histories
from tests.attacks.integer_programme import IntegerProgramme


@dataclass(frozen=True, slots=True)
class Target:
    """That all authorities of a class, by its index, have one answer in an edition."""

    class_index: int
    edition: int
    answer: int


@dataclass(frozen=True, slots=True)
class Proven:
    """A target of which nothing else was found possible, and of how many authorities.

    ``is_decided`` is False where a search reached its limit, so that something else may be.
    """

    target: Target
    authorities: int
    is_decided: bool


def find_proven(programme: IntegerProgramme, truth: np.ndarray) -> list[Proven]:
    """List the answers that everybody can prove.

    Authorities of a class can change places, so that an answer of one of them is proven only
    where all of the class have it. One search asks for counts in which any target fails: where
    there are none, all are proven; counts that are found rule out the targets that fail in them.

    Parameters
    ----------
    programme : what is published of one question.
    truth : int, one row a class, one column a history: the answers behind it.

    Returns
    -------
    One element per class and edition.
    """
    open_targets = list(_list_targets(programme, truth))
    proven: list[Proven] = []
    are_asked_together = True
    while open_targets:
        asked = open_targets if are_asked_together else open_targets[:1]
        failing = sum(_weigh_failing(programme, target) for target in asked)
        found = programme.search(np.asarray(failing), at_least=1)
        if found.counts is not None:
            open_targets = [t for t in open_targets if not _fails(programme, t, found.counts)]
        elif found.is_infeasible or len(asked) == 1:
            proven += _prove(programme, asked, is_decided=found.is_infeasible)
            open_targets = open_targets[len(asked) :]
        else:
            are_asked_together = False
    return proven


def find_range(
    programme: IntegerProgramme, truth: np.ndarray, weights: np.ndarray
) -> tuple[int, int]:
    """Bound a weighted sum of counts, such as the total of the levels of a few classes.

    Parameters
    ----------
    programme : what is published of one question.
    truth : int, one row a class, one column a history: the answers behind it.
    weights : int, of the same shape.

    Returns
    -------
    The lowest and the highest sum that were found feasible. Where a search reached its limit
    the range may be wider; as it fails closed, it stands as narrow as it was found.
    """
    sums = [int((weights * truth).sum())]
    for sign in (-1, 1):
        found = programme.search(sign * weights, is_best_wanted=True)
        if found.counts is not None:
            sums.append(int((weights * found.counts).sum()))
    return min(sums), max(sums)


def weigh_total(
    histories: Histories, class_indices: Iterable[int], edition: int, classes: int
) -> np.ndarray:
    """Return the weights of the total of the levels of some of so many classes.

    Parameters
    ----------
    histories : of the editions that are read together.
    class_indices : the classes whose levels are added up.
    edition : index of the edition.
    classes : number of all classes.

    Returns
    -------
    int, one row a class, one column a history. [levels]
    """
    weights = np.zeros((classes, len(histories.rows)), dtype=int)
    weights[list(class_indices)] = histories.weigh_levels(edition)
    return weights


def _list_targets(programme: IntegerProgramme, truth: np.ndarray) -> Iterator[Target]:
    """List where all authorities of a class have one answer in truth."""
    for index, class_ in enumerate(programme.classes):
        held = [programme.histories.rows[column] for column in np.flatnonzero(truth[index])]
        for edition, is_counted in enumerate(class_.submitted):
            answers = {history[edition] for history in held}
            if is_counted and len(answers) == 1:
                yield Target(index, edition, answers.pop())


def _weigh_failing(programme: IntegerProgramme, target: Target) -> np.ndarray:
    """Return the weights that count the authorities of a target's class with another answer."""
    histories = programme.histories.rows
    weights = np.zeros((len(programme.classes), len(histories)))
    weights[target.class_index] = [h[target.edition] != target.answer for h in histories]
    return weights


def _fails(programme: IntegerProgramme, target: Target, counts: np.ndarray) -> bool:
    """Return whether counts give an authority of a target's class another answer."""
    return bool((_weigh_failing(programme, target) * counts).sum() > 0)


def _prove(
    programme: IntegerProgramme, targets: Iterable[Target], *, is_decided: bool
) -> Iterator[Proven]:
    for target in targets:
        yield Proven(target, programme.classes[target.class_index].size, is_decided)
