"""An installation of an earlier release is brought over whole.

`tests/data/release-0016.sql` was left by the release of that revision: people of one name, one who
moved, one who left; answers given, brought over and cleared; assessments submitted, reopened and
imported; plans, editions with their neighbours, reports.
"""

import hashlib
import zlib
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from assessment.core.people.events import EventKind
from assessment.storage.database import open_engine
from assessment.storage.frames import SCHEMAS, pack_frame, unpack_table
from tests import databases

RELEASE = "0016"


@pytest.fixture(scope="module")
def released(server_url: str) -> Iterator[Engine]:
    """An installation of the release, brought to the newest tables."""
    url = databases.make_copy(server_url, "template1")
    databases.load_release(url, RELEASE)
    databases.migrate_to(url, "head")
    engine = open_engine(url)
    yield engine
    engine.dispose()
    databases.drop_database(url)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("authority", 48),
        ("round", 3),
        ("assessment", 55),
        ("agreed_answer", 329),
        ("cleared_answer", 1),
        ("answer", 17),
        ("target", 1),
        ("planned_action", 1),
        ("audit_event", 61),
        ("edition", 2),
        ("report", 5),
        ("browser_session", 1),
    ],
)
def test_migrate_from_a_release_keeps_every_row(released: Engine, table: str, rows: int):
    with released.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == rows  # noqa: S608


def pack_as_csv(text: str) -> bytes:
    return zlib.compress(text.encode())


@pytest.fixture
def before_typed_frames(server_url: str) -> Iterator[str]:
    """The address of an installation whose frames are compressed CSV, with none in it."""
    url = databases.make_copy(server_url, "template1")
    databases.migrate_to(url, "0016")
    yield url
    databases.drop_database(url)


def test_migrate_frames_are_typed_as_they_were_meant(before_typed_frames: str):
    engine = open_engine(before_typed_frames)
    rows = {
        "codes": "authority_id,1.1,1.2\n001,5,-2\nB,0,-1\n",
        "reliability": "principle_id,questions,n,alpha,omega,base\np1,6,,,0.81,1\n",
        "register": (
            "id,name,nation,region,type,population,density,deprivation_score,rural_share\n"
            'A,"Moor, Dale",England,,county,12.0,0.5,30.25,\n'
            "B,B,England,North,county,,1,2,0.1\n"
        ),
        "chosen": "authority_id,kind,choice_id\n",
    }
    insert = text("INSERT INTO edition_frame VALUES ('2024', 1, :name, :packed)")
    with engine.begin() as connection:
        for name, lines in rows.items():
            connection.execute(insert, {"name": name, "packed": pack_as_csv(lines)})

    databases.migrate_to(before_typed_frames, "0017")

    with engine.connect() as connection:
        stored = connection.execute(text("SELECT name, packed, sha256 FROM edition_frame")).all()
    engine.dispose()
    assert {hashlib.sha256(row.packed).hexdigest() for row in stored} == {r.sha256 for r in stored}
    tables = {row.name: unpack_table(row.packed) for row in stored}
    assert tables["codes"].to_pylist() == [
        {"authority_id": "001", "1.1": 5, "1.2": -2},
        {"authority_id": "B", "1.1": 0, "1.2": -1},
    ]
    assert str(tables["codes"].schema.field("1.1").type) == "int8"
    assert tables["reliability"].to_pylist() == [
        {"principle_id": "p1", "questions": 6, "n": None, "alpha": None, "omega": 0.81, "base": 1}
    ]
    moor, other = tables["register"].to_pylist()
    assert (moor["name"], moor["region"]) == ("Moor, Dale", "")
    assert (moor["population"], moor["rural_share"]) == (12, None)
    assert (other["population"], other["density"]) == (None, 1.0)
    assert tables["chosen"].schema.names == ["authority_id", "kind", "choice_id"]


def test_migrate_from_a_release_keeps_its_figures(released: Engine):
    with released.connect() as connection:
        query = "SELECT packed FROM edition_frame WHERE (round_id, number, name) = ('2024', 1, :n)"
        packed = {n: connection.scalar(text(query), {"n": n}) for n in SCHEMAS}

    for name, one in packed.items():
        assert pack_frame(name, unpack_table(one).to_pandas())


def read_rows(released: Engine, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the installation."""
    with released.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


# Who stands behind an actor: a person's address, for two have one name; else its kind and name.
WHO = "coalesce(person.email, actor.kind || ' ' || actor.name)"
FROM_ACTORS = "JOIN actor ON actor.id = {} LEFT JOIN person ON person.id = actor.id"


def test_migrate_people_of_one_name_are_told_apart_by_what_they_did(released: Engine):
    query = (
        f"SELECT question_id, {WHO} FROM agreed_answer "  # noqa: S608
        f"{FROM_ACTORS.format('changed_by')} JOIN assessment ON assessment.id = assessment_id "
        "WHERE authority_id = 'X188' AND round_id = '2026' ORDER BY question_id"
    )

    # Jo Smith with a new address saved 1.1 and 1.2; the other brought 2.3 over.
    assert read_rows(released, query) == [
        ("1.1", "jo.twin@a.example"),
        ("1.2", "jo.twin@a.example"),
        ("1.3", "gone@a.example"),
        ("2.1", "moved@a.example"),
        ("2.3", "jo@a.example"),
    ]


@pytest.mark.parametrize(
    ("table", "column", "who"),
    [
        (
            "assessment",
            "submitted_by",
            {"operator command line": 1, "system demonstration": 51, "lead@c.example": 1},
        ),
        ("cleared_answer", "cleared_by", {"jo@a.example": 1}),
        ("target", "changed_by", {"jo@a.example": 1}),
        ("planned_action", "changed_by", {"jo.twin@a.example": 1}),
        (
            "report",
            "asked_by",
            {"chief@a.example": 3, "analyst@p.example": 1, "lead@c.example": 1},
        ),
    ],
)
def test_migrate_who_did_it_is_a_reference(
    released: Engine, table: str, column: str, who: dict[str, int]
):
    query = (
        f"SELECT {WHO}, count(*)::int FROM {table} {FROM_ACTORS.format(column)} "  # noqa: S608
        "GROUP BY 1"
    )

    assert dict(read_rows(released, query)) == who


def test_migrate_audit_trail_has_actors_and_codes_and_still_cannot_be_changed(released: Engine):
    query = (
        f"SELECT audit_event.kind, {WHO}, count(*)::int FROM audit_event "  # noqa: S608
        f"{FROM_ACTORS.format('actor_id')} GROUP BY 1, 2"
    )
    found = {(kind, who): count for kind, who, count in read_rows(released, query)}

    assert found["answer_saved", "jo.twin@a.example"] == 2
    assert found["report_requested", "chief@a.example"] == 3
    assert found["register_loaded", "system installation"] == 1
    assert found["edition_cut", "operator command line"] == 2
    assert {kind for kind, _ in found} <= set(EventKind)
    with released.connect() as connection, pytest.raises(DatabaseError, match="cannot be changed"):
        connection.execute(text("UPDATE audit_event SET kind = 'other'"))


def test_migrate_accounts_are_people_with_memberships(released: Engine):
    query = (
        "SELECT email, role, authority_id, until IS NULL FROM membership "
        "JOIN person ON person.id = person_id ORDER BY email, membership.id"
    )

    assert read_rows(released, query) == [
        ("admin@p.example", "administrator", None, True),
        ("analyst@p.example", "analyst", None, True),
        ("chief@a.example", "signatory", "X188", False),
        ("chief@a.example", "reader", "X188", True),
        ("gone@a.example", "contributor", "X188", False),
        ("jo.twin@a.example", "contributor", "X188", True),
        ("jo@a.example", "lead", "X188", True),
        ("lead@b.example", "lead", "X191", True),
        ("lead@c.example", "lead", "X186", True),
        ("moved@a.example", "contributor", "X188", False),
        ("moved@a.example", "contributor", "X186", True),
    ]


def test_migrate_assessments_have_the_state_that_their_dates_told(released: Engine):
    query = (
        "SELECT state, count(*)::int, count(submitted_at)::int, count(reopened_on)::int "
        "FROM assessment GROUP BY state ORDER BY state"
    )

    assert read_rows(released, query) == [
        ("answering", 1, 0, 0),
        ("reopened", 1, 0, 1),
        ("submitted", 53, 53, 0),
    ]


def test_migrate_a_session_lasts(released: Engine):
    query = "SELECT email FROM browser_session JOIN person ON person.id = person_id"

    assert read_rows(released, query) == [("jo@a.example",)]


def test_migrate_from_a_release_queues_the_settling_of_neighbours(released: Engine):
    query = "SELECT args FROM procrastinate_jobs WHERE task_name = 'settle_neighbours' ORDER BY id"
    with released.connect() as connection:
        queued = list(connection.scalars(text(query)))

    assert queued == [{"round_id": "2024", "number": 1}, {"round_id": "2025", "number": 1}]


PAST = """\
INSERT INTO authority VALUES
  ('A', 'A', 'England', 'North', 'county', 1, 1, 1, 0, '', NULL, NULL, '{}');
INSERT INTO account (email, name, role, authority_id, active, created_at) VALUES
  ('b@x', 'Ann', 'lead', 'A', true, '2025-01-01'),
  ('a@x', 'Bob', 'reader', 'A', true, '2025-01-01'),
  ('cat@y', 'Cat', 'contributor', 'A', false, '2025-01-01'),
  ('old@x', 'Dan', 'contributor', 'A', true, '2025-08-01');
INSERT INTO audit_event (at, actor, kind, authority_id, detail)
SELECT at::timestamptz, coalesce(actor, 'command line'), kind, 'A', detail::jsonb FROM (VALUES
  ('2025-01-01', NULL, 'account created', '{"email": "a@x", "role": "contributor"}'),
  ('2025-01-01', NULL, 'account created', '{"email": "b@x", "role": "reader"}'),
  ('2025-01-01', NULL, 'account created', '{"email": "old@x", "role": "contributor"}'),
  ('2025-02-01', 'a@x', 'targets saved', '{}'),
  ('2025-02-02', 'b@x', 'targets saved', '{}'),
  ('2025-02-03', 'old@x', 'targets saved', '{}'),
  ('2025-03-01', NULL, 'role changed', '{"email": "a@x", "role": "lead"}'),
  ('2025-04-01', NULL, 'address changed', '{"email": "a@x", "new_email": "t@x"}'),
  ('2025-04-02', NULL, 'address changed', '{"email": "b@x", "new_email": "a@x"}'),
  ('2025-04-03', NULL, 'address changed', '{"email": "t@x", "new_email": "b@x"}'),
  ('2025-05-01', NULL, 'account deactivated', '{"email": "old@x"}'),
  ('2025-05-02', NULL, 'address changed', '{"email": "old@x", "new_email": "cat@y"}'),
  ('2025-08-01', NULL, 'account created', '{"email": "old@x", "role": "contributor"}'),
  ('2025-09-01', 'old@x', 'targets saved', '{}'),
  ('2025-09-02', 'ghost@x', 'targets saved', '{}')
) AS event (at, actor, kind, detail);
"""


@pytest.fixture
def with_a_past(server_url: str) -> Iterator[Engine]:
    """An installation whose people swapped addresses, left, and were followed by others."""
    url = databases.make_copy(server_url, "template1")
    databases.migrate_to(url, "0018")
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(PAST))
    databases.migrate_to(url, "head")
    yield engine
    engine.dispose()
    databases.drop_database(url)


def test_migrate_an_address_is_whose_it_was_at_the_time(with_a_past: Engine):
    query = (
        "SELECT coalesce(person.name, actor.name) FROM audit_event "  # noqa: S608
        f"{FROM_ACTORS.format('actor_id')} WHERE audit_event.kind = 'targets_saved' ORDER BY at"
    )

    assert [row[0] for row in read_rows(with_a_past, query)] == [
        *("Ann", "Bob", "Cat"),
        *("Dan", "unknown"),
    ]


def test_migrate_memberships_are_those_that_events_tell(with_a_past: Engine):
    query = (
        "SELECT person.name, role, since::date::text, until::date::text FROM membership "
        "JOIN person ON person.id = person_id ORDER BY membership.id"
    )

    assert read_rows(with_a_past, query) == [
        ("Ann", "contributor", "2025-01-01", "2025-03-01"),
        ("Ann", "lead", "2025-03-01", None),
        ("Bob", "reader", "2025-01-01", None),
        ("Cat", "contributor", "2025-01-01", "2025-05-01"),
        ("Dan", "contributor", "2025-08-01", None),
    ]
