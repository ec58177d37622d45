"""Checking a printed report by its code."""

from hashlib import file_digest
from io import BytesIO
from typing import cast

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from assessment.locale import lazy_gettext
from assessment.services.reports import verifying
from assessment.web.access import public
from assessment.web.bodies import takes_file
from assessment.web.forms.verifying import CheckReportForm

bp = Blueprint("verifying", __name__)

# The largest reports we make come near to this. [bytes]
MAX_REPORT = 20_000_000

NO_SUCH_CODE = lazy_gettext(
    "No report has this code. Check it against the last page of the report: "
    "12 letters and digits, such as 7KQ2-M9XD-4TRB."
)


@bp.route("/verify", methods=["GET", "POST"])
@public
@takes_file("file", max_bytes=MAX_REPORT)
def verify() -> ResponseReturnValue:
    """Confirm what a report is, and whether a file is the one that was made."""
    form = CheckReportForm(request.form if request.method == "POST" else request.args)
    found = None
    if request.method == "POST" or "code" in request.args:
        found = verifying.verify_report(g.db, form.code.data or "", _hash_file())
        if found is None:
            form.code.errors = [NO_SUCH_CODE]
    return render_template("pages/verifying/verify.html", form=form, found=found)


def _hash_file() -> bytes | None:
    """Return the SHA-256 of the file that was sent; None where there is none, or an empty one."""
    sent = request.files.get("file")
    if sent is None or not sent.stream.read(1):
        return None
    sent.stream.seek(0)
    # spooled to disk by the parser where it is large, and read in pieces here
    return file_digest(cast("BytesIO", sent.stream), "sha256").digest()
