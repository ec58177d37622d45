"""What people are asked, and what is wrong with what they gave, each saying what to do."""

from collections.abc import Sequence

from assessment.core.answers.answers import MAX_LINKS, MAX_TEXT_LENGTH, AnswerMistake
from assessment.core.answers.barriers import ChoiceKind
from assessment.core.plans.plans import MAX_ACTION_LENGTH, MAX_OWNER_LENGTH, ActionMistake
from assessment.core.questionnaire.questionnaire import Level, MissingPartError, Part
from assessment.core.questionnaire.versions import Carry
from assessment.locale import gettext, lazy_gettext, mark

CHOICE_QUESTIONS = {
    ChoiceKind.BARRIER: lazy_gettext("What holds your authority back most?"),
    ChoiceKind.SUPPORT: lazy_gettext("What support would help most?"),
}
ANSWER_MISTAKES = {
    AnswerMistake.NO_LEVEL: lazy_gettext("Choose one of the levels, Don't know or Does not apply."),
    AnswerMistake.LEVEL_BESIDE_STANDING: lazy_gettext(
        "Choose either a level or Don't know or Does not apply."
    ),
    AnswerMistake.NO_REASON: lazy_gettext("Say why this question does not apply."),
    AnswerMistake.TEXT_TOO_LONG: lazy_gettext(
        "Shorten the text to %(most)s characters or fewer.", most=f"{MAX_TEXT_LENGTH:,}"
    ),
    AnswerMistake.TOO_MANY_LINKS: lazy_gettext(
        "Give %(most)s evidence links or fewer.", most=MAX_LINKS
    ),
}
ACTION_MISTAKES = {
    ActionMistake.NO_TEXT: lazy_gettext("Say what will be done."),
    ActionMistake.NO_OWNER: lazy_gettext("Say who leads it."),
    ActionMistake.TEXT_TOO_LONG: lazy_gettext(
        "Shorten the action to %(most)s characters or fewer.", most=f"{MAX_ACTION_LENGTH:,}"
    ),
    ActionMistake.OWNER_TOO_LONG: lazy_gettext(
        "Shorten who leads it to %(most)s characters or fewer.", most=MAX_OWNER_LENGTH
    ),
}
CARRY_WORDS = {
    Carry.CARRIES_OVER: lazy_gettext("carries over"),
    Carry.SECOND_LOOK: lazy_gettext("needs a second look"),
    Carry.RETIRED: lazy_gettext("is retired"),
    Carry.NEW: lazy_gettext("is new"),
}

MISSING_PARTS = {
    Part.QUESTION: mark("There is no question %(id)s in version %(version)s."),
    Part.PRINCIPLE: mark("There is no principle %(id)s in version %(version)s."),
    Part.CASE: mark("There is no case study %(id)s in version %(version)s."),
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
    return str(CHOICE_QUESTIONS[kind])


def say_answer_mistake(mistake: AnswerMistake) -> str:
    """Say what to do about a mistake in an answer.

    Parameters
    ----------
    mistake : one of an answer's.

    Returns
    -------
    A sentence for the person who gave it.
    """
    return str(ANSWER_MISTAKES[mistake])


def say_action_mistake(mistake: ActionMistake) -> str:
    """Say what to do about a mistake in a planned action.

    Parameters
    ----------
    mistake : one of an action's.

    Returns
    -------
    A sentence for the person who plans it.
    """
    return str(ACTION_MISTAKES[mistake])


def say_missing(error: MissingPartError) -> str:
    """Say that a version of the questionnaire has no such part.

    Parameters
    ----------
    error : what was asked for.

    Returns
    -------
    A sentence.
    """
    return gettext(MISSING_PARTS[error.part], id=error.part_id, version=error.version)


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
    return gettext(
        "Give a number from %(lowest)s to %(highest)s with one decimal at most, such as "
        "%(example)s.",
        lowest=lowest,
        highest=highest,
        example=highest - 0.5,
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
    return str(CARRY_WORDS[carry])
