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
MOST_STEPS = 20_000


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


def find_exposed(sums: Sums, *, smallest: int) -> bool:
    """Say whether published sums tell a sum over fewer than ``smallest`` authorities.

    Parameters
    ----------
    sums : what is published together.
    smallest : the fewest authorities a sum may stand for. [authorities]

    Returns
    -------
    True if some combination of the rows, not zero, touches atoms of fewer authorities in all;
    also where the search would take more than MOST_STEPS steps.

    Notes
    -----
    The rows span a linear code; asked is whether a word of it has a weight below ``smallest``.
    Atoms that weigh too much cannot be in such a word, so the code is cut down to the words
    that vanish on them, again and again; on what is left, each atom is in the word (then it
    uses up weight) or not (then the code loses a dimension). See Vardy (1997) on why the
    general problem is hard, and Dandekar and Cox (2002) on cell suppression as linear algebra.
    """
    steps = [MOST_STEPS]
    code = _reduce(sums.rows % PRIME)
    return _has_light_word(code, sums.atom_of, sums.weights, smallest - 1, steps)


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


def _has_light_word(
    code: np.ndarray, atom_of: np.ndarray, weights: np.ndarray, budget: int, steps: list[int]
) -> bool:
    """Say whether the code has a word whose atoms weigh no more than the budget."""
    while len(code):
        steps[0] -= 1
        if steps[0] < 0:
            return True
        code, atom_of = _drop_silent(code, atom_of)
        heavy = _find_heavy(code, atom_of, weights, budget)
        if not heavy.any():
            break
        code = _vanish_on(code, heavy)
    if not len(code):
        return False
    own = atom_of == atom_of[0]
    if len(_reduce(code[:, ~own])) < len(code):
        return True
    left = budget - int(weights[atom_of[0]])
    return _has_light_word(
        _reduce(code[:, ~own]), atom_of[~own], weights, left, steps
    ) or _has_light_word(_vanish_on(code, own), atom_of, weights, budget, steps)


def _drop_silent(code: np.ndarray, atom_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leave out the columns that are zero in every word."""
    heard = code.any(axis=0)
    return code[:, heard], atom_of[heard]


def _find_heavy(
    code: np.ndarray, atom_of: np.ndarray, weights: np.ndarray, budget: int
) -> np.ndarray:
    """Mark the columns that no light word touches.

    Columns that are multiples of each other are touched together, so their atoms' weights
    count together.
    """
    first = (code != 0).argmax(axis=0)
    scale = _invert(code[first, np.arange(code.shape[1])])
    scaled = code * scale % PRIME
    _, alike = np.unique(scaled, axis=1, return_inverse=True)
    pairs = np.unique(np.column_stack([alike.ravel(), atom_of]), axis=0)
    together = np.bincount(pairs[:, 0], weights=weights[pairs[:, 1]])
    return np.asarray(together[alike.ravel()] > budget)


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
    for column in range(matrix.shape[1]):
        found = np.flatnonzero(matrix[rank:, column])
        if not len(found):
            continue
        pivot = rank + int(found[0])
        matrix[[rank, pivot]] = matrix[[pivot, rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, PRIME) % PRIME
        factors = matrix[:, column].copy()
        factors[rank] = 0
        touched = np.flatnonzero(factors)
        matrix[touched] = (matrix[touched] - np.outer(factors[touched], matrix[rank])) % PRIME
        rank += 1
        if rank == len(matrix):
            break
    return matrix[:rank]


def _invert(values: np.ndarray) -> np.ndarray:
    """Return the inverse of each number modulo PRIME."""
    distinct, places = np.unique(values, return_inverse=True)
    inverses = np.array([pow(int(value), -1, PRIME) for value in distinct], dtype=np.int64)
    return inverses[places.ravel()]
