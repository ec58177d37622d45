"""Asking for a report: the request and its job, together or not at all."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportRequest
from assessment.core.people.actors import Actor
from assessment.storage import queue, reports

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
