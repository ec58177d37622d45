"""What a report says, worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from assessment.core.answers.answers import Standing
from assessment.core.answers.scoring import UnscoredOverall, UnscoredPrinciple, score_answers
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import HookKind, Nation, Questionnaire
from assessment.core.statistics.neighbours import Neighbour, NeighbourSet
from assessment.core.statistics.publication import PeerComparison
from assessment.core.statistics.uncertainty import Place, Position
from reports.authority.build import Assessed, describe_neighbours
from reports.authority.data import ReportData
from reports.authority.parts import PeerGroup
from tests.factories import (
    make_answer,
    make_authority,
    make_duty,
    make_planned_action,
    make_questionnaire,
)
from tests.reports.factories import (
    ALIKE,
    EDITION,
    WITHHELD,
    make_benchmark,
    make_comparison,
    make_own_answers,
    make_plan,
    make_report,
    make_rich_report,
)


def ids(questions: tuple[object, ...]) -> list[str]:
    return [question.id for question in questions]  # type: ignore[attr-defined]


def with_duty(**changes: object) -> Questionnaire:
    """Make a questionnaire whose question 1.1 carries a duty."""
    asked = make_questionnaire()
    first = asked.principles[0]
    question = replace(first.questions[0], legal=(make_duty(**changes),))
    principle = replace(first, questions=(question, *first.questions[1:]))
    return replace(asked, principles=(principle, asked.principles[1]))


def test_build_report_gives_scores_with_working() -> None:
    report = make_report((3, 2, 4, 1, 1, 2))

    first, second = report.principles
    assert first.score.score == 3.0  # (3 + 2 + 4) / 3
    assert first.score.level_name == "Developing"
    assert ids(first.lowest) == ["1.2"]
    assert ids(first.highest) == ["1.3"]
    assert second.score.score == pytest.approx(4 / 3)  # (1 + 1 + 2) / 3
    assert second.score.level_name == "Starting"
    assert ids(second.lowest) == ["2.1", "2.2"]
    assert report.overall.score == pytest.approx(13 / 6)  # (3 + 4/3) / 2
    assert report.overall.level_name == "Exploring"


def test_build_report_names_round_edition_and_versions() -> None:
    report = make_report()

    assert report.authority_name == "Exampleshire"
    assert report.nation == "England"
    assert (report.round_name, report.edition_round_name) == ("2026", "2026")
    assert report.submitted_on == date(2026, 11, 2)
    assert report.made_on == date(2026, 11, 23)
    assert report.edition == EDITION
    assert not report.is_earlier_edition
    assert report.questionnaire_version == "test-1"
    assert (report.min_for_median, report.min_for_spread) == (5, 10)
    assert report.simulated


def test_build_report_open_round_is_compared_with_earlier_edition() -> None:
    benchmark = make_benchmark(make_comparison(make_questionnaire()), round_name="2025")

    assert make_report(benchmark=benchmark).is_earlier_edition


def test_build_report_change_is_this_round_less_the_last() -> None:
    report = make_report((3, 2, 4), previous_levels=(3, 2, 2))

    score = report.principles[0].score
    assert score.previous == pytest.approx(7 / 3)  # (3 + 2 + 2) / 3
    assert score.change == pytest.approx(2 / 3)  # 3 - 7/3
    assert report.overall.change == pytest.approx(2 / 3)
    assert report.previous_round_name == "2025"


def test_build_report_without_previous_round_has_no_change() -> None:
    report = make_report()

    assert report.previous_round_name == ""
    assert report.principles[0].score.change is None
    assert report.overall.previous is None


def test_build_report_previous_round_not_scored_has_no_change() -> None:
    report = make_report((3, 2, 4), previous_levels=("dk", "dk", 2))

    assert report.principles[0].score.previous is None
    assert report.principles[0].score.change is None


@pytest.mark.parametrize(
    ("levels", "unscored"),
    [
        (("dk", "dk", 4), UnscoredPrinciple(1, 3, 2, dont_know=2, unanswered=0)),
        (("dk", "na", "dk"), UnscoredPrinciple(0, 2, 2, dont_know=2, unanswered=0)),
        (("na", "na", "na"), UnscoredPrinciple(0, 0, 0, dont_know=0, unanswered=0)),
    ],
)
def test_build_report_principle_not_scored_says_why(
    levels: tuple[int | str, ...], unscored: UnscoredPrinciple
) -> None:
    report = make_report((*levels, 3, 3, 3))

    assert report.principles[0].score.score is None
    assert report.principles[0].score.unscored == unscored
    assert report.principles[1].score.score == 3.0
    assert report.overall.score is None
    assert report.overall.unscored == UnscoredOverall(1, 2)


def test_build_report_unanswered_question_is_said_not_zero() -> None:
    report = _report_of(make_questionnaire(principles=1), {"1.1": 3})

    question = report.principles[0].questions[1]
    assert question.standing is None
    assert question.level is None
    assert report.principles[0].score.unscored == UnscoredPrinciple(1, 3, 2, 0, unanswered=2)


def test_build_report_all_dont_know_has_no_strengths_nor_priorities() -> None:
    report = make_report(("dk",))

    assert report.overall.unscored == UnscoredOverall(2, 2)
    assert report.strengths == report.priorities == report.focus.actions == ()
    assert len(report.without_level) == 6
    assert report.sentence == "We cannot be scored yet: too few questions have a level."


def test_build_report_all_at_the_top_has_nothing_to_lift() -> None:
    report = make_report((5,))

    assert report.priorities == report.focus.actions == ()
    assert ids(report.strengths) == ["1.1", "1.2", "1.3"]
    assert report.principles[0].questions[0].next_level is None
    assert report.principles[0].questions[0].next_descriptor == ""
    assert report.sentence == (
        "Our scores are even: every principle that is scored stands at 5.0, Leading."
    )


def test_build_report_question_shows_level_and_next() -> None:
    question = make_report((3, 2, 4)).principles[0].questions[0]

    assert question.standing is Standing.LEVEL
    assert question.level is not None
    assert question.next_level is not None
    assert (question.level.name, question.next_level.name) == ("Developing", "Embedding")
    assert question.descriptor == "Practice at level 3."
    assert question.next_descriptor == "Practice at level 4."
    assert question.gap == -0.5  # 2.5 - 3


def test_build_report_does_not_apply_keeps_its_reason() -> None:
    question = make_report(("na", 3, 3)).principles[0].questions[0]

    assert question.standing is Standing.DOES_NOT_APPLY
    assert question.reason == "We buy none of this."
    assert question.action is None


def test_build_report_priorities_are_furthest_below_peers() -> None:
    asked = make_questionnaire()
    medians = {"1.1": 4.0, "1.2": 3.0, "1.3": 2.0, "2.1": 2.0, "2.2": 4.0, "2.3": 1.0}
    benchmark = make_benchmark(make_comparison(asked, medians=medians, uppers=medians))

    # behind the upper quartile by 4-3=1, 3-1=2, 2-2=0, 2-1=1, 4-3=1, 1-4=-3
    report = make_report((3, 1, 2, 1, 3, 4), benchmark=benchmark)

    # of the gaps of 1, 2.1 has the lower level; then 1.1 comes before 2.2
    assert ids(report.priorities) == ["1.2", "2.1", "1.1"]
    assert [a.question_id for a in report.focus.actions] == ["1.2", "2.1", "1.1", "2.2", "1.3"]
    assert report.focus.actions[0].text == "Move on from level 1."
    assert report.focus.actions[0].to_level.number == 2
    # 2.3 alone is at level 3 or higher and not below its peers
    assert ids(report.strengths) == ["2.3"]


def test_build_report_without_medians_goes_by_level() -> None:
    report = make_report((3, 1, 2, 4, 5, 4), benchmark=None)

    assert ids(report.priorities) == ["1.2", "1.3", "1.1"]
    assert ids(report.strengths) == ["2.2", "2.1", "2.3"]
    assert report.peer_group is None
    assert report.edition is None
    assert report.principles[0].score.peers is None
    assert report.questions[0].gap is None


def test_build_report_question_without_action_gives_none() -> None:
    asked = make_questionnaire(principles=1, questions=1)
    question = replace(asked.principles[0].questions[0], actions=())
    bare = replace(asked, principles=(replace(asked.principles[0], questions=(question,)),))

    report = make_report((2,), questionnaire=bare)

    assert ids(report.priorities) == ["1.1"]
    assert report.focus.actions == ()


def test_build_report_everything_withheld_says_why_once() -> None:
    benchmark = make_benchmark(make_comparison(make_questionnaire(), withheld=True))
    report = make_report(benchmark=benchmark)

    assert {figure.withheld_centre for figure in report.profile_figures} == {WITHHELD}
    assert {figure.median for figure in report.profile_figures} == {None}
    assert report.sentence == (
        "Our scores are even: every principle that is scored stands at 3.0, Developing."
    )


def test_build_report_edition_of_another_version_lacks_some_items() -> None:
    comparison = make_comparison(make_questionnaire())
    kept = tuple(
        f for f in comparison.figures if f.figure.key.item_id not in {"1.1", "principle-2"}
    )
    report = make_report(benchmark=make_benchmark(replace(comparison, figures=kept)))

    assert report.questions[0].peers is None
    assert report.principles[1].score.peers is None
    assert report.principles[1].groups == ()
    assert [f.key.item_id for f in report.profile_figures] == ["principle-1"]


@pytest.mark.parametrize(
    ("comparisons", "chosen"),
    [
        ({"all": False, "type": False}, "type"),
        ({"all": False, "type": True}, "all"),
        ({"region": False, "all": False}, "all"),
        ({"type": True, "nation": False, "band": False}, "nation"),
        ({"type": True, "nation": True, "band": False}, "band"),
        ({"region": True, "all": True}, "all"),
        ({"region": True}, "region"),
    ],
)
def test_build_report_chooses_most_alike_group_that_is_shown(
    comparisons: dict[str, bool], chosen: str
) -> None:
    offered = [_comparison(GroupKind(kind), hidden) for kind, hidden in comparisons.items()]

    report = make_report(benchmark=make_benchmark(*offered))

    assert report.peer_group is not None
    assert report.peer_group.kind == chosen
    assert len(report.principles[0].groups) == len(report.groups) == len(comparisons)


def test_build_report_authority_in_no_group_names_none() -> None:
    comparison = replace(_comparison(GroupKind.BAND, True), group_id="", group_name="")

    report = make_report(benchmark=make_benchmark(comparison))

    assert report.peer_group is not None
    assert report.peer_group.name == "authorities in no such group"


def test_name_group_is_that_of_its_figures_and_else_as_it_was_kept() -> None:
    report = make_report(benchmark=make_benchmark(_comparison(GroupKind.TYPE, True)))

    kept = PeerGroup(GroupKind.TYPE, "kept", 61, 74)
    assert report.name_group(kept) == "counties"
    # an edition of another version may have no figures of the report's principles
    assert report.name_group(replace(kept, kind=GroupKind.BAND)) == "kept"


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (
            Position.ABOVE,
            Position.BELOW,
            "We are strongest on Principle 1, above the middle half of our peers, and have most "
            "to do on Principle 2, below the middle half of our peers.",
        ),
        (
            Position.WITHIN,
            Position.WITHIN,
            "We are strongest on Principle 1 and have most to do on Principle 2; on both we are "
            "about the same as the middle half of our peers.",
        ),
        (
            None,
            None,
            "We are strongest on Principle 1, and have most to do on Principle 2.",
        ),
    ],
)
def test_build_report_sentence_tells_strongest_and_weakest(
    first: Position | None, second: Position | None, sentence: str
) -> None:
    asked = make_questionnaire()
    positions = {"principle-1": first, "principle-2": second}
    benchmark = make_benchmark(make_comparison(asked, positions=positions))

    assert make_report((4, 4, 4, 2, 2, 2), benchmark=benchmark).sentence == sentence


def test_build_report_sentence_of_one_scored_principle_says_so() -> None:
    report = make_report(("dk", "dk", "dk", 2, 2, 3))

    # (2 + 2 + 3) / 3 = 2.33
    assert report.sentence == "Only Principle 2 can be scored so far: 2.3, Exploring."


def test_build_report_missed_duty_of_the_nation_raises_a_flag() -> None:
    report = make_report((1, 3, 3), questionnaire=with_duty())

    (flag,) = report.flags
    assert (flag.question_id, flag.level.number) == ("1.1", 1)
    assert flag.text == "You must publish a notice."
    assert (flag.instrument, flag.section) == ("Example Act", "1")
    assert flag.source_url == "https://example.org/guidance"
    assert report.principles[0].score.score == pytest.approx(7 / 3)  # (1 + 3 + 3) / 3


@pytest.mark.parametrize(
    "changes",
    [
        {"nations": (Nation.WALES,)},
        {"kind": HookKind.FREEDOM, "flag_below": None},
        {"flag_below": 1},
    ],
)
def test_build_report_duty_met_or_of_another_nation_raises_none(
    changes: dict[str, object],
) -> None:
    assert make_report((1, 3, 3), questionnaire=with_duty(**changes)).flags == ()


def test_build_report_flag_names_only_the_hooks_that_are_missed() -> None:
    asked = with_duty()
    first = asked.principles[0]
    other = make_duty(nations=(Nation.SCOTLAND,), text="A Scottish duty.")
    mild = make_duty(kind=HookKind.INFORMATION, flag_below=None, text="For information.")
    question = replace(first.questions[0], legal=(*first.questions[0].legal, other, mild))
    principle = replace(first, questions=(question, *first.questions[1:]))
    asked = replace(asked, principles=(principle, asked.principles[1]))

    report = make_report((1, 3, 3), questionnaire=asked)

    assert [flag.text for flag in report.flags] == ["You must publish a notice."]


@pytest.mark.parametrize("standing", [Standing.DONT_KNOW, Standing.DOES_NOT_APPLY])
def test_build_report_duty_without_a_level_is_unknown_and_says_whom_to_ask(
    standing: Standing,
) -> None:
    report = make_report((standing.value, 3, 3), questionnaire=with_duty())

    (unknown,) = report.unknown_duties or ()
    assert report.flags == ()
    assert (unknown.question_id, unknown.standing) == ("1.1", standing)
    assert unknown.ask == "Who writes your specifications?"
    assert unknown.laws == ("Example Act, 1",)


def test_build_report_unanswered_question_with_two_duties_is_unknown_once() -> None:
    asked = with_duty()
    first = asked.principles[0]
    hooks = (*first.questions[0].legal, make_duty(section="2"))
    question = replace(first.questions[0], legal=hooks)
    principle = replace(first, questions=(question, *first.questions[1:]))
    asked = replace(asked, principles=(principle, asked.principles[1]))
    answers = {"1.2": make_answer("1.2", 3)}

    report = make_report(
        questionnaire=asked, assessed=Assessed("2026", answers, score_answers(asked, answers), None)
    )

    (unknown,) = report.unknown_duties or ()
    assert unknown.standing is None
    assert unknown.laws == ("Example Act, 1", "Example Act, 2")


def test_build_report_duty_with_a_level_is_not_unknown() -> None:
    assert make_report((3, "dk", 3), questionnaire=with_duty()).unknown_duties == ()


def _comparison(kind: GroupKind, withheld: bool) -> PeerComparison:
    return make_comparison(make_questionnaire(), kind=kind, withheld=withheld)


def _report_of(asked: Questionnaire, levels: dict[str, int]) -> ReportData:
    """Make a report of a few answers only."""
    answers = {q: make_answer(q, level) for q, level in levels.items()}
    assessed = Assessed("2026", answers, score_answers(asked, answers), None)
    return make_report(questionnaire=asked, assessed=assessed)


def test_describe_neighbours_lists_the_reader_and_each_trait():
    register = [
        make_authority(id="A01", name="Ours", rural_share=0.25),
        make_authority(id="A02", name="Theirs", population=300_000, rural_share=None),
    ]
    found = NeighbourSet("A01", (Neighbour("A02", 0.4, ()),), ALIKE)

    nearest = describe_neighbours(register, found)

    assert nearest is not None
    assert (nearest.likeness, nearest.own.name) == (ALIKE, "Ours")
    assert (nearest.own.rural_percent, nearest.own.distance) == (25.0, 0.0)
    (other,) = nearest.neighbours
    assert (other.name, other.population, other.rural_percent) == ("Theirs", 300_000, None)
    assert other.distance == 0.4


def test_describe_neighbours_without_any_is_none():
    assert describe_neighbours([make_authority()], NeighbourSet("A01", ())) is None


def test_describe_neighbours_unknown_population_stays_unknown():
    register = [make_authority(id="A01", population=None), make_authority(id="A02")]
    found = NeighbourSet("A01", (Neighbour("A02", 0.4, ()),), "Similar.")

    nearest = describe_neighbours(register, found)

    assert nearest is not None
    assert nearest.own.population is None


def test_build_report_takes_over_the_plan_with_titles_and_targets():
    plan = make_plan(
        make_planned_action(question_id="1.2"),
        make_planned_action(question_id="9.9"),
        principle_1=3.5,
    )

    report = make_report(plan=plan)

    # the questionnaire has no question 9.9: what is planned for it is shown all the same
    planned = [(a.question_id, a.question_title) for a in report.plan]
    assert planned == [("1.2", "Question 1.2"), ("9.9", "")]
    action = report.plan[0]
    assert (action.text, action.owner) == ("Publish a list of needs.", "Head of procurement")
    assert (action.due_on, action.is_done) == (date(2027, 3, 31), False)
    assert [p.score.target for p in report.principles] == [3.5, None]
    assert [q.target for q in report.questions] == [3.5, 3.5, 3.5, None, None, None]


def test_build_report_rounds_are_all_submitted_oldest_first():
    report = make_rich_report()

    assert [one.round_name for one in report.rounds] == ["2024", "2025", "2026"]
    assert report.previous_round_name == "2025"
    # 2, 2, 3 in each principle then; 1, 2, 3 and 4, 5, 1 now
    assert report.rounds[0].scores["principle-1"] == pytest.approx(7 / 3)
    assert report.rounds[2].scores["principle-1"] == pytest.approx(2.0)
    assert report.rounds[2].overall == pytest.approx((2 + 10 / 3) / 2)


def test_build_report_says_how_far_people_inside_are_apart():
    own = (
        *make_own_answers("1.1", jo=4, sam=2, kim=2, lee="dk", max="na"),
        *make_own_answers("1.2", jo=3),
    )
    answers = {"1.1": make_answer("1.1", 2)}
    scores = score_answers(make_questionnaire(), answers)

    report = make_report(assessed=Assessed("2026", answers, scores, None, (), own))

    first, second, third = report.questions[:3]
    assert [(given.standing, given.level, given.people) for given in first.given] == [
        (Standing.LEVEL, 2, 2),
        (Standing.LEVEL, 4, 1),
        (Standing.DONT_KNOW, None, 1),
        (Standing.DOES_NOT_APPLY, None, 1),
    ]
    assert (first.apart, first.is_divided) == (2, True)
    # one person's answer is no spread, and nobody's is none
    assert (second.given, second.apart, third.given) == ((), 0, ())


def test_build_report_place_that_is_not_certain_says_what_it_could_be():
    asked = make_questionnaire()
    place = Place(Position.ABOVE, (Position.WITHIN, Position.ABOVE))
    unsure = make_comparison(asked, place=place)
    report = make_report((4, 4, 4, 2, 2, 2), benchmark=make_benchmark(unsure))

    peers = report.principles[0].score.peers
    assert peers is not None
    assert peers.place == place
    assert report.sentence == (
        "We are strongest on Principle 1 and have most to do on Principle 2; on both we are "
        "above the middle half of the peers that answered."
    )


@pytest.mark.parametrize(
    ("due_on", "is_done", "overdue"),
    [
        (date(2026, 11, 22), False, True),
        (date(2026, 11, 23), False, False),  # the day the report is made on
        (date(2026, 11, 22), True, False),
    ],
)
def test_build_report_open_action_of_the_past_is_overdue(
    due_on: date, is_done: bool, overdue: bool
):
    plan = make_plan(make_planned_action(due_on=due_on, is_done=is_done))

    assert make_report(plan=plan).plan[0].is_overdue == overdue


def test_build_report_suggests_a_date_from_the_day_it_is_made():
    action = make_report((3, 2, 4)).focus.actions[0]

    # made on 23 November 2026, and it takes weeks: three months
    assert action.by == date(2027, 2, 28)
