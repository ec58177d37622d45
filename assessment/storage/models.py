"""The tables. Rows never leave this package."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from assessment import clock
from assessment.core.answers.assessments import AssessmentState

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _now() -> datetime:
    """Return the time a row is written at, by the clock as it is then."""
    return clock.now()


class Base(DeclarativeBase):
    """All tables; text is unbounded, times are UTC, dictionaries are JSON."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }


class RegisterRow(Base):
    """The version of the register in use; there is one row."""

    __tablename__ = "register"
    version: Mapped[str] = mapped_column(primary_key=True)
    simulated: Mapped[bool]
    loaded_at: Mapped[datetime] = mapped_column(default=_now)


class AuthorityRow(Base):
    """One authority of the register, present or former."""

    __tablename__ = "authority"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    nation: Mapped[str]
    region: Mapped[str]
    type: Mapped[str]
    population: Mapped[int | None]
    density: Mapped[float | None]
    deprivation_score: Mapped[float | None]
    rural_share: Mapped[float | None]
    gss_code: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    successor_ids: Mapped[list[str]]


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
    created_at: Mapped[datetime] = mapped_column(default=_now)
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class MembershipRow(Base):
    """That a person has a role in an authority, or in the programme where that is NULL.

    Another role or place is another row; what ended stays.
    """

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"), index=True)
    role: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=_now)
    until: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "(role IN ('analyst', 'administrator')) = (authority_id IS NULL)", name="role_place"
        ),
        CheckConstraint("since <= until", name="dates"),
        Index(
            "uq_membership_current",
            "person_id",
            "authority_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
            postgresql_nulls_not_distinct=True,
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
    asked_at: Mapped[datetime] = mapped_column(default=_now)
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


class QuestionnaireRow(Base):
    """A published, immutable version of the questionnaire."""

    __tablename__ = "questionnaire"
    version: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(default=_now)
    workbook: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class RoundRow(Base):
    """A dated window in which authorities assess themselves."""

    __tablename__ = "round"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    questionnaire_version: Mapped[str] = mapped_column(ForeignKey("questionnaire.version"))
    __table_args__ = (CheckConstraint("opens_on <= closes_on", name="dates"),)


class AssessmentRow(Base):
    """One authority in one round."""

    __tablename__ = "assessment"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    authority_id: Mapped[str] = mapped_column(ForeignKey("authority.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=_now)
    state: Mapped[str] = mapped_column(default=AssessmentState.ANSWERING.value)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    submitter: Mapped[ActorRow | None] = relationship(lazy="joined", viewonly=True)
    counted: Mapped[bool] = mapped_column(default=False)
    barriers: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    support: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    reopened_on: Mapped[date | None]
    reopening_reason: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("authority_id", "round_id"),
        CheckConstraint(
            "state IN ('answering', 'in_consensus', 'complete', 'returned', 'submitted', "
            "'reopened')",
            name="state",
        ),
        CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL) "
            "AND (submitted_at IS NULL) = (submitted_by IS NULL)",
            name="submitted",
        ),
        CheckConstraint("state = 'submitted' OR NOT counted", name="counted"),
        CheckConstraint("state <> 'reopened' OR reopened_on IS NOT NULL", name="reopened"),
    )


class AgreedAnswerRow(Base):
    """The authority's answer to one question; ``revision`` tells two editors apart.

    ``brought_from`` is the earlier round it was taken from, until a person saves or confirms it.
    """

    __tablename__ = "agreed_answer"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[str]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str]
    note: Mapped[str]
    evidence: Mapped[list[str]]
    seconds: Mapped[int | None]
    brought_from: Mapped[str | None] = mapped_column(ForeignKey("round.id"))
    revision: Mapped[int]
    changed_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    changer: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    changed_at: Mapped[datetime] = mapped_column(default=_now)
    __table_args__ = (
        CheckConstraint("(standing = 'level') = (level IS NOT NULL)", name="level_given"),
        CheckConstraint("standing IN ('level', 'dk', 'na')", name="standing"),
    )


class ClearedAnswerRow(Base):
    """That an agreed answer was cleared; a later answer goes on from its ``revision``."""

    __tablename__ = "cleared_answer"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    cleared_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    clearer: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    cleared_at: Mapped[datetime] = mapped_column(default=_now)


class AnswerRow(Base):
    """What one person answered last, whatever was agreed."""

    __tablename__ = "answer"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    standing: Mapped[str]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime] = mapped_column(default=_now)
    __table_args__ = (
        CheckConstraint("(standing = 'level') = (level IS NOT NULL)", name="level_given"),
        CheckConstraint("standing IN ('level', 'dk', 'na')", name="standing"),
    )


class TargetRow(Base):
    """The score an authority wants to reach in one principle."""

    __tablename__ = "target"
    authority_id: Mapped[str] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    principle_id: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    changed_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    changed_at: Mapped[datetime] = mapped_column(default=_now)


class PlannedActionRow(Base):
    """One action of an authority's improvement plan; ``revision`` tells two editors apart."""

    __tablename__ = "planned_action"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    authority_id: Mapped[str] = mapped_column(ForeignKey("authority.id"), index=True)
    question_id: Mapped[str]
    text: Mapped[str]
    owner: Mapped[str]
    due_on: Mapped[date]
    is_done: Mapped[bool]
    revision: Mapped[int]
    changed_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    changer: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    changed_at: Mapped[datetime] = mapped_column(default=_now)


class AuditEventRow(Base):
    """One line of the audit trail; a trigger refuses its change or deletion."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=_now)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    actor: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    kind: Mapped[str]
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"))
    detail: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_audit_event_authority_id_at", "authority_id", "at"),)


class EditionRow(Base):
    """A dated benchmark of one round."""

    __tablename__ = "edition"
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cut_on: Mapped[date]
    questionnaire_version: Mapped[str] = mapped_column(ForeignKey("questionnaire.version"))
    register_version: Mapped[str]
    method_version: Mapped[str]
    content_hash: Mapped[str]
    released_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawal_note: Mapped[str | None]
    __table_args__ = (
        CheckConstraint(
            "withdrawn_on IS NULL OR (released_on IS NOT NULL AND withdrawal_note <> '')",
            name="withdrawal",
        ),
    )


class EditionFrameRow(Base):
    """The frozen frames of an edition, packed as `assessment.storage.frames` says.

    ``figures`` may be published; ``codes`` (one byte an answer) and ``memberships`` may not.
    ``sha256`` is of ``packed``, by which a process knows what it has read already.
    """

    __tablename__ = "edition_frame"
    round_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]


class EditionFileRow(Base):
    """A file of a released edition in one format, made once; ``sha256`` is of its content."""

    __tablename__ = "edition_file"
    round_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    file_format: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=_now)
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "number"], ["edition.round_id", "edition.number"]),
    )


class NeighbourCellsRow(Base):
    """What an edition shows an authority of its nearest neighbours, settled once."""

    __tablename__ = "neighbour_cells"
    round_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[str] = mapped_column(primary_key=True)
    cells: Mapped[list[list[Any]]] = mapped_column(JSONB)
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "number"], ["edition.round_id", "edition.number"]),
    )


class ReportRow(Base):
    """A report asked for: waiting, ready or failed; the programme's own has no authority."""

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authority.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    data: Mapped[str | None] = mapped_column(deferred=True)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    failure: Mapped[str | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    asker: Mapped[ActorRow] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    asked_at: Mapped[datetime] = mapped_column(default=_now)
    made_at: Mapped[datetime | None]
    code: Mapped[str | None] = mapped_column(unique=True)
    content_hash: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),
        Index(
            "uq_report_unfinished",
            "authority_id",
            "round_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            postgresql_nulls_not_distinct=True,
        ),
    )
