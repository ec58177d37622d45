from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.disclosure import linear
from assessment.core.disclosure.linear import Sums, find_exposed, find_told
from tests.properties import examples


def make_sums(*rows: list[int], weights: list[int] | None = None) -> Sums:
    """Make sums over atoms that have one column each."""
    matrix = np.array(rows)
    columns = matrix.shape[1]
    return Sums(matrix, np.arange(columns), np.array(weights or [1] * columns))


def test_find_exposed_total_and_all_but_one_tell_on_the_one():
    sums = make_sums([1] * 10, [1] * 9 + [0])

    assert find_exposed(sums, smallest=2)
    assert not find_exposed(sums, smallest=1)


def test_find_exposed_nested_groups_that_differ_by_five_tell_on_nobody():
    assert not find_exposed(make_sums([1, 1], [1, 0], weights=[10, 5]), smallest=5)
    assert find_exposed(make_sums([1, 1], [1, 0], weights=[10, 4]), smallest=5)


def test_find_exposed_two_by_two_table_with_margins_tells_on_nobody():
    # cells a b / c d with row and column totals: no cell follows from them
    rows = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]

    # but a - d does: it touches the two atoms of three authorities each
    assert not find_exposed(make_sums(*rows, weights=[3, 3, 3, 3]), smallest=6)
    assert find_exposed(make_sums(*rows, weights=[3, 3, 3, 3]), smallest=7)


def test_find_exposed_combination_of_four_sums_is_found():
    # (1 + 2) + (3 + 4) - (1 + 3) - (4) = 2: no difference of two sums tells it
    rows = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 0, 0, 1]]

    assert find_exposed(make_sums(*rows, weights=[9, 1, 9, 9]), smallest=5)


def test_find_exposed_atom_that_changed_its_level_counts_once():
    # two editions of one group in which an atom of four answered otherwise: the difference
    # touches both its columns, but only four authorities
    rows = np.array([[1, 1, 0], [1, 0, 1]])
    sums = Sums(rows, np.array([0, 1, 1]), np.array([20, 4]))

    assert find_exposed(sums, smallest=5)
    assert not find_exposed(sums, smallest=4)


def test_find_exposed_nothing_published_tells_nothing():
    assert not find_exposed(make_sums([0, 0]), smallest=5)


def test_find_exposed_search_that_takes_too_long_fails_closed(monkeypatch: pytest.MonkeyPatch):
    sums = make_sums([1, 1], weights=[10, 10])
    assert not find_exposed(sums, smallest=5)

    monkeypatch.setattr(linear, "MAX_STEPS", 0)

    assert find_exposed(sums, smallest=5)


def is_exposed_by_trying(rows: np.ndarray, weights: np.ndarray, smallest: int) -> bool:
    """Take away every set of few authorities: if the rank falls, a sum over them was told."""
    rank = np.linalg.matrix_rank(rows)
    atoms = range(rows.shape[1])
    for size in range(1, smallest):
        for taken in combinations(atoms, size):
            if weights[list(taken)].sum() < smallest:
                rest = np.delete(rows, taken, axis=1)
                if (np.linalg.matrix_rank(rest) if rest.size else 0) < rank:
                    return True
    return False


programmes = st.integers(2, 9).flatmap(
    lambda atoms: st.tuples(
        st.lists(
            st.lists(st.integers(0, 1), min_size=atoms, max_size=atoms), min_size=1, max_size=6
        ),
        st.lists(st.integers(1, 6), min_size=atoms, max_size=atoms),
        st.integers(2, 5),
    )
)


@examples(check=100, thorough=2000)
@given(programme=programmes)
def test_find_exposed_any_programme_agrees_with_trying_every_set(
    programme: tuple[list[list[int]], list[int], int],
):
    rows, weights, smallest = programme

    found = find_exposed(make_sums(*rows, weights=weights), smallest=smallest)

    assert found == is_exposed_by_trying(np.array(rows), np.array(weights), smallest)


@examples(check=50, thorough=300)
@given(programme=programmes)
def test_find_told_any_programme_agrees_with_the_rank(
    programme: tuple[list[list[int]], list[int], int],
):
    rows, weights, _ = programme
    wanted = (np.array(weights) > 3).astype(int)

    told = find_told(np.array(rows), wanted[np.newaxis])

    rank = np.linalg.matrix_rank(np.array(rows))
    assert told.tolist() == [np.linalg.matrix_rank(np.array([*rows, wanted])) == rank]


@examples(check=50, thorough=500)
@given(programme=programmes)
def test_find_exposed_row_added_to_safe_ones_agrees_with_looking_at_all(
    programme: tuple[list[list[int]], list[int], int],
):
    rows, weights, smallest = programme
    safe: list[list[int]] = []

    for row in rows:
        sums = make_sums(*safe, row, weights=weights)
        found = find_exposed(sums, smallest=smallest, added=1)
        assert found == find_exposed(sums, smallest=smallest)
        if not found:
            safe.append(row)
