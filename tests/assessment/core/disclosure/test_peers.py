from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assessment.core.answers.answers import DONT_KNOW
from assessment.core.disclosure.benchmark import compare_with_peers
from assessment.core.disclosure.peers import follow_edition
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import GroupKind, list_memberships
from assessment.core.statistics.figures import BenchmarkError
from assessment.core.statistics.publication import EditionCell, PeerComparison
from assessment.core.statistics.published_figures import Figure, PeerFigure
from assessment.core.statistics.uncertainty import Position
from assessment.core.statistics.withholding import HIDDEN, SHOWN, Reason, Withheld
from tests.factories import make_authority, make_questionnaire

ONE_QUESTION = make_questionnaire(principles=1, questions=1)
TEN_LEVELS = (1, 1, 2, 2, 3, 3, 3, 4, 5, 5)
CENTRE = ("n", "mean", "median")
SPREAD = ("q1", "q3", "percent_dont_know", "percent_does_not_apply")
GROUP_OF_NONE = Withheld(Reason.GROUP_TOO_SMALL, 5)


def make_register(size: int, **changes: Any) -> list[Authority]:
    """Make authority OWN and so many others, A00, A01 and so on, alike but for their ids."""
    ids = ["OWN", *(f"A{place:02}" for place in range(size))]
    return [make_authority(id=authority_id, **changes) for authority_id in ids]


def compare(
    own: int,
    levels: tuple[int, ...],
    *,
    register: list[Authority] | None = None,
    counted: int | None = None,
    group_kind: GroupKind = GroupKind.TYPE,
) -> PeerComparison:
    """Compare OWN with A00, A01 and so on; ``counted`` is OWN's level in the benchmark."""
    rows = {f"A{place:02}": level for place, level in enumerate(levels)}
    rows |= {} if counted is None else {"OWN": counted}
    answer_codes = pd.DataFrame({"1.1": pd.Series(rows, dtype=np.int8)})
    return compare_with_peers(
        ONE_QUESTION,
        answer_codes,
        list_memberships(make_register(len(levels)) if register is None else register),
        authority_id="OWN",
        own_answer_codes=np.array([own], dtype=np.int8),
        group_kind=group_kind,
    )


def shows(peer: PeerFigure) -> tuple[bool, bool]:
    """Return whether the centre and the spread are shown; of neither anything half."""
    figure = peer.figure
    centre = {getattr(figure, name) is not None for name in CENTRE}
    spread = {getattr(figure, name) is not None for name in SPREAD}
    spread |= {p is not None for p in (*figure.percents, *figure.percents_at_least)}
    spread |= {peer.percentile is not None, peer.place is not None}
    assert (len(centre), len(spread)) == (1, 1)
    return centre.pop(), spread.pop()


def position_of(peer: PeerFigure) -> Position | None:
    return None if peer.place is None else peer.place.position


def compare_levels(own: int, levels: tuple[int, ...]) -> PeerFigure:
    """Compare one level with the levels of peers."""
    return compare(own, levels).figure("question", "1.1")


def test_compare_with_peers_ten_peers_gives_every_figure():
    comparison = compare(2, TEN_LEVELS, register=make_register(12))

    assert (comparison.group_kind, comparison.group_id) == (GroupKind.TYPE, "county")
    assert comparison.group_name == "county"
    assert (comparison.n, comparison.of_n) == (10, 12)
    peer = comparison.figure("question", "1.1")
    figure = peer.figure
    assert (peer.own, figure.n, figure.submitted, figure.of_n) == (2.0, 10, 10, 12)
    # 29 / 10 = 2.9; the 5th and 6th are 3
    assert (figure.mean, figure.median) == (2.9, 3.0)
    # places 2.25 and 6.75 counted from 0: 2, and 3 + 0.75 x (4 - 3) = 3.75, half up 3.8
    assert (figure.q1, figure.q3) == (2.0, 3.8)
    assert figure.percents == (20, 20, 30, 10, 20)
    # 2 below and 2 equal: 100 x (2 + 1) / 10
    assert peer.percentile == 30
    assert position_of(peer) is Position.WITHIN


def test_compare_with_peers_lists_items_in_order():
    figures = compare(2, TEN_LEVELS).figures

    assert [peer.figure.key.item_id for peer in figures] == ["overall", "principle-1", "1.1"]
    assert [peer.figure.key.measure for peer in figures] == ["overall", "principle", "question"]


def test_compare_with_peers_unknown_item_raises():
    with pytest.raises(StopIteration):
        compare(2, TEN_LEVELS).figure("question", "9.9")


@pytest.mark.parametrize(
    ("own", "percentile"),
    [
        (1, 10),  # 100 x (0 + 2 / 2) / 10
        (3, 55),  # 100 x (4 + 3 / 2) / 10
        (4, 75),  # 100 x (7 + 1 / 2) / 10
        (5, 90),  # 100 x (8 + 2 / 2) / 10
    ],
)
def test_compare_with_peers_percentile_ties_share_their_place(own, percentile):
    assert compare_levels(own, TEN_LEVELS).percentile == percentile


def test_compare_with_peers_percentile_is_whole_half_up():
    # 100 x (5 + 0) / 40 = 12.5
    assert compare_levels(2, (1,) * 5 + (3,) * 35).percentile == 13


def test_compare_with_peers_all_peers_at_one_level_is_hidden():
    peer = compare_levels(3, (3,) * 11)

    # any place among them would tell what each of the eleven answered
    assert shows(peer) == (False, False)
    assert peer.figure.withheld_centre == HIDDEN


def test_compare_with_peers_all_equal_scores_are_in_the_middle():
    peer = compare(3, (3,) * 11).figure("principle", "principle-1")

    # 100 x (0 + 11 / 2) / 11
    assert (peer.percentile, position_of(peer)) == (50, Position.WITHIN)


@pytest.mark.parametrize(
    ("own", "position"),
    [
        (1, Position.BELOW),
        (2, Position.WITHIN),  # the quartile itself
        (3, Position.WITHIN),
        (4, Position.WITHIN),  # the quartile itself
        (5, Position.ABOVE),
    ],
)
def test_compare_with_peers_position_counts_the_quartiles_as_within(own, position):
    # places 11 x 0.25 = 2.75 (two of 2) and 11 x 0.75 = 8.25 (two of 4), counted from 0
    levels = (1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5)

    assert position_of(compare_levels(own, levels)) is position


def test_compare_with_peers_position_is_judged_before_rounding():
    questionnaire = make_questionnaire(principles=1, questions=3)
    lower, higher = (3, 4, 4), (4, 4, 4)  # 11 / 3 = 3.667 and 4
    answer_codes = pd.DataFrame(
        [lower] * 4 + [higher] * 7,
        index=[f"A{place:02}" for place in range(11)],
        columns=list(questionnaire.question_ids),
    )

    comparison = compare_with_peers(
        questionnaire,
        answer_codes,
        list_memberships(make_register(11)),
        authority_id="OWN",
        own_answer_codes=np.array(lower),
        group_kind=GroupKind.TYPE,
    )

    peer = comparison.figure("principle", "principle-1")
    # the place 10 x 0.25 = 2.5 lies between two of 3.667, which is shown as 3.7:
    # 3.667 is below 3.7 but not below the quartile
    assert peer.figure.q1 == 3.7
    assert position_of(peer) is Position.WITHIN


@pytest.mark.parametrize("counted", [None, 1, 5])
def test_compare_with_peers_own_result_is_never_among_them(counted):
    alone = compare(2, TEN_LEVELS)

    assert compare(2, TEN_LEVELS, counted=counted) == alone
    assert (alone.n, alone.of_n) == (10, 10)


def test_compare_with_peers_own_result_does_not_reach_the_threshold():
    # five answered with the reader, four without
    peer = compare(3, (3,) * 4, counted=3).figure("question", "1.1")

    assert shows(peer) == (False, False)
    # 5 - 4 = 1
    assert peer.figure.withheld_centre == Withheld(Reason.GROUP_TOO_SMALL, 1)


@pytest.mark.parametrize(("n", "shown"), [(4, False), (5, True), (8, True)])
def test_compare_with_peers_too_few_are_withheld(n, shown):
    levels = (2, *(3,) * (n - 1))
    peer = compare(3, levels, register=make_register(20)).figure("question", "1.1")

    assert shows(peer) == (shown, False)
    assert peer.own == 3.0
    assert peer.figure.withheld_spread == Withheld(Reason.TOO_FEW_SUBMITTED, 10 - n)


def test_compare_with_peers_ten_answers_says_nothing_withheld():
    figure = compare_levels(3, TEN_LEVELS).figure

    assert (figure.withheld_centre, figure.withheld_spread) == (SHOWN, SHOWN)


def test_compare_with_peers_own_not_scored_has_no_place():
    peer = compare_levels(DONT_KNOW, TEN_LEVELS)

    assert (peer.own, peer.percentile, peer.place) == (None, None, None)
    assert peer.figure.median == 3.0
    assert peer.figure.withheld_spread == SHOWN


def test_compare_with_peers_only_the_own_group_is_compared_with():
    register = [make_authority(id="OWN", type="county")]
    register += [make_authority(id=f"A{place:02}", type="county") for place in range(5)]
    register += [make_authority(id=f"A{place:02}", type="town") for place in range(5, 10)]

    comparison = compare(3, (1, 2, 2, 2, 3) + (5,) * 5, register=register)

    assert (comparison.n, comparison.of_n) == (5, 5)
    assert comparison.figure("question", "1.1").figure.mean == 2.0


def test_compare_with_peers_alone_in_its_group_has_no_peers():
    register = [make_authority(id="OWN", type="district")]
    register += [make_authority(id=f"A{place:02}") for place in range(10)]

    comparison = compare(3, TEN_LEVELS, register=register, counted=3)

    assert (comparison.group_name, comparison.n, comparison.of_n) == ("district", 0, 0)
    peer = comparison.figure("question", "1.1")
    assert shows(peer) == (False, False)
    assert peer.figure.withheld_centre == GROUP_OF_NONE


def test_compare_with_peers_in_no_group_of_the_kind_says_so():
    register = [make_authority(id="OWN", population=None), *make_register(10)[1:]]

    comparison = compare(3, TEN_LEVELS, register=register, group_kind=GroupKind.BAND)

    assert (comparison.group_kind, comparison.group_id) == (GroupKind.BAND, "")
    assert (comparison.n, comparison.of_n) == (0, 0)
    peer = comparison.figure("question", "1.1")
    assert peer.own == 3.0
    assert shows(peer) == (False, False)
    reasons = (peer.figure.withheld_centre, peer.figure.withheld_spread)
    assert reasons == (Withheld(Reason.NO_GROUP),) * 2


def test_compare_with_peers_answers_of_another_version_raises():
    with pytest.raises(BenchmarkError, match="version test-1"):
        compare_with_peers(
            ONE_QUESTION,
            pd.DataFrame({"1.1": pd.Series({"A00": 3})}),
            list_memberships(make_register(1)),
            authority_id="OWN",
            own_answer_codes=np.array([3, 3]),
            group_kind=GroupKind.ALL,
        )


def test_peer_figures_tell_no_minimum_or_maximum():
    assert {field.name for field in fields(PeerFigure)} == {"figure", "own", "percentile", "place"}
    assert {field.name for field in fields(Figure)} == {
        *("key", "group_name", "submitted", "of_n", *CENTRE, *SPREAD),
        *("percents", "percents_at_least", "withheld_centre", "withheld_spread"),
        *("change", "weighted"),
    }


ITEMS = [("overall", "overall"), ("principle", "principle-1"), ("question", "1.1")]


def follow(cell: EditionCell) -> PeerFigure:
    """Follow an edition in which every item stands like this one."""
    by_base = {1: compare(2, (1, 2) * 5), 2: compare(2, (3, 4) * 6)}
    return follow_edition(by_base, dict.fromkeys(ITEMS, cell)).figure("question", "1.1")


def test_follow_edition_shown_anew_is_the_newest():
    figure = follow(EditionCell(2, SHOWN, SHOWN)).figure

    assert (figure.median, figure.n) == (3.5, 12)


def test_follow_edition_held_figure_is_that_of_the_answers_it_shows():
    figure = follow(EditionCell(1, SHOWN, SHOWN)).figure

    assert (figure.median, figure.n) == (1.5, 10)


def test_follow_edition_hidden_group_is_hidden_from_its_members():
    peer = follow(EditionCell(2, HIDDEN, HIDDEN))

    assert shows(peer) == (False, False)
    assert (peer.figure.withheld_centre, peer.figure.withheld_spread) == (HIDDEN, HIDDEN)


def test_follow_edition_hidden_spread_leaves_the_centre():
    peer = follow(EditionCell(2, SHOWN, HIDDEN))

    assert (peer.figure.mean, peer.figure.median, peer.figure.n) == (3.5, 3.5, 12)
    assert shows(peer) == (True, False)


def test_follow_edition_reason_of_too_few_peers_stays():
    by_base = {1: compare(2, (1,) * 4)}
    cell = EditionCell(1, HIDDEN, HIDDEN)

    peer = follow_edition(by_base, dict.fromkeys(ITEMS, cell)).figure("question", "1.1")

    assert peer.figure.withheld_centre == Withheld(Reason.GROUP_TOO_SMALL, 1)
