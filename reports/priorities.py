"""What is strong and what to work on first, by a stated rule."""

from collections.abc import Sequence

from assessment.core.questionnaire import Level
from reports.data import Focus, QuestionData

MOST_STRENGTHS = 3
MOST_PRIORITIES = 3
MOST_ACTIONS = 5


def choose_focus(questions: Sequence[QuestionData], levels: Sequence[Level]) -> Focus:
    """Choose what a report speaks of first.

    Parameters
    ----------
    questions : in the questionnaire's order.
    levels : of the questionnaire, lowest first.

    Returns
    -------
    Up to `MOST_STRENGTHS` strengths, `MOST_PRIORITIES` priorities and `MOST_ACTIONS` actions,
    which begin with the priorities' own. No question is both a strength and a priority.
    """
    ranked = rank_priorities(questions)
    priority_ids = tuple(question.id for question in ranked[:MOST_PRIORITIES])
    others = [question for question in questions if question.id not in priority_ids]
    strengths = rank_strengths(others, levels)[:MOST_STRENGTHS]
    actions = [question.action for question in ranked if question.action is not None]
    return Focus(
        strength_ids=tuple(question.id for question in strengths),
        priority_ids=priority_ids,
        actions=tuple(actions[:MOST_ACTIONS]),
    )


def rank_priorities(questions: Sequence[QuestionData]) -> list[QuestionData]:
    """Order the questions that can go up a level, the most urgent first.

    Parameters
    ----------
    questions : in the questionnaire's order.

    Returns
    -------
    Those with a level below the top: furthest below the peers' median first; then the lower
    level; then the questionnaire's order. Without a median a question counts as being at it.
    """
    improvable = [q for q in questions if q.level is not None and q.next_level is not None]
    return sorted(improvable, key=lambda q: (-_gap(q), _number(q.level)))


def rank_strengths(
    questions: Sequence[QuestionData], levels: Sequence[Level]
) -> list[QuestionData]:
    """Order the questions that are strong, the strongest first.

    Parameters
    ----------
    questions : in the questionnaire's order.
    levels : of the questionnaire, lowest first.

    Returns
    -------
    Those at the middle level or higher, and not below the peers' median where that is shown:
    furthest above it first; then the higher level; then the questionnaire's order.
    """
    middle = levels[len(levels) // 2].number
    strong = [q for q in questions if _number(q.level) >= middle and _gap(q) <= 0]
    return sorted(strong, key=lambda q: (_gap(q), -_number(q.level)))


def _gap(question: QuestionData) -> float:
    """Return how far the peers' median is above the level; nothing where it is not shown."""
    return 0.0 if question.gap is None else question.gap


def _number(level: Level | None) -> int:
    """Return a level's number; nothing is below every level."""
    return 0 if level is None else level.number
