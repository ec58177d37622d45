"""Signing in: what was asked for, the codes that were sent, the sessions that were begun."""

import hashlib
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from assessment.core.people.actors import Person
from assessment.core.people.memberships import Membership
from assessment.core.people.sessions import BrowserSession
from assessment.storage.actors import restore_person
from assessment.storage.models import BrowserSessionRow, MembershipRow, PersonRow, SignInRow
from assessment.storage.people import restore_membership, select_memberships

# The id of no person.
NOBODY = 0


def create_sign_in_request(
    db: Session, person_id: int | None, address_hash: str, browser: str, next_path: str
) -> None:
    """Store that a browser asked for a sign-in mail; nobody will answer where no person did."""
    db.add(
        SignInRow(
            person_id=person_id,
            address_hash=address_hash,
            browser_hash=_hash(browser),
            next_path=next_path,
        )
    )
    db.flush()


def delete_sign_in_requests(db: Session, *, before: datetime) -> list[int]:
    """Delete requests that were sent a code by then, or made by then and sent none; nobody's too.

    Returns the person of each that no code was sent for.
    """
    last_at = func.coalesce(SignInRow.sent_at, SignInRow.asked_at)
    old = delete(SignInRow).where(last_at <= before)
    deleted = db.execute(old.returning(SignInRow.person_id, SignInRow.code_hash))
    return [person_id for person_id, code_hash in deleted if person_id and code_hash is None]


def lock_unsent(db: Session, person_id: int, *, asked_after: datetime) -> tuple[int, Person] | None:
    """Return a person who may sign in, with their oldest sign-in request without a code, if any.

    The request is locked until the transaction ends, and one that is locked is passed over.
    """
    query = (
        select(SignInRow.id, PersonRow)
        .join(PersonRow, PersonRow.id == SignInRow.person_id)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            PersonRow.id == person_id,
            MembershipRow.until.is_(None),
            SignInRow.code_hash.is_(None),
            SignInRow.asked_at > asked_after,
        )
        .order_by(SignInRow.id)
        .limit(1)
        .with_for_update(of=SignInRow, skip_locked=True)
    )
    found = db.execute(query).first()
    return None if found is None else (found[0], restore_person(found[1]))


def save_code(db: Session, request_id: int, code: str, sent_at: datetime) -> None:
    """Store the code that is sent to a browser, in the place of any it was sent before."""
    row = db.get_one(SignInRow, request_id)
    row.code_hash, row.sent_at = _hash(f"{row.browser_hash} {code}"), sent_at
    same = (SignInRow.person_id == row.person_id, SignInRow.browser_hash == row.browser_hash)
    db.flush()
    db.execute(delete(SignInRow).where(*same, SignInRow.id < request_id))


def take_code(
    db: Session, address_hash: str, browser: str, code: str, *, sent_after: datetime, tries: int
) -> tuple[Membership, str] | None:
    """Return the membership and path of the code sent to this browser, and end the code.

    Wrong tries are counted, and too many invalidate the code; nobody else's browser can do that,
    and the link that was sent with it still works. The same is done for an address without an
    account, whose requests have no code: the time of a response must not tell who has one.
    """
    hashed = _hash(browser)
    query = (
        select(SignInRow)
        .where(SignInRow.browser_hash == hashed, SignInRow.address_hash == address_hash)
        .order_by(SignInRow.sent_at.desc().nulls_last(), SignInRow.id.desc())
        .limit(1)
    )
    row = _lock_request(db, query)
    if row is None:
        return None
    # Compared even where no code was sent and the hash is None, so that it takes the same time.
    is_right = compare_digest(str(row.code_hash), _hash(f"{hashed} {code}"))
    is_alive = row.wrong_codes < tries and row.sent_at is not None and row.sent_at > sent_after
    if is_right and is_alive:
        return _take(db, row)
    row.wrong_codes += 1
    db.flush()
    return None


def take_link(
    db: Session, request_id: int, *, sent_after: datetime
) -> tuple[Membership, str] | None:
    """Return the membership and path of a link, and end it with its code."""
    query = select(SignInRow).where(SignInRow.id == request_id, SignInRow.sent_at > sent_after)
    row = _lock_request(db, query)
    return None if row is None else _take(db, row)


def save_session(
    db: Session, person_id: int, key: str, *, begun_at: datetime, ends_at: datetime
) -> None:
    """Store the session of one browser."""
    row = BrowserSessionRow(
        key_hash=_hash(key), person_id=person_id, begun_at=begun_at, ends_at=ends_at
    )
    db.add(row)
    db.flush()


def find_session(db: Session, key: str, now: datetime) -> Membership | None:
    """Return the membership that a session is of, or None where either has ended."""
    query = (
        select_memberships()
        .join(BrowserSessionRow, BrowserSessionRow.person_id == PersonRow.id)
        .where(
            BrowserSessionRow.key_hash == _hash(key),
            BrowserSessionRow.ends_at > now,
            MembershipRow.until.is_(None),
        )
    )
    row = db.execute(query).first()
    return None if row is None else restore_membership(*row)


def read_sessions(db: Session, person_id: int, now: datetime) -> list[BrowserSession]:
    """Return the sessions of a person that have not ended, the newest first."""
    query = (
        select(BrowserSessionRow)
        .where(BrowserSessionRow.person_id == person_id, BrowserSessionRow.ends_at > now)
        .order_by(BrowserSessionRow.begun_at.desc(), BrowserSessionRow.key_hash)
    )
    return [BrowserSession(row.key_hash, row.begun_at, row.ends_at) for row in db.scalars(query)]


def identify_session(key: str) -> str:
    """Return the id of the session that a browser has the key of."""
    return _hash(key)


def delete_sessions(db: Session, *, ended_before: datetime) -> None:
    """Forget the sessions that have ended."""
    db.execute(delete(BrowserSessionRow).where(BrowserSessionRow.ends_at <= ended_before))


def delete_session(db: Session, key: str) -> None:
    """End the session of one browser."""
    db.execute(delete(BrowserSessionRow).where(BrowserSessionRow.key_hash == _hash(key)))


def delete_session_of(db: Session, person_id: int, session_id: str) -> None:
    """End one session of a person; somebody else's stays."""
    row = BrowserSessionRow
    db.execute(delete(row).where(row.person_id == person_id, row.key_hash == session_id))


def delete_other_sessions(db: Session, person_id: int, key: str) -> None:
    """End every session of a person but that of one browser."""
    row = BrowserSessionRow
    db.execute(delete(row).where(row.person_id == person_id, row.key_hash != _hash(key)))


def _lock_request(db: Session, query: Select[SignInRow]) -> SignInRow | None:
    """Lock the request that a query finds; None where there is none.

    The person is locked before it, as by whoever shuts them out: locked the other way round, the
    two would wait for each other. The same is done where nobody has an account.
    """
    person_id = db.scalar(query.with_only_columns(SignInRow.person_id)) or NOBODY
    person = select(PersonRow.id).where(PersonRow.id == person_id)
    db.execute(person.with_for_update(read=True, key_share=True))
    return db.scalar(query.with_for_update().execution_options(populate_existing=True))


def _take(db: Session, row: SignInRow) -> tuple[Membership, str] | None:
    """End a sign-in and return whom it lets in, and where to; None where they are shut out."""
    query = select_memberships().where(
        MembershipRow.person_id == row.person_id, MembershipRow.until.is_(None)
    )
    found = db.execute(query).first()
    path = row.next_path
    db.delete(row)
    db.flush()
    return None if found is None else (restore_membership(*found), path)


def _hash(secret: str) -> str:
    """Return what is kept of a secret; a code's is salted with its browser's key."""
    return hashlib.sha256(secret.encode()).hexdigest()
