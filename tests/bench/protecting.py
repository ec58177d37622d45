"""Complementary suppression and the audit of one edition, beside the thresholds alone."""

import time
from statistics import median

from assessment.core.disclosure.benchmark import summarise_groups
from assessment.core.disclosure.suppression import audit_edition, begin_edition, protect_edition
from assessment.core.people.groups import list_memberships
from assessment.core.statistics.publication import EditionAudit
from assessment.demonstration.responses import simulate_answers, simulate_register
from tests.bench.programme import read_questionnaire

# Of five simulated rounds the fourth is the fullest: 357 of 397 authorities.
ROUNDS, FULLEST = 5, 3
RUNS = 3


def measure_protecting() -> tuple[float, float, int, EditionAudit]:
    """Return the median seconds with and of the plain rule, the authorities and the audit."""
    asked, register = read_questionnaire(), simulate_register()
    answers = simulate_answers(asked, register, rounds=ROUNDS)
    of_round = answers[answers["round_index"] == FULLEST]
    answer_codes = of_round.pivot(index="authority_id", columns="question_id", values="code")
    answer_codes = answer_codes[list(asked.question_ids)]
    memberships = list_memberships(register)
    plain, protecting = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        figures = summarise_groups(asked, answer_codes, memberships)
        plain.append(time.perf_counter() - start)
        start = time.perf_counter()
        edition = begin_edition("R", 1, asked, figures, answer_codes, memberships)
        audit = audit_edition([protect_edition(edition, [])])
        protecting.append(time.perf_counter() - start)
    assert not audit.exposed
    return median(protecting), median(plain), len(answer_codes), audit
