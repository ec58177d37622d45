"""Benchmarks of random programmes against the definitions in the plainest Python."""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor, isnan
from statistics import mean, median, quantiles

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import percentileofscore

from assessment.core.answers import DOES_NOT_APPLY
from assessment.core.authorities import Authority, GroupKind, list_memberships
from assessment.core.benchmark import PeerFigures, Position, compare_with_peers, summarise_groups
from tests.factories import make_authority, make_questionnaire

LEVELS = 4
QUESTIONNAIRE = make_questionnaire(principles=2, questions=3, levels=LEVELS)
ITEM_IDS = ["overall", "principle-1", "principle-2", *QUESTIONNAIRE.question_ids]
Programme = dict[str, tuple[str, list[int] | None]]

answers = st.lists(st.integers(DOES_NOT_APPLY, LEVELS), min_size=6, max_size=6)
mostly_answered = st.lists(
    st.sampled_from([*range(1, LEVELS + 1)] * 3 + [0, -1, -2]), min_size=6, max_size=6
)
members = st.tuples(
    st.sampled_from(["county", "county", "county", "town", "city"]),
    st.one_of(st.none(), answers, mostly_answered, mostly_answered, st.just([2, 3, 3, 1, 4, 4])),
)
programmes = st.integers(1, 40).flatmap(
    lambda size: st.lists(members, min_size=size, max_size=size)
)


def score(codes: list[int]) -> Fraction | None:
    """Score a principle from the words of the rule."""
    applicable = [code for code in codes if code != DOES_NOT_APPLY]
    given_levels = [code for code in codes if code >= 1]
    if not given_levels or 3 * len(given_levels) < 2 * len(applicable):
        return None
    return Fraction(sum(given_levels), len(given_levels))


def values_of(codes: list[int]) -> list[Fraction | None]:
    """Give one authority's overall score, principle scores and levels."""
    first, second = score(codes[:3]), score(codes[3:])
    overall = None if first is None or second is None else (first + second) / 2
    return [overall, first, second, *(Fraction(code) if code >= 1 else None for code in codes)]


def half_up(value: Fraction, parts: int = 1) -> float:
    """Round to so many parts of one, halves up."""
    return floor(value * parts + Fraction(1, 2)) / parts


def withheld(item_id: str, values: Sequence[Fraction]) -> tuple[bool, bool]:
    """Say whether centre and spread are withheld: too few, or telling what everybody has."""
    alike = len(set(values)) == 1
    centre = len(values) < 5 or (alike and values[0] in (1, LEVELS))
    return centre, centre or len(values) < 10 or (alike and item_id in QUESTIONNAIRE.question_ids)


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


def make_frames(
    programme: list[tuple[str, list[int] | None]],
) -> tuple[list[Authority], pd.DataFrame]:
    """Make the register and the submitted answers of a programme."""
    ids = [f"A{place:02}" for place in range(len(programme))]
    register = [
        make_authority(id=i, type=type_) for i, (type_, _) in zip(ids, programme, strict=True)
    ]
    submitted = {i: row for i, (_, row) in zip(ids, programme, strict=True) if row is not None}
    codes = np.array(list(submitted.values()), dtype=np.int8).reshape(-1, 6)
    index = pd.Index(list(submitted), dtype=str)
    return register, pd.DataFrame(codes, index=index, columns=list(QUESTIONNAIRE.question_ids))


def rows_of(
    programme: list[tuple[str, list[int] | None]], belongs: Callable[[str], bool]
) -> list[list[Fraction | None]]:
    """Give the values of each submitted authority of the types that belong."""
    return [values_of(row) for type_, row in programme if belongs(type_) and row is not None]


def check_group(figures: pd.DataFrame, rows: list[list[Fraction | None]], of_n: int) -> None:
    """Assert that one group's figures are what the definitions give."""
    assert figures["item_id"].tolist() == ITEM_IDS
    for place, row in enumerate(figures.to_dict("records")):
        values = [values[place] for values in rows if values[place] is not None]
        assert row["of_n"] == of_n
        no_centre, no_spread = withheld(row["item_id"], values)
        assert np.isnan(row["n"]) if no_centre else row["n"] == len(values)
        for name, expected in summarise(row["item_id"], values).items():
            assert (None if isnan(row[name]) else row[name]) == expected, (row["item_id"], name)
        assert (row["withheld_centre"] != "", row["withheld_spread"] != "") == (
            no_centre,
            no_spread,
        )


@settings(deadline=None)
@given(programme=programmes)
def test_summarise_groups_any_programme_equals_the_definitions(programme):
    register, codes = make_frames(programme)

    figures = summarise_groups(QUESTIONNAIRE, codes, list_memberships(register))

    types = sorted({type_ for type_, _ in programme})
    everyone = rows_of(programme, lambda _: True)
    for kind in ("all", "nation", "region", "band"):
        check_group(figures[figures["group_kind"] == kind], everyone, len(programme))
    of_type = figures[figures["group_kind"] == "type"]
    assert sorted(of_type["group_id"].unique()) == types
    for type_ in types:
        rows = rows_of(programme, lambda other, wanted=type_: other == wanted)
        of_n = sum(other == type_ for other, _ in programme)
        check_group(of_type[of_type["group_id"] == type_], rows, of_n)


def check_place(figure: PeerFigures, own: Fraction | None, peers: list[Fraction]) -> None:
    """Assert that a percentile and a position are what the definitions give."""
    if own is None or withheld(figure.item_id, peers)[1]:
        assert (figure.percentile, figure.position) == (None, None)
        return
    rank = percentileofscore([float(value) for value in peers], float(own), kind="mean")
    whole = Decimal(f"{rank:.9f}").quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert figure.percentile == int(whole)
    q1, _, q3 = quantiles(peers, n=4, method="inclusive")
    above = Position.ABOVE if own > q3 else Position.WITHIN
    assert figure.position is (Position.BELOW if own < q1 else above)


@settings(deadline=None)
@given(programme=programmes, own_codes=mostly_answered)
def test_compare_with_peers_any_programme_equals_the_definitions(programme, own_codes):
    register, codes = make_frames(programme)
    own_type, own_values = programme[0][0], values_of(own_codes)

    comparison = compare_with_peers(
        QUESTIONNAIRE,
        codes,
        list_memberships(register),
        authority_id="A00",
        own_codes=np.array(own_codes, dtype=np.int8),
        group_kind=GroupKind.TYPE,
    )

    rows = rows_of(programme[1:], lambda other: other == own_type)
    assert comparison.n == len(rows)
    assert comparison.of_n == sum(other == own_type for other, _ in programme[1:])
    for place, (figure, own) in enumerate(zip(comparison.figures, own_values, strict=True)):
        peers = [values[place] for values in rows if values[place] is not None]
        expected = summarise(figure.item_id, peers)
        percents = tuple(expected.pop(f"percent_{level}") for level in range(1, LEVELS + 1))
        assert figure.n == (None if withheld(figure.item_id, peers)[0] else len(peers))
        centres = ("mean", "median", "q1", "q3")
        assert [getattr(figure, name) for name in centres] == [expected[n] for n in centres]
        assert figure.percents == (None if percents[0] is None else percents)
        assert figure.own == (None if own is None else float(round(own, 12)))
        check_place(figure, own, peers)
