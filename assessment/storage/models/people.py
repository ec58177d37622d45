"""The tables of people, of signing in, and of what anybody did."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment.storage.models.base import Base, now


class ActorRow(Base):
    """Who does something; a person's name is in the row of the person, with the same id."""

    __tablename__ = "actor"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    person: Mapped["PersonRow | None"] = relationship(lazy="joined", viewonly=True)
    __table_args__ = (
        UniqueConstraint("kind", "name"),
        CheckConstraint("kind IN ('person', 'operator', 'system')", name="kind"),
        CheckConstraint("(kind = 'person') = (name IS NULL)", name="name_given"),
    )


class PersonRow(Base):
    """A person who may sign in, or could; ``id`` is that of the actor they are."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class MembershipRow(Base):
    """That a person has a role in an authority, or in the programme where that is NULL.

    Another role or place is another row; what ended stays. A person has one at a time.
    """

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"), index=True)
    role: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "(role IN ('analyst', 'administrator')) = (authority_id IS NULL)", name="role_place"
        ),
        CheckConstraint("since <= until", name="dates"),
        Index(
            "uq_membership_current",
            "person_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )


class BrowserSessionRow(Base):
    """A browser in which a person is signed in; its key is stored hashed."""

    __tablename__ = "browser_session"
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SignInRow(Base):
    """A browser that asked for a sign-in mail; for nobody where the address has no account."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address_hash: Mapped[str]
    browser_hash: Mapped[str]
    next_path: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    code_hash: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(default=0)


class RateCountRow(Base):
    """How often something limited was done for one key, since when; the key is stored hashed."""

    __tablename__ = "rate_count"
    kind: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    count: Mapped[int]


class AuditEventRow(Base):
    """One line of the audit trail; a trigger refuses its change or deletion."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    actor: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    kind: Mapped[str]
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"))
    detail: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_audit_event_authority_id_at", "authority_id", "at"),)
