"""A report that was asked for, from waiting to ready."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessment.core.people.actors import Actor

# Why a report was not made: between the request and its turn the submission was undone.
NOT_SUBMITTED = "not submitted"


class ReportState(StrEnum):
    """How far a report has come."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A report asked for by somebody; the programme's own has no authority.

    ``content_hash`` is that of its figures, empty until it is ready.
    """

    id: int
    authority_id: str | None
    round_id: str
    kind: str
    state: ReportState
    asked_by: Actor
    asked_at: datetime
    failure: str = ""
    code: str = ""
    content_hash: str = ""

    @property
    def is_finished(self) -> bool:
        """Return whether there is nothing more to wait for."""
        return self.state in {ReportState.READY, ReportState.FAILED}

    @property
    def lacks_submission(self) -> bool:
        """Return whether it was not made because the assessment is no longer submitted."""
        return self.failure == NOT_SUBMITTED
