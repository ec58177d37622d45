"""Scores: from agreed levels to principle scores and the overall score."""

from dataclasses import dataclass

import numpy as np

from assessment.core.answers.answers import (
    DOES_NOT_APPLY,
    DONT_KNOW,
    UNANSWERED,
    Answers,
    encode_answers,
)
from assessment.core.questionnaire.questionnaire import Level, Principle, Questionnaire
from assessment.core.rounding import round_half_up

# Of a principle's applicable questions, the share that must have a level: two thirds.
SCORED_OF = (2, 3)


@dataclass(frozen=True, slots=True)
class UnscoredPrinciple:
    """Why a principle is not scored.

    Of its ``applicable`` questions ``levels`` have a level and ``needed`` must; ``dont_know`` are
    answered Don't know and ``unanswered`` not at all.
    """

    levels: int
    applicable: int
    needed: int
    dont_know: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class UnscoredOverall:
    """Why there is no overall score: ``missing`` of all ``principles`` are not scored."""

    missing: int
    principles: int


Unscored = UnscoredPrinciple | UnscoredOverall


@dataclass(frozen=True, slots=True)
class PrincipleScore:
    """A principle's score with everything its working needs.

    ``score`` is None where not scored. ``needed`` levels of ``applicable`` questions would
    be enough. ``levels`` holds (question id, level) for each question with a level.
    """

    principle_id: str
    score: float | None
    levels: tuple[tuple[str, int], ...]
    applicable: int
    needed: int
    dont_know: int
    unanswered: int
    does_not_apply: int
    lowest_ids: tuple[str, ...]
    highest_ids: tuple[str, ...]

    @property
    def unscored(self) -> UnscoredPrinciple | None:
        """Return why the principle is not scored; None where it is."""
        if self.score is not None:
            return None
        counts = (len(self.levels), self.applicable, self.needed)
        return UnscoredPrinciple(*counts, self.dont_know, self.unanswered)


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one assessment; ``overall`` is None unless every principle is scored."""

    principles: tuple[PrincipleScore, ...]
    overall: float | None

    @property
    def unscored(self) -> UnscoredOverall | None:
        """Return why there is no overall score; None where there is one."""
        missing = sum(1 for principle in self.principles if principle.score is None)
        return UnscoredOverall(missing, len(self.principles)) if missing else None

    def principle(self, principle_id: str) -> PrincipleScore:
        """Return one principle's score."""
        return next(s for s in self.principles if s.principle_id == principle_id)


def score_answers(questionnaire: Questionnaire, answers: Answers) -> Scores:
    """Score one assessment and keep its working.

    Parameters
    ----------
    questionnaire : the version answered.
    answers : agreed answers by question id.

    Returns
    -------
    One PrincipleScore per principle in the questionnaire's order; scores are levels [1 to L].

    Notes
    -----
    A principle's score is the weighted mean of its levels, given only if at least two thirds
    of its applicable questions have a level. The overall score is the plain mean of all the
    principle scores, given only when every principle is scored.
    """
    answer_codes = encode_answers(questionnaire, answers)[np.newaxis, :]
    principle_scores = score_answer_codes(questionnaire, answer_codes)
    overall = overall_scores(principle_scores)[0]
    parts = tuple(
        _explain(principle, answer_codes[0, columns], principle_scores[0, index])
        for index, (principle, columns) in enumerate(principle_columns(questionnaire))
    )
    return Scores(parts, None if np.isnan(overall) else float(overall))


def score_answer_codes(questionnaire: Questionnaire, answer_codes: np.ndarray) -> np.ndarray:
    """Score many assessments at once.

    Parameters
    ----------
    questionnaire : the version answered.
    answer_codes : int8, one row an assessment, one column a question in the questionnaire's order.

    Returns
    -------
    float, one row an assessment, one column a principle; level [1 to L], NaN where not scored.
    """
    scores = np.full((len(answer_codes), len(questionnaire.principles)), np.nan)
    numerator, denominator = SCORED_OF
    for index, (principle, columns) in enumerate(principle_columns(questionnaire)):
        part = answer_codes[:, columns]
        has_level = part > UNANSWERED
        enough = denominator * has_level.sum(axis=1) >= numerator * count_applicable(part)
        weights = has_level * np.array([question.weight for question in principle.questions])
        scored = enough & has_level.any(axis=1)
        totals = (part * weights).sum(axis=1)
        scores[scored, index] = totals[scored] / weights.sum(axis=1)[scored]
    return scores


def overall_scores(principle_scores: np.ndarray) -> np.ndarray:
    """Return each assessment's plain mean of principle scores; NaN unless all are scored."""
    return np.asarray(principle_scores.mean(axis=1))


def count_applicable(answer_codes: np.ndarray) -> np.ndarray:
    """Count, for each assessment, the questions not said to be inapplicable."""
    return np.asarray((answer_codes != DOES_NOT_APPLY).sum(axis=1))


def nearest_level(questionnaire: Questionnaire, score: float) -> Level:
    """Return the level whose name a score bears: the nearest, halves up (2.5 is level 3)."""
    number = int(round_half_up(score))
    return next(level for level in questionnaire.levels if level.number == number)


def principle_columns(questionnaire: Questionnaire) -> list[tuple[Principle, slice]]:
    """Pair each principle with the columns its questions take in an array of codes."""
    pairs, start = [], 0
    for principle in questionnaire.principles:
        end = start + len(principle.questions)
        pairs.append((principle, slice(start, end)))
        start = end
    return pairs


def _explain(principle: Principle, answer_codes: np.ndarray, score: float) -> PrincipleScore:
    """Gather the working of one principle's score."""
    given = [
        (question.id, int(code))
        for question, code in zip(principle.questions, answer_codes, strict=True)
        if code > UNANSWERED
    ]
    levels = [level for _, level in given]
    applicable = int(count_applicable(answer_codes[np.newaxis, :])[0])
    numerator, denominator = SCORED_OF
    return PrincipleScore(
        principle_id=principle.id,
        score=None if np.isnan(score) else float(score),
        levels=tuple(given),
        applicable=applicable,
        needed=-(-numerator * applicable // denominator),
        dont_know=int((answer_codes == DONT_KNOW).sum()),
        unanswered=int((answer_codes == UNANSWERED).sum()),
        does_not_apply=int((answer_codes == DOES_NOT_APPLY).sum()),
        lowest_ids=tuple(q for q, level in given if level == min(levels)),
        highest_ids=tuple(q for q, level in given if level == max(levels)),
    )
