"""The attacker who tries every world: its figures and its worlds, counted by hand."""

from fractions import Fraction

from tests.attacks.enumeration import (
    EVERYTHING,
    Policy,
    Published,
    find_determined,
    list_possible,
    publish_change,
    publish_group,
)


def test_publish_group_of_five_gives_every_figure():
    # levels 1, 2, 4, 5: mean 3; at 0.75 of the way from 1 to 2: 1.75, half up 1.8; 3; from 4 a
    # quarter of the way to 5: 4.25, half up 4.3
    published = publish_group(EVERYTHING, 5, (5, 1, -1, 2, 4))

    assert published == Published(
        n=4,
        mean=Fraction(3),
        median=Fraction(3),
        quartiles=(Fraction(18, 10), Fraction(43, 10)),
        percents=(25, 25, 0, 25, 25),
        standings=(20, 0),
    )


def test_publish_group_without_a_level_has_its_n_and_standings():
    assert publish_group(EVERYTHING, 5, (-1, -2, -2, 0)) == Published(n=0, standings=(25, 50))


def test_publish_group_figures_that_are_not_published_are_none():
    assert publish_group(Policy(frozenset({"n"})), 5, (1, 2)) == Published(n=2)


def test_publish_change_half_a_unit_is_rounded_away_from_zero():
    # four authorities move by -1, 0, 0 and 0: -0.25
    assert publish_change(EVERYTHING, (2, 3, 3, 3, 1, 3, 3, 3)) == (4, Fraction(-3, 10))
    assert publish_change(EVERYTHING, (2, -1, 1, 3)) == (1, Fraction(-1))
    assert publish_change(EVERYTHING, (0, 1)) == (0, None)


def test_list_possible_keeps_the_worlds_in_which_the_same_is_published():
    policy = Policy(frozenset({"n", "mean"}))

    worlds = list_possible([(0, 1)], (1, 2), 2, lambda _, a: publish_group(policy, 2, a))
    to_the_first = list_possible(
        [(0, 1)], (1, 2), 2, lambda _, a: publish_group(policy, 2, a), known=[0]
    )

    assert worlds == [(1, 2), (2, 1)]
    assert find_determined(worlds) == {}
    assert find_determined(to_the_first) == {0: 1, 1: 2}
