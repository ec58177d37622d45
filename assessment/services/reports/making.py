"""Making documents: in a worker for those who asked, at once for the command line."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import NOT_SUBMITTED, ReportRequest, ReportState
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.locale import gettext
from assessment.services.answering.surveys import Survey, read_survey
from assessment.services.editions import settling
from assessment.services.reports.national import NATIONAL, build_national
from assessment.services.reports.reporting import build_data
from assessment.storage import assessments, audit, benchmarks, reports
from reports.authority.data import from_json, to_json
from reports.authority.figures import render_figures
from reports.authority.seal import Seal, hash_content
from reports.national.national import national_from_json, national_to_json, render_national_figures
from reports.render import ReportKind, render_national_pdf, render_pdf


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """What a report is made from: its data as JSON, its kind, and what it can be checked by."""

    data: str
    kind: str
    seal: Seal


def read_render_inputs(
    db: Session, report_id: int, made_on: date, site: str
) -> RenderInputs | None:
    """Return what a report that was asked for is made from; None where it is finished.

    It is finished, without being made, where the assessment is no longer submitted. ``site`` is
    the address of the page where it can be checked.
    """
    request = reports.read_request_by_id(db, report_id)
    if request.is_finished:
        return None
    if request.authority_id is None:
        national = build_national(db, request.round_id, made_on)
        content_hash = hash_content(render_national_figures(national.figures))
        return RenderInputs(
            national_to_json(national), request.kind, Seal(request.code, site, content_hash)
        )
    if _fail_without_submission(db, request):
        return None
    survey = read_survey(db, request.authority_id, made_on, request.round_id)
    _settle_neighbours(db, survey)
    report = build_data(db, survey, made_on, request.kind)
    seal = Seal(request.code, site, hash_content(render_figures(report)))
    return RenderInputs(to_json(report), request.kind, seal)


def save_rendered(db: Session, report_id: int, inputs: RenderInputs, pdf: bytes) -> None:
    """Store a report that was made; one that is finished already is left as it is.

    It is thrown away where the submission was undone while it was rendered.
    """
    request = reports.read_request_by_id(db, report_id)
    if request.is_finished or _fail_without_submission(db, request):
        return
    content_hash = inputs.seal.content_hash
    reports.save_report(db, report_id, data=inputs.data, pdf=pdf, content_hash=content_hash)


def _fail_without_submission(db: Session, request: ReportRequest) -> bool:
    """Fail a report whose assessment is not submitted any more; return whether it was failed."""
    if request.authority_id is None:
        return False
    assessment = assessments.read_assessment(db, request.authority_id, request.round_id)
    if assessment is not None and assessment.is_submitted:
        return False
    reports.save_state(db, request.id, ReportState.FAILED, failure=NOT_SUBMITTED)
    return True


def fail_report(db: Session, report_id: int, error: Exception) -> None:
    """Say of a report that it could not be made, and by which error: never what was answered."""
    reports.save_state(db, report_id, ReportState.FAILED, failure=type(error).__name__)


def render_report(inputs: RenderInputs) -> bytes:
    """Render a report as PDF; runs in a process of its own."""
    if inputs.kind == NATIONAL:
        return render_national_pdf(national_from_json(inputs.data), inputs.seal)
    return render_pdf(from_json(inputs.data), ReportKind(inputs.kind), inputs.seal)


def print_report(
    db: Session, authority_id: str, round_id: str, kind: str, today: date, *, by: Actor
) -> bytes:
    """Return the PDF of one authority's submitted assessment; its audit trail says so."""
    survey = read_survey(db, authority_id, today, round_id)
    if not survey.assessment.is_submitted:
        raise NotAllowedError(
            gettext(
                "%(authority)s has not submitted round %(round)s.",
                authority=survey.authority.name,
                round=round_id,
            )
        )
    _settle_neighbours(db, survey)
    audit.save_event(db, by, EventKind.REPORT_PRINTED, authority_id, round=round_id, report=kind)
    return render_pdf(build_data(db, survey, today, kind), ReportKind(kind))


def _settle_neighbours(db: Session, survey: Survey) -> None:
    """Settle an authority's nearest neighbours now: a report that is kept has them."""
    edition = benchmarks.read_newest_edition(db, survey.round)
    if edition is not None:
        settling.settle(db, edition, survey.authority.id)
