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


@dataclass(frozen=True, slots=True)
class AuthorityType:
    """A type of authority: what the register calls several of it, and which services it runs."""

    several: str
    tier: Tier


# By what the register calls one of it.
AUTHORITY_TYPES = {
    "county": AuthorityType("counties", Tier.COUNTY),
    "district": AuthorityType("districts", Tier.DISTRICT),
    "combined authority": AuthorityType("combined authorities", Tier.STRATEGIC),
    "unitary authority": AuthorityType("unitary authorities", Tier.SINGLE),
    "metropolitan borough": AuthorityType("metropolitan boroughs", Tier.SINGLE),
    "London borough": AuthorityType("London boroughs", Tier.SINGLE),
    "Scottish council": AuthorityType("Scottish councils", Tier.SINGLE),
    "Welsh council": AuthorityType("Welsh councils", Tier.SINGLE),
    "Northern Irish district": AuthorityType("Northern Irish districts", Tier.SINGLE),
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
    known = AUTHORITY_TYPES.get(authority_type)
    return Tier.OTHER if known is None else known.tier


def name_several(authority_type: str) -> str:
    """Name several authorities of a type.

    Parameters
    ----------
    authority_type : as the register has it.

    Returns
    -------
    Words that read after a number; of a type not known here, the type as it is.
    """
    known = AUTHORITY_TYPES.get(authority_type)
    return f"authorities of type {authority_type}" if known is None else known.several
