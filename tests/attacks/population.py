"""Authorities in equivalence classes: those that published figures cannot tell apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessment.core.statistics.publication import CutEdition
from tests.attacks.constraints import NOT_SUBMITTED, Histories

GroupKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EquivalenceClass:
    """Authorities in the same groups of the same editions, and how many they are.

    ``submitted`` has one element an edition: whether they are counted in it.
    """

    size: int
    submitted: tuple[bool, ...]


@dataclass(frozen=True)
class Population:
    """The authorities counted in some editions.

    ``classes`` are all equivalence classes; ``class_of`` gives the index of an authority's, by
    its id; ``groups`` has one element an edition: the indices of the classes of each group,
    by kind and id, groups with nobody counted left out.
    """

    classes: tuple[EquivalenceClass, ...]
    class_of: Mapping[str, int]
    groups: tuple[Mapping[GroupKey, tuple[int, ...]], ...]


def find_classes(editions: Sequence[CutEdition], apart: Collection[str] = ()) -> Population:
    """Sort the authorities of editions into equivalence classes.

    Parameters
    ----------
    editions : those that are read together; who is counted in each is public.
    apart : ids of authorities that are a class each, such as a reader that knows its answers.

    Returns
    -------
    The classes, in the order in which their first authorities appear.
    """
    memberships = [_list_groups(edition) for edition in editions]
    ids = dict.fromkeys(id_ for of_edition in memberships for id_ in of_edition)
    class_of: dict[str, int] = {}
    signatures: dict[tuple[object, ...], int] = {}
    for id_ in ids:
        groups = tuple(of_edition.get(id_) for of_edition in memberships)
        signature = (*groups, id_ if id_ in apart else None)
        class_of[id_] = signatures.setdefault(signature, len(signatures))
    sizes = np.bincount(list(class_of.values()), minlength=len(signatures))
    classes = [
        EquivalenceClass(int(size), tuple(groups is not None for groups in signature[:-1]))
        for size, signature in zip(sizes, signatures, strict=True)
    ]
    return Population(
        tuple(classes), class_of, tuple(_list_classes(each, class_of) for each in memberships)
    )


def _list_groups(edition: CutEdition) -> dict[str, frozenset[GroupKey]]:
    """Return the groups of each authority that is counted in an edition, by its id."""
    counted = edition.memberships["authority_id"].isin(edition.answer_codes.index)
    columns = ["authority_id", "group_kind", "group_id"]
    found: dict[str, set[GroupKey]] = {str(id_): set() for id_ in edition.answer_codes.index}
    for id_, kind, group_id in edition.memberships.loc[counted, columns].itertuples(index=False):
        found[id_].add((kind, group_id))
    return {id_: frozenset(groups) for id_, groups in found.items()}


def _list_classes(
    groups_of: Mapping[str, frozenset[GroupKey]], class_of: Mapping[str, int]
) -> dict[GroupKey, tuple[int, ...]]:
    """Return the classes of each group of an edition."""
    found: dict[GroupKey, set[int]] = {}
    for id_, groups in groups_of.items():
        for group in groups:
            found.setdefault(group, set()).add(class_of[id_])
    return {group: tuple(sorted(classes)) for group, classes in found.items()}


def count_histories(
    population: Population,
    histories: Histories,
    editions: Sequence[CutEdition],
    question_id: str,
) -> np.ndarray:
    """Count what the authorities of each class answered to one question.

    Parameters
    ----------
    population : the classes of these editions.
    histories : of as many editions.
    editions : with the answers behind them.
    question_id : the question.

    Returns
    -------
    int, one row a class, one column a history. [authorities]
    """
    column = {history: index for index, history in enumerate(histories.rows)}
    answers = [edition.answer_codes[question_id].to_dict() for edition in editions]
    counts = np.zeros((len(population.classes), len(histories.rows)), dtype=int)
    for id_, class_ in population.class_of.items():
        history = tuple(int(of_edition.get(id_, NOT_SUBMITTED)) for of_edition in answers)
        counts[class_, column[history]] += 1
    return counts
