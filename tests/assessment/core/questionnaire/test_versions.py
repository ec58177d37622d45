from dataclasses import replace

from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.questionnaire.versions import Carry, QuestionChange, compare_versions
from tests.factories import make_principle, make_question, make_questionnaire

OLD = make_questionnaire(principles=1, questions=2)


def change_question(**changes: object) -> Questionnaire:
    """Make the version after OLD, its question 1.1 changed."""
    first, second = OLD.questions
    questions = (replace(first, **changes), second)
    return replace(OLD, version="test-2", principles=(make_principle(questions=questions),))


def change_of(new: Questionnaire, question_id: str = "1.1") -> QuestionChange:
    return next(c for c in compare_versions(OLD, new) if c.question_id == question_id)


def test_compare_versions_same_questions_carry_over():
    changes = compare_versions(OLD, replace(OLD, version="test-2"))

    assert [(c.question_id, c.carry, c.changed) for c in changes] == [
        ("1.1", Carry.CARRIES_OVER, ()),
        ("1.2", Carry.CARRIES_OVER, ()),
    ]


def test_compare_versions_other_guidance_carries_over_and_is_named():
    change = change_of(change_question(why="Another reason.", weight=2.0))

    assert (change.carry, change.changed) == (Carry.CARRIES_OVER, ("why", "weight"))


def test_compare_versions_white_space_is_no_change():
    spaced = OLD.questions[0].text.replace(" ", "\n  ")

    assert change_of(change_question(text=spaced)).changed == ()


def test_compare_versions_other_descriptors_need_a_second_look():
    descriptors = ("Something else.", *OLD.questions[0].descriptors[1:])

    change = change_of(change_question(descriptors=descriptors))

    assert (change.carry, change.changed) == (Carry.SECOND_LOOK, ("descriptors",))


def test_compare_versions_other_text_of_the_same_meaning_carries_over():
    new = change_question(text="Otherwise worded?", same_meaning_as=("test-1",))

    assert change_of(new).carry is Carry.CARRIES_OVER


def test_compare_versions_same_meaning_as_another_version_needs_a_second_look():
    new = change_question(text="Otherwise worded?", same_meaning_as=("test-0",))

    assert change_of(new).carry is Carry.SECOND_LOOK


def test_compare_versions_other_number_of_levels_needs_a_second_look():
    new = replace(OLD, version="test-2", levels=OLD.levels[:4])

    assert {c.carry for c in compare_versions(OLD, new)} == {Carry.SECOND_LOOK}


def test_compare_versions_question_gone_is_retired_and_one_more_is_new():
    questions = (OLD.questions[0], make_question(id="1.3", title="Third"))
    new = replace(OLD, version="test-2", principles=(make_principle(questions=questions),))

    carries = [(c.question_id, c.carry) for c in compare_versions(OLD, new)]

    assert carries == [
        ("1.1", Carry.CARRIES_OVER),
        ("1.3", Carry.NEW),
        ("1.2", Carry.RETIRED),
    ]
