"""One full edition by each contender: every group, every item, every figure.

Each returns one row per round, kind, group and item: n, mean, quartiles, counts at each level
and of Don't know and Does not apply.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench.programme import KINDS, PER_PRINCIPLE, QUESTIONS, Programme

ITEMS = ["overall", *(f"p{n}" for n in range(QUESTIONS // PER_PRINCIPLE))]
ITEMS += [f"q{n}" for n in range(QUESTIONS)]
FIGURES = ["n", "mean", "q1", "median", "q3", *(f"at_{level}" for level in range(1, 6))]
FIGURES += ["dont_know", "does_not_apply"]


def count_ours(programme: Programme) -> np.ndarray:
    """Count, as the product does."""
    from assessment.content import load_questionnaire
    from assessment.core.counting import gather_cells, tally_items
    from assessment.core.figures import summarise_tally

    questionnaire = load_questionnaire(Path(__file__).parents[2] / "questions.yaml")
    starts = np.cumsum([0, *KINDS.values()])
    placed = np.column_stack(
        [programme.groups[k] + s for k, s in zip(KINDS, starts[:-1], strict=True)]
    )
    cells = gather_cells(placed, int(starts[-1]))
    submitted = cells.count_groups(np.zeros(len(placed), dtype=np.int64), 1)[:, 0]
    names = ["n", "mean", "q1", "median", "q3", *(f"percent_{level}" for level in range(1, 6))]
    names += ["percent_dont_know", "percent_does_not_apply"]
    rounds = []
    for codes in programme.codes:
        found = []
        for tally in tally_items(questionnaire, codes, cells):
            figures = summarise_tally(questionnaire, tally, submitted)
            found.append(np.column_stack([figures[name] for name in names]))
        rounds.append(np.array(found).transpose(1, 0, 2))
    return np.array(rounds)


def count_pandas(programme: Programme) -> np.ndarray:
    """Group by pandas, plainly."""
    rounds = []
    for codes in programme.codes:
        values = _with_scores(codes)
        kinds = []
        for kind in KINDS:
            grouped = values.groupby(programme.groups[kind])
            n = grouped.count()
            quartiles = [grouped.quantile(p) for p in (0.25, 0.5, 0.75)]
            nearest = np.floor(values.round(9) + 0.5)
            at = [
                (nearest == level).groupby(programme.groups[kind]).sum() / n * 100
                for level in range(1, 6)
            ]
            size = grouped.size()
            standings = [_share_of(codes, programme.groups[kind], code, size) for code in (-1, -2)]
            kinds.append(np.stack([n, grouped.mean(), *quartiles, *at, *standings], axis=2))
        rounds.append(np.concatenate(kinds))
    return np.array(rounds)


def count_duckdb(programme: Programme) -> np.ndarray:
    """Ask DuckDB over a long table, one query for each kind of group, its threads on.

    A wide query with a column for each figure of each item took 13 times as long.
    """
    import duckdb

    con = duckdb.connect()
    rounds = []
    for codes in programme.codes:
        wide = {f"c{n}": np.ascontiguousarray(codes[:, n]) for n in range(QUESTIONS)}
        con.register("answers", pd.DataFrame(wide | programme.groups, copy=False))
        con.execute(f"CREATE OR REPLACE TABLE scored AS {_scores_in_sql('answers')}")
        kinds, groups = [], ", ".join(f'"{kind}"' for kind in KINDS)
        values = ", ".join(f"{item}::DOUBLE AS i{n}" for n, item in enumerate(ITEMS))
        given = ", ".join(f"i{n}" for n in range(len(ITEMS)))
        con.execute(
            f"CREATE OR REPLACE TABLE long AS UNPIVOT (SELECT {groups}, {values} FROM scored) "
            f"ON {given} INTO NAME item VALUE v"
        )
        codes_given = ", ".join(f"c{n}" for n in range(QUESTIONS))
        con.execute(
            f"CREATE OR REPLACE TABLE standings AS UNPIVOT "
            f"(SELECT {groups}, {codes_given} FROM answers) ON {codes_given} INTO NAME item VALUE c"
        )
        for kind in KINDS:
            found = con.execute(_FIGURES_IN_SQL.format(kind=kind)).fetchnumpy()
            columns = [found[name] for name in ("n", "mean")]
            columns += list(np.array(list(found["quartiles"])).T)
            columns += [found[f"at_{level}"] for level in range(1, 6)]
            figures = np.column_stack(columns).reshape(KINDS[kind], len(ITEMS), -1)
            shares = con.execute(_STANDINGS_IN_SQL.format(kind=kind)).fetchnumpy()
            standings = np.full((KINDS[kind], len(ITEMS), 2), np.nan)
            for place, name in enumerate(("dont_know", "does_not_apply")):
                standings[:, -QUESTIONS:, place] = shares[name].reshape(KINDS[kind], QUESTIONS)
            kinds.append(np.concatenate([figures, standings], axis=2))
        rounds.append(np.concatenate(kinds))
    return np.array(rounds)


_FIGURES_IN_SQL = """
SELECT "{kind}", substr(item, 2)::INT AS place, count(v) AS n, avg(v) AS mean,
    quantile_cont(v, [0.25, 0.5, 0.75]) AS quartiles,
    100.0 * count(*) FILTER (floor(round(v, 9) + 0.5) = 1) / count(v) AS at_1,
    100.0 * count(*) FILTER (floor(round(v, 9) + 0.5) = 2) / count(v) AS at_2,
    100.0 * count(*) FILTER (floor(round(v, 9) + 0.5) = 3) / count(v) AS at_3,
    100.0 * count(*) FILTER (floor(round(v, 9) + 0.5) = 4) / count(v) AS at_4,
    100.0 * count(*) FILTER (floor(round(v, 9) + 0.5) = 5) / count(v) AS at_5
FROM long GROUP BY "{kind}", item ORDER BY "{kind}", place
"""
_STANDINGS_IN_SQL = """
SELECT "{kind}", substr(item, 2)::INT AS place,
    100.0 * count(*) FILTER (c = -1) / count(*) AS dont_know,
    100.0 * count(*) FILTER (c = -2) / count(*) AS does_not_apply
FROM standings GROUP BY "{kind}", item ORDER BY "{kind}", place
"""


def count_polars(programme: Programme) -> np.ndarray:
    """Ask Polars, lazily, one query for each kind of group, its threads on."""
    import polars as pl

    rounds = []
    for codes in programme.codes:
        columns = {f"c{n}": codes[:, n] for n in range(QUESTIONS)}
        frame = pl.DataFrame(columns | programme.groups)
        scored = _scores_in_polars(pl, frame)
        kinds = []
        for kind in KINDS:
            figures = [expr for item in ITEMS for expr in _figures_in_polars(pl, item)]
            found = scored.group_by(kind).agg(figures).sort(kind).drop(kind)
            rows = found.to_numpy().astype(float)
            kinds.append(rows.reshape(len(rows), len(ITEMS), len(FIGURES)))
        rounds.append(np.concatenate(kinds))
    return np.array(rounds)


CONTENDERS: dict[str, Callable[[Programme], np.ndarray]] = {
    "ours": count_ours,
    "DuckDB": count_duckdb,
    "Polars": count_polars,
    "pandas": count_pandas,
}


def _with_scores(codes: np.ndarray) -> pd.DataFrame:
    """Return levels and scores as one frame, NaN for none."""
    levels = np.where(codes > 0, codes, np.nan)
    scores = {}
    for n in range(QUESTIONS // PER_PRINCIPLE):
        part = slice(n * PER_PRINCIPLE, (n + 1) * PER_PRINCIPLE)
        given = (codes[:, part] > 0).sum(axis=1)
        applicable = (codes[:, part] != -2).sum(axis=1)
        enough = (given > 0) & (3 * given >= 2 * applicable)
        total = np.nansum(levels[:, part], axis=1)
        scores[f"p{n}"] = np.where(enough, total / np.maximum(given, 1), np.nan)
    frame = pd.DataFrame(scores)
    frame.insert(0, "overall", frame.mean(axis=1, skipna=False))
    return pd.concat(
        [frame, pd.DataFrame(levels, columns=[f"q{n}" for n in range(QUESTIONS)])], axis=1
    )


def _share_of(codes: np.ndarray, groups: np.ndarray, code: int, size: pd.Series) -> np.ndarray:
    """Return the percent of each group with a standing; NaN for scores."""
    questions = pd.DataFrame(codes == code).groupby(groups).sum().div(size, axis=0) * 100
    scores = np.full((len(size), len(ITEMS) - QUESTIONS), np.nan)
    return np.hstack([scores, questions.to_numpy()])


def _scores_in_sql(table: str) -> str:
    """Write the query that adds levels and scores to the codes."""
    levels = [f"CASE WHEN c{n} > 0 THEN c{n} END AS q{n}" for n in range(QUESTIONS)]
    scores = []
    for n in range(QUESTIONS // PER_PRINCIPLE):
        part = range(n * PER_PRINCIPLE, (n + 1) * PER_PRINCIPLE)
        given = " + ".join(f"(c{q} > 0)::INT" for q in part)
        applicable = " + ".join(f"(c{q} != -2)::INT" for q in part)
        total = " + ".join(f"greatest(c{q}, 0)::INT" for q in part)
        enough = f"({given}) > 0 AND 3 * ({given}) >= 2 * ({applicable})"
        scores.append(f"CASE WHEN {enough} THEN ({total})::DOUBLE / ({given}) END AS p{n}")
    overall = " + ".join(f"p{n}" for n in range(QUESTIONS // PER_PRINCIPLE))
    inner = f"SELECT *, {', '.join(levels)}, {', '.join(scores)} FROM {table}"
    return f"SELECT *, ({overall}) / {QUESTIONS // PER_PRINCIPLE} AS overall FROM ({inner})"


def _scores_in_polars(pl, frame):
    """Add levels and scores to the codes."""
    levels = [
        pl.when(pl.col(f"c{n}") > 0).then(pl.col(f"c{n}")).alias(f"q{n}") for n in range(QUESTIONS)
    ]
    scores = []
    for n in range(QUESTIONS // PER_PRINCIPLE):
        part = [pl.col(f"c{q}") for q in range(n * PER_PRINCIPLE, (n + 1) * PER_PRINCIPLE)]
        given = pl.sum_horizontal([(c > 0).cast(pl.Int32) for c in part])
        applicable = pl.sum_horizontal([(c != -2).cast(pl.Int32) for c in part])
        total = pl.sum_horizontal([c.clip(0).cast(pl.Int32) for c in part])
        enough = (given > 0) & (3 * given >= 2 * applicable)
        scores.append(pl.when(enough).then(total / given).alias(f"p{n}"))
    scored = frame.with_columns(levels + scores)
    names = [f"p{n}" for n in range(QUESTIONS // PER_PRINCIPLE)]
    overall = pl.mean_horizontal(names, ignore_nulls=False).alias("overall")
    return scored.with_columns(overall)


def _figures_in_polars(pl, item: str) -> list:
    """Write one item's figures."""
    column = pl.col(item)
    parts = [column.count(), column.mean()]
    parts += [column.quantile(p, "linear") for p in (0.25, 0.5, 0.75)]
    nearest = (column.cast(pl.Float64).round(9) + 0.5).floor()
    parts += [100.0 * (nearest == level).sum() / column.count() for level in range(1, 6)]
    none = pl.lit(None, dtype=pl.Float64)
    parts += [
        100.0 * (pl.col(f"c{item[1:]}") == code).sum() / pl.len() if item[0] == "q" else none
        for code in (-1, -2)
    ]
    return [part.alias(f"{item}_{n}") for n, part in enumerate(parts)]
