"""What a new vintage of the register changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessment.core.people.authorities import Authority


class RegisterChangeKind(StrEnum):
    """What may become of an authority, in the order it is shown."""

    VANISHED = "vanished"
    NEW = "new"
    STARTED = "other first day"
    ENDED = "other last day"
    SUCCESSORS = "other successors"
    RENAMED = "renamed"
    MOVED = "moved"
    CODE = "other code"
    FIGURES = "other figures"


KINDS_BY_FIELD = {
    "started_on": RegisterChangeKind.STARTED,
    "ended_on": RegisterChangeKind.ENDED,
    "successor_ids": RegisterChangeKind.SUCCESSORS,
    "name": RegisterChangeKind.RENAMED,
    "nation": RegisterChangeKind.MOVED,
    "region": RegisterChangeKind.MOVED,
    "type": RegisterChangeKind.MOVED,
    "gss_code": RegisterChangeKind.CODE,
    "population": RegisterChangeKind.FIGURES,
    "density": RegisterChangeKind.FIGURES,
    "deprivation_score": RegisterChangeKind.FIGURES,
    "rural_share": RegisterChangeKind.FIGURES,
}


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """One field of one authority that differs; a new or vanished authority has no field."""

    kind: RegisterChangeKind
    authority: Authority
    field: str = ""
    before: object = None
    after: object = None


def compare_registers(
    before: Sequence[Authority], after: Sequence[Authority]
) -> list[RegisterChange]:
    """List what differs between two vintages of the register.

    Parameters
    ----------
    before : the register in use, in any order.
    after : the one that is to follow it, in any order.

    Returns
    -------
    One change a field and authority, ordered by kind and then by authority id. ``authority``
    is as it is to be; a vanished one, as it was.
    """
    old, new = ({a.id: a for a in register} for register in (before, after))
    changes = [
        RegisterChange(RegisterChangeKind.VANISHED, old[id_]) for id_ in old.keys() - new.keys()
    ]
    changes += [RegisterChange(RegisterChangeKind.NEW, new[id_]) for id_ in new.keys() - old.keys()]
    changes += [
        change for id_ in old.keys() & new.keys() for change in _compare(old[id_], new[id_])
    ]
    order = list(RegisterChangeKind)
    fields = ["", *KINDS_BY_FIELD]
    return sorted(
        changes, key=lambda c: (order.index(c.kind), c.authority.id, fields.index(c.field))
    )


def _compare(before: Authority, after: Authority) -> list[RegisterChange]:
    """List the fields of an authority that differ."""
    values = {name: (getattr(before, name), getattr(after, name)) for name in KINDS_BY_FIELD}
    return [
        RegisterChange(KINDS_BY_FIELD[name], after, name, old, new)
        for name, (old, new) in values.items()
        if old != new
    ]
