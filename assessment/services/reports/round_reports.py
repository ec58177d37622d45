"""All reports of a round, and what the programme sees of the work in the background."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportRequest
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.services.reports.requesting import request_report
from assessment.storage import assessments, audit, authorities, benchmarks, queue, reports, rounds


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of background work, and how many jobs of it wait, run and have failed."""

    task: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailedReport:
    """A report that could not be made; ``reason`` names the error, never what was answered."""

    request: ReportRequest
    authority_name: str
    reason: str


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


def count_states(db: Session, report_ids: list[int]) -> dict[str, int]:
    """Count how many of these reports are waiting, ready and failed."""
    return reports.count_states(db, report_ids)


def count_left(db: Session) -> int:
    """Count the reports of rounds that are still to be made by those who make a round's."""
    return queue.count_unfinished(db, queue.QueueName.BULK)


def read_work(db: Session) -> list[Work]:
    """Return every kind of background work that there is something to say of."""
    counts = queue.count_jobs(db)
    return [
        Work(task, *(counts.get((task, status), 0) for status in ("todo", "doing", "failed")))
        for task in sorted({task for task, _ in counts})
    ]


def read_failed(db: Session) -> list[FailedReport]:
    """Return the reports that could not be made, newest first."""
    names = {authority.id: authority.name for authority in authorities.read_authorities(db)}
    return [
        FailedReport(request, names.get(request.authority_id or "", "all"), request.failure)
        for request in reports.read_failed(db)
    ]
