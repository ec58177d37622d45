"""Benchmarks of random programmes against the definitions in the plainest Python.

Figures are worked out again in fractions, from lists, one authority after the other; nothing
here is shared with the product. Below 5 authorities no centre is shown and below 10 no spread,
nor what would tell what everybody has: a question that all answered alike, scores that are all at
one end of the scale, a change of all from one end to the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor, isnan
from statistics import mean, median, quantiles

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import percentileofscore

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.disclosure.benchmark import compare_with_peers, summarise_groups
from assessment.core.disclosure.change import summarise_change
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import GroupKind, list_memberships
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.published_figures import PeerFigure
from assessment.core.statistics.representativeness import post_stratify_by_type
from assessment.core.statistics.uncertainty import Position
from assessment.core.statistics.withholding import Reason
from tests.factories import make_authority, make_questionnaire

pytestmark = pytest.mark.slow

LEVELS = 4
QUESTIONNAIRE = make_questionnaire(principles=2, questions=3, levels=LEVELS)
ITEM_IDS = ["overall", "principle-1", "principle-2", *QUESTIONNAIRE.question_ids]
PLAIN = ("1",) * 6
STANDINGS = {"percent_dont_know": DONT_KNOW, "percent_does_not_apply": DOES_NOT_APPLY}
Codes = list[int]
Programme = list[tuple[str, Codes | None]]
Values = list[Fraction | None]

answers = st.lists(st.integers(DOES_NOT_APPLY, LEVELS), min_size=6, max_size=6)
mostly_answered = st.lists(
    st.sampled_from([*range(1, LEVELS + 1)] * 3 + [0, -1, -2]), min_size=6, max_size=6
)
types = st.sampled_from(["county", "county", "county", "town", "city"])
taking_part = st.one_of(
    st.none(), answers, mostly_answered, mostly_answered, st.just([2, 3, 3, 1, 4, 4])
)


def lists_of(member: st.SearchStrategy) -> st.SearchStrategy:
    """Draw up to forty members, as often many as few."""
    return st.integers(1, 40).flatmap(lambda size: st.lists(member, min_size=size, max_size=size))


programmes = lists_of(st.tuples(types, taking_part))
weightings = st.tuples(*[st.sampled_from(["1", "2", "0.5", "2.5", "0.1", "0.7"])] * 6)
# The cases that every figure must stand.
NAMED: dict[str, Programme] = {
    "missing answers": [("county", [3, 2, 0, -1, -2, 4]), ("county", [0, -1, -2, 1, 1, 2])] * 6,
    "ties": [("county", [2, 2, 3, 3, 2, 3]), ("county", [3, 3, 2, 2, 3, 2])] * 6,
    "one-member groups": [("city", [4, 3, 2, 1, 2, 3]), ("town", [1, 2, 3, 4, 3, 2])],
    "everyone equal": [("county", [2, 2, 2, 3, 3, 3])] * 12,
    "everyone at an end": [("county", [1, 1, 1, 4, 4, 4])] * 12,
    "nobody answering": [("county", None)] * 12,
    "nobody knowing": [("county", [-1, -1, 0, -2, -2, -2])] * 12,
    "a fifth in a small type": [("county", [2, 3, 3, 4, 4, 3])] * 8 + [("town", [1] * 6)] * 2,
    "more in a small type": [("county", [2, 3, 3, 4, 4, 3])] * 8 + [("town", [1] * 6)] * 3,
}


def pinned(cases: dict[str, object], **fixed: object) -> Callable:
    """Try the named cases first."""

    def pin(test: Callable) -> Callable:
        for case in cases.values():
            test = example(programme=case, **fixed)(test)
        return test

    return pin


def weigh(weights: Sequence[str]) -> Questionnaire:
    """Give the questions their weights."""
    left = iter(weights)
    return replace(
        QUESTIONNAIRE,
        principles=tuple(
            replace(p, questions=tuple(replace(q, weight=float(next(left))) for q in p.questions))
            for p in QUESTIONNAIRE.principles
        ),
    )


def score(answer_codes: Codes, weights: Sequence[str]) -> Fraction | None:
    """Score a principle from the words of the rule."""
    applicable = [code for code in answer_codes if code != DOES_NOT_APPLY]
    given_levels = [
        (code, Fraction(w)) for code, w in zip(answer_codes, weights, strict=True) if code > 0
    ]
    if not given_levels or 3 * len(given_levels) < 2 * len(applicable):
        return None
    return sum(code * weight for code, weight in given_levels) / sum(w for _, w in given_levels)


def values_of(answer_codes: Codes, weights: Sequence[str] = PLAIN) -> Values:
    """Give one authority's overall score, principle scores and levels."""
    first, second = score(answer_codes[:3], weights[:3]), score(answer_codes[3:], weights[3:])
    overall = None if first is None or second is None else (first + second) / 2
    return [
        overall,
        first,
        second,
        *(Fraction(code) if code >= 1 else None for code in answer_codes),
    ]


def half_up(value: Fraction, parts: int = 1) -> float:
    """Round to so many parts of one, halves up in size."""
    size = floor(abs(value) * parts + Fraction(1, 2)) / parts
    return -size if value < 0 else size


def withheld(item_id: str, values: Sequence[Fraction]) -> tuple[bool, bool]:
    """Return whether centre and spread are withheld: too few, or telling what everybody has."""
    alike = len(set(values)) == 1
    told = alike and (item_id in QUESTIONNAIRE.question_ids or values[0] in (1, LEVELS))
    return len(values) < 5 or told, len(values) < 10 or told


def summarise(item_id: str, values: Sequence[Fraction]) -> dict[str, float | None]:
    """Work out one item's figures in exact arithmetic, those not withheld."""
    no_centre, no_spread = withheld(item_id, values)
    figures: dict[str, float | None] = dict.fromkeys(["mean", "median", "q1", "q3"])
    figures |= dict.fromkeys(f"percent_{level}" for level in range(1, LEVELS + 1))
    figures |= dict.fromkeys(f"percent_at_least_{level}" for level in range(2, LEVELS + 1))
    if not no_centre:
        figures |= {"mean": half_up(mean(values), 10), "median": half_up(median(values), 10)}
    if not no_spread:
        q1, _, q3 = quantiles(values, n=4, method="inclusive")
        figures |= {"q1": half_up(q1, 10), "q3": half_up(q3, 10)}
        for level in range(1, LEVELS + 1):
            count = sum(half_up(value) == level for value in values)
            figures[f"percent_{level}"] = half_up(Fraction(100 * count, len(values)))
        for level in range(2, LEVELS + 1):
            count = sum(half_up(value) >= level for value in values)
            figures[f"percent_at_least_{level}"] = half_up(Fraction(100 * count, len(values)))
    return figures


def summarise_standings(item_id: str, rows: list[Codes], shown: bool) -> dict[str, float | None]:
    """Work out how many of those that submitted gave no level; of scores there is no such share."""
    if not shown or item_id not in QUESTIONNAIRE.question_ids:
        return dict.fromkeys(STANDINGS)
    given_codes = [answer_codes[QUESTIONNAIRE.question_ids.index(item_id)] for answer_codes in rows]
    return {
        name: half_up(Fraction(100 * given_codes.count(code), len(rows)))
        for name, code in STANDINGS.items()
    }


def make_register(types_of: Sequence[str]) -> list[Authority]:
    """Make authorities A00, A01 and so on of these types."""
    return [make_authority(id=f"A{place:02}", type=type_) for place, type_ in enumerate(types_of)]


def frame_codes(given_codes: Sequence[Codes | None]) -> pd.DataFrame:
    """Frame the answers of A00, A01 and so on, without those that have not submitted."""
    submitted = {f"A{place:02}": row for place, row in enumerate(given_codes) if row is not None}
    answer_codes = np.array(list(submitted.values()), dtype=np.int8).reshape(-1, 6)
    index = pd.Index(list(submitted), dtype=str)
    return pd.DataFrame(answer_codes, index=index, columns=list(QUESTIONNAIRE.question_ids))


def rows_of(programme: Programme, belongs: Callable[[str], bool]) -> list[Codes]:
    """Give the answers of each authority that submitted, of the types that belong."""
    return [row for type_, row in programme if belongs(type_) and row is not None]


def list_groups(types_of: Sequence[str]) -> list[tuple[str, str | None]]:
    """List the groups of a register that is alike but for types: kind, and type or None of all."""
    whole = [(kind, None) for kind in ("all", "nation", "region", "band", "rurality")]
    return [*whole, *(("type", type_) for type_ in sorted(set(types_of)))]


def pick(figures: pd.DataFrame, kind: str, type_: str | None) -> list[dict]:
    """Return the rows of one group."""
    of_kind = figures[figures["group_kind"] == kind]
    picked = of_kind if type_ is None else of_kind[of_kind["group_id"] == type_]
    return picked.to_dict("records")


def check_group(group: list[dict], rows: list[Codes], of_n: int, weights: Sequence[str]) -> None:
    """Assert that one group's figures are what the definitions give."""
    assert [row["item_id"] for row in group] == ITEM_IDS
    everybody = [values_of(answer_codes, weights) for answer_codes in rows]
    for place, row in enumerate(group):
        item_id, values = row["item_id"], [v[place] for v in everybody if v[place] is not None]
        assert (row["submitted"], row["of_n"]) == (len(rows), of_n)
        no_centre, no_spread = withheld(item_id, values)
        assert isnan(row["n"]) if no_centre else row["n"] == len(values)
        expected = summarise(item_id, values)
        expected |= summarise_standings(item_id, rows, not no_spread)
        found = {name: None if isnan(row[name]) else row[name] for name in expected}
        assert found == expected, item_id
        reasons = (row["withheld_centre"] != Reason.SHOWN, row["withheld_spread"] != Reason.SHOWN)
        assert reasons == (no_centre, no_spread)


@given(programme=programmes, weights=st.just(PLAIN) | weightings)
@pinned(NAMED, weights=PLAIN)
@pinned(NAMED, weights=("2", "0.7", "0.1", "1", "2.5", "0.5"))
def test_summarise_groups_any_programme_equals_the_definitions(programme, weights):
    types_of = [type_ for type_, _ in programme]
    answer_codes = frame_codes([row for _, row in programme])

    figures = summarise_groups(
        weigh(weights), answer_codes, list_memberships(make_register(types_of))
    )

    groups = list_groups(types_of)
    assert len(figures) == len(groups) * len(ITEM_IDS)
    for kind, type_ in groups:
        rows = rows_of(programme, lambda other, wanted=type_: wanted in (None, other))
        of_n = sum(type_ in (None, other) for other in types_of)
        check_group(pick(figures, kind, type_), rows, of_n, weights)


def check_place(peer: PeerFigure, own: Fraction | None, peers: list[Fraction]) -> None:
    """Assert that a percentile and a position are what the definitions give."""
    if own is None or withheld(peer.figure.key.item_id, peers)[1]:
        assert (peer.percentile, peer.place) == (None, None)
        return
    rank = percentileofscore([float(value) for value in peers], float(own), kind="mean")
    whole = Decimal(f"{rank:.9f}").quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert peer.percentile == int(whole)
    q1, _, q3 = quantiles(peers, n=4, method="inclusive")
    above = Position.ABOVE if own > q3 else Position.WITHIN
    assert peer.place is not None
    assert peer.place.position is (Position.BELOW if own < q1 else above)


@given(programme=programmes, own_answer_codes=mostly_answered, weights=st.just(PLAIN) | weightings)
@pinned(NAMED, own_answer_codes=[2, 2, 2, 3, 3, 3], weights=PLAIN)
@pinned(NAMED, own_answer_codes=[2, 2, 2, 3, 3, 3], weights=("2", "0.7", "0.1", "1", "2.5", "0.5"))
# the upper quartile (8/3 + 3 x 10/3) / 4 = 19/6 is the reader's own score, in numbers with decimals
@example(
    programme=[("county", None)]
    + [("county", [2, 3, 3, 2, 3, 3])] * 7
    + [("county", [3, 3, 4, 3, 3, 4])] * 3,
    own_answer_codes=[3, 3, 3, 3, 3, 4],
    weights=("1", "1", "1", "2", "2", "2"),
)
def test_compare_with_peers_any_programme_equals_the_definitions(
    programme, own_answer_codes, weights
):
    own_type, own_values = programme[0][0], values_of(own_answer_codes, weights)
    register = make_register([type_ for type_, _ in programme])

    comparison = compare_with_peers(
        weigh(weights),
        frame_codes([row for _, row in programme]),
        list_memberships(register),
        authority_id="A00",
        own_answer_codes=np.array(own_answer_codes, dtype=np.int8),
        group_kind=GroupKind.TYPE,
    )

    rows = rows_of(programme[1:], lambda other: other == own_type)
    everybody = [values_of(answer_codes, weights) for answer_codes in rows]
    assert comparison.n == len(rows)
    assert comparison.of_n == sum(other == own_type for other, _ in programme[1:])
    for place, (peer, own) in enumerate(zip(comparison.figures, own_values, strict=True)):
        figure, item_id = peer.figure, peer.figure.key.item_id
        peers = [values[place] for values in everybody if values[place] is not None]
        expected = summarise(item_id, peers)
        percents = tuple(expected.pop(f"percent_{level}") for level in range(1, LEVELS + 1))
        assert figure.n == (None if withheld(item_id, peers)[0] else len(peers))
        centres = ("mean", "median", "q1", "q3")
        assert [getattr(figure, name) for name in centres] == [expected[n] for n in centres]
        assert figure.percents == percents
        assert peer.own == (None if own is None else pytest.approx(float(own), abs=1e-11))
        check_place(peer, own, peers)


def weigh_types(item_id: str, place: int, programme: Programme) -> tuple[bool, float | None]:
    """Return whether an item has a mean of all, and weight the types' published means by hand."""
    published: dict[str | None, Fraction | None] = {}
    for type_ in (None, *sorted({type_ for type_, _ in programme})):
        rows = rows_of(programme, lambda other, wanted=type_: wanted in (None, other))
        values = [v[place] for v in map(values_of, rows) if v[place] is not None]
        shown = summarise(item_id, values)["mean"]
        published[type_] = None if shown is None else Fraction(str(shown))
    everybody = published.pop(None)
    if everybody is None:
        return False, None
    if 5 * sum(published[type_] is None for type_, _ in programme) > len(programme):
        return True, None
    counted = [everybody if published[t] is None else published[t] for t, _ in programme]
    return True, half_up(mean(counted), 10)


@given(programme=programmes)
@pinned(NAMED)
def test_weigh_by_type_any_programme_equals_the_definition(programme):
    register = make_register([type_ for type_, _ in programme])
    answer_codes = frame_codes([row for _, row in programme])

    weighted = post_stratify_by_type(
        summarise_groups(QUESTIONNAIRE, answer_codes, list_memberships(register))
    )

    found = {item_id: figure.mean for (_, item_id), figure in weighted.items()}
    by_hand = {i: weigh_types(i, place, programme) for place, i in enumerate(ITEM_IDS)}
    assert found == {item_id: value for item_id, (given_, value) in by_hand.items() if given_}


rounds = lists_of(st.tuples(types, taking_part, taking_part))
TWO_ROUNDS: dict[str, object] = {
    "missing answers": [
        ("county", [3, 2, 0, -1, -2, 4], [1, 2, 3, 4, 4, 4]),
        ("county", [1, 2, 3, 4, 4, 4], [3, -1, 0, 1, -2, -2]),
    ]
    * 4,
    "ties": [("county", [2, 3, 3, 2, 3, 2], [3, 2, 2, 3, 2, 3])] * 3
    + [("county", [3, 2, 2, 3, 2, 3], [2, 3, 3, 2, 3, 2])] * 3,
    # -2 / 8 = -0.25 for the first question
    "downwards by a half of the last place": [("county", [2] * 6, [3] * 6)] * 2
    + [("county", [3] * 6, [3] * 6)] * 6,
    "one-member groups": [("city", [4, 3, 2, 1, 2, 3], [1] * 6), ("town", [1] * 6, [4] * 6)],
    "everyone equal": [("county", [2, 2, 2, 3, 3, 3], [2, 2, 2, 3, 3, 3])] * 12,
    "everyone from one end to the other": [("county", [4] * 6, [1] * 6)] * 12,
    "nobody answering": [("county", None, None)] * 12,
    "nobody in both": [("county", [2] * 6, None), ("county", None, [3] * 6)] * 6,
    "four in both": [("county", [2] * 6, [3] * 6)] * 4 + [("county", [2] * 6, None)] * 8,
    "five in both": [("county", [2] * 6, [3] * 6)] * 5 + [("county", None, [2] * 6)] * 8,
}


def check_change(group: list[dict], pairs: list[tuple[Values, Values]], of_n: int) -> None:
    """Assert that one group's matched changes are what the definition gives."""
    for row in group:
        place = ITEM_IDS.index(row["item_id"])
        both = [(now[place], then[place]) for now, then in pairs]
        moves = [now - then for now, then in both if now is not None and then is not None]
        assert (row["submitted"], row["of_n"]) == (len(pairs), of_n)
        if len(moves) < 5 or abs(sum(moves)) == (LEVELS - 1) * len(moves):
            assert isnan(row["n"])
            assert isnan(row["change"])
            assert row["withheld_centre"] != Reason.SHOWN
        else:
            found = (row["n"], row["change"], row["withheld_centre"])
            assert found == (len(moves), half_up(mean(moves), 10), Reason.SHOWN)


@given(
    programme=rounds, weights=st.just(PLAIN) | weightings, weights_then=st.just(PLAIN) | weightings
)
@pinned(TWO_ROUNDS, weights=PLAIN, weights_then=PLAIN)
@pinned(TWO_ROUNDS, weights=PLAIN, weights_then=("2", "0.7", "0.1", "1", "2.5", "0.5"))
def test_summarise_change_any_two_rounds_equals_the_definition(programme, weights, weights_then):
    types_of = [type_ for type_, _, _ in programme]
    now, then = (frame_codes([member[place] for member in programme]) for place in (1, 2))
    memberships = list_memberships(make_register(types_of))

    changes = summarise_change((weigh(weights), now), (weigh(weights_then), then), memberships)

    for kind, type_ in list_groups(types_of):
        pairs = [
            (values_of(new, weights), values_of(old, weights_then))
            for other, new, old in programme
            if type_ in (None, other) and new is not None and old is not None
        ]
        group = pick(changes, kind, type_)
        assert [row["item_id"] for row in group] == ITEM_IDS[: None if kind == "all" else 3]
        check_change(group, pairs, sum(type_ in (None, other) for other in types_of))
