"""The first page, and the pages that everybody may read."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assessment.web.access import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Say in one screen what this is and how to enter."""
    return render_template("pages/home/index.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say who can see what."""
    return render_template("pages/home/privacy.html")


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say what was tested and whom to tell of a barrier."""
    return render_template("pages/home/accessibility.html")
