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
