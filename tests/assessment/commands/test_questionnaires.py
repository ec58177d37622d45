"""The commands of questionnaires, on a real database."""

from pathlib import Path

import pytest
from flask import Flask

from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests.assessment.commands.running import NOWHERE, SMALL, run
from tests.conftest import QUESTIONS, VERSION


def test_questionnaire_check_good_file_is_status_0():
    app = create_app(load_config(NOWHERE, Path()))

    result = run(app, "questionnaire", "check", str(SMALL))

    assert result.exit_code == 0
    assert "1 principles, 2 questions, no mistakes" in result.output


def test_questionnaire_check_bad_file_names_file_line_and_field(tmp_path: Path):
    app = create_app(load_config(NOWHERE, Path()))
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.read_text().replace("title: First", "titel: First"))

    result = run(app, "questionnaire", "check", str(bad))

    assert result.exit_code == 1
    line = SMALL.read_text().splitlines().index("        title: First") + 1
    assert (
        f"bad.yaml: line {line}: principles[1].questions[1].titel: is not a field" in result.output
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: &a [*a]\n", "line 1: anchors and aliases"),
        (b"a: b\nc: \xa3\n", "line 2: is not UTF-8 text"),
        (b"a: 2026-13-45\n", "line 1: '2026-13-45' is not a date"),
    ],
)
def test_questionnaire_check_unreadable_file_is_one_sentence(
    tmp_path: Path, content: bytes, message: str
):
    app = create_app(load_config(NOWHERE, Path()))
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content)

    result = run(app, "questionnaire", "check", str(bad))

    assert result.exit_code == 1
    assert result.output.startswith(f"bad.yaml: {message}")
    assert len(result.output.splitlines()) == 1


def test_questionnaire_check_style_counts_sources_of_each_question(app: Flask):
    result = run(app, "questionnaire", "check", "--style", str(QUESTIONS))

    assert result.exit_code == 0
    rows = [line.split() for line in result.output.splitlines() if line[:2].strip(".123456") == ""]
    assert len([row for row in rows if row]) == 36
    assert "Nothing to look at again." in result.output


def test_questionnaire_check_style_remarks_are_status_1():
    app = create_app(load_config(NOWHERE, Path()))

    result = run(app, "questionnaire", "check", "--style", str(SMALL))

    assert result.exit_code == 1
    assert "1.1 level 1: should have 15 to 45 words" in result.output


def test_questionnaire_check_style_without_its_library_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
):
    app = create_app(load_config(NOWHERE, Path()))
    monkeypatch.setattr("assessment.commands.questionnaires.find_spec", lambda _: None)

    result = run(app, "questionnaire", "check", "--style", str(SMALL))

    assert result.exit_code == 1
    assert "run make check once" in result.output


def test_questionnaire_diff_tells_what_becomes_of_each_answer(app: Flask, tmp_path: Path):
    changed = tmp_path / "changed.yaml"
    text = QUESTIONS.read_text().replace("Do named leaders own", "Do named people own")
    changed.write_text(text.replace(f'version: "{VERSION}"', 'version: "2027.1"'))

    result = run(app, "questionnaire", "diff", VERSION, str(changed))

    assert result.exit_code == 0
    assert "1.1    needs a second look  Sponsorship; changed: text" in result.output
    assert "35 carries over" in result.output


def test_questionnaire_diff_unknown_version_is_status_1(app: Flask):
    result = run(app, "questionnaire", "diff", "1066", VERSION)

    assert (result.exit_code, result.output) == (
        1,
        "Version 1066 of the questionnaire is not published.\n",
    )


def test_questionnaire_publish_changed_content_of_a_version_is_refused(app: Flask, tmp_path: Path):
    text = QUESTIONS.read_text()
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace("Do named leaders own", "Do named people own"))

    result = run(app, "questionnaire", "publish", str(changed), "--yes")

    assert result.exit_code == 1
    assert "cannot change" in result.output


def test_questionnaire_publish_losing_a_question_is_refused(app: Flask):
    result = run(app, "questionnaire", "publish", str(SMALL), "--yes")

    assert result.exit_code == 1
    assert "list them in retired_ids" in result.output
