"""What holds an authority back and would help it: chosen at submission, never scored."""

from dataclasses import dataclass
from enum import StrEnum

from assessment.core.questionnaire.questionnaire import Choice, Questionnaire

# How many of a list may be chosen: all of them would say nothing.
MAX_CHOICES = 3
COLUMNS = ("authority_id", "kind", "choice_id")


class ChoiceKind(StrEnum):
    """The two lists to choose from."""

    BARRIER = "barrier"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Choices:
    """What one authority chose, as ids in the questionnaire's order."""

    barriers: tuple[str, ...] = ()
    support: tuple[str, ...] = ()


NO_CHOICES = Choices()


def list_choices(questionnaire: Questionnaire, kind: ChoiceKind) -> tuple[Choice, ...]:
    """Return what there is to choose from in one of the two lists."""
    return questionnaire.barriers if kind is ChoiceKind.BARRIER else questionnaire.support


def list_asked(questionnaire: Questionnaire) -> tuple[tuple[ChoiceKind, tuple[Choice, ...]], ...]:
    """Return the lists that have something to choose from when an assessment is submitted."""
    listed = ((kind, list_choices(questionnaire, kind)) for kind in ChoiceKind)
    return tuple((kind, choices) for kind, choices in listed if choices)
