"""Checking a printed report by its code."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from assessment.services import verifying
from assessment.web.access import public
from assessment.web.forms import CheckReportForm

bp = Blueprint("verifying", __name__)


NO_SUCH_CODE = (
    "No report has this code. Check it against the last page of the report: "
    "12 letters and digits, such as 7KQ2-M9XD-4TRB."
)


@bp.route("/verify", methods=["GET", "POST"])
@public
def verify() -> ResponseReturnValue:
    """Confirm what a report is, and whether a file is the one that was made."""
    form = CheckReportForm(request.form if request.method == "POST" else request.args)
    found = None
    if request.method == "POST" or "code" in request.args:
        file = request.files.get("file")
        found = verifying.verify_report(g.db, form.code.data or "", file.read() if file else b"")
        if found is None:
            form.code.errors = [NO_SUCH_CODE]
    return render_template("pages/verifying/verify.html", form=form, found=found)
