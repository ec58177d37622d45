"""Asking for a document: the request and its job, together or not at all."""

import json
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportRequest
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.locale import gettext
from assessment.services.editions.benchmarking import read_newest_edition_of
from assessment.services.reports.national import NATIONAL
from assessment.services.reports.reporting import build_data, choose_submitted, read_submitted
from assessment.storage import assessments, audit, benchmarks, queue, reports, rounds
from reports.authority.data import to_json

MAKE_REPORT = "make_report"


def request_report(
    db: Session,
    authority_id: str | None,
    round_id: str,
    kind: str,
    today: date,
    *,
    by: Actor,
    queue_name: queue.QueueName = queue.QueueName.INTERACTIVE,
) -> tuple[ReportRequest, bool]:
    """Return the request for a report, and whether it is new: then its job is queued with it."""
    request, is_new = reports.create_request(db, authority_id, round_id, kind, by=by)
    if is_new:
        # One authority's documents are made one after the other, so that they hold up no other's.
        lock = f"documents of {authority_id}" if queue_name is queue.QueueName.INTERACTIVE else None
        day = today.isoformat()
        queue.enqueue(
            db, MAKE_REPORT, queue_name=queue_name, lock=lock, report_id=request.id, made_on=day
        )
    elif queue_name is queue.QueueName.INTERACTIVE:
        queue.prioritise(db, MAKE_REPORT, request.id)
    return request, is_new


def ask_report(
    db: Session, authority_id: str, kind: str, today: date, *, by: Actor, round_id: str = ""
) -> ReportRequest:
    """Ask for a PDF of a round, the newest unless named; asking twice makes one.

    Its job is queued with it.
    A finished one that says the same, but for the day it was made, is not made again.
    Raises NotAllowedError where nothing is submitted.
    """
    survey = choose_submitted(read_submitted(db, authority_id, today), round_id)
    if survey is None:
        raise NotAllowedError(
            gettext("Submit the self-assessment first; then its reports can be made.")
        )
    round_id = survey.round.id
    ready = reports.read_newest_ready(db, authority_id, round_id, kind)
    if ready is not None:
        finished, data = ready
        if _gather_claims(data) == _gather_claims(to_json(build_data(db, survey, today, kind))):
            return finished
    request, is_new = request_report(db, authority_id, round_id, kind, today, by=by)
    if is_new:
        audit.save_event(
            db, by, EventKind.REPORT_REQUESTED, authority_id, round=request.round_id, report=kind
        )
    return request


def ask_national(db: Session, round_id: str, today: date, *, by: Actor) -> ReportRequest:
    """Ask for the national report of a round as PDF; asking twice makes one.

    Raises NotFoundError where there is no edition to tell of.
    """
    read_newest_edition_of(db, round_id)
    request, is_new = request_report(db, None, round_id, NATIONAL, today, by=by)
    if is_new:
        audit.save_event(db, by, EventKind.NATIONAL_REPORT_REQUESTED, round=round_id)
    return request


def ask_round(db: Session, round_id: str, kind: str, today: date, *, by: Actor) -> list[int]:
    """Ask for the report of every authority that submitted in a round; return what is to make.

    One that is ready with the round's newest peers is not asked for again, and one that waits
    already is not queued twice, so a stopped run is taken up by asking again. Raises
    NotFoundError where there is no such round.
    """
    round_ = rounds.read_round(db, round_id)
    edition = benchmarks.read_newest_edition(db, round_)
    content_hash = edition.content_hash if edition else ""
    ready = reports.read_ready_authorities(db, round_id, kind, content_hash)
    report_ids = []
    begun = assessments.read_participation(db, round_id)
    for authority_id in sorted({*begun["authority_id"][begun["submitted"]]} - ready):
        request, _ = request_report(
            db, authority_id, round_id, kind, today, by=by, queue_name=queue.QueueName.BULK
        )
        report_ids.append(request.id)
    audit.save_event(db, by, EventKind.ROUND_REPORTS_REQUESTED, round=round_id, report=kind)
    return report_ids


def _gather_claims(data: str) -> dict[str, object]:
    """Return what a report's data say, but for the day it was made on.

    What is empty is left out: a report made before there was such a part says the same.
    """
    claims = json.loads(data).items()
    return {
        name: value for name, value in claims if name != "made_on" and value not in ([], "", None)
    }
