"""Results, reports as pages, and reports as PDF files made in the background."""

from pathlib import Path

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.core.people.memberships import AUTHORITY_ROLES
from assessment.locale import lazy_gettext
from assessment.services.reports import reporting, requesting
from assessment.web.access import current_actor, own_authority_id, requires
from assessment.web.downloads import send_file, send_table

REPORT_STATIC = Path(__file__).parents[3] / "reports" / "static"

# What each kind of report is for.
ABOUT = {
    "scorecard": lazy_gettext("Two pages to read before a meeting."),
    "improvement": lazy_gettext(
        "Every question with its next step, and an annex with your agreed answers. "
        "For people inside your authority."
    ),
    "shareable": lazy_gettext(
        "The same, with your levels, without what you wrote and planned, what each of "
        "you answered, what you said holds you back, and your nearest neighbours’ figures: safe to "
        "publish or to release."
    ),
}

bp = Blueprint("reporting", __name__, url_prefix="/results", static_folder=REPORT_STATIC)


@bp.get("/")
@bp.get("/rounds/<round_id>/")
@requires(*AUTHORITY_ROLES)
def results(round_id: str = "") -> ResponseReturnValue:
    """Show the scores with their working, and the reports there are."""
    page = reporting.read_results(g.db, own_authority_id(), g.today, round_id)
    return render_template(
        "pages/reporting/results.html",
        page=page,
        kinds=reporting.KINDS,
        about=ABOUT,
    )


@bp.get("/figures.csv")
@bp.get("/rounds/<round_id>/figures.csv")
@requires(*AUTHORITY_ROLES)
def figures(round_id: str = "") -> ResponseReturnValue:
    """Send the figures behind the charts."""
    name, text = reporting.export_figures(g.db, own_authority_id(), g.today, round_id)
    return send_table(name, text)


@bp.get("/<kind>")
@bp.get("/rounds/<round_id>/<kind>")
@requires(*AUTHORITY_ROLES)
def report(kind: str, round_id: str = "") -> ResponseReturnValue:
    """Show a report as a page."""
    _require_kind(kind)
    page = reporting.read_report(g.db, own_authority_id(), g.today, kind, round_id)
    if page is None:
        return redirect(url_for(".results"))
    return render_template("pages/reporting/report.html", page=page, report=page.data, kind=kind)


@bp.post("/<kind>/ask")
@bp.post("/rounds/<round_id>/<kind>/ask")
@requires(*AUTHORITY_ROLES)
def ask(kind: str, round_id: str = "") -> ResponseReturnValue:
    """Ask for a PDF; asking twice makes one."""
    _require_kind(kind)
    request = requesting.ask_report(
        g.db, own_authority_id(), kind, g.today, by=current_actor(), round_id=round_id
    )
    return redirect(url_for(".progress", report_id=request.id))


@bp.get("/files/<int(max=2147483647):report_id>")
@requires(*AUTHORITY_ROLES)
def progress(report_id: int) -> ResponseReturnValue:
    """Show how far a PDF has come; the page looks again by itself."""
    request = reporting.read_request(g.db, own_authority_id(), report_id)
    return render_template("pages/reporting/progress.html", request=request)


@bp.get("/files/<int(max=2147483647):report_id>.pdf")
@requires(*AUTHORITY_ROLES)
def download(report_id: int) -> ResponseReturnValue:
    """Send a finished PDF under a sensible name."""
    name, pdf = reporting.read_file(g.db, own_authority_id(), report_id)
    return send_file(name, pdf, "application/pdf")


def _require_kind(kind: str) -> None:
    """Answer that there is no such page for a kind of report there is not."""
    if kind not in reporting.KINDS:
        abort(404)
