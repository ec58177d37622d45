"""The first page: what it takes, who sees what, and the ways in."""

import re

from assessment.core.people.memberships import Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.web.views.demonstration import PEOPLE
from assessment.web.views.home import build_examples
from tests.assessment.web.conftest import SignIn
from tests.factories import make_questionnaire


def test_index_demonstration_says_whom_each_door_lets_in(sign_in: SignIn):
    page = sign_in(None).get("/").text

    assert re.findall(r">Enter as ([a-z ]+)<", page) == [
        "procurement lead",
        "chief executive",
        "programme analyst",
    ]
    assert all(address in page for address in PEOPLE.values())


def test_index_says_how_much_it_is_and_leads_to_the_questions(
    sign_in: SignIn, questionnaire: Questionnaire
):
    page = sign_in(None).get("/").text

    assert f"{len(questionnaire.questions)} questions on 6 principles" in page
    assert 'href="/questions"' in page
    assert 'href="/questions.pdf"' in page
    assert "It cannot see your answers or your scores" in page


def test_index_marks_its_example_as_invented(sign_in: SignIn, questionnaire: Questionnaire):
    page = sign_in(None).get("/").text

    assert "Invented figures" in page
    assert page.count("we score") == len(questionnaire.principles)


def test_index_signed_in_offers_to_go_on(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/").text

    assert "Go on as A Person" in page


def test_build_examples_more_principles_than_figures_shows_as_many_as_there_are():
    examples = build_examples(make_questionnaire(principles=7))

    assert [example.score for example in examples] == [3.4, 2.2, 2.8, 1.8, 3.1, 2.6]
    # (3.4 - 1) / (5 - 1) of 300 drawing units
    assert examples[0].strip.own_x == 180.0
