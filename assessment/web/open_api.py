"""The description of the API v1, in OpenAPI 3.1."""

import json
from functools import cache
from typing import Any

from assessment.services.editions.open_data import FILTERS
from reports.open_data.open_data import describe_documents

MAX_PAGE_NUMBER = 2_147_483_647
PAGE_SIZE = 100
MAX_PAGE_SIZE = 500

ABOUT = (
    "The editions that the programme has released, read only: benchmarks of how ready public "
    "authorities are to buy innovation. Figures of few authorities are withheld and say why; no "
    "figure tells what one authority answered. Each response has an ETag: send it back in "
    "If-None-Match, and an unchanged response comes as 304 without content. Within v1 nothing is "
    "taken away or renamed; fields may be added."
)
EDITION = "/api/v1/editions/{round_id}/{number}"


@cache
def describe_api(levels: int) -> str:
    """Return the description as JSON text, for questionnaires with so many levels or fewer."""
    number = {"type": "integer", "minimum": 1}
    page_number = number | {"maximum": MAX_PAGE_NUMBER, "default": 1}
    page_size = number | {"maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
    filters = [
        _query(name, f"Only rows of this {name}, as they stand in the edition.", {"type": "string"})
        for name in FILTERS
    ]
    paged = [
        _query("page", "The page, from 1.", page_number),
        _query("page_size", "Rows on a page.", page_size),
    ]
    one = [_in_path("round_id", {"type": "string"}), _in_path("number", number)]
    description = {
        "openapi": "3.1.0",
        "info": {
            "title": "Innovation procurement self-assessment: open data",
            "version": "1",
            "description": ABOUT,
        },
        "paths": {
            "/api/v1/editions": _operation("List the released editions", "EditionPage", paged),
            EDITION: _operation("Say what an edition is", "EditionFacts", one),
            f"{EDITION}/figures": _operation(
                "List an edition's figures", "FigurePage", [*one, *filters, *paged]
            ),
        },
        "components": {"schemas": describe_documents(levels)},
    }
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def _operation(summary: str, document: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe one address, which can only be read."""
    responses = {
        "200": _response("As requested.", "application/json", document),
        "304": {"description": "The response is still that of the ETag sent."},
        "400": _response("A parameter is wrong.", "application/problem+json", "Problem"),
        "404": _response(
            "It is not released, or not there.", "application/problem+json", "Problem"
        ),
        "410": _response("It was withdrawn; why.", "application/problem+json", "Problem"),
    }
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _response(description: str, content_type: str, document: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{document}"}
    return {"description": description, "content": {content_type: {"schema": schema}}}


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a parameter behind the question mark."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a parameter within the path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}
