"""people, their memberships, and who did what as a reference"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Texts that named no person, by what they are now; any other such text was typed to a command.
NOT_PEOPLE = {
    "command line": ("operator", "command line"),
    "the programme team from a file": ("operator", "command line"),
    "installation": ("system", "installation"),
    "demonstration": ("system", "demonstration"),
}
# Somebody of whom nothing is left but a name that nobody has, or several.
UNKNOWN = ("system", "unknown")

# The columns that named somebody: what tells a row, and the events that wrote it, newest last.
WRITTEN = {
    "assessment.submitted_by": (
        "SELECT a.id, a.submitted_by, a.authority_id, a.round_id AS part FROM assessment a "
        "WHERE a.submitted_by IS NOT NULL",
        ("assessment submitted",),
        "round",
    ),
    "agreed_answer.changed_by": (
        "SELECT w.ctid::text AS id, w.changed_by, a.authority_id, "
        "a.round_id || ' ' || w.question_id AS part "
        "FROM agreed_answer w JOIN assessment a ON a.id = w.assessment_id",
        ("answer saved", "answer brought over", "answer confirmed"),
        "answer",
    ),
    "cleared_answer.cleared_by": (
        "SELECT w.ctid::text AS id, w.cleared_by, a.authority_id, "
        "a.round_id || ' ' || w.question_id AS part "
        "FROM cleared_answer w JOIN assessment a ON a.id = w.assessment_id",
        ("answer cleared",),
        "answer",
    ),
    "target.changed_by": (
        "SELECT w.ctid::text AS id, w.changed_by, w.authority_id, '' AS part FROM target w",
        ("targets saved",),
        "",
    ),
    "planned_action.changed_by": (
        "SELECT w.ctid::text AS id, w.changed_by, w.authority_id, w.question_id AS part "
        "FROM planned_action w",
        ("planned action saved",),
        "planned_for",
    ),
    "report.asked_by": (
        "SELECT w.id, w.asked_by, w.authority_id, w.round_id || ' ' || w.kind AS part "
        "FROM report w",
        ("report asked for", "national report asked for"),
        "report",
    ),
}


class _Past:
    """Who was whom at each moment, as accounts and the audit trail tell it.

    ``actors`` and ``subjects`` are people by the event that they wrote, or that was about them.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.people = connection.execute(
            sa.text(
                "SELECT id, email, name, role, authority_id, active, created_at FROM account "
                "ORDER BY id"
            )
        ).all()
        self.names = {row.id: row.name for row in self.people}
        self.by_email = {row.email: row.id for row in self.people}
        self.events = connection.execute(
            sa.text("SELECT id, at, actor, kind, authority_id, detail FROM audit_event ORDER BY at, id")
        ).all()
        self.now = connection.scalars(sa.text("SELECT now()")).one()
        self.actors: dict[int, int] = {}
        self.subjects: dict[int, int] = {}
        self._follow_addresses()
        self.colleagues = {(row.authority_id, row.id) for row in self.people}
        self.colleagues |= {
            (event.authority_id, self.actors[event.id])
            for event in self.events
            if event.id in self.actors
        }

    def _follow_addresses(self) -> None:
        """Go back through the events, with the addresses that people had at each."""
        had = dict(self.by_email)
        for event in reversed(self.events):
            if event.actor in had:
                self.actors[event.id] = had[event.actor]
            email = event.detail.get("email")
            if event.kind == "address changed" and event.detail.get("new_email") in had:
                had[email] = had.pop(event.detail["new_email"])
            if email in had:
                self.subjects[event.id] = had[email]
            if event.kind == "account created":
                had.pop(email, None)

    def writers(self, kinds: tuple[str, ...], key: str) -> Iterator[tuple[tuple[Any, str], int]]:
        """List who wrote each part last, by authority and part."""
        for event in self.events:
            if event.kind in kinds and event.id in self.actors:
                yield (event.authority_id, _part(event.detail, key)), self.actors[event.id]

    def find(self, name: str, authority_id: str | None, writer: int | None) -> int | None:
        """Return the person of a name: who wrote last, else the one colleague or person of it."""
        if writer is not None and ("@" in name or self.names[writer] == name):
            return writer
        if name in self.by_email:
            return self.by_email[name]
        of_name = [id_ for id_, given in self.names.items() if given == name]
        near = [id_ for id_ in of_name if (authority_id, id_) in self.colleagues]
        fitting = near or of_name
        return fitting[0] if len(fitting) == 1 else None

    def memberships(self) -> Iterator[dict[str, Any]]:
        """List the roles and places that people had, as far as events tell."""
        events: dict[int, list[Any]] = {}
        for event in self.events:
            if event.id in self.subjects and event.kind in MEMBERSHIP_EVENTS:
                events.setdefault(self.subjects[event.id], []).append(event)
        for person in self.people:
            yield from _tell_memberships(person, events.get(person.id, []), self.now)


MEMBERSHIP_EVENTS = (
    "account created",
    "account activated",
    "account deactivated",
    "account moved",
    "role changed",
)


def _tell_memberships(person: Any, events: list[Any], now_at: datetime) -> Iterator[dict[str, Any]]:
    """List a person's memberships in order; the last is what the account says now."""
    told: list[dict[str, Any]] = []
    for event in events:
        last = told[-1] if told else {"role": person.role, "until": event.at}
        after = {
            "role": event.detail.get("role", last["role"]),
            "authority": event.detail.get("moved_to", event.authority_id),
        }
        if last["until"] is None and all(last[key] == after[key] for key in after):
            if event.kind != "account deactivated":
                # A move stands in the trails of both authorities.
                continue
        if last["until"] is None:
            last["until"] = event.at
        if event.kind != "account deactivated":
            told.append({"person": person.id, **after, "since": event.at, "until": None})
    now = {"role": person.role, "authority": person.authority_id}
    if not told or {key: told[-1][key] for key in now} != now:
        times = [time for one in told for time in (one["since"], one["until"]) if time]
        since = max([person.created_at, *times])
        if told and told[-1]["until"] is None:
            told[-1]["until"] = since
        told.append({"person": person.id, **now, "since": since, "until": None})
    newest = told[-1]
    if person.active:
        newest["until"] = None
    elif newest["until"] is None:
        newest["until"] = max(newest["since"], now_at)
    yield from told


def _part(detail: dict[str, Any], key: str) -> str:
    """Return which part of an authority's work an event tells of."""
    if key == "answer":
        return f"{detail.get('round')} {detail.get('question')}"
    if key == "report":
        return f"{detail.get('round')} {detail.get('report', 'national')}"
    return str(detail.get(key, ""))


def upgrade() -> None:
    """Give people memberships, and every act an actor, in the place of names and addresses."""
    connection = op.get_bind()
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_actor"),
        sa.UniqueConstraint("kind", "name", name="uq_actor_kind_name"),
        sa.CheckConstraint("kind IN ('person', 'operator', 'system')", name="kind"),
        sa.CheckConstraint("(kind = 'person') = (name IS NULL)", name="name_given"),
    )
    op.execute("INSERT INTO actor (id, kind) SELECT id, 'person' FROM account")
    op.execute("SELECT setval('actor_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM actor), false)")
    past = _Past(connection)
    _refer_to_writers(connection, past)
    _refer_to_actors_of_events(connection, past)
    _make_memberships(connection, past)
    _make_people()


def _refer_to_writers(connection: sa.Connection, past: _Past) -> None:
    """Replace the name in each column by the actor."""
    for place, (query, kinds, key) in WRITTEN.items():
        table, column = place.split(".")
        last = dict(past.writers(kinds, key))
        known: dict[Any, int] = {}
        others: dict[tuple[str, str], int] = {}
        for row_id, name, authority_id, part in connection.execute(sa.text(query)).all():
            person = past.find(name, authority_id, last.get((authority_id, part)))
            named = NOT_PEOPLE.get(name, UNKNOWN)
            if person is None and named not in others:
                others[named] = _actor(connection, named)
            known[row_id] = person or others[named]
        _replace(connection, table, column, known)


def _replace(
    connection: sa.Connection, table: str, column: str, known: dict[Any, int]
) -> None:
    """Put references to actors in the place of a column of texts."""
    kept = table in ("agreed_answer", "cleared_answer", "target", "planned_action")
    key = "ctid::text" if kept else "id"
    op.add_column(table, sa.Column("actor_id", sa.Integer()))
    if known:
        # All rows at once: a row that is changed moves, and is told by its place.
        op.execute("CREATE TEMPORARY TABLE known (row text PRIMARY KEY, actor_id integer)")
        connection.execute(
            sa.text("INSERT INTO known VALUES (:row, :actor)"),
            [{"row": str(row), "actor": actor} for row, actor in known.items()],
        )
        op.execute(
            f"UPDATE {table} SET actor_id = known.actor_id FROM known "
            f"WHERE known.row = {table}.{key}{'' if kept else '::text'}"
        )
        op.execute("DROP TABLE known")
    op.drop_column(table, column)
    op.alter_column(
        table, "actor_id", new_column_name=column, nullable=column == "submitted_by"
    )
    op.create_foreign_key(f"fk_{table}_{column}", table, "actor", [column], ["id"])


def _refer_to_actors_of_events(connection: sa.Connection, past: _Past) -> None:
    """Do the same in the audit trail, and give its kinds their codes."""
    op.add_column("audit_event", sa.Column("actor_id", sa.Integer()))
    op.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    named = {text: _name_actor(text) for text in {event.actor for event in past.events}}
    ids = {name: _actor(connection, name) for name in set(named.values())}
    if past.events:
        op.execute("CREATE TEMPORARY TABLE known (id integer PRIMARY KEY, actor_id integer)")
        connection.execute(
            sa.text("INSERT INTO known VALUES (:event, :actor)"),
            [
                {
                    "event": event.id,
                    "actor": past.actors.get(event.id) or ids[named[event.actor]],
                }
                for event in past.events
            ],
        )
        op.execute(
            "UPDATE audit_event SET actor_id = known.actor_id, kind = CASE kind "
            "WHEN 'report asked for' THEN 'report_requested' "
            "WHEN 'reports of a round asked for' THEN 'round_reports_requested' "
            "WHEN 'national report asked for' THEN 'national_report_requested' "
            "ELSE replace(kind, ' ', '_') END FROM known WHERE known.id = audit_event.id"
        )
        op.execute("DROP TABLE known")
    op.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    op.drop_column("audit_event", "actor")
    op.alter_column("audit_event", "actor_id", nullable=False)
    op.create_foreign_key("fk_audit_event_actor_id", "audit_event", "actor", ["actor_id"], ["id"])


def _name_actor(text: str) -> tuple[str, str]:
    """Return what a text that names no person is: nobody's address is kept as a name."""
    return NOT_PEOPLE.get(text, UNKNOWN if "@" in text else ("operator", text))


def _actor(connection: sa.Connection, named: tuple[str, str]) -> int:
    """Return the id of an actor that is no person, stored if need be."""
    given = {"kind": named[0], "name": named[1]}
    found = connection.scalar(
        sa.text("SELECT id FROM actor WHERE kind = :kind AND name = :name"), given
    )
    return found or connection.scalar(
        sa.text("INSERT INTO actor (kind, name) VALUES (:kind, :name) RETURNING id"), given
    )


def _make_memberships(connection: sa.Connection, past: _Past) -> None:
    """Make memberships of the roles and places that accounts have and had."""
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.ForeignKeyConstraint(["person_id"], ["account.id"], name="fk_membership_person_id"),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name="fk_membership_authority_id"
        ),
        sa.CheckConstraint(
            "(role IN ('analyst', 'administrator')) = (authority_id IS NULL)", name="role_place"
        ),
        sa.CheckConstraint("since <= until", name="dates"),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id"])
    op.create_index("ix_membership_authority_id", "membership", ["authority_id"])
    op.create_index(
        "uq_membership_current",
        "membership",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    memberships = list(past.memberships())
    if memberships:
        connection.execute(
            sa.text(
                "INSERT INTO membership (person_id, authority_id, role, since, until) "
                "VALUES (:person, :authority, :role, :since, :until)"
            ),
            memberships,
        )


def _make_people() -> None:
    """Make accounts people, and the references to them, too."""
    op.drop_constraint("ck_account_role_place", "account")
    for column in ("role", "authority_id", "active"):
        op.drop_column("account", column)
    op.execute("ALTER TABLE account ALTER COLUMN id DROP IDENTITY")
    op.rename_table("account", "person")
    for old, new in (
        ("pk_account", "pk_person"),
        ("uq_account_email", "uq_person_email"),
        ("ck_account_email_lower", "ck_person_email_lower"),
    ):
        op.execute(f"ALTER TABLE person RENAME CONSTRAINT {old} TO {new}")
    op.create_foreign_key("fk_person_id", "person", "actor", ["id"], ["id"])
    for table in ("browser_session", "sign_in", "answer"):
        op.alter_column(table, "account_id", new_column_name="person_id")
        op.execute(
            f"ALTER TABLE {table} RENAME CONSTRAINT fk_{table}_account_id TO fk_{table}_person_id"
        )
        op.execute(f"ALTER INDEX ix_{table}_account_id RENAME TO ix_{table}_person_id")
    op.execute(
        "UPDATE procrastinate_jobs SET args = jsonb_build_object('person_id', args->'account_id') "
        "WHERE args ? 'account_id'"
    )
