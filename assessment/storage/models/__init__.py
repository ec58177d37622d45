"""The tables. Rows never leave storage."""

from assessment.storage.models.answers import (
    AgreedAnswerRow,
    AnswerRow,
    AssessmentRow,
    ClearedAnswerRow,
)
from assessment.storage.models.base import Base
from assessment.storage.models.editions import (
    EditionFileRow,
    EditionFrameRow,
    EditionRow,
    NeighbourCellsRow,
)
from assessment.storage.models.people import (
    ActorRow,
    AuditEventRow,
    BrowserSessionRow,
    MembershipRow,
    PersonRow,
    RateCountRow,
    SignInRow,
)
from assessment.storage.models.plans import PlannedActionRow, TargetRow
from assessment.storage.models.register import AuthorityRow, RegisterRow
from assessment.storage.models.reports import ReportRow
from assessment.storage.models.rounds import QuestionnaireRow, RoundRow

__all__ = [
    "ActorRow",
    "AgreedAnswerRow",
    "AnswerRow",
    "AssessmentRow",
    "AuditEventRow",
    "AuthorityRow",
    "Base",
    "BrowserSessionRow",
    "ClearedAnswerRow",
    "EditionFileRow",
    "EditionFrameRow",
    "EditionRow",
    "MembershipRow",
    "NeighbourCellsRow",
    "PersonRow",
    "PlannedActionRow",
    "QuestionnaireRow",
    "RateCountRow",
    "RegisterRow",
    "ReportRow",
    "RoundRow",
    "SignInRow",
    "TargetRow",
]
