"""What the programme sees of the work in the background, and of the reports of a round."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportRequest
from assessment.storage import authorities, queue, reports


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
