"""Every command says what is wrong in one sentence, with status 1 and without a traceback."""

from pathlib import Path

import click
import pytest
from flask import Flask

from assessment.commands.running import in_one_sentence
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests.assessment.commands.running import NOWHERE, SMALL, run

# Each command with input that is well formed and wrong: {file} is a file of no use.
REFUSED = [
    "account activate nobody@a.example",
    "account create jo@@a.example Jo lead --authority A01",
    "account create jo@a.example \udcff lead --authority A01",
    "account deactivate nobody@a.example",
    "account email nobody@a.example jo@a.example",
    "account list --authority NIX",
    "account move nobody@a.example A02",
    "account role nobody@a.example lead",
    "assessment reopen NIX --round now --reason x --yes",
    "benchmark export --round now --group all",
    "demonstrate",
    "edition audit now",
    "edition cut 1066",
    "edition release now --yes",
    "edition withdraw now 99999999999999999999 --note x --yes",
    "init",
    "questionnaire check {file}",
    "questionnaire diff 1066 test-1",
    "questionnaire publish {file} --yes",
    "register check {file}",
    "register load {file} --version 2027-04-01 --yes",
    "report A01 --round 1066 --kind scorecard --out {file}",
    "reports build --round 1066",
    "responses import {file} --round now",
    "responses withdraw A09 --round now --yes",
    "round close 1066",
    "round extend 1066 --closes 2031-01-01",
    "round open new --opens 2031-01-01 --closes 2030-01-01 --version test-1 --yes",
]
# What needs no database to refuse, and what never ends.
WITHOUT_CASE = {"migrate", "worker"}
OF_FLASK = {"run", "shell", "routes"}


def list_commands(app: Flask) -> set[str]:
    """Return the commands by their words."""
    names = set()
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            names |= {f"{name} {inner}" for inner in command.commands}
        else:
            names.add(name)
    return names - OF_FLASK


def test_commands_are_ours_and_each_is_tried(small_app: Flask):
    tried = {name for name in list_commands(small_app) if any(r.startswith(name) for r in REFUSED)}

    assert list_commands(small_app) == tried | WITHOUT_CASE


@pytest.fixture
def useless(tmp_path: Path) -> str:
    """A file that is neither a questionnaire nor a register nor answers."""
    path = tmp_path / "file.txt"
    path.write_text("version: 1\nnonsense\n")
    return str(path)


def test_every_command_refuses_in_words(small_app: Flask, useless: str):
    for line in REFUSED:
        result = run(small_app, *(word.format(file=useless) for word in line.split()))

        assert result.exit_code == 1, (line, result.output)
        assert isinstance(result.exception, SystemExit), (line, result.exception)
        assert result.output.strip(), line
        assert "Traceback" not in result.output, line


@pytest.mark.parametrize(
    "line",
    ["round close now", "account list", "edition cut now", "migrate", "init", "demonstrate"],
)
def test_command_without_a_database_says_so(line: str):
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    app = create_app(load_config(NOWHERE | {"DATABASE_URL": url}, Path()))

    result = run(app, *line.split())

    assert (result.exit_code, result.output) == (
        1,
        "The database does not answer. Nothing was changed: try again.\n",
    )


def test_command_before_the_tables_are_made_says_what_to_do(empty_app: Flask):
    result = run(empty_app, "account", "list")

    assert (result.exit_code, result.output) == (
        1,
        "The database's tables are missing or old: run flask init or flask migrate.\n",
    )


def test_report_to_a_folder_that_is_not_there_is_refused(small_app: Flask, tmp_path: Path):
    out = tmp_path / "none" / "x.pdf"

    result = run(
        small_app, "report", "A01", "--round", "past", "--kind", "scorecard", "--out", f"{out}"
    )

    assert result.exit_code == 1
    assert result.output == f"{out}: No such file or directory.\n"


def test_questionnaire_check_of_what_is_right_is_not_refused(small_app: Flask):
    assert run(small_app, "questionnaire", "check", str(SMALL)).exit_code == 0


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileNotFoundError(2, "No such file or directory", "a.csv"), "a.csv: No such file or"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused.\n"),
        (OSError("the disk is gone"), "the disk is gone.\n"),
        (TimeoutError(), "TimeoutError.\n"),
    ],
)
def test_in_one_sentence_error_of_the_system_names_what_is_known(
    capsys: pytest.CaptureFixture[str], error: OSError, sentence: str
):
    with pytest.raises(SystemExit) as ended, in_one_sentence():
        raise error

    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(sentence)
