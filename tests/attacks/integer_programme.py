"""The integer programme of one question, and the search for counts that agree with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tests.attacks.constraints import NOT_SUBMITTED, Constraint, Histories, Interval
from tests.attacks.population import EquivalenceClass

# Where one search of HiGHS stops: in nodes, so that what is decided does not depend on the machine.
NODE_LIMIT = 1_000
# A relative gap that the first feasible counts meet.
ANY_GAP = 1e6
IS_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What one search found.

    ``counts`` agree with every constraint: int, one row a class, one column a history; None
    where none were found, and then ``is_infeasible`` says whether it was shown that there are none.
    """

    counts: np.ndarray | None
    is_infeasible: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """``low`` <= the sum of ``terms``, coefficients by column, <= ``high``."""

    terms: Mapping[int, int]
    low: float
    high: float


class IntegerProgramme:
    """What is known of one question: classes of known sizes, and constraints on their counts.

    A column stands for the authorities of one class with one history, for a subtotal of a group,
    or (0 or 1) for the choice of an alternative.

    Parameters
    ----------
    histories : which answers are possible.
    classes : one element an equivalence class; its index is that in the constraints.
    constraints : what was published.
    node_limit : nodes of branch and bound after which one search stops undecided.
    """

    def __init__(
        self,
        histories: Histories,
        classes: Sequence[EquivalenceClass],
        constraints: Iterable[Constraint],
        *,
        node_limit: int = NODE_LIMIT,
    ) -> None:
        self.histories = histories
        self.classes = tuple(classes)
        self.constraints = tuple(dict.fromkeys(constraints))
        self._node_limit = node_limit
        self._columns = np.full((len(self.classes), len(histories.rows)), -1)
        self._upper: list[int] = []
        self._rows: list[_Row] = []
        self._subtotals: dict[tuple[tuple[int, ...], int], int] = {}
        for index in range(len(self.classes)):
            self._add_class(index)
        for constraint in self.constraints:
            self._add(constraint)
        self._limits = self._assemble()

    def admits(self, counts: np.ndarray) -> bool:
        """Return whether counts agree with the sizes of the classes and every constraint."""
        sizes = [each.size for each in self.classes]
        if counts.min(initial=0) < 0 or (counts[self._columns < 0] != 0).any():
            return False
        if (counts.sum(axis=1) != sizes).any():
            return False
        return all(constraint.holds(counts) for constraint in self.constraints)

    def search(
        self, weights: np.ndarray, at_least: int | None = None, *, is_best_wanted: bool = False
    ) -> SearchResult:
        """Look for counts whose weighted sum is large.

        Parameters
        ----------
        weights : float, one row a class, one column a history.
        at_least : what the weighted sum must be; None for anything.
        is_best_wanted : look for the largest sum; else the first counts that are found will do.

        Returns
        -------
        Counts that were checked in whole numbers against every constraint, whatever the
        solver's tolerances; neither found nor infeasible where the limit was reached.
        """
        gains = np.zeros(len(self._upper))
        possible = self._columns >= 0
        gains[self._columns[possible]] = weights[possible]
        limits = [self._limits]
        if at_least is not None:
            limits.append(LinearConstraint(gains[np.newaxis, :], at_least, np.inf))
        result = milp(
            -gains,
            constraints=limits,
            bounds=Bounds(0, np.array(self._upper, dtype=float)),
            integrality=np.ones(len(self._upper)),
            options={
                "node_limit": self._node_limit,
                "mip_rel_gap": 0.0 if is_best_wanted else ANY_GAP,
            },
        )
        if result.x is None:
            return SearchResult(None, result.status == IS_INFEASIBLE)
        values = np.rint(result.x).astype(int)
        counts = np.where(possible, values[self._columns], 0)
        is_enough = at_least is None or (weights * counts).sum() >= at_least
        return SearchResult(counts if is_enough and self.admits(counts) else None, False)

    def _add_column(self, upper: int) -> int:
        self._upper.append(upper)
        return len(self._upper) - 1

    def _add_class(self, index: int) -> None:
        """Add the counts of a class: its authorities have the histories that they can have."""
        class_ = self.classes[index]
        for history_index, history in enumerate(self.histories.rows):
            if tuple(answer != NOT_SUBMITTED for answer in history) == class_.submitted:
                self._columns[index, history_index] = self._add_column(class_.size)
        columns = self._columns[index][self._columns[index] >= 0]
        self._rows.append(_Row({int(c): 1 for c in columns}, class_.size, class_.size))

    def _add(self, constraint: Constraint) -> None:
        if isinstance(constraint, Interval):
            self._rows.append(_Row(self._terms(constraint), constraint.low, constraint.high))
        elif len(constraint.alternatives) == 1:
            for interval in constraint.alternatives[0]:
                self._add(interval)
        else:
            self._add_alternatives(constraint.alternatives)

    def _add_alternatives(self, alternatives: Sequence[Sequence[Interval]]) -> None:
        """Choose one alternative; the intervals of the others are widened to what always holds.

        None at all is a choice among none, which no counts can make.
        """
        chosen = [self._add_column(1) for _ in alternatives]
        self._rows.append(_Row(dict.fromkeys(chosen, 1), 1, 1))
        for choice, alternative in zip(chosen, alternatives, strict=True):
            for interval in alternative:
                self._add_if_chosen(choice, interval)

    def _add_if_chosen(self, choice: int, interval: Interval) -> None:
        """Add an interval that holds where the column of its choice is 1."""
        terms = self._terms(interval)
        highest = sum(w * self._upper[column] for column, w in terms.items() if w > 0)
        lowest = sum(w * self._upper[column] for column, w in terms.items() if w < 0)
        if interval.high < highest:
            slack = {choice: highest - interval.high}
            self._rows.append(_Row(terms | slack, -np.inf, highest))
        if interval.low > lowest:
            slack = {choice: lowest - interval.low}
            self._rows.append(_Row(terms | slack, lowest, np.inf))

    def _terms(self, interval: Interval) -> dict[int, int]:
        """Write the weighted sum of an interval as coefficients by column."""
        terms: dict[int, int] = {}
        for history_index, weight in enumerate(interval.weights):
            if weight:
                for column in self._find_columns(interval.classes, history_index):
                    terms[column] = weight
        return terms

    def _find_columns(self, classes: tuple[int, ...], history_index: int) -> list[int]:
        """Return columns that add up to the authorities of some classes with a history.

        Many figures of a group share its subtotals: a column for each keeps the rows short.
        """
        of_classes = self._columns[list(classes), history_index]
        columns = [int(column) for column in of_classes if column >= 0]
        if len(columns) <= 2:
            return columns
        key = classes, history_index
        if key not in self._subtotals:
            subtotal = self._add_column(sum(self.classes[c].size for c in classes))
            self._subtotals[key] = subtotal
            self._rows.append(_Row(dict.fromkeys(columns, 1) | {subtotal: -1}, 0, 0))
        return [self._subtotals[key]]

    def _assemble(self) -> LinearConstraint:
        """Return all rows as one matrix with its limits."""
        row_indices = [index for index, row in enumerate(self._rows) for _ in row.terms]
        columns = [column for row in self._rows for column in row.terms]
        coefficients = [float(w) for row in self._rows for w in row.terms.values()]
        shape = (len(self._rows), len(self._upper))
        matrix = csr_array((coefficients, (row_indices, columns)), shape=shape)
        low, high = ([row.low for row in self._rows], [row.high for row in self._rows])
        return LinearConstraint(matrix, np.array(low, dtype=float), np.array(high, dtype=float))
