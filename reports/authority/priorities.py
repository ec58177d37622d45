"""What is strong and what to work on first, by a stated rule."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from assessment.core.questionnaire.questionnaire import Effort, Level
from assessment.core.statistics.published_figures import PeerFigure
from reports.authority.parts import Focus, QuestionData

MAX_STRENGTHS = 3
MAX_PRIORITIES = 3
MAX_ACTIONS = 5
# A level on which colleagues are far apart is half as sure as one they agree on.
UNSURE = 0.5
# How many months a suggested action is given, by what it takes.
MONTHS = {Effort.DAYS: 1, Effort.WEEKS: 3, Effort.MONTHS: 9}


def choose_focus(questions: Sequence[QuestionData], levels: Sequence[Level]) -> Focus:
    """Choose what a report speaks of first.

    Parameters
    ----------
    questions : in the questionnaire's order.
    levels : of the questionnaire, lowest first.

    Returns
    -------
    Up to `MAX_STRENGTHS` strengths, `MAX_PRIORITIES` priorities and `MAX_ACTIONS` actions,
    which begin with the priorities' own. No question is both a strength and a priority.
    """
    ranked = rank_priorities(questions)
    priority_ids = tuple(question.id for question in ranked[:MAX_PRIORITIES])
    others = [question for question in questions if question.id not in priority_ids]
    strengths = rank_strengths(others, levels)[:MAX_STRENGTHS]
    actions = [question.action for question in ranked if question.action is not None]
    return Focus(
        strength_ids=tuple(question.id for question in strengths),
        priority_ids=priority_ids,
        actions=tuple(actions[:MAX_ACTIONS]),
    )


def rank_priorities(questions: Sequence[QuestionData]) -> list[QuestionData]:
    """Order the questions that can go up a level, the most urgent first.

    Parameters
    ----------
    questions : in the questionnaire's order.

    Returns
    -------
    Those with a level below the top: by `measure_urgency`, the largest first; then the lower
    level; then the questionnaire's order.
    """
    improvable = [q for q in questions if q.level is not None and q.next_level is not None]
    return sorted(improvable, key=lambda q: (-measure_urgency(q), _number(q.level)))


def measure_urgency(question: QuestionData) -> float:
    """Measure how far a question is behind, and how much that matters.

    Parameters
    ----------
    question : one with a level.

    Returns
    -------
    How far the level is below the target or the peers' upper quartile, whichever is further
    above it [levels], times the question's weight; half of that where colleagues are
    divided. Where only the peers' median is shown, it stands for their upper quartile;
    0 where the level is behind neither, or neither is known.
    """
    aims = [aim for aim in (question.target, _upper(question.peers)) if aim is not None]
    behind = max(aims, default=0.0) - _number(question.level)
    sureness = UNSURE if question.is_divided else 1.0
    return max(0.0, behind) * question.weight * sureness


def suggest_date(effort: Effort, made_on: date) -> date:
    """Suggest by when an action can be done.

    Parameters
    ----------
    effort : what it takes.
    made_on : the day of the report.

    Returns
    -------
    The last day of the month that lies so many `MONTHS` ahead.
    """
    months = made_on.month - 1 + MONTHS[effort]
    year, month = made_on.year + months // 12, months % 12 + 1
    return date(year, month, monthrange(year, month)[1])


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


def _upper(peers: PeerFigure | None) -> float | None:
    """Return the peers' upper quartile, else their median, else None."""
    if peers is None:
        return None
    figure = peers.figure
    return figure.median if figure.q3 is None else figure.q3


def _number(level: Level | None) -> int:
    """Return a level's number; nothing is below every level."""
    return 0 if level is None else level.number
