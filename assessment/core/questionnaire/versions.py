"""Two versions of the questionnaire: what changed, and which answers carry over."""

from dataclasses import dataclass
from enum import StrEnum

from assessment.core.questionnaire.questionnaire import Question, Questionnaire


class Carry(StrEnum):
    """What becomes of last round's answer to a question."""

    CARRIES_OVER = "carries_over"
    SECOND_LOOK = "second_look"
    RETIRED = "retired"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question of either version, and which of its parts differ."""

    question_id: str
    title: str
    carry: Carry
    changed: tuple[str, ...]


# What a level is chosen by: where one of these differs, the question may ask something else.
MEANING = ("text", "descriptors")
PARTS = (
    *("title", "text", "why", "ask", "descriptors", "evidence", "actions"),
    *("sources", "legal", "cases", "crosswalk", "weight"),
)


def compare_versions(old: Questionnaire, new: Questionnaire) -> tuple[QuestionChange, ...]:
    """Compare two versions of the questionnaire, question by question.

    Parameters
    ----------
    old, new : two versions; ids that both have are the same question.

    Returns
    -------
    One change for each question of the new version, in its order, then one for each question
    that only the old one has. An answer carries over where text and descriptors are the same
    but for white space, or where the new question names the old version in
    ``same_meaning_as``, and the levels are as many; else it needs a second look.
    """
    before = {question.id: question for question in old.questions}
    same_levels = len(old.levels) == len(new.levels)
    changes = [
        _compare(before.get(question.id), question, old.version, same_levels)
        for question in new.questions
    ]
    gone = [before[question_id] for question_id in before if question_id not in new.question_ids]
    changes += [QuestionChange(q.id, q.title, Carry.RETIRED, ()) for q in gone]
    return tuple(changes)


def _compare(
    old: Question | None, new: Question, old_version: str, same_levels: bool
) -> QuestionChange:
    """Compare one question of the new version with the one before."""
    if old is None:
        return QuestionChange(new.id, new.title, Carry.NEW, ())
    changed = tuple(part for part in PARTS if _differs(getattr(old, part), getattr(new, part)))
    kept = old_version in new.same_meaning_as or not set(changed) & set(MEANING)
    carry = Carry.CARRIES_OVER if kept and same_levels else Carry.SECOND_LOOK
    return QuestionChange(new.id, new.title, carry, changed)


def _differs(old: object, new: object) -> bool:
    """Return whether two parts differ in more than white space."""
    return _plain(old) != _plain(new)


def _plain(part: object) -> object:
    """Return a part with each run of white space in its texts made one space."""
    if isinstance(part, str):
        return " ".join(part.split())
    return tuple(map(_plain, part)) if isinstance(part, tuple) else part
