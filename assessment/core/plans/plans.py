"""An authority's improvement plan: targets for its principles, and actions with owner and date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from assessment.core.errors import AssessmentError
from assessment.core.people.actors import Actor
from assessment.core.questionnaire.questionnaire import Questionnaire

MAX_ACTION_LENGTH = 1000
MAX_OWNER_LENGTH = 200


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


def check_planned_action(questionnaire: Questionnaire, action: PlannedAction) -> list[str]:
    """List what is wrong with a planned action, in words for the person who wrote it.

    Parameters
    ----------
    questionnaire : the version whose question the action is for.
    action : one planned action.

    Returns
    -------
    Sentences, each saying what to do; empty where the action can be saved.

    Raises
    ------
    NotFoundError if the questionnaire has no such question.
    """
    questionnaire.question(action.question_id)
    mistakes = []
    if not action.text.strip():
        mistakes.append("Say what will be done.")
    if not action.owner.strip():
        mistakes.append("Say who leads it.")
    if len(action.text) > MAX_ACTION_LENGTH:
        mistakes.append(f"Shorten the action to {MAX_ACTION_LENGTH:,} characters or fewer.")
    if len(action.owner) > MAX_OWNER_LENGTH:
        mistakes.append(f"Shorten who leads it to {MAX_OWNER_LENGTH} characters or fewer.")
    return mistakes


def check_target(questionnaire: Questionnaire, score: float) -> str:
    """Say what is wrong with a target.

    Parameters
    ----------
    questionnaire : the version whose scale it is on.
    score : the target [levels].

    Returns
    -------
    A sentence that says what to do; empty where the target can be saved.
    """
    lowest, highest = questionnaire.levels[0].number, questionnaire.levels[-1].number
    if not lowest <= score <= highest or round(score, 1) != score:
        return (
            f"Give a number from {lowest} to {highest} with one decimal at most, such as "
            f"{highest - 0.5}."
        )
    return ""
