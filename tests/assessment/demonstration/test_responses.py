import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from assessment.content.register import REGISTER_PATH, load_register
from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.answers.barriers import Choices
from assessment.core.people.authorities import Authority
from assessment.core.questionnaire.questionnaire import Choice, Questionnaire
from assessment.demonstration.responses import simulate_answers, simulate_choices, simulate_register
from tests.factories import make_authority, make_questionnaire

# Words that say what kind of authority it is, or join words; the rest of a name is its place.
KIND_WORDS = re.compile(
    r"\b(and|authority|borough|city|combined|corporation|council|county|district|greater|mayoral|"
    r"metropolitan|of|royal|the)\b"
)


@pytest.fixture(scope="module")
def register() -> list[Authority]:
    return simulate_register()


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return make_questionnaire(principles=6, questions=6, levels=5)


@pytest.fixture(scope="module")
def answers(questionnaire: Questionnaire, register: list[Authority]) -> pd.DataFrame:
    return simulate_answers(questionnaire, register)


def place_of(name: str) -> str:
    """Return the place in a name, in lower case, with a space around each word."""
    words = re.findall(r"\w+", KIND_WORDS.sub(" ", name.casefold()))
    return f" {' '.join(words)} "


def participants(answers: pd.DataFrame, round_index: int) -> set[str]:
    return set(answers.loc[answers["round_index"] == round_index, "authority_id"])


def test_simulate_register_names_and_places_are_of_no_real_authority(
    register: list[Authority],
) -> None:
    real = load_register(REGISTER_PATH)
    real_names = {a.name.casefold() for a in real} | {a.region.casefold() for a in real}
    real_places = {place_of(name) for name in real_names} - {place_of("")}
    invented_names = {name.casefold() for a in register for name in (a.name, a.region)}

    places = [place_of(name) for name in invented_names]

    assert {" barnsley ", " suffolk ", " west suffolk ", " london "} <= real_places
    assert real_names.isdisjoint(invented_names)
    assert not [place for place in places for real in real_places if real in place]


def test_simulate_register_ids_and_names_are_each_given_once(register: list[Authority]) -> None:
    # 21 + 164 + 63 + 36 + 33 + 15 + 32 + 22 + 11 = 397
    assert len(register) == 397
    assert len({a.id for a in register}) == 397
    assert len({a.name for a in register}) == 397
    assert (register[0].id, register[0].name) == ("X001", "Northmere County Council")
    assert register[-1].id == "X397"


def test_simulate_register_types_and_nations_have_the_real_numbers(
    register: list[Authority],
) -> None:
    assert Counter((a.nation, a.type) for a in register) == {
        ("England", "county"): 21,
        ("England", "district"): 164,
        ("England", "unitary authority"): 63,
        ("England", "metropolitan borough"): 36,
        ("England", "London borough"): 33,
        ("England", "combined authority"): 15,
        ("Scotland", "Scottish council"): 32,
        ("Wales", "Welsh council"): 22,
        ("Northern Ireland", "Northern Irish district"): 11,
    }


def test_simulate_register_regions_have_the_real_sizes(register: list[Authority]) -> None:
    sizes = Counter(a.region for a in register)

    # South East, East of England, East Midlands, North West, London, West Midlands, Scotland,
    # South West, Wales, Yorkshire and The Humber, North East, Northern Ireland
    assert sorted(sizes.values(), reverse=True) == [70, 51, 40, 38, 34, 34, 32, 30, 22, 20, 15, 11]


def test_simulate_register_traits_are_in_their_ranges(register: list[Authority]) -> None:
    assert all(5_000 < (a.population or 0) < 10_000_000 for a in register)
    assert all((a.density or 0) > 0 for a in register)
    assert all(5 <= (a.deprivation_score or 0) <= 100 for a in register)
    assert all(a.rural_share is not None and 0 <= a.rural_share <= 1 for a in register)


def test_simulate_register_traits_go_together_as_the_real_ones_do(
    register: list[Authority],
) -> None:
    traits = pd.DataFrame(
        [(a.density, a.rural_share, a.deprivation_score) for a in register],
        columns=["density", "rural_share", "deprivation_score"],
        dtype=float,
    )

    together = traits.corr(method="spearman")

    assert together.loc["density", "rural_share"] < -0.7
    assert 0.1 < together.loc["density", "deprivation_score"] < 0.6


def test_simulate_register_with_the_same_seed_is_the_same(register: list[Authority]) -> None:
    assert simulate_register() == register
    assert simulate_register(seed=1) != register


def test_simulate_answers_rows_are_one_per_round_authority_and_question(
    answers: pd.DataFrame,
) -> None:
    assert list(answers.columns) == ["round_index", "authority_id", "question_id", "code"]
    assert answers["code"].dtype == "int8"
    assert not answers.duplicated(["round_index", "authority_id", "question_id"]).any()
    # (179 + 238 + 139) assessments x 36 questions = 556 x 36 = 20,016
    assert len(answers) == 20_016


def test_simulate_answers_participation_has_the_stated_shares(answers: pd.DataFrame) -> None:
    # 45 % of 397 = 178.65, 60 % = 238.2, 35 % = 138.95
    assert [len(participants(answers, index)) for index in range(3)] == [179, 238, 139]


def test_simulate_answers_open_round_is_mostly_of_those_who_took_part_before(
    answers: pd.DataFrame,
) -> None:
    before = participants(answers, 0) | participants(answers, 1)
    now = participants(answers, 2)

    assert len(now & before) > 0.8 * len(now)
    assert now - before


def test_simulate_answers_participation_is_uneven_between_types(
    answers: pd.DataFrame, register: list[Authority]
) -> None:
    answered = participants(answers, 1)
    shares = {
        type_: sum(a.id in answered for a in register if a.type == type_) / count
        for type_, count in Counter(a.type for a in register).items()
    }

    assert shares["county"] > shares["district"] + 0.05
    assert shares["Welsh council"] > shares["Northern Irish district"] + 0.2


def test_simulate_answers_codes_are_levels_and_a_few_others(answers: pd.DataFrame) -> None:
    shares = answers["code"].value_counts(normalize=True)

    assert set(shares.index) == {1, 2, 3, 4, 5, DONT_KNOW, DOES_NOT_APPLY}
    assert shares[DONT_KNOW] == pytest.approx(0.03, abs=0.01)
    assert shares[DOES_NOT_APPLY] == pytest.approx(0.02, abs=0.01)


def test_simulate_answers_what_does_not_apply_stays_so_in_every_round(
    answers: pd.DataFrame,
) -> None:
    answer_codes = answers.pivot(
        index=["authority_id", "question_id"], columns="round_index", values="code"
    ).dropna()

    excluded = answer_codes[answer_codes[0] == DOES_NOT_APPLY]

    assert not excluded.empty
    assert (excluded == DOES_NOT_APPLY).all(axis=None)


def test_simulate_answers_principles_correlate_within_an_authority(
    answers: pd.DataFrame,
) -> None:
    levels = answers[(answers["round_index"] == 1) & (answers["code"] > 0)]
    principles = levels["question_id"].str.split(".").str[0]
    means = levels.groupby(["authority_id", principles])["code"].mean().unstack()

    together = means.corr()

    assert together.min(axis=None) > 0.4
    assert together.loc["1", "2"] < 0.95


def test_simulate_answers_authorities_stay_much_the_same_and_grow_a_little(
    answers: pd.DataFrame,
) -> None:
    levels = answers[answers["code"] > 0]
    means = levels.groupby(["authority_id", "round_index"])["code"].mean().unstack()
    matched = means[[0, 1]].dropna()

    assert matched[0].corr(matched[1]) > 0.8
    assert 0 < (matched[1] - matched[0]).mean() < 0.5
    assert ((matched[1] - matched[0]) < 0).any()


def test_simulate_answers_with_the_same_seed_are_the_same(
    questionnaire: Questionnaire, register: list[Authority], answers: pd.DataFrame
) -> None:
    assert simulate_answers(questionnaire, register).equals(answers)
    assert not simulate_answers(questionnaire, register, seed=1).equals(answers)


def test_simulate_answers_of_a_small_questionnaire_keep_to_its_levels() -> None:
    authorities = [make_authority(id=f"A{number}", type="port") for number in range(20)]

    answers = simulate_answers(make_questionnaire(1, 2, levels=2), authorities, rounds=1)

    # the only round is the open one: 35 % of 20 = 7 authorities x 2 questions = 14
    assert len(answers) == 14
    assert set(answers["code"]) <= {1, 2, DONT_KNOW, DOES_NOT_APPLY}


def test_simulate_answers_leave_out_former_authorities() -> None:
    former = make_authority(id="OLD", ended_on=date(2023, 3, 31))
    current = [make_authority(id=f"A{number}", population=None) for number in range(4)]

    answers = simulate_answers(make_questionnaire(1, 1), [former, *current], rounds=9)

    assert "OLD" not in set(answers["authority_id"])
    # shares 45, 60, 75, then 90 % at most: of 4 that is 1.8, 2.4, 3 and 3.6, so 2, 2, 3 and 4
    assert [len(participants(answers, index)) for index in range(8)] == [2, 2, 3, 4, 4, 4, 4, 4]
    # 35 % of 4 = 1.4
    assert len(participants(answers, 8)) == 1


def test_simulate_needs_are_up_to_three_of_each_list():
    ids = [f"A{number:03}" for number in range(200)]
    choices = tuple(Choice(f"c{place}", f"Choice {place}") for place in range(8))
    asked = replace(make_questionnaire(), barriers=choices, support=choices)

    found = simulate_choices(asked, ids, seed=1)

    barriers = [choice.id for choice in choices]
    for chosen in found.values():
        assert 1 <= len(chosen.barriers) <= 3
        assert 1 <= len(chosen.support) <= 3
        assert list(chosen.barriers) == [one for one in barriers if one in chosen.barriers]
    # nine in ten choose; the first of the list is chosen more often than the last
    assert 160 <= len(found) <= 197
    first, last = (
        sum(one in chosen.barriers for chosen in found.values())
        for one in (barriers[0], barriers[-1])
    )
    assert first > last
    assert found == simulate_choices(asked, ids, seed=1)


def test_simulate_needs_nothing_to_choose_is_nothing_chosen():
    assert set(simulate_choices(make_questionnaire(), ["A"] * 30).values()) == {Choices((), ())}
