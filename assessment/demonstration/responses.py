"""The demonstration's fictional country: invented authorities and simulated answers.

No authority here is a real one and no answer was given by anybody. The country has the structure
of the real register: the nations whose law applies, regions and types in the same numbers, and
traits drawn from the same ranges. Everything follows from a seed.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from statistics import NormalDist

import numpy as np
import pandas as pd

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.answers.barriers import MAX_CHOICES, ChoiceKind, Choices, list_choices
from assessment.core.people.authorities import Authority
from assessment.core.questionnaire.questionnaire import Nation, Questionnaire
from assessment.demonstration.country import FIRST_PLACE, PROFILES, SYLLABLES, Spread, TypeProfile

SEED = 2026

# How much of a trait's spread goes with density; the rest is the authority's own.
RURAL_WITH_DENSITY = -0.9
DEPRIVATION_WITH_DENSITY = 0.35
MIN_DEPRIVATION = 5.0

# The model of the answers; simulate_answers says what each number does.
MATURITY_SD = 0.7
PRINCIPLE_SD = 0.45
QUESTION_SD = 0.45
ROUND_SD = 0.4
DIFFICULTY_SD = 0.3
POPULATION_EFFECT = 0.2
TYPICAL_LOG_POPULATION = float(np.log(150_000))
GROWTH = 0.15
GROWTH_SD = 0.15
THRESHOLD_SCALE = 1.3
THRESHOLD_SHIFT = 0.3
DONT_KNOW_SHARE = 0.03
DOES_NOT_APPLY_SHARE = 0.02

FIRST_ROUND_SHARE = 0.45
ROUND_SHARE_STEP = 0.15
MAX_ROUND_SHARE = 0.9
OPEN_ROUND_SHARE = 0.35
REGION_INTEREST_SD = 0.35
INTEREST_SD = 0.8
POPULATION_INTEREST = 0.3
LOYALTY = 2.5
NEEDS_SHARE = 0.9


def simulate_register(seed: int = SEED) -> list[Authority]:
    """Invent a country of 397 authorities in the structure of the real register.

    Parameters
    ----------
    seed : the same seed always gives the same country.

    Returns
    -------
    Authorities with ids X001 onwards, by type in the order of ``PROFILES``; the first is a
    county called Northmere. Nations are those whose law applies; regions and names are invented.

    Notes
    -----
    Within a type, log population and log density are normal; the rural share falls with log
    density (correlation -0.9 before it is kept within 0 and 1) and deprivation rises with it
    (correlation 0.35). Means and spreads are those of the real types, rounded.
    """
    rng = np.random.default_rng(seed)
    places = {nation: _draw_places(nation, rng) for nation in SYLLABLES}
    places[Nation.ENGLAND] = chain([FIRST_PLACE], places[Nation.ENGLAND])
    numbers = iter(range(1, 1000))
    return [
        authority
        for profile in PROFILES
        for authority in _draw_authorities(profile, places[profile.nation], numbers, rng)
    ]


def _draw_places(nation: Nation, rng: np.random.Generator) -> Iterator[str]:
    """Yield a nation's place names in random order, each once."""
    firsts, seconds = (syllables.split() for syllables in SYLLABLES[nation])
    names = [first + second for first in firsts for second in seconds]
    return (names[index] for index in rng.permutation(len(names)))


def _draw_authorities(
    profile: TypeProfile, places: Iterator[str], numbers: Iterator[int], rng: np.random.Generator
) -> list[Authority]:
    """Draw the authorities of one type, region by region."""
    regions = [region for region, count in profile.regions.items() for _ in range(count)]
    populations, densities, deprivations, rural_shares = _draw_traits(profile, len(regions), rng)
    return [
        Authority(
            id=f"X{next(numbers):03d}",
            name=profile.names[index % len(profile.names)].format(next(places)),
            nation=profile.nation.value,
            region=region,
            type=profile.type,
            population=int(populations[index]),
            density=float(densities[index]),
            deprivation_score=float(deprivations[index]),
            rural_share=float(rural_shares[index]),
        )
        for index, region in enumerate(regions)
    ]


def _draw_traits(
    profile: TypeProfile, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw populations, densities, deprivation scores and rural shares, kept as the register's."""
    size, density, rural, deprivation = rng.standard_normal((4, count))
    rural = _correlate(density, rural, RURAL_WITH_DENSITY)
    deprivation = _correlate(density, deprivation, DEPRIVATION_WITH_DENSITY)
    scores = np.maximum(_stretch(deprivation, profile.deprivation), MIN_DEPRIVATION)
    return (
        np.exp(_stretch(size, profile.log_population)).round(),
        np.exp(_stretch(density, profile.log_density)).round(1),
        scores.round(2),
        np.clip(_stretch(rural, profile.rural), 0, 1).round(3),
    )


def _correlate(leading: np.ndarray, own: np.ndarray, correlation: float) -> np.ndarray:
    """Mix two standard normal traits into one with this correlation to the first."""
    mixed: np.ndarray = correlation * leading + np.sqrt(1 - correlation**2) * own
    return mixed


def _stretch(standard: np.ndarray, spread: Spread) -> np.ndarray:
    """Give a standard normal trait its mean and standard deviation."""
    return spread.mean + spread.sd * standard


def simulate_answers(
    questionnaire: Questionnaire,
    authorities: Sequence[Authority],
    rounds: int = 3,
    seed: int = SEED,
) -> pd.DataFrame:
    """Simulate who takes part in each round and what they answer.

    Parameters
    ----------
    questionnaire : the questions; its levels are numbered from 1.
    authorities : the register; those with an ``ended_on`` never take part.
    rounds : number of rounds, of which the last is still open.
    seed : the same seed, questionnaire and register always give the same answers.

    Returns
    -------
    One row per (round_index, authority_id, question_id), of those who took part:
    ``round_index`` int counted from 0, ``authority_id`` and ``question_id`` str, ``code`` int8,
    a level from 1, DONT_KNOW or DOES_NOT_APPLY. Sorted by round, register and questionnaire.

    Notes
    -----
    *Taking part.* An authority's inclination is the sum of its type's interest, its region's
    (normal, sd 0.35), 0.3 times its standardised log population, and its own (normal, sd 0.8).
    In each round those with the largest inclination plus standard logistic noise, plus 2.5 if
    they took part in any round before, take part: 45 % of authorities in the first closed
    round, 15 percentage points more in each later one (at most 90 %), and 35 % so far in the
    open round. So large and urban types answer more, and most of a round has answered before.

    *Answers.* A latent practice y is the sum of the authority's maturity (normal, sd 0.7), its
    type's shift, 0.2 times its standardised log population, its own effect for the principle
    (normal, sd 0.45) and for the question (normal, sd 0.45), less the question's difficulty
    (normal, sd 0.3); and in each round growth of 0.15 for every round before it, the authority's
    ups and downs (normal, sd 0.15) and the answer's (normal, sd 0.4). Only these three differ
    between rounds, so an authority stays much the same. Principles share the maturity and so
    correlate within an authority. Of L levels the answer is 1 plus the number of thresholds
    below y; threshold k is 0.3 + 1.3 times the standard normal quantile of k / L (an ordered
    probit model), which puts most authorities in the lower middle.

    *Other answers.* A question does not apply to an authority with probability 2 %, the same
    in every round; otherwise it is not known with probability 3 %, independently each round.

    Standardised log population is ln(residents / 150,000), or 0 where it is not known.
    """
    rng = np.random.default_rng(seed)
    current = [authority for authority in authorities if authority.ended_on is None]
    takes_part = _draw_participation(current, rounds, rng)
    answer_codes = _draw_codes(questionnaire, current, rounds, rng)
    round_index, index = np.nonzero(takes_part)
    questions = len(questionnaire.question_ids)
    authority_ids = np.array([authority.id for authority in current], dtype=object)
    question_ids = np.array(questionnaire.question_ids, dtype=object)
    return pd.DataFrame(
        {
            "round_index": np.repeat(round_index, questions),
            "authority_id": np.repeat(authority_ids[index], questions),
            "question_id": np.tile(question_ids, len(index)),
            "code": answer_codes[takes_part].ravel(),
        }
    )


def simulate_choices(
    questionnaire: Questionnaire, authority_ids: Sequence[str], seed: int = SEED
) -> dict[str, Choices]:
    """Simulate what authorities say holds them back and would help them.

    Parameters
    ----------
    questionnaire : what there is to choose from.
    authority_ids : those that choose.
    seed : the same seed, questionnaire and authorities always give the same.

    Returns
    -------
    What each of nine in ten chose, by authority id: up to three of each list; the earlier a
    thing stands in its list, the likelier it is chosen (weights 1/2, 1/3, 1/4 and so on).
    """
    rng = np.random.default_rng(seed)
    found = {}
    for authority_id in authority_ids:
        drawn = [
            _draw_choices([choice.id for choice in list_choices(questionnaire, kind)], rng)
            for kind in ChoiceKind
        ]
        if rng.random() < NEEDS_SHARE:
            found[authority_id] = Choices(*drawn)
    return found


def _draw_choices(ids: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
    """Draw one to three of a list, in its order."""
    if not ids:
        return ()
    weights = 1 / np.arange(2, len(ids) + 2)
    count = min(int(rng.integers(1, MAX_CHOICES + 1)), len(ids))
    drawn = rng.choice(len(ids), size=count, replace=False, p=weights / weights.sum())
    return tuple(ids[index] for index in sorted(drawn))


def _draw_participation(
    authorities: Sequence[Authority], rounds: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw who takes part: bool, one row a round, one column an authority."""
    shifts = {profile.type: profile.interest for profile in PROFILES}
    names = sorted({authority.region for authority in authorities})
    by_region = dict(zip(names, rng.normal(0, REGION_INTEREST_SD, len(names)), strict=True))
    known = [shifts.get(a.type, 0.0) + by_region[a.region] for a in authorities]
    size = POPULATION_INTEREST * _standardise_populations(authorities)
    inclination = np.array(known) + size + rng.normal(0, INTEREST_SD, len(authorities))
    takes_part = np.zeros((rounds, len(authorities)), dtype=bool)
    for index in range(rounds):
        loyalty = LOYALTY * takes_part[:index].any(axis=0)
        wish = inclination + loyalty + rng.logistic(size=len(authorities))
        count = int(_round_share(index, rounds) * len(authorities) + 0.5)
        takes_part[index, np.argsort(-wish, kind="stable")[:count]] = True
    return takes_part


def _round_share(index: int, rounds: int) -> float:
    """Return the share of authorities that take part in a round; the last is open."""
    if index == rounds - 1:
        return OPEN_ROUND_SHARE
    return min(FIRST_ROUND_SHARE + ROUND_SHARE_STEP * index, MAX_ROUND_SHARE)


def _standardise_populations(authorities: Sequence[Authority]) -> np.ndarray:
    """Return each authority's log population beside the typical one; 0 where not known."""
    logs = [np.log(a.population) if a.population else TYPICAL_LOG_POPULATION for a in authorities]
    return np.array(logs) - TYPICAL_LOG_POPULATION


def _draw_codes(
    questionnaire: Questionnaire,
    authorities: Sequence[Authority],
    rounds: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw every answer: int8, round by authority by question."""
    practice = _draw_practice(questionnaire, authorities, rounds, rng)
    levels = len(questionnaire.levels)
    quantiles = [NormalDist().inv_cdf(k / levels) for k in range(1, levels)]
    thresholds = THRESHOLD_SHIFT + THRESHOLD_SCALE * np.array(quantiles)
    answer_codes = (1 + np.searchsorted(thresholds, practice)).astype(np.int8)
    answer_codes[rng.random(answer_codes.shape) < DONT_KNOW_SHARE] = DONT_KNOW
    answer_codes[:, rng.random(answer_codes.shape[1:]) < DOES_NOT_APPLY_SHARE] = DOES_NOT_APPLY
    return answer_codes


def _draw_practice(
    questionnaire: Questionnaire,
    authorities: Sequence[Authority],
    rounds: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw the latent practice y of simulate_answers: round by authority by question."""
    count, questions = len(authorities), len(questionnaire.question_ids)
    shifts = {profile.type: profile.maturity for profile in PROFILES}
    maturity = np.array([shifts.get(authority.type, 0.0) for authority in authorities])
    maturity = maturity + POPULATION_EFFECT * _standardise_populations(authorities)
    maturity = maturity + rng.normal(0, MATURITY_SD, count)
    by_principle = rng.normal(0, PRINCIPLE_SD, (count, len(questionnaire.principles)))
    sizes = [len(principle.questions) for principle in questionnaire.principles]
    lasting = maturity[:, None] + np.repeat(by_principle, sizes, axis=1)
    lasting = lasting + rng.normal(0, QUESTION_SD, (count, questions))
    lasting = lasting - rng.normal(0, DIFFICULTY_SD, questions)
    growth = GROWTH * np.arange(rounds)[:, None] + rng.normal(0, GROWTH_SD, (rounds, count))
    noise = rng.normal(0, ROUND_SD, (rounds, count, questions))
    practice: np.ndarray = lasting + growth[:, :, None] + noise
    return practice
