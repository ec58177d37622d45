from dataclasses import replace

import pytest

from assessment.content.style import check_style, measure_reading_age
from assessment.core.questionnaire.questionnaire import Question, Questionnaire, Term
from tests.factories import SOURCE, make_case, make_principle, make_question, make_questionnaire

SOUND = (
    "No list of needs is kept. Whether firms hear of a need depends on who they know here.",
    "In the past 24 months at least one list of needs was made public before the tender came out.",
    "A written list of needs has a named owner and its dates. Some tenders were on the list first.",
    "At least half of tenders were on the list first. It is checked; leaders get a yearly count.",
    "Most or all tenders were on the list first, checked. The yearly count changed how it is kept.",
)


def make_sound(**changes: object) -> Question:
    """Make a question that nobody would remark on."""
    values: dict[str, object] = {
        "text": "Can firms see what you will need?",
        "why": "New firms need time. A list gives it.",
        "descriptors": SOUND,
        "evidence": ("The list", "A count"),
        "sources": (SOURCE,),
    }
    return make_question(**(values | changes))


def make_one(question: Question) -> Questionnaire:
    """Make a questionnaire of one question."""
    return replace(make_questionnaire(), principles=(make_principle(questions=(question,)),))


def put(number: int, text: str) -> tuple[str, ...]:
    """Return the sound descriptors with another one at a level."""
    return (*SOUND[: number - 1], text, *SOUND[number:])


def remarks_on(question: Question) -> list[str]:
    return [str(remark) for remark in check_style(make_one(question))]


def test_check_style_real_file_is_clean(questionnaire: Questionnaire):
    assert check_style(questionnaire) == []


def test_check_style_sound_question_is_not_remarked_on():
    assert remarks_on(make_sound()) == []


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        (
            {"text": "Can firms see needs and answer them?"},
            "1.1 text: joins two practices by “and”",
        ),
        ({"text": "Firms can see your needs."}, "1.1 text: should be one question of 20 words"),
        ({"text": "Is your list of needs robust?"}, "1.1 text: readers weigh robust differently"),
        ({"why": "It helps."}, "1.1 why: should be 2 sentences"),
        ({"why": "It helps. The color shows."}, "1.1 why: color is not British spelling"),
        ({"evidence": ("The list",)}, "1.1 evidence: should be 2 to 4 documents or figures"),
        ({"sources": ()}, "1.1 sources: has no source"),
        ({"descriptors": put(1, "No list.")}, "1.1 level 1: should have 15 to 45 words"),
        (
            {"descriptors": put(4, SOUND[3].replace("At least half", "Many"))},
            "1.1 level 4: does not say how much or how often",
        ),
        (
            {"descriptors": put(5, SOUND[4].replace("yearly ", ""))},
            "1.1 level 5: does not say that leaders hear of it yearly",
        ),
        (
            {"descriptors": put(1, SOUND[0] + " And also no owner.")},
            "1.1 level 1: adds a second idea by “and also”",
        ),
        (
            {"descriptors": put(1, "No list of needs is kept " + "or made " * 14 + "at all.")},
            "1.1 level 1: has a sentence of more than 30 words",
        ),
        (
            {
                "descriptors": put(
                    4, "At least half of all that we buy has a plan a year before, every year."
                )
            },
            "1.1 level 4: does not build on the level below",
        ),
    ],
)
def test_check_style_what_reads_badly_is_named(changes: dict[str, object], remark: str):
    assert remark in remarks_on(make_sound(**changes))


def test_check_style_hard_words_are_measured():
    hard = (
        "Institutional arrangements notwithstanding, comprehensively operationalised methodologies "
    )
    hard += "characterise departmental administration throughout organisational hierarchies "
    hard += "independently of professional representation."

    found = remarks_on(make_sound(descriptors=(hard,) * 5))

    assert any(r.startswith("1.1 wording: reads at age ") for r in found)
    assert any(r.startswith("1.1 level 1: reads at age ") for r in found)


def test_check_style_repeated_descriptor_is_named():
    questions = (make_sound(), make_sound(id="1.2", descriptors=put(1, SOUND[0] + " Now.")))
    questionnaire = replace(make_questionnaire(), principles=(make_principle(questions=questions),))

    assert "1.2 level 1: repeats 1.1 level 1" in [str(r) for r in check_style(questionnaire)]


def test_check_style_case_without_source_is_named():
    questionnaire = replace(make_one(make_sound()), cases=(make_case(sources=()),))

    assert [str(r) for r in check_style(questionnaire)] == ["case-1 sources: has no source"]


def test_measure_reading_age_is_five_more_than_the_index():
    # 4.71 x 13 signs / 4 words + 0.5 x 4 words / 1 sentence - 21.43 = -4.1225; and 5 years.
    age = measure_reading_age(make_questionnaire(), "The cat sat too.")

    assert age == pytest.approx(0.8775)


def test_measure_reading_age_counts_a_term_of_the_glossary_as_one_short_word():
    glossary = (Term("Pre-commercial procurement", "Research."),)
    questionnaire = replace(make_questionnaire(), glossary=glossary)

    age = measure_reading_age(questionnaire, "We use pre-commercial procurement.")

    assert age == measure_reading_age(questionnaire, "We use term.")
