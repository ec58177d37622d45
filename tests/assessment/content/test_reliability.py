"""How alike the questionnaire is read: independent ratings of twelve fictional authorities."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from assessment.core.questionnaire.questionnaire import Questionnaire

DATA = Path(__file__).parents[2] / "data"
Ratings = dict[tuple[str, str], int]


def read(rated: dict[str, dict[str, int]]) -> Ratings:
    """Return ratings by (vignette, question id)."""
    return {(v, q): level for v, levels in rated.items() for q, level in levels.items()}


@pytest.fixture(scope="module")
def panel() -> Ratings:
    """The levels that the panel which wrote the vignettes gives."""
    vignettes = yaml.safe_load((DATA / "vignettes.yaml").read_text())
    return read({vignette["id"]: vignette["levels"] for vignette in vignettes})


@pytest.fixture(scope="module")
def readers() -> dict[str, Ratings]:
    """Each reader's ratings, as they were given."""
    ratings = yaml.safe_load((DATA / "ratings.yaml").read_text())
    return {name: read(rated) for name, rated in ratings.items()}


def agreement(one: Ratings, other: Ratings) -> tuple[float, float]:
    """Return the shares of ratings both gave that are the same, and within one level."""
    both = one.keys() & other.keys()
    apart = [abs(one[item] - other[item]) for item in both]
    return sum(d == 0 for d in apart) / len(both), sum(d <= 1 for d in apart) / len(both)


def test_vignettes_cover_every_question_three_times(panel: Ratings, questionnaire: Questionnaire):
    times = Counter(question_id for _, question_id in panel)

    assert len({vignette for vignette, _ in panel}) == 12
    assert times == dict.fromkeys(questionnaire.question_ids, 3)
    assert set(panel.values()) == {1, 2, 3, 4, 5}


def test_readers_agree_with_each_other(readers: dict[str, Ratings]):
    for one, other in combinations(readers.values(), 2):
        exact, within_one = agreement(one, other)
        assert exact >= 0.7
        assert within_one >= 0.9


def test_readers_agree_with_the_panel(readers: dict[str, Ratings], panel: Ratings):
    for rated in readers.values():
        exact, within_one = agreement(rated, panel)
        assert exact >= 0.7
        assert within_one >= 0.9
