"""A new vintage of the register: looked at first, loaded whole, nothing lost."""

import csv
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from assessment.content.register import COLUMNS
from assessment.core.people.authorities import Authority
from assessment.core.people.events import EventKind
from assessment.storage import audit, authorities, benchmarks
from tests.assessment.commands.conftest import COUNTIES
from tests.assessment.commands.running import run
from tests.factories import make_authority

LAST_DAY, FIRST_DAY = date(2027, 3, 31), date(2027, 4, 1)


def write(path: Path, register: list[Authority]) -> str:
    """Write a register as its file."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for authority in register:
            fields = asdict(authority) | {
                "authority_id": authority.id,
                "successor_ids": ";".join(authority.successor_ids),
            }
            rows.writerow(fields[name] for name in COLUMNS)
    return str(path)


@pytest.fixture
def reorganised(tmp_path: Path) -> str:
    """A file in which county A01 ends, B01 and B02 follow it, and A02 has another name."""
    ended = replace(COUNTIES[0], ended_on=LAST_DAY, successor_ids=("B01", "B02"))
    renamed = replace(COUNTIES[1], name="Second County", population=123_456)
    new = [make_authority(id=f"B0{n}", name=f"New {n}", started_on=FIRST_DAY) for n in (1, 2)]
    return write(tmp_path / "new.csv", [ended, renamed, *COUNTIES[2:], *new])


DIFFERENCE = """\
new: B01 New 1, county in North East
new: B02 New 2, county in North East
other last day: A01 County 01, ended_on – → 2027-03-31
other successors: A01 County 01, successor_ids – → B01;B02
renamed: A02 Second County, name County 02 → Second County
other figures: A02 Second County, population 250000 → 123456
6 changes.
"""


def read_register(app: Flask) -> dict[str, Authority]:
    with app.extensions["database"]() as db:
        return {authority.id: authority for authority in authorities.read_authorities(db)}


def read_version(app: Flask) -> str:
    with app.extensions["database"]() as db:
        return authorities.read_register_version(db)


def test_register_check_shows_the_difference_and_changes_nothing(
    small_app: Flask, reorganised: str
):
    before = read_register(small_app)

    result = run(small_app, "register", "check", reorganised)

    assert (result.exit_code, result.output) == (0, DIFFERENCE)
    assert read_register(small_app) == before


def test_register_load_without_a_yes_changes_nothing(small_app: Flask, reorganised: str):
    before = read_register(small_app)

    result = run(small_app, "register", "load", reorganised, "--version", "2027-04-01")

    assert result.exit_code == 1
    assert result.output.startswith(DIFFERENCE)
    assert read_register(small_app) == before
    assert read_version(small_app) == "2026-01-01"


LOAD = ("--version", "2027-04-01", "--yes")


def test_register_load_replaces_the_register_and_keeps_what_was_answered(
    small_app: Flask, reorganised: str
):
    run(small_app, "edition", "cut", "past")
    with small_app.extensions["database"]() as db:
        (cut,) = benchmarks.read_editions(db, "past")
        groups = benchmarks.read_answers_behind(db, cut)[1]

    result = run(small_app, "register", "load", reorganised, *LOAD)

    assert result.exit_code == 0, result.output
    after = read_register(small_app)
    assert len(after) == 14
    assert after["A01"].ended_on == LAST_DAY
    assert after["A02"].name == "Second County"
    assert read_version(small_app) == "2027-04-01"
    with small_app.extensions["database"]() as db:
        # an edition that is cut keeps its groups and the register it was cut by
        assert benchmarks.read_answers_behind(db, cut)[1].equals(groups)
        assert benchmarks.read_editions(db, "past")[0].register_version == "2026-01-01"
        own = audit.read_events(db, "A02")[0]
    assert (own.kind, own.detail["old"], own.detail["new"]) == (
        EventKind.REGISTER_CHANGED,
        "County 02",
        "Second County",
    )


def test_register_load_that_loses_an_authority_is_refused(small_app: Flask, tmp_path: Path):
    before = read_register(small_app)
    file = write(tmp_path / "short.csv", COUNTIES[1:])

    result = run(small_app, "register", "load", file, *LOAD)

    assert (result.exit_code, result.output) == (
        1,
        "Not in the file: County 01 (A01). An authority is never deleted: keep its line, and "
        "give its last day in ended_on.\n",
    )
    assert read_register(small_app) == before


@pytest.mark.parametrize("version", ["2026-01-01", " "])
def test_register_load_version_in_use_or_empty_is_refused(
    small_app: Flask, reorganised: str, version: str
):
    result = run(small_app, "register", "load", reorganised, "--version", version, "--yes")

    assert result.exit_code == 1
    assert "Give the register a version of its own" in result.output
    assert len(read_register(small_app)) == 12


def test_register_check_file_with_mistakes_names_them(small_app: Flask, tmp_path: Path):
    file = write(tmp_path / "bad.csv", [replace(COUNTIES[0], nation="Atlantis")])

    result = run(small_app, "register", "check", file)

    assert result.exit_code == 1
    assert result.output.startswith("bad.csv: line 2: nation: must be one of")


def test_init_on_an_installation_says_how_a_register_is_loaded(small_app: Flask):
    result = run(small_app, "init")

    assert result.exit_code == 1
    assert "loaded by flask register load" in result.output
