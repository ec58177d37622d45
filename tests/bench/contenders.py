"""One full edition by each contender: every group, every item, every figure.

Each returns one row per round, group (kind by kind) and item, with what `FIGURES` and `CHANGES`
name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assessment.core.disclosure.benchmark import summarise_groups
from assessment.core.disclosure.change import summarise_change
from assessment.core.statistics.counting import (
    Placement,
    add_up_change,
    measure_in_parts,
    place_in_groups,
    tally_items,
)
from assessment.core.statistics.figures import summarise_tally
from tests.bench.in_duckdb import count_duckdb
from tests.bench.in_polars import count_polars
from tests.bench.programme import (
    CHANGES,
    ITEMS,
    KINDS,
    PER_PRINCIPLE,
    QUESTIONS,
    ROUNDS,
    SHARES,
    Frames,
    Programme,
    frame_programme,
    read_questionnaire,
)

KEY = ["group_kind", "group_id", "measure", "item_id"]
# The product's names for FIGURES.
NAMES = ["n", "mean", "q1", "median", "q3"]
NAMES += [f"percent_{name if 'least' in name else name[-1]}" for name in SHARES]
NAMES += ["percent_dont_know", "percent_does_not_apply"]
Published = list[tuple[pd.DataFrame, pd.DataFrame]]


@dataclass(frozen=True)
class Contender:
    """What is done before the clock, on the clock and after it."""

    work: Callable[[Any], Any]
    prepare: Callable[[Programme], Any] = lambda programme: programme
    read: Callable[[Any], np.ndarray] = lambda figures: figures


def count_ours(programme: Programme) -> np.ndarray:
    """Count, as the product does, before anything is labelled, withheld or rounded."""
    starts = np.cumsum([0, *KINDS.values()])
    placed = [programme.groups[k] + s for k, s in zip(KINDS, starts[:-1], strict=True)]
    placement = place_in_groups(np.column_stack(placed).astype(np.int64), int(starts[-1]))
    submitted = placement.add_up(np.ones(len(programme.answer_codes[0])))
    rounds = []
    for place, answer_codes in enumerate(programme.answer_codes):
        found = []
        for tally in tally_items(read_questionnaire(), answer_codes, placement):
            figures = summarise_tally(read_questionnaire(), tally, submitted)
            found.append(np.column_stack([figures[name] for name in NAMES]))
        changes = np.full((len(ITEMS), len(submitted), len(CHANGES)), np.nan)
        if place:
            changes = _change_ours(answer_codes, programme.answer_codes[place - 1], placement)
        rounds.append(np.concatenate([np.array(found), changes], axis=2).transpose(1, 0, 2))
    return np.array(rounds)


def _change_ours(now: np.ndarray, then: np.ndarray, placement: Placement) -> np.ndarray:
    """Count matched change, one row an item, one column a group."""
    both = (measure_in_parts(read_questionnaire(), answer_codes) for answer_codes in (now, then))
    moved = [add_up_change(newer, older, placement) for newer, older in zip(*both, strict=True)]
    return np.array([np.column_stack(each) for each in moved])


def summarise_ours(frames: Frames) -> Published:
    """Summarise as the product does, from its frames to the frames that it publishes."""
    asked = read_questionnaire()
    published = []
    for place, answer_codes in enumerate(frames.answer_codes):
        figures, changes = summarise_groups(asked, answer_codes, frames.memberships), pd.DataFrame()
        if place:
            then = (asked, frames.answer_codes[place - 1])
            changes = summarise_change((asked, answer_codes), then, frames.memberships)
        published.append((figures, changes))
    return published


def read_published(published: Published) -> np.ndarray:
    """Return published frames as the others' figures; what is withheld is NaN."""
    rounds = []
    for figures, changes in published:
        moved = np.full((len(figures), len(CHANGES)), np.nan)
        if len(changes):
            by_key = changes.set_index(KEY)[["n", "change"]]
            moved = by_key.reindex(pd.MultiIndex.from_frame(figures[KEY])).to_numpy()
        rounds.append(np.hstack([figures[NAMES].to_numpy(dtype=float), moved]))
    return np.array(rounds).reshape(ROUNDS, sum(KINDS.values()), len(ITEMS), -1)


def count_pandas(programme: Programme) -> np.ndarray:
    """Group by pandas, plainly."""
    rounds, past = [], None
    for answer_codes in programme.answer_codes:
        values = _with_scores(answer_codes)
        nearest = np.floor(values.round(9) + 0.5)
        kinds = []
        for kind in KINDS:
            groups = programme.groups[kind]
            grouped = values.groupby(groups)
            n, size = grouped.count(), grouped.size()
            parts = [n, grouped.mean(), *(grouped.quantile(p) for p in (0.25, 0.5, 0.75))]
            for name in SHARES:
                hits = nearest >= int(name[-1]) if "least" in name else nearest == int(name[-1])
                parts.append(hits.groupby(groups).sum() / n * 100)
            parts += [_share_of(answer_codes, groups, code, size) for code in (-1, -2)]
            moved = (values - (np.nan if past is None else past)).groupby(groups)
            changes = [moved.count(), moved.mean()]
            parts += [part if past is not None else part * np.nan for part in changes]
            kinds.append(np.stack(parts, axis=2))
        rounds.append(np.concatenate(kinds))
        past = values
    return np.array(rounds)


def _with_scores(answer_codes: np.ndarray) -> pd.DataFrame:
    """Return levels and scores as one frame, NaN for none."""
    levels = np.where(answer_codes > 0, answer_codes, np.nan)
    scores = {}
    for n in range(QUESTIONS // PER_PRINCIPLE):
        part = slice(n * PER_PRINCIPLE, (n + 1) * PER_PRINCIPLE)
        given = (answer_codes[:, part] > 0).sum(axis=1)
        applicable = (answer_codes[:, part] != -2).sum(axis=1)
        enough = (given > 0) & (3 * given >= 2 * applicable)
        total = np.nansum(levels[:, part], axis=1)
        scores[f"p{n}"] = np.where(enough, total / np.maximum(given, 1), np.nan)
    frame = pd.DataFrame(scores)
    frame.insert(0, "overall", frame.mean(axis=1, skipna=False))
    return pd.concat(
        [frame, pd.DataFrame(levels, columns=[f"q{n}" for n in range(QUESTIONS)])], axis=1
    )


def _share_of(
    answer_codes: np.ndarray, groups: np.ndarray, code: int, size: pd.Series
) -> np.ndarray:
    """Return the percent of each group with a standing; NaN for scores."""
    questions = pd.DataFrame(answer_codes == code).groupby(groups).sum().div(size, axis=0) * 100
    scores = np.full((len(size), len(ITEMS) - QUESTIONS), np.nan)
    return np.hstack([scores, questions.to_numpy()])


CONTENDERS = {
    "ours": Contender(count_ours),
    "DuckDB": Contender(count_duckdb),
    "Polars": Contender(count_polars),
    "pandas": Contender(count_pandas),
    "frames": Contender(summarise_ours, frame_programme, read_published),
}
