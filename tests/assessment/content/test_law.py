"""The law that questions.yaml states: which nation has which duty, and which are flagged."""

import pytest

from assessment.core.answers.duties import DutyState, judge_duties
from assessment.core.questionnaire.questionnaire import HookKind, LegalHook, Nation, Questionnaire
from tests.factories import make_answer

PA, SP = "Procurement Act 2023", "Social Partnership and Public Procurement (Wales) Act 2023"
PR, SV = "Procurement Reform (Scotland) Act 2014", "Public Services (Social Value) Act 2012"

# Each nation's duties that a level 1 contradicts wherever the duty's own conditions, which its
# text says first, are met. Not flagged: what binds some authorities only (PA section 93, above
# £100m a year), and what the question does not ask. SP sections 24 and 38: a lawful strategy
# may be silent on innovation, and no moment is set for thinking of well-being. PA section 13
# and PR section 9 on innovation: an authority may have regard to aims and write nothing down.
FLAGGED = {
    "England": [
        ("3.2", PA, "section 12(4)"),
        ("3.2", PA, "sections 84 and 86"),
        ("4.3", SV, "section 1"),
    ],
    "Wales": [("3.2", PA, "section 12(4)"), ("3.2", PA, "sections 84 and 86")],
    "Scotland": [
        ("3.2", PR, "sections 3, 4 and 9"),
        ("4.3", PR, "sections 3, 4 and 9"),
    ],
    "Northern Ireland": [("3.2", PA, "section 12(4)")],
}
# Which nations' authorities an Act binds.
REACH = {
    PA: {Nation.ENGLAND, Nation.WALES, Nation.NORTHERN_IRELAND},
    SP: {Nation.WALES},
    PR: {Nation.SCOTLAND},
    SV: {Nation.ENGLAND},
    "Public Contracts (Scotland) Regulations 2015": {Nation.SCOTLAND},
}


@pytest.mark.parametrize("nation", list(FLAGGED))
def test_judge_duties_real_file_at_the_lowest_level_flags_only_the_nations_duties(
    questionnaire: Questionnaire, nation: str
) -> None:
    lowest = {q: make_answer(q, 1) for q in questionnaire.question_ids}

    findings = judge_duties(questionnaire, lowest, nation)

    assert [
        (one.question.id, one.hook.instrument, one.hook.section) for one in findings
    ] == FLAGGED[nation]
    assert {one.state for one in findings} == {DutyState.TO_CHECK}


@pytest.mark.parametrize("nation", list(FLAGGED))
def test_judge_duties_real_file_above_the_lowest_level_flags_nothing(
    questionnaire: Questionnaire, nation: str
) -> None:
    second = {q: make_answer(q, 2) for q in questionnaire.question_ids}

    states = {one.state for one in judge_duties(questionnaire, second, nation)}

    assert states == {DutyState.NOT_FLAGGED}


def test_load_questionnaire_real_file_states_no_act_for_a_nation_it_does_not_bind(
    questionnaire: Questionnaire,
) -> None:
    hooks: list[LegalHook] = [hook for q in questionnaire.questions for hook in q.legal]
    beyond = [
        (hook.instrument, nation)
        for hook in hooks
        if hook.instrument in REACH and hook.kind is not HookKind.INFORMATION
        for nation in hook.nations
        if nation not in REACH[hook.instrument]
    ]
    entries = [
        (entry.framework, nation)
        for question in questionnaire.questions
        for entry in question.crosswalk
        if entry.framework in REACH
        for nation in entry.nations
        if nation not in REACH[entry.framework]
    ]

    assert beyond == []
    assert entries == []


@pytest.mark.parametrize(
    ("question_id", "instrument", "section", "nations", "said"),
    [
        ("1.2", SP, "section 38", "Wales", "within 30 days"),
        ("1.3", PA, "section 14(8) and (9)", "Wales", "Wales Procurement Policy Statement"),
        ("2.1", PA, "section 56", "England Wales Northern Ireland", "performance or function"),
        ("2.4", PA, "Schedule 2, paragraph 22", "England Wales Northern Ireland", "exempt"),
        (
            "2.4",
            PA,
            "Schedule 5, paragraphs 2 and 3; sections 44, 50 and 51",
            "England Wales Northern Ireland",
            "standstill of eight working days",
        ),
        (
            "2.5",
            PA,
            "section 74 and Schedule 8",
            "England Wales Northern Ireland",
            "Light-touch contracts, and contracts that stay below the threshold, may be changed",
        ),
        (
            "2.5",
            PA,
            "Schedule 5, paragraphs 8 and 9",
            "England Wales Northern Ireland",
            "existing supplier",
        ),
        ("1.2", SP, "section 38", "Wales", "thresholds of the Procurement Act"),
        ("2.5", PA, "section 75", "England Wales", "light-touch contracts"),
        ("2.5", PA, "section 77", "England", "above £5m"),
        ("3.1", PA, "section 93", "England Wales", "more than £100m"),
        ("3.2", PA, "sections 84 and 86", "England Wales", "below the threshold"),
        ("4.3", SV, "section 1", "England", "call-offs from a framework do not"),
        ("3.1", SP, "section 39(2)(d)", "Wales", "thresholds of the Procurement Act"),
        ("4.3", SP, "section 24", "Wales", "seek to improve well-being"),
        ("4.3", SP, "section 24", "Wales", "thresholds of the Procurement Act"),
        ("4.5", PA, "sections 52 and 71", "England Wales Northern Ireland", "set and publish"),
        ("5.5", PA, "sections 52 and 71", "England Wales Northern Ireland", "set and publish"),
    ],
)
def test_load_questionnaire_real_file_states_the_law_with_its_exceptions(
    questionnaire: Questionnaire,
    question_id: str,
    instrument: str,
    section: str,
    nations: str,
    said: str,
) -> None:
    hooks = {
        " ".join(hook.nations): hook.text
        for hook in questionnaire.question(question_id).legal
        if (hook.instrument, hook.section) == (instrument, section)
    }

    assert said in hooks[nations]


def test_load_questionnaire_real_file_cites_legislation_for_every_duty_of_an_act(
    questionnaire: Questionnaire,
) -> None:
    elsewhere = [
        (question.id, hook.section, hook.source.url)
        for question in questionnaire.questions
        for hook in question.legal
        if hook.kind is HookKind.DUTY and "legislation.gov.uk" not in hook.source.url
    ]

    assert elsewhere == []
