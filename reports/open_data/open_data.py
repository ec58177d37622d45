"""The documents of open data: their types are their documentation."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, TypeAdapter, WithJsonSchema

from assessment.core.answers.rounds import Edition
from assessment.core.statistics.publication import ChoiceShares
from assessment.core.statistics.published_figures import Figure
from assessment.locale import ENGLISH, speak
from reports.formats import format_cell
from reports.open_data.rows import Count, describe_row, list_columns, write_row
from reports.words import cite_edition, say_reason

# Where a document's types are described, as OpenAPI wants it.
REFERENCE = "#/components/schemas/{model}"
# How a row of figures is called there, and the documents that have rows, with their name in it.
ROW = "FigureRow"
ROWS = {"EditionFile": "figures", "FigurePage": "items"}

# A figure, written as a row.
Row = Annotated[Figure, PlainSerializer(write_row), WithJsonSchema({})]


def _said(description: str) -> Any:
    """Describe a field."""
    return Field(description=description)


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
    figures: list[Row]


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
    items: list[Row]
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

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


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
    for document, rows in ROWS.items():
        reference = REFERENCE.format(model=ROW)
        definitions[document]["properties"][rows]["items"] = {"$ref": reference}
    return dict(sorted((definitions | {ROW: describe_row(levels)}).items()))


@speak(ENGLISH)
def build_facts(edition: Edition, released_on: date | None, *, simulated: bool) -> EditionFacts:
    """Say what an edition is."""
    return EditionFacts(
        round_id=edition.round_id,
        number=edition.number,
        citation=cite_edition(edition),
        cut_on=edition.cut_on,
        released_on=released_on,
        questionnaire_version=edition.questionnaire_version,
        register_version=edition.register_version,
        method_version=edition.method_version,
        content_hash=edition.content_hash,
        simulated=simulated,
    )


def render_document(document: Document) -> str:
    """Render a document as JSON text."""
    content = _DOCUMENT.dump_python(document, mode="json")
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def render_csv(figures: Sequence[Figure], levels: int, facts: EditionFacts) -> str:
    """Render published figures as CSV, each row with its edition's citation.

    The columns are those of `list_columns` for so many levels; an empty cell is withheld or does
    not apply.
    """
    names = ["edition", *(column.name for column in list_columns(levels))]
    rows = [{"edition": facts.citation} | write_row(figure) for figure in figures]
    return _write_csv(names, rows, facts)


@speak(ENGLISH)
def render_needs_csv(needs: Sequence[ChoiceShares], facts: EditionFacts) -> str:
    """Render shares of barriers and support as CSV, each row with its edition's citation.

    ``n`` and ``of_n`` are as in the edition of the number ``base``; an empty cell is withheld.
    """
    names = ["edition", "kind", "id", "text", "n", "of_n", "percent", "withheld", "base"]
    rows = [
        {
            "edition": facts.citation,
            "kind": one.kind.value,
            "id": share.choice_id,
            "text": share.text,
            "n": one.n,
            "of_n": one.of_n,
            "percent": share.percent,
            "withheld": say_reason(one.withheld),
            "base": one.base,
        }
        for one in needs
        for share in one.shares
    ]
    return _write_csv(names, rows, facts)


def _write_csv(names: Sequence[str], rows: Sequence[Mapping[str, Any]], facts: EditionFacts) -> str:
    """Write rows as CSV, and of simulated data that they are."""
    remark = {"remark": "simulated data"} if facts.simulated else {}
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*names, *remark])
    writer.writerows([format_cell(cell) for cell in {**row, **remark}.values()] for row in rows)
    return file.getvalue()
