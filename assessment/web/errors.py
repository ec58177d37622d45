"""Errors into pages: the only place where that happens."""

from http import HTTPStatus

from flask import Flask, current_app, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from assessment.core.errors import (
    BadParameterError,
    FileMistakesError,
    NotAllowedError,
    NotFoundError,
    NothingFoundError,
    TooManyError,
    WithdrawnError,
)
from assessment.core.questionnaire.questionnaire import MissingPartError
from assessment.locale import gettext, language_tag, ngettext
from reports.open_data.open_data import Problem, render_document
from reports.words import say_missing

# Without the database no page can be made: not even who is signed in is known.
# Nor can links be made for a host that is not ours.
PLAIN_PAGE = (
    "<!doctype html><html lang='{lang}'><title>{heading}</title><h1>{heading}</h1><p>{text}</p>"
)


def set_up_errors(app: Flask) -> None:
    """Register a page for each error."""
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(MissingPartError, _missing_part)
    app.register_error_handler(WithdrawnError, _withdrawn)
    app.register_error_handler(BadParameterError, _bad_parameter)
    app.register_error_handler(NotAllowedError, _not_allowed)
    app.register_error_handler(FileMistakesError, _not_allowed)
    app.register_error_handler(TooManyError, _too_many)
    app.register_error_handler(RateLimitExceeded, _too_many_from_client)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)
    # What fails after the view, such as the commit, comes as this.
    app.register_error_handler(InternalServerError, _failed)


def _page(name: str, status: int, message: str = "") -> ResponseReturnValue:
    """Return an error page; a program gets a problem (RFC 9457)."""
    if isinstance(request.routing_exception, SecurityError):
        text = gettext("This service is not reached under this name.")
        return _plain_page(gettext("Unknown address"), text), status
    if _is_for_program():
        return _problem(status, message)
    return render_template(f"errors/{name}.html", message=message), status


def _is_for_program() -> bool:
    """Return whether a program asks, and no person."""
    return request.path.startswith("/api/")


def _problem(status: int, message: str, parameter: str | None = None) -> ResponseReturnValue:
    """Return an error as a program reads it."""
    title = HTTPStatus(status).phrase
    text = render_document(Problem("about:blank", title, status, message or title, parameter))
    headers = {"Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*"}
    return text, status, headers


def _bad_parameter(error: BadParameterError) -> ResponseReturnValue:
    status = 404 if isinstance(error, NothingFoundError) else 400
    return _problem(status, str(error), error.parameter)


def _not_found(error: Exception) -> ResponseReturnValue:
    return _page("not_found", 404, str(error))


def _missing_part(error: MissingPartError) -> ResponseReturnValue:
    return _page("not_found", 404, say_missing(error))


def _withdrawn(error: Exception) -> ResponseReturnValue:
    return _page("withdrawn", 410, str(error))


def _not_allowed(error: Exception) -> ResponseReturnValue:
    return _page("not_allowed", 409, str(error))


def _too_many(error: TooManyError) -> ResponseReturnValue:
    response = make_response(_page("too_many", 429, str(error)))
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _too_many_from_client(error: RateLimitExceeded) -> ResponseReturnValue:
    seconds = error.limit.limit.get_expiry()
    wait = ngettext(
        "Wait %(num)s minute and try again.",
        "Wait %(num)s minutes and try again.",
        max(1, round(seconds / 60)),
    )
    return _too_many(TooManyError(wait, retry_after=seconds))


def _expired(_: Exception) -> ResponseReturnValue:
    return _page("expired", 400)


def _refused(error: HTTPException) -> ResponseReturnValue:
    names = {401: "signed_out", 403: "forbidden", 404: "not_found", 413: "too_large"}
    status = error.code or 500
    message = error.description or ""
    if message == type(error).description and not _is_for_program():
        # The library's own sentences are for developers.
        message = ""
    page = make_response(_page(names.get(status, "refused"), status, message))
    if status == 405:
        page.headers["Allow"] = dict(error.get_headers())["Allow"]
    if status == 401:
        # A forged request comes without the person's cookie; a response must not replace it.
        session.modified = False
    return page


def _failed(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("request failed", exc_info=error)
    session.pop("_flashes", None)
    try:
        return _page("failed", 500)
    except SQLAlchemyError:
        text = gettext("Nothing was changed. Please try again in some minutes.")
        return _plain_page(gettext("Something went wrong"), text), 500


def _plain_page(heading: str, text: str) -> str:
    return PLAIN_PAGE.format(lang=language_tag(), heading=heading, text=text)
