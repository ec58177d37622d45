"""From a file of answers to published figures, against a calculation in plain Python."""

import json
import random
import statistics
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Override, Round
from assessment.core.disclosure import publishing as disclosure_publishing
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.publication import CutEdition, DisclosureError
from assessment.demonstration.responses import simulate_register
from assessment.services.answering import importing
from assessment.services.editions import benchmarking, cutting, item_analysis, open_data
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.storage import authorities
from tests.factories import OPERATOR, make_questionnaire

TODAY = date(2026, 11, 23)
HEADER = "authority_code,question_id,level"
Answers = dict[str, dict[str, str]]


@pytest.fixture
def country(db: Session, questionnaire: Questionnaire) -> list[Authority]:
    """The fictional country with a round and no answers."""
    register = simulate_register()
    authorities.save_register(db, register, version="simulated", simulated=True)
    publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)
    days = (date(2026, 1, 1), date(2026, 3, 31))
    scheduling.open_round(db, Round("R", "Round R", *days, questionnaire.version), by=OPERATOR)
    return register


@pytest.fixture
def small(db: Session) -> Questionnaire:
    """The fictional country with a round of a small questionnaire, and no answers."""
    questionnaire = make_questionnaire()
    authorities.save_register(db, simulate_register(), version="simulated", simulated=True)
    publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)
    days = (date(2026, 1, 1), date(2026, 3, 31))
    scheduling.open_round(db, Round("R", "Round R", *days, questionnaire.version), by=OPERATOR)
    return questionnaire


def generate_answers(country: list[Authority], questionnaire: Questionnaire, count: int) -> Answers:
    """Generate answers of so many authorities, some of them unknown, inapplicable or missing."""
    draw = random.Random(7)  # noqa: S311
    choices = ["1", "2", "3", "4", "5", "dk", "na", ""]
    weights = [3, 4, 5, 4, 2, 2, 1, 1]
    return {
        authority.id: {q: draw.choices(choices, weights)[0] for q in questionnaire.question_ids}
        for authority in draw.sample(country, count)
    }


def _read_rows(db: Session, round_id: str, kind: GroupKind) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(open_data.export_figures(db, round_id, kind, "json"))[
        "figures"
    ]
    return rows


def write_csv(answers: Answers) -> bytes:
    lines = [
        f"{authority_id},{question_id},{level}"
        for authority_id, levels in answers.items()
        for question_id, level in levels.items()
        if level
    ]
    return "\n".join([HEADER, *lines, ""]).encode()


def score(levels: list[str]) -> Fraction | None:
    """Score one principle from the definition: two thirds of applicable questions, plain mean."""
    numbers = [int(level) for level in levels if level.isdecimal()]
    applicable = [level for level in levels if level != "na"]
    if not numbers or 3 * len(numbers) < 2 * len(applicable):
        return None
    return Fraction(sum(numbers), len(numbers))


def half_up(value: Fraction, places: int) -> float:
    scaled = value * 10**places + Fraction(1, 2)
    return float(Fraction(scaled.numerator // scaled.denominator, 10**places))


def expect(values: list[Fraction], of_n: int) -> dict[str, object]:
    """Work out one figure from the definitions and the published thresholds."""
    n = len(values)
    expected: dict[str, object] = {"n": None, "of_n": of_n, "mean": None, "median": None}
    expected |= {"q1": None, "q3": None} | {f"percent_{level}": None for level in range(1, 6)}
    if n >= 5:
        expected["n"] = n
        expected["mean"] = half_up(sum(values) / n, 1)
        expected["median"] = half_up(Fraction(statistics.median(values)), 1)
    if n >= 10:
        q1, _, q3 = statistics.quantiles(values, n=4, method="inclusive")
        expected |= {"q1": half_up(q1, 1), "q3": half_up(q3, 1)}
        for level in range(1, 6):
            at = sum(1 for value in values if half_up(value, 0) == level)
            expected[f"percent_{level}"] = int(half_up(Fraction(100 * at, n), 0))
    return expected


def calculate(
    country: list[Authority], questionnaire: Questionnaire, answers: Answers
) -> dict[tuple[str, str], dict[str, object]]:
    """Calculate every figure by type, by (type, item id), without any code of the product."""
    values: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    types = {authority.id: authority.type for authority in country}
    for authority_id, levels in answers.items():
        kind = types[authority_id]
        scores = [
            score([levels[question.id] for question in principle.questions])
            for principle in questionnaire.principles
        ]
        for principle, one in zip(questionnaire.principles, scores, strict=True):
            if one is not None:
                values[kind, principle.id].append(one)
        known = [one for one in scores if one is not None]
        if len(known) == len(scores):
            values[kind, "overall"].append(sum(known, Fraction(0)) / len(known))
        for question_id, level in levels.items():
            if level.isdecimal():
                values[kind, question_id].append(Fraction(int(level)))
    items = ["overall", *(p.id for p in questionnaire.principles), *questionnaire.question_ids]
    sizes = {kind: sum(1 for a in country if a.type == kind) for kind in set(types.values())}
    return {
        (kind, item): expect(values[kind, item], size)
        for kind, size in sizes.items()
        for item in items
    }


HIDDEN = "hidden so that another figure cannot be worked out"


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


@pytest.mark.slow
def test_import_cut_export_equals_an_independent_calculation(
    db: Session, country: list[Authority], questionnaire: Questionnaire
):
    answers = generate_answers(country, questionnaire, 300)

    importing.import_responses(
        db, write_csv(answers), "answers.csv", "R", counted=True, by=OPERATOR
    )
    cutting.cut_edition(db, "R", TODAY, by=OPERATOR)

    expected = calculate(country, questionnaire, answers)
    rows = _read_rows(db, "R", GroupKind.TYPE)
    found = {(row["group_id"], row["item_id"]): row for row in rows}
    assert len(found) == len(rows) == len(expected)
    hidden = {cell for cell, row in found.items() if row["withheld_centre"] == HIDDEN}
    for (kind, item), figures in expected.items():
        row = found[slug(kind), item]
        if (slug(kind), item) in hidden:
            assert row["mean"] is None
            continue
        if row["withheld_spread"] == HIDDEN:
            assert row["q1"] is None
            figures |= {name: None for name in figures if name[0] in "pq"}
        assert {name: row[name] for name in figures} == figures, (kind, item)
        assert bool(row["withheld_centre"]) == (figures["mean"] is None)
        assert bool(row["withheld_spread"]) == (figures["q1"] is None)
    assert len(hidden) < len(found) / 10


@pytest.mark.slow
def test_cut_edition_stored_figures_are_those_of_its_hash(db: Session, small: Questionnaire):
    answers = generate_answers(simulate_register(), small, 40)
    importing.import_responses(
        db, write_csv(answers), "answers.csv", "R", counted=True, by=OPERATOR
    )

    first = cutting.cut_edition(db, "R", TODAY, by=OPERATOR)
    second = cutting.cut_edition(db, "R", TODAY, by=OPERATOR)

    assert (first.number, second.number) == (1, 2)
    assert first.content_hash == second.content_hash


@pytest.mark.slow
def test_cut_edition_of_nobody_withholds_everything(
    db: Session, country: list[Authority], questionnaire: Questionnaire
):
    cutting.cut_edition(db, "R", TODAY, by=OPERATOR, overrides={Override.EMPTY})

    rows = _read_rows(db, "R", GroupKind.TYPE)

    assert {(row["n"], row["submitted"]) for row in rows} == {(None, 0)}
    assert not [row for row in rows if row["mean"] is not None or not row["withheld_centre"]]


@pytest.mark.slow
def test_cut_edition_that_tells_on_a_few_is_refused(
    db: Session,
    country: list[Authority],
    questionnaire: Questionnaire,
    monkeypatch: pytest.MonkeyPatch,
):
    answers = generate_answers(country, questionnaire, 100)
    importing.import_responses(
        db, write_csv(answers), "answers.csv", "R", counted=True, by=OPERATOR
    )

    def protect_nothing(edition: CutEdition, history: Sequence[CutEdition]) -> CutEdition:
        return edition

    monkeypatch.setattr(disclosure_publishing, "protect_edition", protect_nothing)

    with pytest.raises(DisclosureError, match="fewer than 5 authorities in overall, leadership"):
        cutting.cut_edition(db, "R", TODAY, by=OPERATOR)


@pytest.mark.slow
def test_audit_newest_edition_finds_nothing_in_what_was_cut(db: Session, small: Questionnaire):
    answers = generate_answers(simulate_register(), small, 90)
    early, late = sorted(answers)[:60], sorted(answers)[60:]
    for part in (early, late):
        file = write_csv({authority_id: answers[authority_id] for authority_id in part})
        importing.import_responses(db, file, "answers.csv", "R", counted=True, by=OPERATOR)
        cutting.cut_edition(db, "R", TODAY, by=OPERATOR)

    audit = benchmarking.audit_newest_edition(db, "R")

    assert audit.exposed == ()
    assert audit.centres.hidden > 0


@pytest.mark.slow
def test_cut_edition_change_is_that_of_those_in_both_rounds(db: Session, small: Questionnaire):
    days = (date(2027, 1, 1), date(2027, 3, 31))
    scheduling.open_round(db, Round("S", "Round S", *days, small.version), by=OPERATOR)
    answers = generate_answers(simulate_register(), small, 120)
    ids = sorted(answers)
    # every level goes up by one from R to S, but for those at 5
    higher = {str(level): str(min(level + 1, 5)) for level in range(1, 6)}
    later = {a: {q: higher.get(v, v) for q, v in answers[a].items()} for a in ids[20:]}
    for round_id, part in (("R", {a: answers[a] for a in ids[:100]}), ("S", later)):
        file = write_csv(part)
        importing.import_responses(db, file, "a.csv", round_id, counted=True, by=OPERATOR)
        cutting.cut_edition(db, round_id, date(2027, 4, 1), by=OPERATOR)

    rows = _read_rows(db, "S", GroupKind.ALL)

    moves = [
        int(later[a]["1.1"]) - int(answers[a]["1.1"])
        for a in ids[20:100]
        if answers[a]["1.1"].isdecimal()
    ]
    row = next(row for row in rows if row["item_id"] == "1.1")
    assert (row["change_n"], row["change_since"]) == (len(moves), "R")
    assert row["change"] == half_up(Fraction(sum(moves), len(moves)), 1)
    assert benchmarking.audit_newest_edition(db, "S").exposed == ()


@pytest.mark.slow
def test_cut_edition_item_analysis_moves_only_by_five(db: Session, small: Questionnaire):
    answers = generate_answers(simulate_register(), small, 60)
    ids = sorted(answers)
    found = []
    for part in (ids[:50], ids[50:54], ids[54:60]):
        file = write_csv({a: answers[a] for a in part})
        importing.import_responses(db, file, "a.csv", "R", counted=True, by=OPERATOR)
        edition = cutting.cut_edition(db, "R", TODAY, by=OPERATOR)
        found.append(item_analysis.read_item_analysis(db, edition).principles)

    # four more change nothing; ten since the first do
    assert found[0] == found[1]
    assert found[1] != found[2]
    assert [len(principle.questions) for principle in found[2]] == [3, 3]


@pytest.mark.slow
def test_read_benchmark_of_a_question_tells_every_share(
    db: Session, country: list[Authority], questionnaire: Questionnaire
):
    answers = generate_answers(country, questionnaire, 20)
    said = ["2"] * 10 + ["4"] * 6 + ["dk"] * 3 + ["na"]
    for authority_id, level in zip(sorted(answers), said, strict=True):
        answers[authority_id]["1.1"] = level
    importing.import_responses(db, write_csv(answers), "a.csv", "R", counted=True, by=OPERATOR)
    cutting.cut_edition(db, "R", TODAY, by=OPERATOR)

    everybody = benchmarking.read_benchmark(db, "R", GroupKind.ALL).groups[0]

    figure = everybody.questions[0]
    assert (figure.key.item_id, figure.n, figure.of_n) == ("1.1", 16, 397)
    # 10 and 6 of 16 are 62.5 and 37.5%; 3 and 1 of 20 are 15 and 5%
    assert figure.percents == (0, 63, 0, 38, 0)
    assert figure.percent_at_least(3) == 38
    assert (figure.percent_dont_know, figure.percent_does_not_apply) == (15, 5)
    assert everybody.overall.percent_dont_know is None
    assert len(everybody.questions) == 36
