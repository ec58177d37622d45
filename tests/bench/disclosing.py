"""What the attacker in whole numbers proves of editions as they are published."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from assessment.core.disclosure import publish
from assessment.core.people.groups import list_memberships
from assessment.core.statistics.publication import CutEdition, EditionDraft
from assessment.demonstration.responses import simulate_answers, simulate_register
from tests.attacks.constraints import Histories
from tests.attacks.integer_programme import IntegerProgramme
from tests.attacks.population import Population, count_histories, find_classes
from tests.attacks.published import read_editions, read_own_answers
from tests.attacks.whole_numbers import find_proven
from tests.bench.programme import read_questionnaire
from tests.bench.results import Line, make_line

# The demonstration has three rounds, the first two with an edition.
DEMONSTRATION_ROUNDS, WITH_EDITION = 3, 2
# Invented rounds, by the number that submitted, each of another register; of five simulated rounds
# the fourth is the fullest, with 357 authorities to draw from.
SIZES = (60, 120, 240)
ROUNDS, FULLEST = 5, 3
# Principles asked in an invented round, the first of the questionnaire; in the demonstration all.
PRINCIPLES = 2
# An attack for each reader that knows its own answers costs that many attacks: of one question.
READ_SIZE = 60
NONE_PROVEN = 0.0


@dataclass(frozen=True, slots=True)
class Attacked:
    """What was proven of some editions: of so many answers, with so many undecided among them.

    ``levels`` are those proven that are no Don't know, Does not apply or missing answer; undecided
    answers count as proven. ``seconds`` of processor time, without cutting the editions.
    """

    answers: int
    proven: int
    levels: int
    undecided: int
    seconds: float


def compare_disclosure() -> list[Line]:
    """Attack editions one by one; print what is proven and return the lines."""
    lines = []
    for name, edition in _list_editions():
        found = attack(edition)
        print(
            f"{name}: {found.proven} of {found.answers:,} answers proven ({found.levels} levels, "
            f"{found.undecided} undecided), {found.seconds:.1f} s of processor time",
            flush=True,
        )
        counts = (f"answers proven in {name}", found.proven, found.answers)
        lines.append(make_line(*counts, NONE_PROVEN, "all answers attacked", "answers"))
    return [*lines, _compare_readers()]


def attack(edition: CutEdition) -> Attacked:
    """Attack every question of one edition with what this edition alone publishes of it."""
    questions = edition.questionnaire.question_ids
    start, proven = time.process_time(), []
    for question_id in questions:
        _, programme, truth = _build_programme(edition, question_id)
        proven += find_proven(programme, truth)
    return Attacked(
        answers=len(edition.answer_codes) * len(questions),
        proven=sum(each.authorities for each in proven),
        levels=sum(each.authorities for each in proven if each.target.answer > 0),
        undecided=sum(each.authorities for each in proven if not each.is_decided),
        seconds=time.process_time() - start,
    )


def _compare_readers() -> Line:
    """Attack one question as each reader; print what is proven beyond the outsider's and the line.

    Readers of one class with one answer know the same, so that one of them is asked.
    """
    edition = _cut_invented(READ_SIZE)
    question_id = edition.questionnaire.question_ids[0]
    class_of, answers = find_classes([edition]).class_of, edition.answer_codes[question_id]
    readers = {(class_of[id_], answers[id_]): id_ for id_ in class_of}.values()
    start = time.process_time()
    everybodys = find_proven_to(edition, question_id, None)
    told = set().union(*(find_proven_to(edition, question_id, id_) - {id_} for id_ in readers))
    print(
        f"to a reader in the round of {READ_SIZE}, of question {question_id}: "
        f"{len(told - everybodys)} of {len(answers)} answers proven beside {len(everybodys)} that "
        f"everybody proves, {time.process_time() - start:.1f} s of processor time",
        flush=True,
    )
    name = f"answers proven to a reader in an invented round of {READ_SIZE}"
    return make_line(name, len(told), len(answers), NONE_PROVEN, "one question's", "answers")


def find_proven_to(edition: CutEdition, question_id: str, reader: str | None) -> set[str]:
    """Return the ids of authorities whose answer a reader, or with None everybody, can prove."""
    population, programme, truth = _build_programme(edition, question_id, reader)
    proven = {each.target.class_index for each in find_proven(programme, truth)}
    return {id_ for id_, class_ in population.class_of.items() if class_ in proven}


def _build_programme(
    edition: CutEdition, question_id: str, reader: str | None = None
) -> tuple[Population, IntegerProgramme, np.ndarray]:
    """Return the classes, what is known of a question, and the answers behind it as counts."""
    histories = Histories(len(edition.questionnaire.levels))
    population = find_classes([edition], apart=[reader] if reader else [])
    truth = count_histories(population, histories, [edition], question_id)
    constraints = read_editions(population, histories, [edition], question_id)
    if reader:
        constraints += read_own_answers(population, histories, [edition], question_id, reader)
    programme = IntegerProgramme(histories, population.classes, constraints)
    assert programme.admits(truth)
    return population, programme, truth


def _list_editions() -> Iterator[tuple[str, CutEdition]]:
    """Cut the editions; yield each with its name."""
    for number, edition in enumerate(_cut_demonstration(), start=1):
        yield f"edition {number} of the demonstration", edition
    for size in SIZES:
        yield f"an invented round of {size}", _cut_invented(size)


def _cut_demonstration() -> list[CutEdition]:
    """Cut the demonstration's editions as it does: the first of each round, beside the other."""
    asked, register = read_questionnaire(), simulate_register()
    answers = simulate_answers(asked, register, rounds=DEMONSTRATION_ROUNDS)
    memberships = list_memberships(register)
    editions: list[CutEdition] = []
    for index in range(WITH_EDITION):
        answer_codes = _frame_answers(answers, index)
        then = editions[-1] if editions else None
        draft = EditionDraft(str(index), 1, asked, answer_codes, memberships, then, tuple(editions))
        editions.append(publish(draft))
    return editions


def _cut_invented(size: int) -> CutEdition:
    """Cut the only edition of a round; its size is its seed."""
    whole, register = read_questionnaire(), simulate_register(size)
    asked = replace(whole, principles=whole.principles[:PRINCIPLES])
    answers = simulate_answers(asked, register, rounds=ROUNDS, seed=size)
    answer_codes = _frame_answers(answers, FULLEST)
    ids = np.random.default_rng(size).choice(answer_codes.index, size, replace=False)
    answer_codes = answer_codes.loc[sorted(ids)]
    memberships = list_memberships(register)
    return publish(EditionDraft("R", 1, asked, answer_codes, memberships, None, ()))


def _frame_answers(answers: pd.DataFrame, round_index: int) -> pd.DataFrame:
    """Return a round's answers as the product holds them."""
    of_round = answers[answers["round_index"] == round_index]
    columns = of_round["question_id"].unique()
    return of_round.pivot(index="authority_id", columns="question_id", values="code")[columns]
