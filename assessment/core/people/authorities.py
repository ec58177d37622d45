"""Authorities, with the open facts that they are grouped by."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Tier(StrEnum):
    """Which of the local services an authority runs."""

    SINGLE = "single"
    COUNTY = "upper"
    DISTRICT = "lower"
    STRATEGIC = "strategic"
    OTHER = "other"


# By what the register calls a type of authority.
TIERS = {
    "county": Tier.COUNTY,
    "district": Tier.DISTRICT,
    "combined authority": Tier.STRATEGIC,
    "unitary authority": Tier.SINGLE,
    "metropolitan borough": Tier.SINGLE,
    "London borough": Tier.SINGLE,
    "Scottish council": Tier.SINGLE,
    "Welsh council": Tier.SINGLE,
    "Northern Irish district": Tier.SINGLE,
}


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority of the register, with the open facts it is grouped by.

    ``population`` in residents, ``density`` in residents per square kilometre,
    ``deprivation_score`` on the composite UK index (higher is more deprived),
    ``rural_share`` 0 to 1. None means that the register has no such fact.
    """

    id: str
    name: str
    nation: str
    region: str
    type: str
    population: int | None = None
    density: float | None = None
    deprivation_score: float | None = None
    rural_share: float | None = None
    gss_code: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    successor_ids: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        """Return whether the authority exists on a day; its first and its last day count."""
        return self.exists_within(day, day)

    def exists_within(self, first: date, last: date) -> bool:
        """Return whether the authority exists on any day from ``first`` to ``last`` inclusive."""
        return not self.has_ended(first) and not self.is_to_start(last)

    def has_ended(self, day: date) -> bool:
        """Return whether the authority's last day is over on this day."""
        return self.ended_on is not None and self.ended_on < day

    def is_to_start(self, day: date) -> bool:
        """Return whether the authority's first day is still to come on this day."""
        return self.started_on is not None and day < self.started_on


def tier_of(authority_type: str) -> Tier:
    """Return the tier of a type of authority; OTHER for a type not known here."""
    return TIERS.get(authority_type, Tier.OTHER)
