"""Who takes part in a round, and whether those that are counted stand for all."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round, list_members
from assessment.core.people.authorities import (
    Authority,
)
from assessment.core.people.groups import (
    POPULATION_BANDS,
    RURALITY_CLASSES,
    GroupKind,
    group_id,
    group_order,
    list_memberships,
    population_band,
    rurality_class,
)
from assessment.core.statistics.representativeness import (
    KINDS,
    Verdict,
    judge_representativeness,
    summarise_participation,
    summarise_representativeness,
)
from assessment.storage import assessments, authorities, rounds

# What stands for a group where the register lacks what it goes by.
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a group's authorities have come how far."""

    group_name: str
    submitted: int
    begun: int
    of_n: int

    @property
    def not_begun(self) -> int:
        """Return how many authorities have not begun."""
        return self.of_n - self.submitted - self.begun


@dataclass(frozen=True, slots=True)
class Participation:
    """Who takes part in a round; it never tells an answer.

    ``counted`` authorities submitted and agreed to be counted; the verdicts are of them.
    ``by_kind`` holds the groups of each kind by what one of it is called.
    """

    round: Round
    total: Coverage
    counted: int
    by_kind: dict[str, tuple[Coverage, ...]]
    authorities: tuple[tuple[Authority, str], ...]
    verdicts: tuple[Verdict, ...]
    conclusion: str


def read_participation(db: Session, round_id: str) -> Participation:
    """Return who takes part in a round, by each kind of group.

    Who submitted is shown; whether they stand for all is judged by those that are counted, for
    figures are made from them alone.
    """
    round_ = rounds.read_round(db, round_id)
    begun = assessments.read_participation(db, round_id).set_index("authority_id")
    submitted_ids = set(begun.index[begun["submitted"].astype(bool)])
    members = list_members(authorities.read_authorities(db), round_, submitted_ids)
    words = {True: "submitted", False: "in progress"}
    states = {str(a): words[bool(done)] for a, done in begun["submitted"].items()}
    listed = tuple((a, states.get(a.id, "not begun")) for a in members)
    may_be_counted = set(begun.index[begun["counted"].astype(bool)])
    counted = [a.id for a in members if a.id in may_be_counted]
    verdicts = judge_representativeness(summarise_participation(list_memberships(members), counted))
    return Participation(
        verdicts=verdicts,
        conclusion=summarise_representativeness(verdicts),
        round=round_,
        total=_coverage("all authorities", listed),
        counted=len(counted),
        by_kind={name: _coverages(listed, kind) for kind, name in KINDS.items()},
        authorities=listed,
    )


def _coverages(listed: tuple[tuple[Authority, str], ...], kind: GroupKind) -> tuple[Coverage, ...]:
    """Count participation for each group of one kind, in the order in which groups are shown."""
    groups: dict[str, list[tuple[Authority, str]]] = {}
    for authority, state in listed:
        groups.setdefault(_group_of(authority, kind), []).append((authority, state))
    ids = {each.name: each.id for each in (*POPULATION_BANDS, *RURALITY_CLASSES)}
    known = [name for name in groups if name != NOT_KNOWN]
    known.sort(key=lambda name: group_order(kind, ids.get(name, group_id(name))))
    order = [*known, *(name for name in groups if name == NOT_KNOWN)]
    return tuple(_coverage(name, tuple(groups[name])) for name in order)


def _group_of(authority: Authority, kind: GroupKind) -> str:
    """Return what an authority's group of a kind is called."""
    if kind is GroupKind.BAND:
        band = population_band(authority.population)
        return band.name if band else NOT_KNOWN
    if kind is GroupKind.RURALITY:
        rurality = rurality_class(authority.rural_share)
        return rurality.name if rurality else NOT_KNOWN
    return str(getattr(authority, kind.value))


def _coverage(name: str, listed: tuple[tuple[Authority, str], ...]) -> Coverage:
    """Count how far the listed authorities have come."""
    states = [state for _, state in listed]
    return Coverage(name, states.count("submitted"), states.count("in progress"), len(states))
