"""What people are asked, and what is wrong with what they gave, each saying what to do."""

from collections.abc import Sequence

from assessment.core.answers.answers import MAX_LINKS, MAX_TEXT_LENGTH, AnswerMistake
from assessment.core.answers.barriers import ChoiceKind
from assessment.core.plans.plans import MAX_ACTION_LENGTH, MAX_OWNER_LENGTH, ActionMistake
from assessment.core.questionnaire.questionnaire import Level
from assessment.core.questionnaire.versions import Carry

CHOICE_QUESTIONS = {
    ChoiceKind.BARRIER: "What holds your authority back most?",
    ChoiceKind.SUPPORT: "What support would help most?",
}
ANSWER_MISTAKES = {
    AnswerMistake.NO_LEVEL: "Choose one of the levels, Don't know or Does not apply.",
    AnswerMistake.LEVEL_BESIDE_STANDING: "Choose either a level or Don't know or Does not apply.",
    AnswerMistake.NO_REASON: "Say why this question does not apply.",
    AnswerMistake.TEXT_TOO_LONG: f"Shorten the text to {MAX_TEXT_LENGTH:,} characters or fewer.",
    AnswerMistake.TOO_MANY_LINKS: f"Give {MAX_LINKS} evidence links or fewer.",
}
ACTION_MISTAKES = {
    ActionMistake.NO_TEXT: "Say what will be done.",
    ActionMistake.NO_OWNER: "Say who leads it.",
    ActionMistake.TEXT_TOO_LONG: (
        f"Shorten the action to {MAX_ACTION_LENGTH:,} characters or fewer."
    ),
    ActionMistake.OWNER_TOO_LONG: (
        f"Shorten who leads it to {MAX_OWNER_LENGTH} characters or fewer."
    ),
}
CARRY_WORDS = {
    Carry.CARRIES_OVER: "carries over",
    Carry.SECOND_LOOK: "needs a second look",
    Carry.RETIRED: "is retired",
    Carry.NEW: "is new",
}


def ask_for_choices(kind: ChoiceKind) -> str:
    """Ask what is to be chosen from a list when an assessment is submitted.

    Parameters
    ----------
    kind : of the list.

    Returns
    -------
    A question.
    """
    return CHOICE_QUESTIONS[kind]


def say_answer_mistake(mistake: AnswerMistake) -> str:
    """Say what to do about a mistake in an answer.

    Parameters
    ----------
    mistake : one of an answer's.

    Returns
    -------
    A sentence for the person who gave it.
    """
    return ANSWER_MISTAKES[mistake]


def say_action_mistake(mistake: ActionMistake) -> str:
    """Say what to do about a mistake in a planned action.

    Parameters
    ----------
    mistake : one of an action's.

    Returns
    -------
    A sentence for the person who plans it.
    """
    return ACTION_MISTAKES[mistake]


def say_targets(levels: Sequence[Level]) -> str:
    """Say which targets can be saved.

    Parameters
    ----------
    levels : of the scale, lowest first.

    Returns
    -------
    A sentence that says what to do.
    """
    lowest, highest = levels[0].number, levels[-1].number
    return (
        f"Give a number from {lowest} to {highest} with one decimal at most, such as "
        f"{highest - 0.5}."
    )


def say_carry(carry: Carry) -> str:
    """Say what becomes of an answer to a question in another version of the questionnaire.

    Parameters
    ----------
    carry : of one question.

    Returns
    -------
    A verb and what follows it.
    """
    return CARRY_WORDS[carry]
