from collections.abc import Callable
from dataclasses import replace

import pytest

from assessment.core.errors import NotFoundError
from assessment.core.questionnaire.questionnaire import (
    CrosswalkEntry,
    Fit,
    Nation,
    Questionnaire,
    Source,
    Term,
)
from tests.factories import make_case, make_duty, make_question, make_questionnaire

QUESTIONNAIRE = make_questionnaire(principles=2, questions=3)


def test_question_ids_stand_in_order_of_principles():
    assert QUESTIONNAIRE.question_ids == ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3")


@pytest.mark.parametrize(("principles", "questions"), [(1, 1), (3, 2), (6, 6)])
def test_questions_any_size_are_all_there(principles, questions):
    questionnaire = make_questionnaire(principles, questions)

    assert len(questionnaire.questions) == principles * questions


def test_question_known_id_is_found():
    assert QUESTIONNAIRE.question("2.3").title == "Question 2.3"


def test_principle_known_id_is_found():
    assert QUESTIONNAIRE.principle("principle-2").name == "Principle 2"


def test_principle_of_question_is_the_one_that_holds_it():
    assert QUESTIONNAIRE.principle_of("2.1").id == "principle-2"


def test_principle_number_counts_from_one():
    assert QUESTIONNAIRE.principle_number("principle-1") == 1
    assert QUESTIONNAIRE.principle_number("principle-2") == 2


def test_case_known_id_is_found():
    assert QUESTIONNAIRE.case("case-1").place == "Exampleton"


@pytest.mark.parametrize(
    "look_up",
    [
        Questionnaire.question,
        Questionnaire.principle,
        Questionnaire.principle_of,
        Questionnaire.principle_number,
        Questionnaire.case,
    ],
)
def test_look_up_unknown_id_raises(look_up: Callable[[Questionnaire, str], object]):
    with pytest.raises(NotFoundError, match=r"9\.9 in version test-1"):
        look_up(QUESTIONNAIRE, "9.9")


def test_action_from_level_is_the_step_up():
    action = make_question().action_from(3)

    assert action is not None
    assert action.text == "Move on from level 3."


def test_action_from_top_is_none():
    assert make_question().action_from(5) is None


def test_legal_in_only_the_nations_own_law_is_returned():
    english = make_duty(nations=(Nation.ENGLAND, Nation.WALES))
    scottish = make_duty(nations=(Nation.SCOTLAND,))
    question = make_question(legal=(english, scottish))

    assert question.legal_in("Wales") == (english,)
    assert question.legal_in("Northern Ireland") == ()


def make_library() -> Questionnaire:
    """Make a questionnaire with two cases, of which question 2.1 has one."""
    cases = (make_case(), make_case(id="case-2", kind="County council", route="Testbed"))
    questionnaire = replace(QUESTIONNAIRE, cases=cases)
    first, second = questionnaire.principles
    question = replace(second.questions[0], cases=("case-2",))
    second = replace(second, questions=(question, *second.questions[1:]))
    return replace(questionnaire, principles=(first, second))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["case-1", "case-2"]),
        ({"kind": "County council"}, ["case-2"]),
        ({"route": "Open question"}, ["case-1"]),
        ({"principle_id": "principle-2"}, ["case-2"]),
        ({"principle_id": "principle-1"}, []),
        ({"kind": "County council", "route": "Open question"}, []),
    ],
)
def test_find_cases_finds_those_that_fit_all(wanted: dict[str, str], found: list[str]):
    assert [case.id for case in make_library().find_cases(**wanted)] == found


def test_questions_with_case_are_those_that_name_it():
    assert [q.id for q in make_library().questions_with_case("case-2")] == ["2.1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A dynamic market is open.", ["Dynamic market"]),
        ("Dynamic markets are open.", ["Dynamic market"]),
        ("Undynamic marketing.", []),
        ("Ask a voluntary body or several voluntary bodies.", ["Voluntary body"]),
        ("A small SME may bid; SMEs too.", ["Small firm"]),
        ("A smelly smes.", []),
    ],
)
def test_terms_in_finds_words_and_their_plurals(text: str, found: list[str]):
    glossary = (
        Term("Dynamic market", "Open."),
        Term("Voluntary body", "Social."),
        Term("Small firm", "Small.", also=("SME",)),
    )
    questionnaire = replace(QUESTIONNAIRE, glossary=glossary)

    assert [term.term for term in questionnaire.terms_in(text)] == found


def test_term_id_is_an_address_part():
    term = Term("Voluntary, community or social enterprise", "A body.")

    assert term.id == "voluntary-community-or-social-enterprise"


def test_replace_in_puts_a_word_in_the_place_of_every_name():
    term = Term("Small firm", "Small.", also=("SME",))

    assert term.replace_in("Small firms and SMEs", "term") == "term and term"


def test_crosswalk_in_keeps_what_other_nations_answer_out():
    source = Source("Guidance", "https://example.org/guidance")
    everywhere = CrosswalkEntry("A", "part", Fit.CLOSE, source)
    welsh = CrosswalkEntry("B", "part", Fit.PARTIAL, source, nations=(Nation.WALES,))
    question = make_question(crosswalk=(everywhere, welsh))

    assert question.crosswalk_in("England") == (everywhere,)
    assert question.crosswalk_in("Wales") == (everywhere, welsh)


def test_source_count_counts_an_address_once():
    source = Source("Guidance", "https://example.org/guidance")
    question = make_question(sources=(source, source), legal=(make_duty(source=source),))

    assert question.source_count == 1
