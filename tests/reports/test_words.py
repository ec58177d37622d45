"""What the core decides, in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assessment.core.answers.answers import AnswerMistake, Standing
from assessment.core.answers.barriers import ChoiceKind
from assessment.core.answers.scoring import UnscoredOverall, UnscoredPrinciple
from assessment.core.people.actors import INSTALLATION, UNKNOWN, Actor, Person
from assessment.core.people.groups import GROUP_KINDS, PREFERENCE, GroupKind
from assessment.core.people.memberships import Role
from assessment.core.people.vintages import RegisterChangeKind
from assessment.core.plans.plans import ActionMistake
from assessment.core.questionnaire.questionnaire import Effort, MissingPartError, Part
from assessment.core.questionnaire.versions import Carry
from assessment.core.statistics.item_analysis import (
    ContradictingLevels,
    QuestionFlag,
    UniformLevels,
)
from assessment.core.statistics.neighbours import NUMERIC_TRAITS, Difference
from assessment.core.statistics.publication import ChoiceShare, ChoiceShares
from assessment.core.statistics.representativeness import (
    Conclusion,
    GroupCount,
    Representation,
    Verdict,
    WeightedMean,
)
from assessment.core.statistics.uncertainty import Place, Position
from assessment.core.statistics.withholding import HIDDEN, SHOWN, Reason, Withheld
from assessment.locale import speak
from reports.authority.figures import render_figures
from reports.open_data.open_data import build_facts, render_needs_csv
from reports.open_data.rows import write_row
from reports.open_data.spreadsheet import SHEETS
from reports.words import (
    FILTERS,
    GROUP_KIND_WORDS,
    ask_for_choices,
    cite_edition,
    name_register_change,
    say_action_mistake,
    say_answer_mistake,
    say_carry,
    say_conclusion,
    say_doubt,
    say_flags,
    say_likeness,
    say_missing,
    say_place,
    say_position,
    say_query,
    say_reason,
    say_targets,
    say_unscored,
    say_verdict,
    say_weighting,
    say_withheld,
    say_withheld_notes,
)
from reports.words.figures import DOUBTS, PLACES, WITHHELD_WORDS
from reports.words.people import name_actor, name_respondent
from tests.factories import OPERATOR, make_questionnaire
from tests.reports.factories import (
    ALIKE,
    EDITION,
    make_benchmark,
    make_comparison,
    make_figure,
    make_report,
    withhold,
)

REMEDY = "where it is given, read the mean weighted by type beside the raw one"
TYPE, REGION = GroupKind.TYPE, GroupKind.REGION


def test_peers_that_a_profile_may_show_are_in_the_order_that_reports_say():
    order = (TYPE, GroupKind.NATION, GroupKind.BAND, GroupKind.RURALITY, GroupKind.ALL, REGION)

    assert order == PREFERENCE, "see peers_method in templates/report/_method.html"


def test_every_kind_of_group_has_words_and_a_worksheet():
    kinds = [spec.kind for spec in GROUP_KINDS]

    assert list(GROUP_KIND_WORDS) == kinds, "see GROUP_KIND_WORDS in reports/words/groups.py"
    assert list(SHEETS) == kinds, "see SHEETS in reports/open_data/spreadsheet.py"


def test_say_verdict_names_the_groups_that_stand_out():
    over = (GroupCount("county", "counties", 8, 10),)
    under = (GroupCount("district", "districts", 2, 30),)

    # 10 of 40 are 25%
    assert say_verdict(Verdict(TYPE, 10, 40, over, under)) == (
        "Counties are over-represented: 8 of 10 against 25% overall. "
        "Districts are under-represented: 2 of 30 against 25% overall."
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (TYPE, "No type of authority stands out from the 28% overall."),
        (REGION, "No region stands out from the 28% overall."),
        (GroupKind.NATION, "No nation stands out from the 28% overall."),
        (GroupKind.BAND, "No population band stands out from the 28% overall."),
        (GroupKind.RURALITY, "No urban and rural class stands out from the 28% overall."),
    ],
)
def test_say_verdict_where_none_stands_out_says_so(kind: GroupKind, words: str):
    # 11 of 40 are 27.5%, told as 28
    assert say_verdict(Verdict(kind, 11, 40, (), ())) == words


@pytest.mark.parametrize(
    ("found", "kinds", "words"),
    [
        (Representation.NOBODY, (TYPE,), "No authority is counted yet."),
        (Representation.EVERYBODY, (TYPE,), "Every authority is counted."),
        (
            Representation.RANDOM,
            (TYPE, REGION, GroupKind.BAND),
            "Those that are counted could be a random draw by type of authority, region and "
            "population band.",
        ),
        (
            Representation.TOO_FEW,
            (TYPE,),
            "Too few are counted to tell whether they stand for all: 29 of 200; it takes 30.",
        ),
        (
            Representation.UNEVEN,
            (TYPE,),
            f"Those that are counted differ from all by type of authority: {REMEDY}.",
        ),
        (
            Representation.UNEVEN,
            (REGION,),
            "Those that are counted differ from all by region: no mean is weighted for that, so "
            "read the groups' own figures beside those of all.",
        ),
        (
            Representation.UNEVEN,
            (TYPE, REGION),
            "Those that are counted differ from all by type of authority and region: "
            f"{REMEDY}; it puts right the types alone.",
        ),
    ],
)
def test_say_conclusion(found: Representation, kinds: tuple[GroupKind, ...], words: str):
    assert say_conclusion(Conclusion(found, kinds, 29, 200, 30)) == words


@pytest.mark.parametrize(
    ("weighted", "words"),
    [
        (WeightedMean(2.5, 0, 2, 0.0), ""),
        (
            WeightedMean(3.9, 2, 3, 0.2),
            "the mean of all stands in for the withheld mean of 2 of 3 types",
        ),
        # 9 of 40 are 22.5%, told as 23
        (
            WeightedMean(None, 1, 2, 0.225),
            "not given: means are withheld of 1 of 2 types, with 23% of authorities",
        ),
    ],
)
def test_say_weighting(weighted: WeightedMean, words: str):
    assert say_weighting(weighted) == words


def test_every_reason_to_withhold_has_words():
    # what is shown has none, and what a count opens has two forms
    assert set(WITHHELD_WORDS) == set(Reason) - {Reason.SHOWN, Reason.TOO_FEW_SUBMITTED}


@pytest.mark.parametrize(
    ("withheld", "words"),
    [
        (SHOWN, ""),
        (HIDDEN, "hidden so that another figure cannot be worked out"),
        (Withheld(Reason.TOO_FEW_SUBMITTED, 3), "shown when 3 more counties submit"),
        (Withheld(Reason.TOO_FEW_SUBMITTED, 1), "shown when one more of the counties submits"),
        (
            # 8 of the group, and 2 more
            Withheld(Reason.GROUP_TOO_SMALL, 2),
            "not shown: it takes 10 authorities and this group has 8",
        ),
        (
            Withheld(Reason.TOO_FEW_WITH_LEVEL),
            "not shown: too few of the counties that submitted have a level here",
        ),
        (Withheld(Reason.NO_GROUP), "not shown: this authority is in no such group"),
        (Withheld(Reason.COUNT_UNKNOWN), "not shown: the number of authorities is not known"),
        (Withheld(Reason.REASON_UNKNOWN), "not shown: the reason is not known"),
    ],
)
def test_say_withheld_says_what_would_open_it(withheld: Withheld, words: str):
    assert say_withheld(withheld, make_figure(of_n=8)) == words


def test_say_reason_of_what_no_count_opens():
    assert say_reason(Reason.TOO_FEW_CHOSE).startswith("shown when 10 authorities")
    assert say_reason(Reason.TOO_ALIKE) == "hidden so that nobody's choice can be told"
    assert say_reason(Reason.TOO_FEW_COMPLETE).startswith("fewer than 10 authorities")
    assert say_reason(Reason.SHOWN) == ""


def test_say_withheld_notes_says_each_once():
    few = withhold(make_figure(), Withheld(Reason.TOO_FEW_SUBMITTED, 3))

    assert say_withheld_notes([few, make_figure(), few]) == (
        "Peers’ median: shown when 3 more counties submit",
        "Peers’ middle half: shown when 3 more counties submit",
    )


@pytest.mark.usefixtures("marked_welsh")
def test_files_of_figures_are_in_english_whatever_the_reader_reads():
    peers = make_comparison(make_questionnaire(), withheld=True)
    report = make_report(benchmark=make_benchmark(peers))
    few = ChoiceShares(
        *(ChoiceKind.BARRIER, None, 40, Reason.TOO_FEW_CHOSE, 1),
        (ChoiceShare("rules", "Rules", None),),
    )

    with speak("cy"):
        said = say_withheld(HIDDEN, make_figure())
        row = write_row(withhold(make_figure()))
        figures = render_figures(report)
        needs = render_needs_csv([few], build_facts(EDITION, None, simulated=True))

    assert said == "¡hidden so that another figure cannot be worked out"
    assert row["withheld_centre"] == "hidden so that another figure cannot be worked out"
    assert ",shown when 3 more counties submit," in figures
    assert ",shown when 10 authorities that are counted have chosen," in needs


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part.QUESTION, "There is no question 9.9 in version 1.0."),
        (Part.PRINCIPLE, "There is no principle 9.9 in version 1.0."),
        (Part.CASE, "There is no case study 9.9 in version 1.0."),
    ],
)
def test_say_missing_names_what_was_asked_for(part: Part, words: str):
    assert say_missing(MissingPartError(part, "9.9", "1.0")) == words


def test_cite_edition_names_edition_round_and_day():
    assert cite_edition(replace(EDITION, number=2, cut_on=date(2026, 12, 3))) == (
        "Edition 2 of round 2026, 3 December 2026"
    )


def test_every_register_change_has_words():
    assert [name_register_change(kind) for kind in RegisterChangeKind] == [
        *("vanished", "new", "other first day", "other last day", "other successors", "renamed"),
        *("moved", "other code", "other figures"),
    ]


BELOW, WITHIN, ABOVE = Position


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(BELOW, (BELOW,)), "below the middle half of peers"),
        (Place(WITHIN, (WITHIN,)), "about the same as the middle half of peers"),
        (
            Place(ABOVE, (WITHIN, ABOVE)),
            "above the middle half of the peers that answered; among all peers it could be about "
            "the same",
        ),
        (
            Place(WITHIN, (BELOW, WITHIN, ABOVE)),
            "about the same as the middle half of the peers that answered; among all peers it "
            "could be below or above",
        ),
        (
            Place(BELOW, (BELOW, WITHIN, ABOVE)),
            "below the middle half of the peers that answered; among all peers it could be about "
            "the same or above",
        ),
    ],
)
def test_say_place_says_how_sure_it_is(place: Place, words: str):
    assert say_place(place) == words


def test_say_position_and_doubt_of_no_place():
    assert (say_position(None), say_doubt(None)) == ("not shown", "")


def test_say_position_and_doubt_of_a_place():
    certain = Place(WITHIN, (WITHIN,))

    assert (say_position(certain), say_doubt(certain)) == ("about the same as peers", "")
    assert say_doubt(Place(WITHIN, (BELOW, WITHIN))) == "could be below"


def test_every_place_and_doubt_has_words():
    places = {
        (position, Place(position, possible).others)
        for position in Position
        for possible in ((position,), *_possible_with(position))
    }
    assert places == set(PLACES)
    assert {others for _, others in places} == set(DOUBTS)


def _possible_with(position: Position) -> list[tuple[Position, ...]]:
    """List what else may be possible: each other position, and both."""
    pairs = [tuple(p for p in Position if p in {position, other}) for other in Position]
    return [*pairs, tuple(Position)]


def test_say_flags_divides_them():
    assert say_flags((QuestionFlag.MANY_DONT_KNOW, QuestionFlag.LOW_ITEM_TOTAL)) == (
        "many do not know; does not go with its principle"
    )
    assert say_flags(()) == ""
    assert all(say_flags((flag,)) for flag in QuestionFlag)


def test_say_likeness_of_neighbours_chosen_from_many():
    likeness = replace(
        ALIKE,
        similar=("population", "deprivation_score"),
        differing=(Difference("density", True), Difference("rural_share", False)),
        is_other_type=True,
    )

    assert say_likeness(likeness) == (
        "Similar in size and deprivation, denser and less rural than yours, mostly of another type."
    )


@pytest.mark.parametrize("has_similar", [True, False])
@pytest.mark.parametrize("has_differing", [True, False])
@pytest.mark.parametrize("is_other_type", [True, False])
def test_say_likeness_says_each_part_there_is(
    has_similar: bool, has_differing: bool, is_other_type: bool
):
    parts = {
        "imilar in size": has_similar,
        "enser than yours": has_differing,
        "ostly of another type": is_other_type,
    }
    likeness = replace(
        ALIKE,
        similar=("population",) if has_similar else (),
        differing=(Difference("density", True),) if has_differing else (),
        is_other_type=is_other_type,
    )
    if any(parts.values()):
        said = say_likeness(likeness)
        assert {part: part in said for part in parts} == parts


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"is_distant": True, "is_everybody": True},
            "Few authorities in England are like yours; the nearest are similar in size.",
        ),
        (
            {"is_everybody": True},
            "This is the only other in England that can be compared: similar in size.",
        ),
        (
            {"is_everybody": True, "count": 3},
            "These are all 3 others in England that can be compared: similar in size.",
        ),
    ],
)
def test_say_likeness_begins_with_where_there_are_few(changes: dict[str, Any], words: str):
    assert say_likeness(replace(ALIKE, **changes)) == words


def test_every_trait_has_words():
    for kind in NUMERIC_TRAITS:
        more, less = Difference(kind.id, True), Difference(kind.id, False)
        said = {say_likeness(replace(ALIKE, similar=(), differing=(d,))) for d in (more, less)}
        assert len(said) == 2
        assert say_likeness(replace(ALIKE, similar=(kind.id,))).startswith("Similar in ")


@pytest.mark.parametrize(
    ("unscored", "words"),
    [
        (None, ""),
        (UnscoredOverall(1, 2), "1 of 2 principles is not scored"),
        (UnscoredOverall(2, 2), "2 of 2 principles are not scored"),
        (UnscoredPrinciple(0, 0, 0, 0, 0), "every question was said not to apply"),
        (
            UnscoredPrinciple(1, 3, 2, 2, 0),
            "1 of 3 questions has a level and 2 must; 2 are Don't know",
        ),
        (
            UnscoredPrinciple(1, 3, 2, 0, 2),
            "1 of 3 questions has a level and 2 must; 2 have no answer",
        ),
        (
            UnscoredPrinciple(0, 3, 2, 2, 1),
            "0 of 3 questions have a level and 2 must; 2 are Don't know and 1 have no answer",
        ),
    ],
)
def test_say_unscored_gives_the_numbers(
    unscored: UnscoredPrinciple | UnscoredOverall | None, words: str
):
    assert say_unscored(unscored) == words


def test_say_query_of_one_level_throughout():
    asked = make_questionnaire()

    assert say_query(UniformLevels(asked.levels[2], asked.principles)) == (
        "You chose level 3, Developing, for every question of these principles: Principle 1; "
        "Principle 2. Is that how you see each question, or is one of them further on or further "
        "behind?"
    )


def test_say_query_of_levels_that_contradict():
    first, second = make_questionnaire().questions[:2]

    assert say_query(ContradictingLevels(first, 5, second, 1, "The one needs the other.")) == (
        "You chose level 5 for “Question 1.1” and level 1 for “Question 1.2”. The one needs the "
        "other. Are both as you meant them?"
    )


def test_standings_without_a_level_have_words():
    said = [FILTERS["standing"](one) for one in (Standing.DONT_KNOW, Standing.DOES_NOT_APPLY)]

    assert said == ["Don't know", "Does not apply"]


def test_say_weighting_of_no_mean_is_empty():
    assert say_weighting(None) == ""


def test_every_mistake_question_and_carry_has_words():
    assert all(say_answer_mistake(mistake).endswith(".") for mistake in AnswerMistake)
    assert all(say_action_mistake(mistake).endswith(".") for mistake in ActionMistake)
    assert all(ask_for_choices(kind).endswith("?") for kind in ChoiceKind)
    assert [say_carry(carry) for carry in Carry] == [
        *("carries over", "needs a second look", "is retired", "is new")
    ]


def test_say_answer_mistake_gives_the_limit():
    # MAX_TEXT_LENGTH is 5000 and MAX_LINKS 10
    assert say_answer_mistake(AnswerMistake.TEXT_TOO_LONG) == (
        "Shorten the text to 5,000 characters or fewer."
    )
    assert say_answer_mistake(AnswerMistake.TOO_MANY_LINKS) == "Give 10 evidence links or fewer."


def test_say_action_mistake_gives_the_limit():
    assert say_action_mistake(ActionMistake.TEXT_TOO_LONG) == (
        "Shorten the action to 1,000 characters or fewer."
    )
    assert say_action_mistake(ActionMistake.OWNER_TOO_LONG) == (
        "Shorten who leads it to 200 characters or fewer."
    )


def test_say_targets_goes_by_the_scale():
    asked = make_questionnaire(levels=3)

    assert say_targets(asked.levels) == (
        "Give a number from 1 to 3 with one decimal at most, such as 2.5."
    )


def test_every_effort_has_words():
    assert [FILTERS["effort"](effort) for effort in Effort] == [
        *("takes days", "takes weeks", "takes months")
    ]


def test_role_every_one_has_a_name():
    assert [FILTERS["role"](role) for role in Role] == [
        *("contributor", "lead", "signatory", "reader", "analyst", "administrator")
    ]


@pytest.mark.parametrize(
    ("actor", "name", "respondent"),
    [
        (Person(1, "jo@a.example", "Jo").actor, "Jo", "Jo"),
        (OPERATOR, "the programme team", "the programme team from a file"),
        (INSTALLATION, "the programme team", "the programme team from a file"),
        (UNKNOWN, "a former colleague", "a former colleague"),
    ],
)
def test_name_actor_tells_people_from_the_programme(actor: Actor, name: str, respondent: str):
    assert (name_actor(actor), name_respondent(actor)) == (name, respondent)
