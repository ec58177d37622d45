"""One full edition by DuckDB, its threads on, in the fastest of the ways that were tried.

A long table for means, quartiles and shares at levels, one query for each kind of group; wide
tables for standings and changes. A wide query with a column for each figure of each item took nine
times as long; one query over all kinds of group, by grouping sets, took as long.
"""

import numpy as np
import pandas as pd

from tests.bench.programme import CHANGES, ITEMS, KINDS, PER_PRINCIPLE, QUESTIONS, SHARES, Programme

_GROUPS = ", ".join(f'"{kind}"' for kind in KINDS)


def count_duckdb(programme: Programme) -> np.ndarray:
    """Ask DuckDB."""
    import duckdb

    con = duckdb.connect()
    rounds = []
    for place, answer_codes in enumerate(programme.answer_codes):
        wide = {f"c{n}": np.ascontiguousarray(answer_codes[:, n]) for n in range(QUESTIONS)}
        con.register("answers", pd.DataFrame(wide | programme.groups, copy=False))
        con.execute(f"CREATE TABLE scored_{place} AS {_write_scores('answers')}")
        con.execute(f"CREATE OR REPLACE TABLE long AS {_write_long(f'scored_{place}')}")
        if place:
            moves = _write_moves(f"scored_{place}", f"scored_{place - 1}")
            con.execute(f"CREATE OR REPLACE TABLE moved AS {moves}")
        rounds.append(np.concatenate([_summarise(con, kind, place) for kind in KINDS]))
    return np.array(rounds)


def _summarise(con, kind: str, place: int) -> np.ndarray:
    """Return the figures of a kind of group, one row a group, one column an item."""
    shape = (KINDS[kind], len(ITEMS), -1)
    found = con.execute(_FIGURES_IN_SQL.format(kind=kind)).fetchnumpy()
    quartiles = np.array(list(found["quartiles"])).T
    parts = [found["n"], found["mean"], *quartiles, *(found[name] for name in SHARES)]
    standings = np.full((KINDS[kind], len(ITEMS), 2), np.nan)
    query = _STANDINGS_IN_SQL.format(kind=kind, table=f"scored_{place}")
    standings[:, -QUESTIONS:] = _fetch_wide(con, query).reshape(KINDS[kind], QUESTIONS, 2)
    changes = np.full((KINDS[kind], len(ITEMS), len(CHANGES)), np.nan)
    if place:
        changes = _fetch_wide(con, _CHANGES_IN_SQL.format(kind=kind)).reshape(shape)
    return np.concatenate([np.column_stack(parts).reshape(shape), standings, changes], axis=2)


def _fetch_wide(con, query: str) -> np.ndarray:
    """Return what a query finds, one row a group."""
    return np.column_stack(list(con.execute(query).fetchnumpy().values())).astype(float)


_SHARES_IN_SQL = ", ".join(
    f"100.0 * count(*) FILTER (l {sign} {name[-1]}) / count(v) AS {name}"
    for name in SHARES
    for sign in [">=" if "least" in name else "="]
)
_FIGURES_IN_SQL = f"""
SELECT "{{kind}}", substr(item, 2)::INT AS place, count(v) AS n, avg(v) AS mean,
    quantile_cont(v, [0.25, 0.5, 0.75]) AS quartiles, {_SHARES_IN_SQL}
FROM long GROUP BY "{{kind}}", item ORDER BY "{{kind}}", place
"""
_STANDINGS = ", ".join(
    f"100.0 * count(*) FILTER (c{n} = {code}) / count(*)"
    for n in range(QUESTIONS)
    for code in (-1, -2)
)
_STANDINGS_IN_SQL = f'SELECT {_STANDINGS} FROM {{table}} GROUP BY "{{kind}}" ORDER BY "{{kind}}"'
_CHANGES = ", ".join(f"count(i{n}), avg(i{n})" for n in range(len(ITEMS)))
_CHANGES_IN_SQL = f'SELECT {_CHANGES} FROM moved GROUP BY "{{kind}}" ORDER BY "{{kind}}"'


def _write_long(table: str) -> str:
    """Write the query for one row a value, with the level that it is nearest to."""
    values = ", ".join(f"{item}::DOUBLE AS i{n}" for n, item in enumerate(ITEMS))
    columns = ", ".join(f"i{n}" for n in range(len(ITEMS)))
    rows = f"UNPIVOT (SELECT {_GROUPS}, {values} FROM {table}) ON {columns} INTO NAME item VALUE v"
    return f"SELECT *, floor(round(v, 9) + 0.5)::TINYINT AS l FROM ({rows})"


def _write_moves(now: str, then: str) -> str:
    """Write the query for now less then; rows of two rounds lie side by side, so it joins none."""
    moves = ", ".join(f"({now}.{i} - {then}.{i})::DOUBLE AS i{n}" for n, i in enumerate(ITEMS))
    groups = ", ".join(f'{now}."{kind}"' for kind in KINDS)
    return f"SELECT {groups}, {moves} FROM {now} POSITIONAL JOIN {then}"


def _write_scores(table: str) -> str:
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
