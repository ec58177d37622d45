"""The register: comparing a new vintage with the one in use, and loading it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.authorities import Authority
from assessment.core.people.events import EventKind
from assessment.core.people.vintages import RegisterChange, RegisterChangeKind, compare_registers
from assessment.locale import gettext
from assessment.storage import audit, authorities, database
from reports.words import name_register_change

# What stands in an authority's own audit trail; figures and codes would only fill it.
OF_AN_AUTHORITY = frozenset(RegisterChangeKind) - {
    RegisterChangeKind.NEW,
    RegisterChangeKind.FIGURES,
    RegisterChangeKind.CODE,
}


def check_register(db: Session, register: Sequence[Authority]) -> list[RegisterChange]:
    """List what a register would change, and change nothing.

    Raises NotAllowedError where an authority is missing from it: what it answered would be
    nobody's.
    """
    if authorities.read_simulated(db):
        raise NotAllowedError(gettext("The demonstration's register cannot be replaced."))
    changes = compare_registers(authorities.read_authorities(db), register)
    vanished = [c.authority for c in changes if c.kind is RegisterChangeKind.VANISHED]
    if vanished:
        names = ", ".join(f"{a.name} ({a.id})" for a in vanished)
        raise NotAllowedError(
            gettext(
                "Not in the file: %(names)s. An authority is never deleted: keep its line, and "
                "give its last day in ended_on.",
                names=names,
            )
        )
    return changes


def load_register(
    db: Session, register: Sequence[Authority], version: str, *, by: Actor
) -> list[RegisterChange]:
    """Replace the register in use by a new vintage; return what changed.

    Editions keep the groups they were cut by. Raises NotAllowedError as `check_register`, and
    where the version is empty or in use.
    """
    if not database.try_lock(db, "install"):
        raise NotAllowedError(gettext("A register is being loaded already; nothing was changed."))
    before = authorities.read_register_version(db)
    if not version.strip() or version == before:
        raise NotAllowedError(
            gettext(
                "Give the register a version of its own: %(version)s is in use.", version=before
            )
        )
    changes = check_register(db, register)
    authorities.update_register(db, register, version=version)
    counts = Counter(change.kind.value for change in changes)
    audit.save_event(
        db,
        by,
        EventKind.REGISTER_LOADED,
        version=version,
        version_before=before,
        changes=dict(counts),
    )
    for change in changes:
        if change.kind in OF_AN_AUTHORITY:
            audit.save_event(
                db,
                by,
                EventKind.REGISTER_CHANGED,
                change.authority.id,
                register=version,
                field=change.field,
                old=_as_text(change.before),
                new=_as_text(change.after),
            )
    return changes


def describe_change(change: RegisterChange) -> str:
    """Say one change in a line."""
    kind, authority = name_register_change(change.kind), change.authority
    if change.kind is RegisterChangeKind.NEW:
        return gettext(
            "%(kind)s: %(id)s %(name)s, %(type)s in %(region)s",
            kind=kind,
            id=authority.id,
            name=authority.name,
            type=authority.type,
            region=authority.region,
        )
    return gettext(
        "%(kind)s: %(id)s %(name)s, %(field)s %(before)s → %(after)s",
        kind=kind,
        id=authority.id,
        name=authority.name,
        field=change.field,
        before=_as_text(change.before),
        after=_as_text(change.after),
    )


def _as_text(value: object) -> str:
    """Write a field as the register's file does; a dash where it is empty."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ";".join(value) or "–"
    return "–" if value in {None, ""} else str(value)
