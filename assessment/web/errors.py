"""Errors into pages: the only place where that happens."""

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from assessment.core.errors import (
    FileMistakesError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)


def set_up_errors(app: Flask) -> None:
    """Register a page for each error."""
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(NotAllowedError, _not_allowed)
    app.register_error_handler(FileMistakesError, _not_allowed)
    app.register_error_handler(UnavailableError, _unavailable)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)


def _page(name: str, status: int, message: str = "") -> ResponseReturnValue:
    """Return an error page."""
    return render_template(f"errors/{name}.html", message=message), status


def _not_found(error: Exception) -> ResponseReturnValue:
    return _page("not_found", 404, str(error))


def _not_allowed(error: Exception) -> ResponseReturnValue:
    return _page("not_allowed", 409, str(error))


def _unavailable(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("something outside does not answer", exc_info=error)
    return _page("unavailable", 503, str(error))


def _expired(_: Exception) -> ResponseReturnValue:
    return _page("expired", 400)


def _refused(error: HTTPException) -> ResponseReturnValue:
    names = {403: "forbidden", 404: "not_found", 413: "too_large", 429: "too_many"}
    status = error.code or 500
    return _page(names.get(status, "refused"), status, error.description or "")


def _failed(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("request failed", exc_info=error)
    return _page("failed", 500)
