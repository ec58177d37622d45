from pathlib import Path

import pytest

from assessment.content.questionnaire import (
    dump_questionnaire,
    load_questionnaire,
    parse_questionnaire,
    restore_questionnaire,
)
from assessment.core.errors import FileMistakesError
from assessment.core.questionnaire.questionnaire import Questionnaire

SMALL = Path(__file__).parents[2] / "data" / "small.yaml"


def find_mistakes(old: str, new: str) -> list[str]:
    """Change one thing in the small questionnaire and return the mistakes found."""
    text = SMALL.read_text()
    assert text.count(old) >= 1
    with pytest.raises(FileMistakesError) as refused:
        parse_questionnaire(text.replace(old, new, 1), "small.yaml")
    return [str(mistake) for mistake in refused.value.mistakes]


def test_load_questionnaire_small_file_is_read():
    questionnaire = load_questionnaire(SMALL)

    assert questionnaire.question_ids == ("1.1", "1.2")
    assert questionnaire.question("1.2").weight == 2


def test_restore_questionnaire_dumped_is_equal():
    questionnaire = load_questionnaire(SMALL)

    assert restore_questionnaire(dump_questionnaire(questionnaire)) == questionnaire


def test_load_questionnaire_real_file_has_six_principles_of_six(questionnaire: Questionnaire):
    assert [len(p.questions) for p in questionnaire.principles] == [6] * 6
    assert [level.name for level in questionnaire.levels] == [
        "Starting",
        "Exploring",
        "Developing",
        "Embedding",
        "Leading",
    ]


def test_load_questionnaire_real_file_has_the_principles_names_in_order(
    questionnaire: Questionnaire,
):
    assert [p.name for p in questionnaire.principles] == [
        "Strong Leadership to Drive Strategic Procurement",
        "Exploiting the Freedom to Innovate",
        "Boosting the Innovative Economy",
        "Procurement to Engage Citizens",
        "Learning from Case Studies",
        "Cities as Drivers of Innovative Procurement",
    ]


def test_load_questionnaire_real_file_keeps_scotland_out_of_the_procurement_act(
    questionnaire: Questionnaire,
):
    hooks = [hook for question in questionnaire.questions for hook in question.legal]
    act = [hook for hook in hooks if hook.instrument.startswith("Procurement Act 2023")]

    assert act
    assert not [hook for hook in act if "Scotland" in hook.nations]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("title: First", "titel: First", "principles[1].questions[1].titel: is not a field"),
        ("title: First", "titel: First", "principles[1].questions[1].title: is missing"),
        ("why: Because.", "why: Because.\n        why: Again.", "stands already on line"),
        ("why: Because.", "why: ' '", "why: must not be empty"),
        ('id: "1.2"', 'id: "1.1"', "question 1.1 is there 2 times"),
        ('id: "1.2"', 'id: "0.9"', "question 0.9 is retired"),
        (
            'version: "small"',
            'version: "small"\nbarriers: [{id: a, text: x}, {id: a, text: y}]',
            "barriers[2].id: choice barriers.a is there 2 times",
        ),
        (
            'version: "small"',
            'version: "small"\nbarriers: [{id: a, text: x}]',
            "support: must stand beside the other list",
        ),
        (
            'version: "small"',
            'version: "small"\nsupport: [{id: "null", text: x}]\nbarriers: [{id: a, text: x}]',
            "support[1].id: may hold lower-case letters and hyphens only",
        ),
        ('id: "1.2"', "id: 1.2", "id: input should be a valid string"),
        ('id: "1.2"', 'id: "One Two"', "lower-case letters"),
        ("          - Second level.\n", "", "needs 3 texts, one for each level, and has 2"),
        ("{from_level: 2, ", "{from_level: 1, ", "needs one action from each level from 1 to 2"),
        ("cases: [harbour]", "cases: [port]", "there is no case port"),
        ("owner: Head, effort: days}", "owner: Head, effort: days, case: dock}", "no case dock"),
        ('url: "https://term', 'url: "term', "glossary[1].source.url: must begin with http"),
        (
            "- {term: Port,",
            "- {term: Berth, meaning: x}\n  - {term: berth,",
            "term berth is there 2",
        ),
        ('version: "small"', 'version: "2027/28"', "version: may hold letters, digits, full stops"),
        ("weight: 2", "weight: 0", "must be more than 0"),
        ("kind: duty", "kind: freedom", "flag_below: goes with a duty only"),
        ("flag_below: 2", "flag_below: 4", "must be a level from 2 to 3"),
        ("https://law.example", "law.example", "must begin with http"),
        ("https://case.example", "ftp://case.example", "must begin with http"),
        ('other_id: "1.2"', 'other_id: "7.7"', "contradictions[1].other_id: there is no question"),
        ('other_id: "1.2"', 'other_id: "1.1"', "contradictions[1].other_id: must be another"),
        ("least: 3", "least: 4", "contradictions[1].least: must be a level from 1 to 3"),
        ("number: 2", "number: 5", "must be numbered 1, 2, 3"),
        ("effort: days", "effort: ages", "effort: input should be"),
    ],
)
def test_parse_questionnaire_mistake_is_named(old: str, new: str, mistake: str):
    assert any(mistake in found for found in find_mistakes(old, new))


def test_parse_questionnaire_mistake_names_its_line():
    line = SMALL.read_text().splitlines().index("        why: Because.") + 1

    assert find_mistakes("why: Because.", "why: ' '") == [
        f"line {line}: principles[1].questions[1].why: must not be empty"
    ]


def test_parse_questionnaire_several_mistakes_are_all_named():
    text = SMALL.read_text().replace("weight: 2", "weight: -1").replace("[harbour]", "[port]")

    with pytest.raises(FileMistakesError) as refused:
        parse_questionnaire(text, "small.yaml")

    assert len(refused.value.mistakes) == 2


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "small.yaml: line 1: the file is empty"),
        ("a: [", "did not find expected node content"),
        ("[]", "input should be a dictionary"),
        ("a:\n  - \x01", "line 2: holds the character 0x0001, which cannot be shown"),
        ("? [a]\n: b", "found unhashable key"),
    ],
)
def test_parse_questionnaire_no_questionnaire_is_refused(text: str, mistake: str):
    with pytest.raises(FileMistakesError) as refused:
        parse_questionnaire(text, "small.yaml")

    assert mistake in str(refused.value)


def test_parse_questionnaire_without_principles_or_questions_is_refused():
    text = SMALL.read_text()
    head = text[: text.index("principles:")]

    with pytest.raises(FileMistakesError, match="at least one principle"):
        parse_questionnaire(f"{head}principles: []\n", "small.yaml")

    empty = text[: text.index("    questions:")] + "    questions: []\n"
    with pytest.raises(FileMistakesError, match="at least one question"):
        parse_questionnaire(empty, "small.yaml")
