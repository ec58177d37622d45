from datetime import date

import pytest

from assessment.content.register import REGISTER_PATH, load_register
from assessment.core.people.authorities import TIERS, Tier, tier_of
from tests.factories import make_authority


def test_tier_of_every_type_of_the_register_is_known() -> None:
    register = load_register(REGISTER_PATH)

    current = {authority.type for authority in register if authority.ended_on is None}

    assert current == set(TIERS)


def test_tier_of_a_type_not_known_is_other() -> None:
    assert tier_of("town") is Tier.OTHER


@pytest.mark.parametrize(
    ("day", "has_ended"),
    [(date(2027, 3, 30), False), (date(2027, 3, 31), False), (date(2027, 4, 1), True)],
)
def test_exists_on_last_day_is_included(day: date, has_ended: bool) -> None:
    surrey = make_authority(ended_on=date(2027, 3, 31))

    assert (surrey.has_ended(day), surrey.exists_on(day)) == (has_ended, not has_ended)
    assert not surrey.is_to_start(day)


@pytest.mark.parametrize(
    ("day", "is_to_start"),
    [(date(2027, 3, 31), True), (date(2027, 4, 1), False), (date(2027, 4, 2), False)],
)
def test_exists_on_first_day_is_included(day: date, is_to_start: bool) -> None:
    west = make_authority(started_on=date(2027, 4, 1))

    assert (west.is_to_start(day), west.exists_on(day)) == (is_to_start, not is_to_start)
    assert not west.has_ended(day)
