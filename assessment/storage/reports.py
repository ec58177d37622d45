"""Reports asked for, their data and their files."""

import secrets
from collections.abc import Sequence

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session, undefer

from assessment import clock
from assessment.core.documents.report_requests import ReportRequest, ReportState
from assessment.core.documents.verification_codes import CODE_LETTERS, LETTERS
from assessment.core.errors import NotFoundError
from assessment.core.people.actors import Actor
from assessment.locale import gettext
from assessment.storage.actors import restore_actor, save_actor
from assessment.storage.models import ReportRow


def create_request(
    db: Session, authority_id: str | None, round_id: str, kind: str, *, by: Actor
) -> tuple[ReportRequest, bool]:
    """Return the newest request of this kind, and whether it was made now: one waits at a time.

    A report without an authority is of the whole programme.
    """
    values = {
        "authority_id": authority_id,
        "round_id": round_id,
        "kind": kind,
        "asked_by": save_actor(db, by),
        "code": "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)),
    }
    query = insert(ReportRow).values(values).on_conflict_do_nothing().returning(ReportRow.id)
    made = db.scalar(query)
    row = db.scalars(
        select(ReportRow)
        .filter_by(authority_id=authority_id, round_id=round_id, kind=kind)
        .order_by(ReportRow.id.desc())
        .limit(1)
    ).one()
    return _request(row), made is not None


def read_newest_ready(
    db: Session, authority_id: str, round_id: str, kind: str
) -> tuple[ReportRequest, str] | None:
    """Return the newest ready report of this kind with its data, or None where there is none."""
    query = (
        select(ReportRow)
        .filter_by(authority_id=authority_id, round_id=round_id, kind=kind)
        .where(ReportRow.state == ReportState.READY.value)
        .order_by(ReportRow.id.desc())
        .limit(1)
    )
    row = db.scalar(query)
    return None if row is None else (_request(row), row.data or "{}")


def read_ready_authorities(db: Session, round_id: str, kind: str, edition_hash: str) -> set[str]:
    """Return whose report of a kind is ready, with the peers of the edition of this hash."""
    cited = cast(ReportRow.data, JSONB)[("edition", "content_hash")].astext
    query = (
        select(ReportRow.authority_id)
        .filter_by(round_id=round_id, kind=kind, state=ReportState.READY.value)
        .where(func.coalesce(cited, "") == edition_hash)
    )
    return {authority_id for authority_id in db.scalars(query) if authority_id is not None}


def count_states(db: Session, report_ids: Sequence[int]) -> dict[str, int]:
    """Count how many of these reports are in each state."""
    query = select(ReportRow.state, func.count()).where(ReportRow.id.in_(report_ids))
    return dict(db.execute(query.group_by(ReportRow.state)).all())


def read_failed(db: Session) -> list[ReportRequest]:
    """Return the reports that could not be made, newest first."""
    query = select(ReportRow).filter_by(state=ReportState.FAILED.value)
    return [_request(row) for row in db.scalars(query.order_by(ReportRow.id.desc()))]


def read_request(db: Session, authority_id: str | None, report_id: int) -> ReportRequest:
    """Return a request of this authority, or with None of the programme.

    Raises NotFoundError where it has none such.
    """
    return _request(_row(db, authority_id, report_id))


def read_requests(
    db: Session, authority_id: str | None, round_id: str | None = None
) -> list[ReportRequest]:
    """Return an authority's requests in a round, or with None in all, newest first."""
    query = select(ReportRow).filter_by(authority_id=authority_id)
    if round_id is not None:
        query = query.filter_by(round_id=round_id)
    rows = db.scalars(query.order_by(ReportRow.asked_at.desc(), ReportRow.id.desc()))
    return [_request(row) for row in rows]


def read_pdf(db: Session, authority_id: str | None, report_id: int) -> bytes:
    """Return a ready report's PDF; raises NotFoundError where it is not ready."""
    query = select(ReportRow).filter_by(authority_id=authority_id, id=report_id)
    row = db.scalars(query.options(undefer(ReportRow.pdf))).one_or_none()
    if row is None or row.pdf is None:
        raise NotFoundError(gettext("This report is not ready."))
    return row.pdf


def read_request_by_id(db: Session, report_id: int) -> ReportRequest:
    """Return a request for the worker, which acts for nobody."""
    return _request(db.get_one(ReportRow, report_id))


def save_state(db: Session, report_id: int, state: ReportState, *, failure: str = "") -> None:
    """Store how far a request has come."""
    row = db.get_one(ReportRow, report_id)
    row.state, row.failure = state.value, failure or None
    db.flush()


def save_report(db: Session, report_id: int, *, data: str, pdf: bytes, content_hash: str) -> None:
    """Store a finished report: its data, from which it can be reprinted, and its PDF."""
    row = db.get_one(ReportRow, report_id)
    row.data, row.pdf, row.made_at = data, pdf, clock.now()
    row.content_hash = content_hash
    row.state, row.failure = ReportState.READY.value, None
    db.flush()


def find_by_code(db: Session, code: str) -> tuple[ReportRequest, str, bytes] | None:
    """Return the ready report of a code with its data and its PDF's SHA-256, or None."""
    query = select(ReportRow, func.sha256(ReportRow.pdf)).where(ReportRow.code == code)
    found = db.execute(query).one_or_none()
    if found is None or found[1] is None or found[0].data is None:
        return None
    return _request(found[0]), found[0].data, found[1]


def _row(db: Session, authority_id: str | None, report_id: int) -> ReportRow:
    """Return the row of an authority's request."""
    query = select(ReportRow).filter_by(authority_id=authority_id, id=report_id)
    row = db.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError(gettext("There is no such report."))
    return row


def _request(row: ReportRow) -> ReportRequest:
    """Turn a row into the core's request."""
    return ReportRequest(
        id=row.id,
        authority_id=row.authority_id,
        round_id=row.round_id,
        kind=row.kind,
        state=ReportState(row.state),
        asked_by=restore_actor(row.asker),
        asked_at=row.asked_at,
        failure=row.failure or "",
        code=row.code or "",
        content_hash=row.content_hash or "",
    )
