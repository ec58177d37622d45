"""The documents of open data: their types are their documentation."""

import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pandas as pd
from pydantic import Field, TypeAdapter

from assessment.core.answers.rounds import Edition
from assessment.core.people.groups import FIXED_KINDS
from assessment.core.statistics.publication import ChoiceShares
from reports.formats import format_cell

# Where a document's types are described, as OpenAPI wants it.
REFERENCE = "#/components/schemas/{model}"

if TYPE_CHECKING:
    GroupKindName = str
else:
    # The names are the table's, and documented one by one.
    GroupKindName = Literal[tuple(kind.value for kind in FIXED_KINDS)]
MeasureName = Literal["overall", "principle", "question"]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]
Level = Annotated[float, Field(ge=1)]


def _said(description: str) -> Any:
    """Describe a field."""
    return Field(description=description)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of one group for one item; null where withheld, as the reasons say."""

    group_kind: Annotated[GroupKindName, _said("The kind of group.")]
    group_id: Annotated[str, _said("The group; unique within its kind.")]
    group_name: Annotated[str, _said("The group in words.")]
    measure: Annotated[MeasureName, _said("What is measured.")]
    item_id: Annotated[str, _said("The principle or question; overall for the whole.")]
    n: Annotated[Count | None, _said("Authorities with a value. [authorities]")]
    submitted: Annotated[Count, _said("Submitted assessments that may be counted.")]
    of_n: Annotated[Count, _said("Authorities in the group, answered or not. [authorities]")]
    mean: Annotated[Level | None, _said("Mean of the values, to 0.1; from 5 authorities.")]
    median: Annotated[Level | None, _said("Median; from 5 authorities.")]
    q1: Annotated[Level | None, _said("Lower quartile; from 10 authorities.")]
    q3: Annotated[Level | None, _said("Upper quartile; from 10 authorities.")]
    percents: Annotated[tuple[Percent | None, ...], _said("At each level, of those with a value.")]
    percents_at_least: Annotated[
        tuple[Percent | None, ...], _said("At each level from the second on, or above.")
    ]
    percent_dont_know: Annotated[
        Percent | None, _said("Answered Don't know, of the submitted; questions only.")
    ]
    percent_does_not_apply: Annotated[
        Percent | None, _said("Answered Does not apply, of the submitted; questions only.")
    ]
    withheld_centre: Annotated[str, _said("Why n, mean and median are withheld; else empty.")]
    withheld_spread: Annotated[str, _said("Why quartiles and percents are withheld; else empty.")]
    mean_weighted_by_type: Annotated[
        Level | None,
        _said("Mean as if each type of authority had answered alike; all authorities only."),
    ]
    change: Annotated[
        float | None, _said("Mean of now less then, of those in both rounds. [levels]")
    ]
    change_n: Annotated[Count | None, _said("Authorities with a value in both rounds.")]
    change_since: Annotated[str, _said("The round before; empty where there is none.")]
    withheld_change: Annotated[str, _said("Why the change is withheld; else empty.")]
    # Last and with a default, for reports kept from before have none.
    weighting_note: Annotated[
        str, _said("How many types the weighted mean fills, or why there is none; else empty.")
    ] = ""


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """A frozen benchmark: what it was made from, and the hash of its figures."""

    round_id: str
    number: Annotated[int, Field(ge=1)]
    citation: Annotated[str, _said("The words to cite it by.")]
    cut_on: date
    released_on: Annotated[date | None, _said("Null where it is not open data.")]
    questionnaire_version: str
    register_version: str
    method_version: str
    content_hash: Annotated[str, _said("SHA-256 of the figures, as reports print it.")]
    simulated: Annotated[bool, _said("Whether the authorities and answers are invented.")]


@dataclass(frozen=True, slots=True)
class EditionFile:
    """An edition, or its groups of one kind, as one file."""

    edition: EditionFacts
    figures: list[FigureRow]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """A page of the released editions, the first released first."""

    items: list[EditionFacts]
    total: Annotated[Count, _said("Editions on all pages.")]
    next: Annotated[str | None, _said("Address of the next page.")]
    previous: Annotated[str | None, _said("Address of the page before.")]


@dataclass(frozen=True, slots=True)
class FigurePage:
    """A page of an edition's figures, in their fixed order."""

    edition: EditionFacts
    items: list[FigureRow]
    total: Annotated[Count, _said("Rows on all pages.")]
    next: Annotated[str | None, _said("Address of the next page.")]
    previous: Annotated[str | None, _said("Address of the page before.")]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was refused (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    parameter: Annotated[str | None, _said("The parameter that was wrong.")] = None


Document = EditionFacts | EditionFile | EditionPage | FigurePage | Problem

# What a row holds for every level, and the columns that files and the API have instead.
SHARES = {
    "percents": ("percent_", 1, "At level {}, of those with a value."),
    "percents_at_least": ("percent_at_least_", 2, "At level {} or above."),
}
ROUNDING = " Percentages may not add to 100 because each is rounded."
LEVELS = ("mean", "median", "q1", "q3", "mean_weighted_by_type")
COUNTS = ("n", "change_n", "percent_dont_know", "percent_does_not_apply")

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


def list_columns(levels: int) -> list[str]:
    """List the columns of a row, as files and the API have them.

    Parameters
    ----------
    levels : of the questionnaire.

    Returns
    -------
    The fields of `FigureRow`, with one column for each level in the place of its shares.
    """
    columns: list[str] = []
    for field in fields(FigureRow):
        columns += _list_shares(field.name, levels) if field.name in SHARES else [field.name]
    return columns


def describe_documents(levels: int) -> dict[str, Any]:
    """Describe every document.

    Parameters
    ----------
    levels : of the questionnaire with most.

    Returns
    -------
    JSON schemas by name, as OpenAPI 3.1 holds them.
    """
    schema = _DOCUMENT.json_schema(mode="serialization", ref_template=REFERENCE)
    definitions: dict[str, Any] = schema["$defs"]
    row = definitions["FigureRow"]
    described: dict[str, Any] = {}
    for name, field in row["properties"].items():
        if name in SHARES:
            _, first, words = SHARES[name]
            for number, column in enumerate(_list_shares(name, levels), first):
                text = words.format(number) + (ROUNDING if number == 1 else "")
                described[column] = field["items"] | {"title": column, "description": text}
        else:
            described[name] = field
    for name in LEVELS:
        described[name]["anyOf"][0]["maximum"] = levels
    row["properties"] = described
    row["required"] = [name for name in described if name != "weighting_note"]
    return definitions


def _list_shares(name: str, levels: int) -> list[str]:
    """List the columns of one kind of share."""
    prefix, first, _ = SHARES[name]
    return [f"{prefix}{number}" for number in range(first, levels + 1)]


def build_facts(edition: Edition, released_on: date | None, *, simulated: bool) -> EditionFacts:
    """Say what an edition is."""
    return EditionFacts(
        round_id=edition.round_id,
        number=edition.number,
        citation=edition.citation,
        cut_on=edition.cut_on,
        released_on=released_on,
        questionnaire_version=edition.questionnaire_version,
        register_version=edition.register_version,
        method_version=edition.method_version,
        content_hash=edition.content_hash,
        simulated=simulated,
    )


def build_rows(figures: pd.DataFrame) -> list[FigureRow]:
    """Turn published figures into rows.

    Parameters
    ----------
    figures : one row per group and item, with every column of `list_columns`; NaN where
        withheld.

    Returns
    -------
    The same rows in the same order; None where withheld, counts and percents as whole numbers.
    """
    whole = _lay_out(figures).astype(object)
    rows = whole.where(whole.notna(), None).to_dict("records")
    return [FigureRow(**gather_shares(row)) for row in rows]


def flatten_row(row: dict[str, Any]) -> dict[str, Any]:
    """Give each level's share a name of its own, as files and the API have them.

    Parameters
    ----------
    row : the fields of a `FigureRow`.

    Returns
    -------
    The same by the names of `list_columns`, in their order.
    """
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name in SHARES:
            prefix, first, _ = SHARES[name]
            flat |= {f"{prefix}{number}": one for number, one in enumerate(value, first)}
        else:
            flat[name] = value
    return flat


def gather_shares(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Gather each level's share under one name, as a `FigureRow` has them.

    Parameters
    ----------
    row : by the names of `list_columns`, or of a `FigureRow` already.

    Returns
    -------
    The fields of a `FigureRow`.
    """
    levels = _count_levels(row)
    columns = {name: _list_shares(name, levels) for name in SHARES if levels}
    apart = {column for of_share in columns.values() for column in of_share}
    gathered = {str(name): value for name, value in row.items() if name not in apart}
    return gathered | {name: tuple(row[c] for c in of) for name, of in columns.items()}


def _count_levels(columns: Iterable[Hashable]) -> int:
    """Count the levels that there are shares of."""
    return sum(1 for column in columns if re.fullmatch(r"percent_[0-9]+", str(column)))


def render_document(document: Document) -> str:
    """Render a document as JSON text."""
    content = _DOCUMENT.dump_python(document, mode="json", exclude_none=False)
    for part in ("figures", "items"):
        rows = content.get(part, ())
        content |= {part: [flatten_row(row) for row in rows]} if rows else {}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def render_csv(figures: pd.DataFrame, facts: EditionFacts) -> str:
    """Render published figures as CSV, each row with its edition's citation.

    The columns are those of `list_columns`; an empty cell is withheld or does not apply.
    """
    table = _lay_out(figures)
    table.insert(0, "edition", facts.citation)
    if facts.simulated:
        table["remark"] = "simulated data"
    return _write_csv(table)


def render_needs_csv(needs: Sequence[ChoiceShares], facts: EditionFacts) -> str:
    """Render shares of barriers and support as CSV, each row with its edition's citation.

    ``n`` and ``of_n`` are as in the edition of the number ``base``; an empty cell is withheld.
    """
    table = pd.DataFrame(
        [
            {
                "edition": facts.citation,
                "kind": one.kind.value,
                "id": share.choice_id,
                "text": share.text,
                "n": one.n,
                "of_n": one.of_n,
                "percent": share.percent,
                "withheld": one.withheld,
                "base": one.base,
            }
            for one in needs
            for share in one.shares
        ]
    )
    if facts.simulated:
        table["remark"] = "simulated data"
    return _write_csv(table.convert_dtypes())


def _write_csv(table: pd.DataFrame) -> str:
    """Write a table as CSV; texts stay texts."""
    texts = table.select_dtypes(["object", "string"])
    written = table.assign(**{str(name): texts[name].map(format_cell) for name in texts})
    return written.to_csv(index=False, lineterminator="\n")


def _lay_out(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a row in their order, counts as whole numbers."""
    levels = _count_levels(figures.columns)
    counts = [*COUNTS, *(column for name in SHARES for column in _list_shares(name, levels))]
    return figures[list_columns(levels)].astype(dict.fromkeys(counts, "Int64"))
