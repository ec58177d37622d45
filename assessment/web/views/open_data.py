"""Released editions for everybody: a page, files, and the API v1."""

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment.core.errors import BadParameterError
from assessment.locale import ENGLISH, speak
from assessment.services.editions import open_data
from assessment.services.editions.open_data import PageRequest
from assessment.web.access import public
from assessment.web.downloads import send_file
from assessment.web.open_api import MAX_PAGE_NUMBER, MAX_PAGE_SIZE, PAGE_SIZE, describe_api
from reports.open_data.open_data import Document, render_document

bp = Blueprint("open_data", __name__)

API = "/api/v1"
EDITION = f"/editions/<round_id>/<int(max={MAX_PAGE_NUMBER}):number>"
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Documents change with each release and withdrawal. A file changes only by being withdrawn.
DOCUMENT_CACHING = "public, max-age=0, must-revalidate"
FILE_CACHING = "public, max-age=300"


@bp.get("/open-data")
@public
def index() -> ResponseReturnValue:
    """List what is released, with its files."""
    return render_template(
        "pages/open_data/index.html",
        editions=open_data.read_released(g.db),
        withdrawn=open_data.read_withdrawn(g.db),
    )


@bp.get("/open-data" + EDITION + ".<file_format>")
@public
def download(round_id: str, number: int, file_format: str) -> ResponseReturnValue:
    """Send a released edition as a file; its content is not read for whoever has it."""
    if file_format not in open_data.FORMATS:
        abort(404)
    file = open_data.find_file(g.db, round_id, number, file_format)
    if request.if_none_match.contains_weak(file.sha256):
        response = Response(status=304)
    else:
        content = open_data.read_content(g.db, file)
        response = send_file(file.name, content, CONTENT_TYPES[file_format])
    response.set_etag(file.sha256)
    return _publish(response, FILE_CACHING)


@bp.get(API + "/openapi.json")
@public
@speak(ENGLISH)
def description() -> ResponseReturnValue:
    """Describe the API."""
    _read_parameters()
    text = describe_api(open_data.count_levels(g.db))
    return _send(Response(text, content_type="application/json"))


@bp.get(API + "/editions")
@public
@speak(ENGLISH)
def editions() -> ResponseReturnValue:
    """List the released editions, a page at a time."""
    parameters = _read_parameters("page", "page_size")
    return _document(open_data.read_edition_page(g.db, _read_page(parameters)))


@bp.get(API + EDITION)
@public
@speak(ENGLISH)
def edition(round_id: str, number: int) -> ResponseReturnValue:
    """Say what one released edition is."""
    _read_parameters()
    return _document(open_data.read_released_edition(g.db, round_id, number))


@bp.get(API + EDITION + "/figures")
@public
@speak(ENGLISH)
def figures(round_id: str, number: int) -> ResponseReturnValue:
    """List the figures of a released edition, a page at a time."""
    parameters = _read_parameters("page", "page_size", *open_data.FILTERS)
    page = _read_page(parameters)
    chosen = {name: parameters[name] for name in open_data.FILTERS if name in parameters}
    return _document(open_data.read_figure_page(g.db, round_id, number, chosen, page))


def _read_parameters(*known: str) -> dict[str, str]:
    """Return the address's parameters; raises BadParameterError for an unknown or repeated one."""
    for name, values in request.args.lists():
        if name not in known:
            takes = f"It takes {', '.join(known)}." if known else "It takes none."
            raise BadParameterError(name, f"This address takes no parameter {name!r}. {takes}")
        if len(values) > 1:
            raise BadParameterError(name, f"Give {name} once.")
    return request.args.to_dict()


def _read_page(parameters: dict[str, str]) -> PageRequest:
    """Return which page is asked for."""
    size = _read_number(parameters, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
    number = _read_number(parameters, "page", 1, MAX_PAGE_NUMBER)
    others = {name: value for name, value in parameters.items() if name != "page"}
    fixed = {**(request.view_args or {}), **others, "page_size": size}
    return PageRequest(number, size, url_for(str(request.endpoint), **fixed))


def _read_number(parameters: dict[str, str], name: str, default: int, largest: int) -> int:
    """Return a parameter that is a whole number from 1; the default where it is not given."""
    text = parameters.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and 1 <= int(text) <= largest):
        raise BadParameterError(name, f"{name} must be a whole number from 1 to {largest}.")
    return int(text)


def _document(document: Document) -> Response:
    """Send a document as JSON."""
    return _send(Response(render_document(document), content_type="application/json"))


def _send(response: Response) -> Response:
    """Let anybody keep the answer, if they ask each time whether it is still the same."""
    response.add_etag()
    response.make_conditional(request)
    return _publish(response, DOCUMENT_CACHING)


def _publish(response: Response, caching: str) -> Response:
    """Let anybody keep a response, and pages of other sites read it."""
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
