"""The principles and questions of a report, with scores, levels and peers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assessment.core.answers.answers import Answers, Standing
from assessment.core.answers.assessments import OwnAnswer
from assessment.core.answers.scoring import Scores, Unscored, nearest_level
from assessment.core.questionnaire.questionnaire import Level, Principle, Question, Questionnaire
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.publication import PeerComparison
from assessment.core.statistics.published_figures import PeerFigure
from reports.authority.comparison import find_peers
from reports.authority.parts import (
    ActionData,
    CaseData,
    GivenData,
    PrincipleData,
    QuestionData,
    ScoreData,
)
from reports.authority.priorities import suggest_date

# How many cases a principle shows.
MAX_CASES = 2


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report's scores and levels are read from; ``chosen`` is one of the comparisons."""

    questionnaire: Questionnaire
    answers: Answers
    scores: Scores
    previous: Scores | None
    comparisons: tuple[PeerComparison, ...]
    chosen: PeerComparison | None
    targets: Mapping[str, float]
    own_answers: Sequence[OwnAnswer]
    made_on: date


def describe_overall(basis: Basis) -> ScoreData:
    """Describe the overall score.

    Parameters
    ----------
    basis : what the report is read from.

    Returns
    -------
    The overall score with its change and peers; where it is not given, why.
    """
    return _score_data(
        basis,
        basis.scores.overall,
        None if basis.previous is None else basis.previous.overall,
        basis.scores.unscored,
        _chosen_peers(basis, Measure.OVERALL, Measure.OVERALL.value),
    )


def describe_principle(basis: Basis, principle: Principle) -> PrincipleData:
    """Describe one principle.

    Parameters
    ----------
    basis : what the report is read from.
    principle : of the questionnaire.

    Returns
    -------
    Its score with the working, its questions, and its figures in every group of peers.
    """
    working = basis.scores.principle(principle.id)
    before = [] if basis.previous is None else basis.previous.principles
    previous = next((p.score for p in before if p.principle_id == principle.id), None)
    peers = _chosen_peers(basis, Measure.PRINCIPLE, principle.id)
    groups = (find_peers(c, Measure.PRINCIPLE, principle.id) for c in basis.comparisons)
    return PrincipleData(
        id=principle.id,
        number=basis.questionnaire.principle_number(principle.id),
        name=principle.name,
        answer=principle.answer,
        good=principle.good,
        score=replace(
            _score_data(basis, working.score, previous, working.unscored, peers),
            target=basis.targets.get(principle.id),
        ),
        applicable=working.applicable,
        needed=working.needed,
        lowest_ids=working.lowest_ids,
        highest_ids=working.highest_ids,
        questions=tuple(_describe_question(basis, principle, q) for q in principle.questions),
        groups=tuple(group for group in groups if group is not None),
        cases=tuple(_choose_cases(basis, principle)),
    )


def _score_data(
    basis: Basis,
    score: float | None,
    previous: float | None,
    unscored: Unscored | None,
    peers: PeerFigure | None,
) -> ScoreData:
    """Put a score beside its last one and its peers."""
    return ScoreData(
        score=score,
        level_name="" if score is None else nearest_level(basis.questionnaire, score).name,
        unscored=unscored,
        previous=previous,
        change=None if score is None or previous is None else score - previous,
        peers=peers,
    )


def _describe_question(basis: Basis, principle: Principle, question: Question) -> QuestionData:
    """Describe one question: the level reached and the next, or why there is none."""
    answer = basis.answers.get(question.id)
    level = _level(basis.questionnaire, None if answer is None else answer.level)
    next_level = None if level is None else _level(basis.questionnaire, level.number + 1)
    peers = _chosen_peers(basis, Measure.QUESTION, question.id)
    median = None if peers is None else peers.figure.median
    own_answers = [own for own in basis.own_answers if own.question_id == question.id]
    return QuestionData(
        id=question.id,
        title=question.title,
        text=question.text,
        ask=question.ask,
        look_for=question.evidence[0] if question.evidence else "",
        standing=None if answer is None else answer.standing,
        level=level,
        descriptor=_descriptor(question, level),
        next_level=next_level,
        next_descriptor=_descriptor(question, next_level),
        reason="" if answer is None else answer.reason,
        note="" if answer is None else answer.note,
        evidence=() if answer is None else answer.evidence,
        action=_describe_action(basis, question, level, next_level),
        peers=peers,
        gap=None if median is None or level is None else median - level.number,
        given=_count_given(own_answers),
        apart=_measure_apart(own_answers),
        weight=question.weight,
        target=basis.targets.get(principle.id),
    )


def _count_given(own_answers: Sequence[OwnAnswer]) -> tuple[GivenData, ...]:
    """Count the people who gave each answer, lowest level first; nothing where only one did."""
    if len(own_answers) == 1:
        return ()
    people = Counter((own.standing, own.level) for own in own_answers)
    order = list(Standing)
    given = sorted(people, key=lambda answer: (order.index(answer[0]), answer[1] or 0))
    return tuple(GivenData(*answer, people[answer]) for answer in given)


def _measure_apart(own_answers: Sequence[OwnAnswer]) -> int:
    """Return how far the highest level that people gave is above the lowest, in levels."""
    levels = [own.level for own in own_answers if own.level is not None]
    return max(levels) - min(levels) if levels else 0


def _choose_cases(basis: Basis, principle: Principle) -> Iterator[CaseData]:
    """Choose the cases that fit best: those of the questions at the lowest levels."""
    ranked = sorted(principle.questions, key=lambda question: _urgency(basis, question))
    first_of: dict[str, str] = {}
    for question in ranked:
        for case_id in question.cases:
            first_of.setdefault(case_id, question.id)
    for case_id, question_id in list(first_of.items())[:MAX_CASES]:
        case = basis.questionnaire.case(case_id)
        source = case.sources[0]
        yield CaseData(case.title, case.place, case.summary, source.title, source.url, question_id)


def _urgency(basis: Basis, question: Question) -> int:
    """Return the level of a question, the lowest first; one without a level comes last."""
    answer = basis.answers.get(question.id)
    last = len(basis.questionnaire.levels) + 1
    return last if answer is None or answer.level is None else answer.level


def _describe_action(
    basis: Basis, question: Question, level: Level | None, next_level: Level | None
) -> ActionData | None:
    """Describe the first move to the next level; None where there is none."""
    action = None if level is None else question.action_from(level.number)
    if action is None or next_level is None:
        return None
    return ActionData(
        question_id=question.id,
        question_title=question.title,
        text=action.text,
        owner=action.owner,
        effort=action.effort,
        to_level=next_level,
        by=suggest_date(action.effort, basis.made_on),
    )


def _level(questionnaire: Questionnaire, number: int | None) -> Level | None:
    """Return the level of this number; None where the scale has none."""
    return next((level for level in questionnaire.levels if level.number == number), None)


def _descriptor(question: Question, level: Level | None) -> str:
    """Return what a question describes at a level; empty for none."""
    return "" if level is None else question.descriptors[level.number - 1]


def _chosen_peers(basis: Basis, measure: Measure, item_id: str) -> PeerFigure | None:
    """Return the chosen group's figures for an item; None where there is no benchmark."""
    return None if basis.chosen is None else find_peers(basis.chosen, measure, item_id)
