"""The programme's pages: who takes part, and the benchmarks that may be seen."""

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assessment.core.people.groups import FIXED_KINDS, GroupKind
from assessment.core.people.memberships import PROGRAMME_ROLES
from assessment.locale import gettext, lazy_gettext
from assessment.services.answering import surveys
from assessment.services.editions import benchmarking, item_analysis, open_data
from assessment.services.reports import background, national, requesting
from assessment.services.rounds.participation import read_participation
from assessment.web.access import current_actor, requires
from assessment.web.downloads import send_file, send_table
from reports.charts import build_level_bar, build_strip
from reports.national.national import name_kinds
from reports.words import GROUP_KIND_WORDS

bp = Blueprint("programme", __name__, url_prefix="/programme")

# What people call each kind of background work.
TASK_NAMES = {
    "make_report": lazy_gettext("Reports"),
    "make_workbook": lazy_gettext("Workbooks"),
    "settle_neighbours": lazy_gettext("Figures of nearest neighbours"),
    "send_sign_in": lazy_gettext("Sign-in e-mails"),
    "retry_stalled": lazy_gettext("Looking after stalled work"),
    "forget_sign_ins": lazy_gettext("Deleting what was kept of signing in"),
}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"


@bp.get("/participation/")
@bp.get("/participation/<round_id>")
@requires(*PROGRAMME_ROLES)
def participation(round_id: str = "") -> ResponseReturnValue:
    """Show who takes part in a round, and who is missing."""
    rounds = benchmarking.read_rounds(g.db)
    chosen = round_id or surveys.read_current_round(g.db, g.today).id
    page = read_participation(g.db, chosen)
    return render_template("pages/programme/participation.html", page=page, rounds=rounds)


@bp.get("/benchmarks/")
@bp.get("/benchmarks/<round_id>/<group_kind>")
@requires(*PROGRAMME_ROLES)
def benchmark(round_id: str = "", group_kind: str = GroupKind.ALL.value) -> ResponseReturnValue:
    """Show the newest edition of a round for the groups of one kind."""
    rounds = benchmarking.read_rounds_with_edition(g.db)
    if not rounds:
        return _no_edition(gettext("Benchmarks"))
    chosen = benchmarking.read_benchmark(g.db, round_id or rounds[0].id, _kind(group_kind))
    return render_template(
        "pages/programme/benchmark.html",
        benchmark=chosen,
        rounds=rounds,
        kind_names={kind: words.many for kind, words in GROUP_KIND_WORDS.items()},
        build_strip=build_strip,
        build_level_bar=build_level_bar,
        share_from=benchmarking.SHARE_FROM_LEVEL,
    )


@bp.get("/questions/")
@bp.get("/questions/<round_id>")
@requires(*PROGRAMME_ROLES)
def question_statistics(round_id: str = "") -> ResponseReturnValue:
    """Show how the questions do in the newest edition of a round."""
    rounds = benchmarking.read_rounds_with_edition(g.db)
    if not rounds:
        return _no_edition(gettext("Questions"))
    edition = benchmarking.read_newest_edition_of(g.db, round_id or rounds[0].id)
    page = item_analysis.read_item_analysis(g.db, edition)
    return render_template("pages/programme/question_statistics.html", page=page, rounds=rounds)


@bp.get("/national/")
@bp.get("/national/<round_id>")
@requires(*PROGRAMME_ROLES)
def national_report(round_id: str = "") -> ResponseReturnValue:
    """Show the national report of a round as a page, and the PDFs that were made of it."""
    rounds = benchmarking.read_rounds_with_edition(g.db)
    if not rounds:
        return _no_edition(gettext("National report"))
    chosen = round_id or rounds[0].id
    return render_template(
        "pages/programme/national.html",
        report=national.build_national(g.db, chosen, g.today),
        kinds=name_kinds(),
        requests=national.read_requests(g.db, chosen),
        rounds=rounds,
    )


@bp.post("/national/<round_id>/ask")
@requires(*PROGRAMME_ROLES)
def ask_national(round_id: str) -> ResponseReturnValue:
    """Ask for the national report as PDF."""
    request = requesting.ask_national(g.db, round_id, g.today, by=current_actor())
    return redirect(url_for(".national_progress", report_id=request.id))


@bp.get("/national/<round_id>/needs.csv")
@requires(*PROGRAMME_ROLES)
def download_needs(round_id: str) -> ResponseReturnValue:
    """Send what holds authorities back and would help them as a file."""
    text = open_data.export_barriers(g.db, round_id)
    return send_table(f"needs-{round_id}.csv", text)


@bp.get("/national/files/<int(max=2147483647):report_id>")
@requires(*PROGRAMME_ROLES)
def national_progress(report_id: int) -> ResponseReturnValue:
    """Show how far the PDF has come; the page looks again by itself."""
    request = national.read_request(g.db, report_id)
    return render_template("pages/programme/national_progress.html", request=request)


@bp.get("/national/files/<int(max=2147483647):report_id>.pdf")
@requires(*PROGRAMME_ROLES)
def national_file(report_id: int) -> ResponseReturnValue:
    """Send a finished national report."""
    name, pdf = national.read_file(g.db, report_id)
    return send_file(name, pdf, "application/pdf")


@bp.get("/background/")
@requires(*PROGRAMME_ROLES)
def work() -> ResponseReturnValue:
    """Show what is done in the background: what waits, runs and has failed."""
    return render_template(
        "pages/programme/work.html",
        work=background.read_work(g.db),
        failed=background.read_failed(g.db),
        names=TASK_NAMES,
    )


@bp.get("/benchmarks/<round_id>/<group_kind>.<file_format>")
@requires(*PROGRAMME_ROLES)
def download(round_id: str, group_kind: str, file_format: str) -> ResponseReturnValue:
    """Send what the page shows as a file."""
    if file_format not in {"csv", "json"}:
        abort(404)
    text = open_data.export_figures(g.db, round_id, _kind(group_kind), file_format)
    name = f"benchmark-{round_id}-by-{group_kind}.{file_format}"
    return send_table(name, text) if file_format == "csv" else send_file(name, text, JSON)


@bp.get("/benchmarks/<round_id>/edition.xlsx")
@requires(*PROGRAMME_ROLES)
def spreadsheet(round_id: str) -> ResponseReturnValue:
    """Send the whole edition as an accessible spreadsheet."""
    name, file = open_data.export_spreadsheet(g.db, round_id)
    return send_file(name, file, SPREADSHEET)


def _no_edition(heading: str) -> ResponseReturnValue:
    """Say that what a page shows is made when the first edition is cut."""
    return render_template("pages/programme/no_edition.html", heading=heading)


def _kind(text: str) -> GroupKind:
    """Return the kind of group of an address, or a page that says there is none."""
    if text not in FIXED_KINDS:
        abort(404)
    return GroupKind(text)
