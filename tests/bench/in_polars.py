"""One full edition by Polars, one query for each kind of group, its threads on."""

import numpy as np

from tests.bench.programme import ITEMS, KINDS, PER_PRINCIPLE, QUESTIONS, SHARES, Programme


def count_polars(programme: Programme) -> np.ndarray:
    """Ask Polars."""
    import polars as pl

    rounds, past = [], None
    for answer_codes in programme.answer_codes:
        columns = {f"c{n}": answer_codes[:, n] for n in range(QUESTIONS)}
        scored = _add_scores(pl, pl.DataFrame(columns | programme.groups))
        values = scored.select(ITEMS)
        none = pl.lit(None, dtype=pl.Float64)
        moves = [none.alias(f"m_{i}") if past is None else _move(pl, past, i) for i in ITEMS]
        scored = scored.with_columns(moves)
        figures = [expr for item in ITEMS for expr in _write_figures(pl, item)]
        kinds = []
        for kind in KINDS:
            found = scored.group_by(kind).agg(figures).sort(kind).drop(kind)
            rows = found.to_numpy().astype(float)
            kinds.append(rows.reshape(len(rows), len(ITEMS), -1))
        rounds.append(np.concatenate(kinds))
        rounds[-1][..., -2:] = np.nan if past is None else rounds[-1][..., -2:]
        past = values
    return np.array(rounds)


def _move(pl, past, item: str):
    """Write an item's value now less then; rows of two rounds lie side by side."""
    return (pl.col(item).cast(pl.Float64) - past[item].cast(pl.Float64)).alias(f"m_{item}")


def _add_scores(pl, frame):
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
    nearest = [
        (pl.col(i).cast(pl.Float64).round(9) + 0.5).floor().cast(pl.Int8).alias(f"l_{i}")
        for i in ITEMS
    ]
    return scored.with_columns(overall).with_columns(nearest)


def _write_figures(pl, item: str) -> list:
    """Write one item's figures, in the order of FIGURES and CHANGES."""
    column, nearest, moved = pl.col(item), pl.col(f"l_{item}"), pl.col(f"m_{item}")
    parts = [column.count(), column.mean()]
    parts += [column.quantile(p, "linear") for p in (0.25, 0.5, 0.75)]
    for name in SHARES:
        level = int(name[-1])
        hits = nearest >= level if "least" in name else nearest == level
        parts.append(100.0 * hits.sum() / column.count())
    none = pl.lit(None, dtype=pl.Float64)
    parts += [
        100.0 * (pl.col(f"c{item[1:]}") == code).sum() / pl.len() if item[0] == "q" else none
        for code in (-1, -2)
    ]
    parts += [moved.count(), moved.mean()]
    return [part.alias(f"{item}_{n}") for n, part in enumerate(parts)]
