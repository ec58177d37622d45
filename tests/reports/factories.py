"""Plain functions that make reports with fixed values for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from assessment.core.answers.answers import Answer
from assessment.core.answers.assessments import OwnAnswer
from assessment.core.answers.barriers import Choices
from assessment.core.answers.rounds import Edition
from assessment.core.answers.scoring import score_answers
from assessment.core.people.groups import GroupKind
from assessment.core.plans.plans import Plan, PlannedAction, SavedAction
from assessment.core.questionnaire.questionnaire import Choice, Questionnaire
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.neighbours import Likeness
from assessment.core.statistics.publication import PeerComparison
from assessment.core.statistics.published_figures import (
    NO_CHANGE,
    Figure,
    FigureKey,
    PeerFigure,
)
from assessment.core.statistics.uncertainty import Place, Position
from assessment.core.statistics.withholding import HIDDEN, SHOWN, Reason, Withheld
from reports.authority.build import Assessed, PeerBenchmark, Previous, build_report
from reports.authority.data import ReportData
from tests.factories import (
    make_answer,
    make_authority,
    make_duty,
    make_planned_action,
    make_questionnaire,
)

Level = int | Literal["dk", "na"]
WITHHELD = Withheld(Reason.TOO_FEW_SUBMITTED, 3)
ALIKE = Likeness("England", 1, ("population",), (), False, False, False)
CERTAIN = Place(Position.WITHIN, (Position.WITHIN,))
MADE_ON = date(2026, 11, 23)
EDITION = Edition(
    round_id="2026",
    number=1,
    cut_on=date(2026, 11, 20),
    questionnaire_version="test-1",
    register_version="2026-04",
    method_version="2026.1",
    content_hash="0f" * 32,
)


def make_answers(questionnaire: Questionnaire, levels: Sequence[Level]) -> dict[str, Answer]:
    """Answer the questions in order; the levels start again when they run out."""
    return {
        question_id: make_answer(question_id, levels[place % len(levels)])
        for place, question_id in enumerate(questionnaire.question_ids)
    }


def make_figure(
    measure: str = "principle",
    item_id: str = "principle-1",
    *,
    kind: GroupKind = GroupKind.TYPE,
    group_id: str = "county",
    **changes: Any,
) -> Figure:
    """Make the figures of 61 of 74 counties: middle half 2.1 to 3.3, median 2.5."""
    values: dict[str, Any] = {
        "key": FigureKey(kind, group_id, Measure(measure), item_id),
        "group_name": "counties",
        "n": 61,
        "submitted": 61,
        "of_n": 74,
        "mean": 2.6,
        "median": 2.5,
        "q1": 2.1,
        "q3": 3.3,
        "percents": (10, 30, 40, 15, 5),
        "percents_at_least": (90, 60, 20, 5),
        "percent_dont_know": None,
        "percent_does_not_apply": None,
        "withheld_centre": SHOWN,
        "withheld_spread": SHOWN,
    }
    return Figure(**(values | changes))


def withhold(figure: Figure, withheld: Withheld = HIDDEN) -> Figure:
    """Withhold a figure whole, but for its change."""
    nothing: dict[str, Any] = dict.fromkeys(("n", "mean", "median", "q1", "q3", "weighted"))
    nothing |= {"percents": (None,) * 5, "percents_at_least": (None,) * 4, "change": NO_CHANGE}
    return replace(figure, **nothing, withheld_centre=withheld, withheld_spread=withheld)


def make_peers(figure: Figure, place: Place | None = CERTAIN) -> PeerFigure:
    """Set an authority's score of 3 beside its peers."""
    is_shown = figure.withheld_spread.is_shown
    return PeerFigure(figure, 3.0, 60 if is_shown else None, place if is_shown else None)


def make_comparison(
    questionnaire: Questionnaire,
    *,
    kind: GroupKind = GroupKind.TYPE,
    name: str = "counties",
    withheld: bool = False,
    medians: Mapping[str, float] | None = None,
    uppers: Mapping[str, float | None] | None = None,
    positions: Mapping[str, Position | None] | None = None,
    place: Place = CERTAIN,
) -> PeerComparison:
    """Make a comparison with 61 of 74 peers; the rest is by item id."""
    items = [("overall", "overall")]
    items += [("principle", principle.id) for principle in questionnaire.principles]
    items += [("question", question_id) for question_id in questionnaire.question_ids]
    figures = {i: make_figure(m, i, kind=kind, group_name=name) for m, i in items}
    if withheld:
        figures = {i: withhold(figure, WITHHELD) for i, figure in figures.items()}
    figures |= {i: replace(figures[i], median=median) for i, median in (medians or {}).items()}
    figures |= {i: replace(figures[i], q3=upper) for i, upper in (uppers or {}).items()}
    places = {i: at and Place(at, (at,)) for i, at in (positions or {}).items()}
    peers = [make_peers(figure, places.get(i, place)) for i, figure in figures.items()]
    return PeerComparison(kind, "county", name, 2 if withheld else 61, 74, tuple(peers))


def make_benchmark(*comparisons: PeerComparison, round_name: str = "2026") -> PeerBenchmark:
    """Make the benchmark of edition 1 of round 2026."""
    return PeerBenchmark(EDITION, round_name, comparisons)


def make_plan(*actions: PlannedAction, **targets: float) -> Plan:
    """Make a plan of these actions, in this order, with targets by principle id."""
    saved_at = datetime(2026, 11, 1, tzinfo=UTC)
    saved = (
        SavedAction(UUID(int=place), action, 1, "Jo Lead", saved_at)
        for place, action in enumerate(actions)
    )
    by_principle = {principle.replace("_", "-"): score for principle, score in targets.items()}
    return Plan(targets=by_principle, actions=tuple(saved))


def make_own_answers(question_id: str, **levels: Level) -> tuple[OwnAnswer, ...]:
    """Make what people answered to a question, by their names."""
    answers = {name: make_answer(question_id, level) for name, level in levels.items()}
    return tuple(
        OwnAnswer(question_id, name, answer.standing, answer.level)
        for name, answer in answers.items()
    )


def make_rich_report(text: str = "Name a sponsor.", **changes: Any) -> ReportData:
    """Make a report with everything: a plan and needs that say ``text``, three rounds, two people.

    Six actions are open, one of them overdue, and one is done.
    """
    choices = {"barriers": (Choice("rules", text),), "support": (Choice("law", text),)}
    asked = replace(make_questionnaire(), **choices)
    answers = make_answers(asked, (1, 2, 3, 4, 5))
    before = score_answers(asked, make_answers(asked, (2, 2, 3)))
    near = make_comparison(asked, kind=GroupKind.NEIGHBOURS, name="nearest neighbours")
    due_on = [date(2026, 1, 31), *(date(2027, month, 1) for month in range(1, 6))]
    values: dict[str, Any] = {
        "assessed": Assessed(
            "2026",
            answers,
            score_answers(asked, answers),
            date(2026, 11, 2),
            ("Jo Lead",),
            make_own_answers("1.1", jo=1, sam=4),
            Choices(("rules",), ("law",)),
        ),
        "history": [Previous("2025", before), Previous("2024", before)],
        "benchmark": make_benchmark(make_comparison(asked), near),
        "plan": make_plan(
            *(make_planned_action(text=text, owner=text, due_on=day) for day in due_on),
            make_planned_action(text=text, is_done=True),
            principle_1=3.5,
        ),
    }
    return make_report(questionnaire=asked, **(values | changes))


def make_report(
    levels: Sequence[Level] = (3, 2, 4),
    *,
    previous_levels: Sequence[Level] | None = None,
    questionnaire: Questionnaire | None = None,
    benchmark: PeerBenchmark | Literal["peers"] | None = "peers",
    **changes: Any,
) -> ReportData:
    """Make a report of round 2026 beside 61 of 74 counties, all as invented data."""
    asked = questionnaire or make_questionnaire()
    answers = make_answers(asked, levels)
    history = []
    if previous_levels is not None:
        before = score_answers(asked, make_answers(asked, previous_levels))
        history = [Previous("2025", before)]
    if benchmark == "peers":
        benchmark = make_benchmark(make_comparison(asked))
    values: dict[str, Any] = {
        "questionnaire": asked,
        "authority": make_authority(),
        "assessed": Assessed("2026", answers, score_answers(asked, answers), date(2026, 11, 2)),
        "history": history,
        "benchmark": benchmark,
        "plan": Plan(),
        "made_on": MADE_ON,
        "simulated": True,
    }
    return build_report(**(values | changes))


def make_dutiful_questionnaire() -> Questionnaire:
    """Make six principles of six questions, of usual length; a third have a duty to check."""
    asked = make_questionnaire(principles=6, questions=6)
    duty = replace(make_duty(), text="Check what the law asks for. " * 5)
    text = "Most procurements of something new have one, and somebody reads it every year. " * 2
    principles = tuple(
        replace(
            principle,
            questions=tuple(
                replace(question, legal=(duty,) if place < 2 else (), descriptors=(text,) * 5)
                for place, question in enumerate(principle.questions)
            ),
        )
        for principle in asked.principles
    )
    return replace(asked, principles=principles)
