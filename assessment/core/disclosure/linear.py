"""The attacker, who tries to work out the sum of a few authorities from published sums.

A published mean with its count is the sum of its group's levels; a published share is the sum of
ones and zeros. Whoever adds and subtracts published sums gets sums over other sets of authorities.
`find_exposed` says whether one of these sets is too small. It is exact: it works in whole numbers
modulo a large prime, and every combination is considered, not only differences of two.
"""

from dataclasses import dataclass

import numpy as np

# A prime below 2**31, so that products of two remainders fit 64 bits.
PRIME = 2_147_483_647
# Beyond so many steps the search gives up and says "exposed": it fails closed.
MAX_STEPS = 2_000
# The atom of the columns that mark new rows.
MARK = -1


@dataclass(frozen=True, slots=True)
class Sums:
    """Published sums over atoms: authorities that no published figure tells apart.

    ``rows`` int, one row a published sum, one column a quantity (the level of each authority
    of an atom; where a level changed between two editions, an atom has two columns).
    ``atom_of`` int, the atom of each column. ``weights`` int, authorities in each atom.
    """

    rows: np.ndarray
    atom_of: np.ndarray
    weights: np.ndarray


def find_exposed(sums: Sums, *, smallest: int, added: int = 0) -> bool:
    """Return whether published sums tell a sum over fewer than ``smallest`` authorities.

    Parameters
    ----------
    sums : what is published together.
    smallest : the fewest authorities a sum may stand for. [authorities]
    added : how many rows, the last ones, are new; the others alone are known to tell nothing
        such. 0 where nothing is known.

    Returns
    -------
    True if some combination of the rows, not zero, touches atoms of fewer authorities in all;
    also where the search would take more than MAX_STEPS steps.

    Notes
    -----
    The rows span a linear code; asked is whether a word of it has a weight below ``smallest``.
    Atoms that weigh too much cannot be in such a word, so the code is cut down to the words
    that vanish on them, again and again; on what is left, each atom is in the word (then it
    uses up weight) or not (then the code loses a dimension). A branch without a new row in any
    of its words is left. See Vardy (1997) on why the general problem is hard, and Dandekar and
    Cox (2002) on cell suppression as linear algebra.
    """
    new = np.zeros((len(sums.rows), max(added, 1)), dtype=np.int64)
    new[len(new) - added :] = np.eye(added, new.shape[1])
    search = _Search(sums.weights, new.shape[1], [MAX_STEPS], needs_new=added > 0)
    atom_of = np.concatenate([sums.atom_of, np.full(new.shape[1], MARK)])
    code = _reduce(np.hstack([sums.rows % PRIME, new]))
    code = code[code[:, : -new.shape[1]].any(axis=1)]
    return search.has_light_word(code, atom_of, smallest - 1)


def find_told(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Find the sums that are combinations of published sums.

    Parameters
    ----------
    rows : int, one row a published sum, one column a quantity.
    wanted : int, one row a sum asked for, the same columns.

    Returns
    -------
    bool, one element a sum asked for: True if the published sums tell it.
    """
    code = _reduce(rows % PRIME)
    rest = wanted % PRIME
    for row in code:
        lead = int((row != 0).argmax())
        rest = (rest - rest[:, [lead]] * row) % PRIME
    return np.asarray(~rest.any(axis=1))


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for a light word; the last columns of a code mark which new rows are in a word."""

    weights: np.ndarray
    marks: int
    steps: list[int]
    needs_new: bool

    def has_light_word(self, code: np.ndarray, atom_of: np.ndarray, budget: int) -> bool:
        """Return whether the code has a word whose atoms weigh no more than the budget."""
        while True:
            code, atom_of = self._drop_silent(code, atom_of)
            if self._is_hopeless(code):
                return False
            self.steps[0] -= 1
            if self.steps[0] < 0:
                return True
            heavy = self._find_heavy(code, atom_of, budget)
            if not heavy.any():
                break
            code = _vanish_on(code, heavy)
        own = atom_of == atom_of[0]
        left = budget - int(self.weights[atom_of[0]])
        punctured = _reduce(code[:, ~own])
        if (~punctured[:, : -self.marks].any(axis=1)).any() or len(punctured) < len(code):
            return True
        return self.has_light_word(punctured, atom_of[~own], left) or self.has_light_word(
            _vanish_on(code, own), atom_of, budget
        )

    def _is_hopeless(self, code: np.ndarray) -> bool:
        """Return whether no word is left, or none with a new row where there must be one."""
        return not len(code) or (self.needs_new and not code[:, -self.marks :].any())

    def _drop_silent(self, code: np.ndarray, atom_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Leave out the columns that are zero in every word, but for the marks."""
        heard = code.any(axis=0) | (atom_of == MARK)
        return code[:, heard], atom_of[heard]

    def _find_heavy(self, code: np.ndarray, atom_of: np.ndarray, budget: int) -> np.ndarray:
        """Mark the columns that no light word touches.

        Columns that are multiples of each other are touched together, so their atoms' weights
        count together.
        """
        code, atom_of = code[:, : -self.marks], atom_of[: -self.marks]
        first = (code != 0).argmax(axis=0)
        scale = _invert(code[first, np.arange(code.shape[1])])
        _, alike = np.unique(code * scale % PRIME, axis=1, return_inverse=True)
        pairs = np.unique(np.column_stack([alike.ravel(), atom_of]), axis=0)
        together = np.bincount(pairs[:, 0], weights=self.weights[pairs[:, 1]])
        return np.concatenate([together[alike.ravel()] > budget, np.zeros(self.marks, dtype=bool)])


def _vanish_on(code: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return a basis of the words that are zero on the columns marked."""
    order = np.concatenate([np.flatnonzero(columns), np.flatnonzero(~columns)])
    reduced = _reduce(code[:, order])
    marked = int(columns.sum())
    kept = reduced[~reduced[:, :marked].any(axis=1)]
    vanishing = np.zeros((len(kept), code.shape[1]), dtype=np.int64)
    vanishing[:, order] = kept
    return vanishing


def _reduce(rows: np.ndarray) -> np.ndarray:
    """Return the reduced echelon form of a matrix modulo PRIME, without rows of zeros."""
    matrix = np.array(rows, dtype=np.int64)
    rank = 0
    while rank < len(matrix):
        rest = matrix[rank:] != 0
        heard = rest.any(axis=0)
        if not heard.any():
            break
        column = int(heard.argmax())
        pivot = rank + int(rest[:, column].argmax())
        matrix[[rank, pivot]] = matrix[[pivot, rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, PRIME) % PRIME
        factors = matrix[:, column].copy()
        factors[rank] = 0
        touched = np.flatnonzero(factors)
        matrix[touched] = (matrix[touched] - np.outer(factors[touched], matrix[rank])) % PRIME
        rank += 1
    return matrix[:rank]


def _invert(values: np.ndarray) -> np.ndarray:
    """Return the inverse of each number modulo PRIME."""
    distinct, places = np.unique(values, return_inverse=True)
    inverses = np.array([pow(int(value), -1, PRIME) for value in distinct], dtype=np.int64)
    return inverses[places.ravel()]
