"""An authority's improvement plan: targets for its principles, and actions with owner and date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from assessment.core.errors import AssessmentError
from assessment.core.people.actors import Actor
from assessment.core.questionnaire.questionnaire import Questionnaire

MAX_ACTION_LENGTH = 1000
MAX_OWNER_LENGTH = 200


class ActionMistake(StrEnum):
    """What is wrong with a planned action."""

    NO_TEXT = "no_text"
    NO_OWNER = "no_owner"
    TEXT_TOO_LONG = "text_too_long"
    OWNER_TOO_LONG = "owner_too_long"


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """What the authority will do about one question, who leads it, and by when."""

    question_id: str
    text: str
    owner: str
    due_on: date
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class SavedAction:
    """A planned action as it is stored; its ``id`` is made before it is saved for the first time.

    ``revision`` tells two editors apart.
    """

    id: UUID
    action: PlannedAction
    revision: int
    changed_by: Actor
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """``targets`` are scores by principle id [levels]; ``actions`` are in the plan's order."""

    targets: Mapping[str, float] = field(default_factory=dict)
    actions: tuple[SavedAction, ...] = ()

    @property
    def seen(self) -> str:
        """Return what the targets are, such as ``leadership=3.5``, to tell two editors apart."""
        return " ".join(f"{principle}={score}" for principle, score in sorted(self.targets.items()))


class ActionConflictError(AssessmentError):
    """Somebody else changed the same planned action; ``saved`` is None where it was removed."""

    def __init__(self, saved: SavedAction | None) -> None:
        """Keep the action that is stored."""
        self.saved = saved
        super().__init__("The planned action was changed meanwhile.")


class TargetConflictError(AssessmentError):
    """Somebody else changed the targets meanwhile; ``plan`` has what they left."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan that is stored."""
        self.plan = plan
        super().__init__("The targets were changed meanwhile.")


def check_planned_action(
    questionnaire: Questionnaire, action: PlannedAction
) -> list[ActionMistake]:
    """List what is wrong with a planned action.

    Parameters
    ----------
    questionnaire : the version whose question the action is for.
    action : one planned action.

    Returns
    -------
    The mistakes; empty where the action can be saved.

    Raises
    ------
    NotFoundError if the questionnaire has no such question.
    """
    questionnaire.question(action.question_id)
    mistakes = []
    if not action.text.strip():
        mistakes.append(ActionMistake.NO_TEXT)
    if not action.owner.strip():
        mistakes.append(ActionMistake.NO_OWNER)
    if len(action.text) > MAX_ACTION_LENGTH:
        mistakes.append(ActionMistake.TEXT_TOO_LONG)
    if len(action.owner) > MAX_OWNER_LENGTH:
        mistakes.append(ActionMistake.OWNER_TOO_LONG)
    return mistakes


def is_target(questionnaire: Questionnaire, score: float) -> bool:
    """Return whether a number can be a target.

    Parameters
    ----------
    questionnaire : the version whose scale it is on.
    score : the number [levels].

    Returns
    -------
    True if it is on the scale and has one decimal at most.
    """
    lowest, highest = questionnaire.levels[0].number, questionnaire.levels[-1].number
    return lowest <= score <= highest and round(score, 1) == score
