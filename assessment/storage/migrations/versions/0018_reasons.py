"""codes and numbers in the place of sentences, in frames, neighbours' cells and stored reports

Until now these held the sentences that people read. What each of them said is written down here
as it was, so that nothing later can change what an earlier edition means; a sentence that is not
known still withholds, for a reason that is not known.
"""

import hashlib
import json
import re
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Document = dict[str, Any]

REASONS = {
    "": "shown",
    "hidden so that another figure cannot be worked out": "hidden",
    "hidden so that nobody's choice can be told": "too_alike",
    "not shown: this authority is in no such group": "no_group",
    "not shown: the number of authorities is not known": "count_unknown",
}
ONE_MORE = re.compile(r"shown when one more of the .+ submits")
SOME_MORE = re.compile(r"shown when (\d+) more .+ submit")
TOO_SMALL = re.compile(r"not shown: it takes (\d+) authorities and this group has (\d+)")
NO_LEVEL = re.compile(r"not shown: too few of the .+ that submitted have a level here")
NOT_CHOSEN = re.compile(r"shown when \d+ authorities that are counted have chosen")
FLAGS = {
    "many do not know": "many_dont_know",
    "most are at the lowest level": "most_at_lowest",
    "most are at the highest level": "most_at_highest",
    "does not go with its principle": "low_item_total",
}

POSITIONS = {"below": "below", "about the same as": "within", "above": "above"}
COULD_BE = {"below": "below", "about the same": "within", "above": "above"}
DOUBT = "; among all peers it could be "

TRAITS = {
    "size": "population",
    "deprivation": "deprivation_score",
    "density": "density",
    "rurality": "rural_share",
}
DIFFERENCES = {
    "larger": ("population", True),
    "smaller": ("population", False),
    "more deprived": ("deprivation_score", True),
    "less deprived": ("deprivation_score", False),
    "denser": ("density", True),
    "less dense": ("density", False),
    "more rural": ("rural_share", True),
    "less rural": ("rural_share", False),
}
DISTANT = re.compile(r"Few authorities in .+ are like yours; the nearest are (.+)\.")
EVERYBODY = re.compile(r"(?:This is|These are) .+ that can be compared: (.+)\.")

UNSCORED = re.compile(r"(\d+) of ([\d,]+) questions? (?:has|have) a level and (\d+) must; (.+)")
UNSCORED_OVERALL = re.compile(r"(\d+) of (\d+) principles? (?:is|are) not scored")
NO_QUESTION = "every question was said not to apply"
STANDINGS = {"Don't know": "dk", "Does not apply": "na"}


def upgrade() -> None:
    """Rewrite every frame, cell and report that holds sentences."""
    _rewrite_frames()
    _rewrite_neighbours()
    _rewrite_reports()


def read_reason(sentence: str) -> tuple[str, int | None]:
    """Return the code and the number that a sentence told."""
    if sentence in REASONS:
        return REASONS[sentence], None
    if ONE_MORE.fullmatch(sentence):
        return "too_few_submitted", 1
    if found := SOME_MORE.fullmatch(sentence):
        return "too_few_submitted", int(found[1])
    if found := TOO_SMALL.fullmatch(sentence):
        return "group_too_small", int(found[1]) - int(found[2])
    if NO_LEVEL.fullmatch(sentence):
        return "too_few_with_level", None
    if NOT_CHOSEN.fullmatch(sentence):
        return "too_few_chose", None
    return "reason_unknown", None


def _rewrite_frames() -> None:
    db = op.get_bind()
    key = ("round_id", "number", "name")
    frames = sa.table(
        "edition_frame",
        *map(sa.column, key),
        sa.column("packed", sa.LargeBinary),
        sa.column("sha256"),
    )
    told = frames.c.name.in_(("figures", "changes", "needs", "questions"))
    for row in db.execute(sa.select(frames).where(told)).all():
        packed = rewrite_frame(row.packed)
        values = {"packed": packed, "sha256": hashlib.sha256(packed).hexdigest()}
        which = [frames.c[name] == getattr(row, name) for name in key]
        db.execute(sa.update(frames).where(*which).values(values))


def rewrite_frame(packed: bytes) -> bytes:
    """Rewrite the columns of a frame that hold sentences; the others stay as they are."""
    table = pa.ipc.open_file(packed).read_all()
    for part in ("centre", "spread"):
        if f"withheld_{part}" in table.column_names:
            reasons = [read_reason(one) for one in table[f"withheld_{part}"].to_pylist()]
            table = _set_texts(table, f"withheld_{part}", [reason for reason, _ in reasons])
            missing = pa.array([number for _, number in reasons], pa.float64())
            table = table.append_column(f"missing_{part}", missing)
    if "withheld" in table.column_names:
        reasons = [read_reason(one) for one in table["withheld"].to_pylist()]
        table = _set_texts(table, "withheld", [reason for reason, _ in reasons])
    if "flags" in table.column_names:
        said = [one.split("; ") for one in table["flags"].to_pylist()]
        flags = [" ".join(FLAGS[flag] for flag in one if flag) for one in said]
        table = _set_texts(table, "flags", flags)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _set_texts(table: pa.Table, name: str, texts: list[str]) -> pa.Table:
    index = table.column_names.index(name)
    return table.set_column(index, table.field(index), pa.array(texts, pa.string()))


def _rewrite_neighbours() -> None:
    db = op.get_bind()
    key = map(sa.column, ("round_id", "number", "authority_id"))
    cells = sa.table("neighbour_cells", *key, sa.column("cells", sa.JSON))
    for row in db.execute(sa.select(cells)).all():
        read = [
            [measure, item_id, base, read_reason(centre), read_reason(spread)]
            for measure, item_id, base, centre, spread in row.cells
        ]
        which = [cells.c[name] == getattr(row, name) for name in row._fields if name != "cells"]
        db.execute(sa.update(cells).where(*which).values(cells=read))


def _rewrite_reports() -> None:
    db = op.get_bind()
    reports = sa.table("report", *map(sa.column, ("id", "authority_id", "data")))
    for row in db.execute(sa.select(reports).where(reports.c.data.is_not(None))).all():
        rewrite = rewrite_national if row.authority_id is None else rewrite_report
        data = json.dumps(rewrite(json.loads(row.data)))
        db.execute(sa.update(reports).where(reports.c.id == row.id).values(data=data))


def rewrite_report(report: Document) -> Document:
    """Rewrite an authority's report; what is said of its profile follows from the rest."""
    levels = len(report["levels"])
    rest = {name: value for name, value in report.items() if name != "sentence"}
    neighbours = report.get("neighbours")
    first = report["principles"][0]["groups"] if report["principles"] else []
    return rest | {
        "overall": _rewrite_score(report["overall"], "overall", "overall", levels),
        "principles": [_rewrite_principle(one, levels) for one in report["principles"]],
        "neighbours": neighbours and _rewrite_likeness(neighbours, report["nation"]),
        "groups": [peers["group"] for peers in first],
    }


def _rewrite_principle(principle: Document, levels: int) -> Document:
    key = "principle", principle["id"]
    score = principle["score"]
    return principle | {
        "score": _rewrite_score(score, *key, levels),
        "questions": [_rewrite_question(one, levels) for one in principle["questions"]],
        "groups": [_rewrite_peers(p, *key, score["score"], levels) for p in principle["groups"]],
    }


def _rewrite_question(question: Document, levels: int) -> Document:
    own = question["level"] and question["level"]["number"]
    given = [_rewrite_given(one) for one in question.get("given", ())]
    peers = _rewrite_peers(question["peers"], "question", question["id"], own, levels)
    return question | {"peers": peers, "given": given}


def _rewrite_given(given: Document) -> Document:
    standing = STANDINGS.get(given["answer"], "level")
    level = int(given["answer"].removeprefix("level ")) if standing == "level" else None
    return {"standing": standing, "level": level, "people": given["people"]}


def _rewrite_score(score: Document, measure: str, item_id: str, levels: int) -> Document:
    rest = {name: value for name, value in score.items() if name != "reason"}
    peers = _rewrite_peers(score["peers"], measure, item_id, score["score"], levels)
    return rest | {"peers": peers, "unscored": _read_unscored(score["reason"])}


def _read_unscored(reason: str) -> Document | None:
    if reason == NO_QUESTION:
        return dict.fromkeys(("levels", "applicable", "needed", "dont_know", "unanswered"), 0)
    if found := UNSCORED_OVERALL.fullmatch(reason):
        return {"missing": int(found[1]), "principles": int(found[2])}
    if found := UNSCORED.fullmatch(reason):
        dont_know = re.search(r"(\d+) are Don't know", found[4])
        unanswered = re.search(r"(\d+) have no answer", found[4])
        return {
            "levels": int(found[1]),
            "applicable": int(found[2].replace(",", "")),
            "needed": int(found[3]),
            "dont_know": int(dont_know[1]) if dont_know else 0,
            "unanswered": int(unanswered[1]) if unanswered else 0,
        }
    return None


def _rewrite_peers(
    peers: Document | None, measure: str, item_id: str, own: float | None, levels: int
) -> Document | None:
    """Rewrite the figures of one group of peers; what was not kept is not known."""
    if peers is None:
        return None
    group = peers["group"]
    figure = {
        "key": {
            "group_kind": group["kind"],
            "group_id": "all" if group["kind"] == "all" else "",
            "measure": measure,
            "item_id": item_id,
        },
        "group_name": group["name"],
        "submitted": group["n"],
        **{name: peers[name] for name in ("n", "of_n", "median", "q1", "q3")},
        **dict.fromkeys(("mean", "percent_dont_know", "percent_does_not_apply")),
        "percents": peers["percents"] or [None] * levels,
        "percents_at_least": [None] * (levels - 1),
        "withheld_centre": _withheld(peers["withheld_centre"]),
        "withheld_spread": _withheld(peers["withheld_spread"]),
    }
    return {"figure": figure, "own": own, "percentile": None, "place": _read_place(peers)}


def _withheld(sentence: str) -> Document:
    reason, missing = read_reason(sentence)
    return {"reason": reason, "missing": missing}


def _read_place(peers: Document) -> Document | None:
    """Read where the authority stood; before doubts were told there was only a position."""
    if peers["position"] is None:
        return None
    position = POSITIONS[peers["position"]]
    others = peers.get("place", "").partition(DOUBT)[2]
    possible = {position, *(COULD_BE[one] for one in others.split(" or ") if one)}
    return {"position": position, "possible": [p for p in POSITIONS.values() if p in possible]}


def _rewrite_likeness(neighbours: Document, nation: str) -> Document:
    """Read what neighbours are like from the sentence that said it."""
    sentence = neighbours["sentence"]
    distant, everybody = DISTANT.fullmatch(sentence), EVERYBODY.fullmatch(sentence)
    found = distant or everybody
    described = found[1] if found else sentence.removesuffix(".")
    said = [_strip(part) for part in re.split(", | and ", described)]
    differing = [DIFFERENCES[part] for part in said if part in DIFFERENCES]
    rest = {name: value for name, value in neighbours.items() if name != "sentence"}
    return rest | {
        "likeness": {
            "nation": nation,
            "count": len(neighbours["neighbours"]),
            "similar": [TRAITS[part] for part in said if part in TRAITS],
            "differing": [{"trait_id": trait, "is_more": more} for trait, more in differing],
            "is_other_type": "mostly of another type" in said,
            "is_distant": bool(distant),
            "is_everybody": bool(everybody),
        }
    }


def _strip(part: str) -> str:
    """Return a trait or a difference without the words around it."""
    return (part[:1].lower() + part[1:]).removeprefix("similar in ").removesuffix(" than yours")


VERDICT = re.compile(r"(.+?) are (over|under)-represented: (\d+) of (\d+) against (\d+)% overall\.")
NOBODY_STANDS_OUT = re.compile(r"No (.+) stands out from the (\d+)% overall\.")
KINDS = {
    "nation": "nation",
    "region": "region",
    "type of authority": "type",
    "population band": "band",
    "urban and rural class": "rurality",
}
CONCLUSIONS = {
    "nobody": re.compile(r"No authority is counted yet\."),
    "everybody": re.compile(r"Every authority is counted\."),
    "uneven": re.compile(r"Those that are counted differ from all by (.+?): .+\."),
    "too_few": re.compile(
        r"Too few are counted to tell whether they stand for all: (\d+) of (\d+); it takes (\d+)\."
    ),
    "random": re.compile(r"Those that are counted could be a random draw by (.+)\."),
}
FILLED = re.compile(r"the mean of all stands in for the withheld mean of (\d+) of (\d+) types")
NOT_GIVEN = re.compile(
    r"not given: means are withheld of (\d+) of (\d+) types, with (\d+)% of authorities"
)
SHARE = re.compile(r"percent_(\d+)")
KEPT = ("group_name", "n", "submitted", "of_n", "mean", "median", "q1", "q3")
KEPT += ("percent_dont_know", "percent_does_not_apply")


def rewrite_national(report: Document) -> Document:
    """Rewrite a national report; of what it said of participation the numbers that it told."""
    groups = {row["group_name"]: (row["group_kind"], row["group_id"]) for row in report["figures"]}
    return report | {
        "figures": [_rewrite_row(row) for row in report["figures"]],
        "conclusion": _read_conclusion(report["conclusion"]),
        "verdicts": [_read_verdict(verdict, groups) for verdict in report["verdicts"]],
        "reliability": [_drop(one, "withheld") for one in report["reliability"]],
        "flagged": [
            _drop(one, "why") | {"flags": [FLAGS[flag] for flag in one["why"].split("; ")]}
            for one in report["flagged"]
        ],
        "needs": [
            one | {"withheld": read_reason(one["withheld"])[0]} for one in report.get("needs", ())
        ],
    }


def _drop(document: Document, name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}


def _rewrite_row(row: Document) -> Document:
    """Rewrite a row of figures; the earliest had a name for each level's share."""
    levels = sum(map(bool, map(SHARE.fullmatch, row)))
    shares = {
        "percents": [row.get(f"percent_{n}") for n in range(1, levels + 1)],
        "percents_at_least": [row.get(f"percent_at_least_{n}") for n in range(2, levels + 1)],
    }
    return {
        "key": {name: row[name] for name in ("group_kind", "group_id", "measure", "item_id")},
        **{name: row[name] for name in KEPT},
        **{name: row.get(name, given) for name, given in shares.items()},
        "withheld_centre": _withheld(row["withheld_centre"]),
        "withheld_spread": _withheld(row["withheld_spread"]),
        "change": {
            "mean": row["change"],
            "n": row["change_n"],
            "since": row["change_since"],
            "withheld": _withheld(row["withheld_change"]),
        },
        "weighted": _read_weighted(row["mean_weighted_by_type"], row.get("weighting_note", "")),
    }


def _read_weighted(mean: float | None, note: str) -> Document | None:
    found = FILLED.fullmatch(note) or NOT_GIVEN.fullmatch(note)
    if mean is None and found is None:
        return None
    withheld, types, *share = map(int, found.groups()) if found else (0, 0)
    shares = {"withheld_share": share[0] / 100 if share else 0.0}
    return {"mean": mean, "withheld": withheld, "types": types} | shares


def _read_conclusion(sentence: str) -> Document:
    for representation, pattern in CONCLUSIONS.items():
        if found := pattern.fullmatch(sentence):
            told = found.groups()
            numbers = [int(number) for number in told] if len(told) == 3 else [0, 0, 0]
            named = told[0] if len(told) == 1 else ""
            return {
                "representation": representation,
                "group_kinds": [kind for name, kind in KINDS.items() if name in named],
                **dict(zip(("counted", "of_n", "needed"), numbers, strict=True)),
            }
    raise ValueError(f"This report concludes what no release did: {sentence}")


def _read_verdict(sentence: str, groups: dict[str, tuple[str, str]]) -> Document:
    """Read a verdict; a percent told is kept as a count of a hundred."""
    if found := NOBODY_STANDS_OUT.fullmatch(sentence):
        counts = {"counted": int(found[2]), "of_n": 100}
        return {"group_kind": KINDS[found[1]], "over": [], "under": []} | counts
    told: Document = {"over": [], "under": []}
    for name, side, counted, of_n, percent in VERDICT.findall(sentence):
        group_name = next(each for each in groups if each.lower() == name.strip().lower())
        kind, group_id = groups[group_name]
        group = {"group_id": group_id, "group_name": group_name}
        told[side].append(group | {"counted": int(counted), "of_n": int(of_n)})
        told |= {"group_kind": kind, "counted": int(percent), "of_n": 100}
    return told
