"""What the workbook prints: the law under its Acts, and the words it uses."""

from dataclasses import replace

from assessment.core.questionnaire import Nation, Term
from reports.workbook import Law, LawPart, find_terms, group_law
from tests.factories import make_duty, make_questionnaire


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
