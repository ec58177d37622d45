"""An authority's assessment in a round, and the answers saved in it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessment.core.answers.answers import Answer, Standing
from assessment.core.answers.barriers import NO_CHOICES, Choices
from assessment.core.errors import AssessmentError
from assessment.core.people.actors import Actor, Person


class AssessmentState(StrEnum):
    """How far an assessment has come."""

    ANSWERING = "answering"
    IN_CONSENSUS = "in_consensus"
    COMPLETE = "complete"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


# The states that may follow each. Where one person leads and signs, answering ends in submission;
# otherwise the lead completes, and the signatory submits it or returns it.
TRANSITIONS = {
    AssessmentState.ANSWERING: {
        AssessmentState.IN_CONSENSUS,
        AssessmentState.COMPLETE,
        AssessmentState.SUBMITTED,
    },
    AssessmentState.IN_CONSENSUS: {AssessmentState.COMPLETE},
    AssessmentState.COMPLETE: {AssessmentState.RETURNED, AssessmentState.SUBMITTED},
    AssessmentState.RETURNED: {AssessmentState.COMPLETE, AssessmentState.SUBMITTED},
    AssessmentState.SUBMITTED: {AssessmentState.REOPENED},
    AssessmentState.REOPENED: {
        AssessmentState.IN_CONSENSUS,
        AssessmentState.COMPLETE,
        AssessmentState.SUBMITTED,
    },
}
# The states in which an authority's answers may change.
ANSWERABLE = frozenset(AssessmentState) - {AssessmentState.COMPLETE, AssessmentState.SUBMITTED}


class TransitionError(AssessmentError):
    """An assessment cannot go from one state to the other."""


def require_transition(before: AssessmentState, after: AssessmentState) -> None:
    """Refuse a change of state that cannot be.

    Parameters
    ----------
    before : the state an assessment is in.
    after : the one it is to be in.

    Raises
    ------
    TransitionError where ``after`` may not follow ``before``.
    """
    if after not in TRANSITIONS[before]:
        raise TransitionError(f"An assessment does not go from {before} to {after}.")


@dataclass(frozen=True, slots=True)
class Assessment:
    """One authority in one round; ``counted`` is its consent to be counted in benchmarks.

    ``needs`` are what it chose, when it submitted, as holding it back and as helping it.
    ``reopened_on`` and ``reopening_reason`` say when and why the programme opened it again after
    it was submitted; they are empty once it is submitted anew.
    """

    authority_id: str
    round_id: str
    state: AssessmentState = AssessmentState.ANSWERING
    submitted_at: datetime | None = None
    submitted_by: Actor | None = None
    counted: bool = False
    needs: Choices = NO_CHOICES
    reopened_on: date | None = None
    reopening_reason: str = ""

    @property
    def is_submitted(self) -> bool:
        """Return whether the answers are final."""
        return self.state is AssessmentState.SUBMITTED

    @property
    def is_answerable(self) -> bool:
        """Return whether the authority's answers may change."""
        return self.state in ANSWERABLE


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An agreed answer as it is stored: who changed it last, when, and which change it was.

    ``brought_from`` is the id of the round it was brought over from, until a person saves or
    confirms it; None for an answer of this round.
    """

    answer: Answer
    revision: int
    changed_by: Actor
    changed_at: datetime
    brought_from: str | None = None

    @property
    def is_unchecked(self) -> bool:
        """Return whether it was brought over and nobody has confirmed it."""
        return self.brought_from is not None


@dataclass(frozen=True, slots=True)
class ClearedAnswer:
    """That an agreed answer was taken away: by whom, when, and which change it was."""

    question_id: str
    revision: int
    cleared_by: Actor
    cleared_at: datetime


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What one person answered last; the agreed answer may be another."""

    question_id: str
    person: Person
    standing: Standing
    level: int | None


class AnswerClearedError(AssessmentError):
    """Somebody else cleared the same answer meanwhile; ``cleared`` says who."""

    def __init__(self, cleared: ClearedAnswer) -> None:
        """Keep what is stored."""
        self.cleared = cleared
        super().__init__(f"The answer to {cleared.question_id} was cleared meanwhile.")


class AnswerConflictError(AssessmentError):
    """Somebody else changed the same answer meanwhile; ``saved`` is what they left."""

    def __init__(self, saved: SavedAnswer) -> None:
        """Keep the answer that is stored."""
        self.saved = saved
        super().__init__(f"The answer to {saved.answer.question_id} was changed meanwhile.")
