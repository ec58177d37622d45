"""The trail of what was done."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from assessment.core.people.actors import Actor


class EventKind(StrEnum):
    """What was done; a kind that some other version wrote is OTHER."""

    ACCOUNT_CREATED = "account_created"
    ACCOUNT_ACTIVATED = "account_activated"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ACCOUNT_MOVED = "account_moved"
    ADDRESS_CHANGED = "address_changed"
    ROLE_CHANGED = "role_changed"
    ANSWER_SAVED = "answer_saved"
    ANSWER_BROUGHT_OVER = "answer_brought_over"
    ANSWER_CONFIRMED = "answer_confirmed"
    ANSWER_CLEARED = "answer_cleared"
    ASSESSMENT_SUBMITTED = "assessment_submitted"
    ASSESSMENT_REOPENED = "assessment_reopened"
    RESPONSES_IMPORTED = "responses_imported"
    RESPONSES_WITHDRAWN = "responses_withdrawn"
    TARGETS_SAVED = "targets_saved"
    PLANNED_ACTION_SAVED = "planned_action_saved"
    PLANNED_ACTION_REMOVED = "planned_action_removed"
    REPORT_REQUESTED = "report_requested"
    REPORT_PRINTED = "report_printed"
    ROUND_REPORTS_REQUESTED = "round_reports_requested"
    NATIONAL_REPORT_REQUESTED = "national_report_requested"
    REGISTER_LOADED = "register_loaded"
    REGISTER_CHANGED = "register_changed"
    QUESTIONNAIRE_PUBLISHED = "questionnaire_published"
    ROUND_OPENED = "round_opened"
    ROUND_EXTENDED = "round_extended"
    ROUND_CLOSED_EARLY = "round_closed_early"
    EDITION_CUT = "edition_cut"
    EDITION_RELEASED = "edition_released"
    EDITION_WITHDRAWN = "edition_withdrawn"
    OTHER = "other"

    @classmethod
    def _missing_(cls, _value: object) -> "EventKind":
        """Take a kind that is not known here for OTHER."""
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the audit trail."""

    at: datetime
    actor: Actor
    kind: EventKind
    detail: dict[str, Any] = field(default_factory=dict)
