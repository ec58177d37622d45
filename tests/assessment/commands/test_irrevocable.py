"""What cannot be undone is asked twice, and what was released can be withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.clock import today
from assessment.core.people.events import EventKind
from assessment.services.editions import releasing
from assessment.storage import database
from tests import databases
from tests.assessment.commands.running import SMALL, run
from tests.factories import OPERATOR

WITHDRAW = ("edition", "withdraw", "past", "1", "--note")


def type_in(app: Flask, typed: str, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def execute(app: Flask, statement: str) -> None:
    with app.extensions["database"].begin() as db:
        db.execute(text(statement))


def read_kinds(app: Flask) -> list[str]:
    with app.extensions["database"]() as db:
        return list(db.scalars(text("SELECT kind FROM audit_event ORDER BY id DESC LIMIT 3")))


def test_edition_cut_open_round_is_refused_and_says_how_to_insist(small_app: Flask):
    result = run(small_app, "edition", "cut", "now")

    assert result.exit_code == 1
    assert "Round now runs until" in result.output
    assert result.output.endswith("add --even-if-open.\n")
    assert run(small_app, "edition", "audit", "now").exit_code == 1


def test_edition_cut_round_with_too_few_is_refused_and_says_how_to_insist(small_app: Flask):
    result = run(small_app, "edition", "cut", "now", "--even-if-open")

    assert result.exit_code == 1
    assert "3 authorities have submitted in Round now and agreed to be counted" in result.output
    assert result.output.endswith("add --even-if-empty.\n")


def test_edition_cut_said_to_be_open_and_empty_is_cut(small_app: Flask):
    result = run(small_app, "edition", "cut", "now", "--even-if-open", "--even-if-empty")

    assert result.exit_code == 0, result.output
    assert result.output.startswith("Edition 1 of round now")


def test_edition_cut_closed_round_needs_no_more_words(small_app: Flask):
    assert run(small_app, "edition", "cut", "past").exit_code == 0


def test_edition_cut_beside_another_cut_is_refused_in_one_sentence(small_app: Flask):
    engine = small_app.extensions["engine"]
    with Session(engine) as other, other.begin():
        assert database.try_lock(other, "cut an edition")
        result = run(small_app, "edition", "cut", "past")

    assert (result.exit_code, result.output) == (
        1,
        "An edition is being cut already. Wait until that is done.\n",
    )
    assert run(small_app, "edition", "cut", "past").exit_code == 0


def test_edition_release_asks_and_says_what_follows(small_app: Flask):
    run(small_app, "edition", "cut", "past")

    result = type_in(small_app, "past\n", "edition", "release", "past")

    assert result.exit_code == 0, result.output
    assert "of 6 authorities that agreed to be counted" in result.output
    assert "everybody can read and keep them" in result.output
    assert "Type past to release it" in result.output
    assert small_app.test_client().get("/api/v1/editions/past/1").status_code == 200


@pytest.mark.parametrize("typed", ["yes\n", "now\n", ""])
def test_edition_release_typed_otherwise_releases_nothing(small_app: Flask, typed: str):
    run(small_app, "edition", "cut", "past")

    result = type_in(small_app, typed, "edition", "release", "past")

    assert result.exit_code == 1
    assert small_app.test_client().get("/api/v1/editions/past/1").status_code == 404


def test_edition_release_open_round_is_refused(small_app: Flask):
    run(small_app, "edition", "cut", "now", "--even-if-open", "--even-if-empty")

    result = run(small_app, "edition", "release", "now", "--yes")

    assert result.exit_code == 1
    assert "Release its edition when it is over" in result.output


def test_edition_release_cut_before_the_round_was_over_is_refused(small_app: Flask):
    run(small_app, "edition", "cut", "past")
    execute(small_app, "UPDATE round SET closes_on = closes_on + 19 WHERE id = 'past'")
    execute(small_app, "UPDATE edition SET cut_on = cut_on - 20")

    result = run(small_app, "edition", "release", "past", "--yes")

    assert result.exit_code == 1
    assert "was cut before Round past was over. Cut another edition." in result.output


def test_edition_release_empty_edition_is_refused(small_app: Flask):
    execute(small_app, "UPDATE assessment SET counted = authority_id = 'A01'")
    run(small_app, "edition", "cut", "past", "--even-if-empty")

    result = run(small_app, "edition", "release", "past", "--yes")

    assert result.exit_code == 1
    assert "shows nothing: 1 authority is counted in it" in result.output


def test_edition_withdraw_is_gone_from_the_api_with_the_note(released_app: Flask):
    result = run(released_app, *WITHDRAW, "Two <b> were wrong.", "--yes")

    assert result.exit_code == 0, result.output
    client = released_app.test_client()
    for path in ("", "/figures"):
        answer = client.get(f"/api/v1/editions/past/1{path}")
        assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
        assert answer.get_json()["detail"].endswith(": Two <b> were wrong.")
    for file_format in ("csv", "json", "xlsx"):
        assert client.get(f"/open-data/editions/past/1.{file_format}").status_code == 410
    assert client.get("/api/v1/editions").get_json()["items"] == []
    page = client.get("/open-data").get_data(as_text=True)
    assert ": withdrawn</h2>" in page
    assert "note: Two &lt;b&gt; were wrong." in page
    assert read_kinds(released_app)[0] == EventKind.EDITION_WITHDRAWN


def test_edition_withdraw_keeps_the_figures(released_app: Flask):
    run(released_app, *WITHDRAW, "Wrong.", "--yes")

    result = run(released_app, "benchmark", "export", "--round", "past", "--group", "all")

    assert result.exit_code == 0
    assert result.output.startswith("edition,group_kind")


def test_edition_release_beside_another_is_refused_and_noted_once(small_app: Flask):
    run(small_app, "edition", "cut", "past")
    engine = small_app.extensions["engine"]

    with Session(engine) as first, ThreadPoolExecutor(1) as pool:
        releasing.release_edition(first, "past", None, today(), by=OPERATOR)
        second = pool.submit(run, small_app, "edition", "release", "past", "--yes")
        databases.wait_for_lock(engine)
        first.commit()
        result = second.result(timeout=60)

    assert result.exit_code == 1
    assert result.output.endswith("is released already.\n")
    assert read_kinds(small_app).count(EventKind.EDITION_RELEASED) == 1


def test_edition_withdraw_beside_another_is_refused_and_keeps_the_note(released_app: Flask):
    engine = released_app.extensions["engine"]

    with Session(engine) as first, ThreadPoolExecutor(1) as pool:
        releasing.withdraw_release(first, "past", 1, "First.", today(), by=OPERATOR)
        second = pool.submit(run, released_app, *WITHDRAW, "Second.", "--yes")
        databases.wait_for_lock(engine)
        first.commit()
        result = second.result(timeout=60)

    assert result.exit_code == 1
    assert result.output.endswith(": First.\n")
    assert read_kinds(released_app).count(EventKind.EDITION_WITHDRAWN) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("past", "1", "--note", " "), "Say in the note why"),
        (("past", "2", "--note", "x"), "There is no edition 2"),
        (("now", "1", "--note", "x"), "There is no edition 1"),
    ],
)
def test_edition_withdraw_wrongly_is_refused(
    released_app: Flask, words: tuple[str, ...], said: str
):
    result = run(released_app, "edition", "withdraw", *words, "--yes")

    assert result.exit_code == 1
    assert said in result.output


def test_edition_withdraw_what_is_not_released_is_refused(small_app: Flask):
    run(small_app, "edition", "cut", "past")

    result = run(small_app, *WITHDRAW, "x", "--yes")

    assert result.exit_code == 1
    assert "is not released" in result.output


def test_edition_withdrawn_is_neither_withdrawn_nor_released_again(released_app: Flask):
    run(released_app, *WITHDRAW, "Wrong.", "--yes")

    again = run(released_app, *WITHDRAW, "Other.", "--yes")
    released = run(released_app, "edition", "release", "past", "--yes")

    assert (again.exit_code, released.exit_code) == (1, 1)
    assert ": Wrong." in again.output
    assert "Cut another edition." in released.output


IRREVOCABLE = {
    "edition withdraw past 1 --note Wrong.": "It cannot be released again",
    "responses withdraw A01 --round past": "The answers of A01 in round past are deleted",
    "assessment reopen A01 --round now --reason Misread.": "Until it submits again itself",
    "questionnaire publish {file}": "no word of it can be changed",
    "round open later --opens 2031-01-01 --closes 2031-02-01 --version test-1": (
        "only its last day can be changed"
    ),
}


@pytest.fixture
def next_version(tmp_path: Path) -> str:
    """A questionnaire that is not published yet and retires what it leaves out."""
    path = tmp_path / "next.yaml"
    retired = 'retired_ids: ["0.9", "1.3", "2.1", "2.2", "2.3"]'
    path.write_text(SMALL.read_text().replace('retired_ids: ["0.9"]', retired))
    return str(path)


@pytest.mark.parametrize("words", IRREVOCABLE)
@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_irrevocable_act_says_what_follows_and_does_nothing_without_a_yes(
    released_app: Flask, next_version: str, words: str, typed: str
):
    before = read_kinds(released_app)

    result = type_in(released_app, typed, *words.format(file=next_version).split())

    assert result.exit_code == 1
    assert IRREVOCABLE[words] in result.output
    assert "[y/N]" in result.output
    assert read_kinds(released_app) == before


@pytest.mark.parametrize("words", IRREVOCABLE)
@pytest.mark.parametrize(("typed", "more"), [("y\n", ()), ("", ("--yes",))])
def test_irrevocable_act_is_done_with_a_yes(
    released_app: Flask, next_version: str, words: str, typed: str, more: tuple[str, ...]
):
    before = read_kinds(released_app)

    result = type_in(released_app, typed, *words.format(file=next_version).split(), *more)

    assert result.exit_code == 0, result.output
    assert read_kinds(released_app) != before


def test_init_beside_another_init_is_refused_in_one_sentence(empty_app: Flask):
    engine = empty_app.extensions["engine"]
    database.migrate(engine)
    with Session(engine) as other, other.begin():
        assert database.try_lock(other, "install")
        result = run(empty_app, "init")

    assert (result.exit_code, result.output) == (
        1,
        "A register is being loaded already; nothing was changed.\n",
    )


def test_migrate_twice_at_once_makes_the_tables_once(empty_app: Flask):
    engine = empty_app.extensions["engine"]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(database.migrate, [engine, engine]))

    with Session(engine) as db:
        head = database.CURRENT_HEAD.read_text().strip()
        assert db.scalars(text("SELECT version_num FROM alembic_version")).all() == [head]
