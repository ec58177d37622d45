"""Who takes part in a round, and whether those that are counted stand for all."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round, list_members
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import (
    ALL_AUTHORITIES,
    Group,
    GroupKind,
    find_group,
    group_order,
    list_memberships,
)
from assessment.core.statistics.representativeness import (
    JUDGED_KINDS,
    Conclusion,
    Verdict,
    judge_representativeness,
    summarise_participation,
    summarise_representativeness,
)
from assessment.storage import assessments, authorities, rounds
from reports.words import name_memberships


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a group's authorities have come how far.

    ``group`` is None where the register lacks what its kind goes by.
    """

    group: Group | None
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
    ``by_kind`` holds the groups of each kind.
    """

    round: Round
    total: Coverage
    counted: int
    by_kind: dict[GroupKind, tuple[Coverage, ...]]
    authorities: tuple[tuple[Authority, str], ...]
    verdicts: tuple[Verdict, ...]
    conclusion: Conclusion


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
    memberships = name_memberships(list_memberships(members))
    verdicts = judge_representativeness(summarise_participation(memberships, counted))
    return Participation(
        verdicts=verdicts,
        conclusion=summarise_representativeness(verdicts),
        round=round_,
        total=_coverage(ALL_AUTHORITIES, listed),
        counted=len(counted),
        by_kind={kind: _coverages(listed, kind) for kind in JUDGED_KINDS},
        authorities=listed,
    )


def _coverages(listed: tuple[tuple[Authority, str], ...], kind: GroupKind) -> tuple[Coverage, ...]:
    """Count participation for each group of one kind, in the order in which groups are shown."""
    groups: dict[Group | None, list[tuple[Authority, str]]] = {}
    for authority, state in listed:
        groups.setdefault(find_group(authority, kind), []).append((authority, state))
    known = sorted(filter(None, groups), key=lambda group: group_order(kind, group.id))
    unknown = [None] if None in groups else []
    return tuple(_coverage(group, tuple(groups[group])) for group in (*known, *unknown))


def _coverage(group: Group | None, listed: tuple[tuple[Authority, str], ...]) -> Coverage:
    """Count how far the listed authorities have come."""
    states = [state for _, state in listed]
    return Coverage(group, states.count("submitted"), states.count("in progress"), len(states))
