"""The door of the demonstration: registered in demonstration mode only."""

from pathlib import Path

from flask import Blueprint, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.demonstration.installing import (
    DEMONSTRATION_ANALYST,
    DEMONSTRATION_LEAD,
    DEMONSTRATION_LEADER,
)
from assessment.demonstration.mailbox import read_mailbox
from assessment.services import installing
from assessment.services.people import queries
from assessment.web.access import begin_session, public

bp = Blueprint("demonstration", __name__, url_prefix="/demonstration")

PEOPLE = {
    "lead": DEMONSTRATION_LEAD,
    "leader": DEMONSTRATION_LEADER,
    "analyst": DEMONSTRATION_ANALYST,
}


@bp.before_request
def require_simulated_data() -> None:
    """Shut every page here where the data are real, whatever the settings say."""
    if not installing.is_simulated(g.db):
        abort(404)


@bp.post("/enter/<person>")
@public
def enter(person: str) -> ResponseReturnValue:
    """Sign in as one of the demonstration's people."""
    if person not in PEOPLE:
        abort(404)
    membership = queries.find_membership(g.db, email=PEOPLE[person])
    if membership is None:
        abort(404)
    begin_session(membership, "demonstration")
    return redirect(url_for("accounts.start"))


@bp.get("/mailbox")
@public
def mailbox() -> ResponseReturnValue:
    """Show the mail that the demonstration has sent."""
    messages = read_mailbox(Path(current_app.config["INSTANCE"]) / "mailbox")
    return render_template("pages/demonstration/mailbox.html", messages=messages)
