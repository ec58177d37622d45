"""What the workbook prints: the law under its Acts, and the words it uses."""

import logging
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from assessment.core.questionnaire.questionnaire import Nation, Questionnaire, Term
from reports.render import render_workbook
from reports.workbook.workbook import Law, LawPart, find_terms, group_law
from tests.factories import make_duty, make_question, make_questionnaire

pytestmark = pytest.mark.slow


def make_weighted(weight: float) -> Questionnaire:
    """Make a questionnaire of one question with law and a weight."""
    question = make_question(legal=(make_duty(),), weight=weight)
    questionnaire = make_questionnaire(principles=1, questions=1)
    principle = replace(questionnaire.principles[0], questions=(question,))
    return replace(questionnaire, principles=(principle,))


def read_text(pdf: bytes) -> str:
    """Return the text of a PDF with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_group_law_names_each_act_once_with_its_sections_and_nations():
    england, wales = (Nation.ENGLAND,), (Nation.WALES,)
    hooks = (
        make_duty(instrument="First Act", section="9", nations=england),
        make_duty(instrument="Second Act", section="1", nations=england),
        make_duty(instrument="First Act", section="9", nations=wales),
        make_duty(instrument="First Act", section="12", nations=wales),
        make_duty(instrument="Second Act", section="2", nations=england),
    )

    assert group_law(hooks) == (
        Law("First Act", (LawPart(("9",), (*england, *wales)), LawPart(("12",), wales))),
        Law("Second Act", (LawPart(("1", "2"), england),)),
    )


def test_find_terms_are_those_used_with_the_other_words_used():
    asked = make_questionnaire(principles=1, questions=1)
    # the small questionnaire says "outcomes" and "practice", never "lot"
    glossary = (
        Term("practice", "What people do."),
        Term("lot", "A part of a contract."),
        Term("result", "What comes of it.", also=("outcome", "result of work", "yield")),
    )

    found = find_terms(replace(asked, glossary=glossary))

    assert [(term.term, term.also) for term in found] == [
        ("practice", ()),
        ("result", ("outcome",)),
    ]


def test_render_workbook_has_room_for_what_is_agreed_and_logs_nothing(
    caplog: pytest.LogCaptureFixture,
):
    with caplog.at_level(logging.WARNING, "weasyprint"):
        text = read_text(render_workbook(make_weighted(1.0)))

    assert "Agreed: 1 2 3 4 5 don’t know does not apply Reason: Evidence" in text
    assert "The law never changes a score." in text
    assert "Score: sum of the agreed levels divided by how many there are" in text
    assert [r.message for r in caplog.records if r.name == "weasyprint"] == []


def test_render_workbook_unequal_weights_leaves_the_score_to_the_service():
    text = read_text(render_workbook(make_weighted(2.0)))

    assert "the service works out the score" in text
    assert "Score: sum of" not in text


def test_render_workbook_contents_link_to_every_question():
    reader = PdfReader(BytesIO(render_workbook(make_questionnaire(principles=2, questions=3))))

    links = {a.get_object()["/Dest"] for a in reader.pages[1]["/Annots"]}  # type: ignore[attr-defined]

    # 2 principles, 2 x 3 questions, the tally; there is no glossary
    assert len(links) == 9
    assert {"tally", "question-1.1", "question-2.3"} < links
