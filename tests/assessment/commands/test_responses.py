"""The commands of responses, on a real database."""

from pathlib import Path

import pytest
from flask import Flask

from assessment.storage import responses
from tests.assessment.commands.running import find_absent, run


def test_responses_import_bad_file_is_status_1_and_names_lines(app: Flask, tmp_path: Path):
    file = tmp_path / "answers.csv"
    file.write_text("authority_code,question_id,level\nNOBODY,1.1,3\n")

    result = run(app, "responses", "import", str(file), "--round", "2026")

    assert result.exit_code == 1
    assert "answers.csv: line 2: authority_code: there is no authority 'NOBODY'" in result.output


@pytest.mark.parametrize(
    ("words", "said", "counted"),
    [
        ((), "not counted", 0),
        (("--not-counted",), "not counted", 0),
        (("--counted",), "counted", 1),
    ],
)
def test_responses_import_counts_only_where_it_is_said(
    app: Flask, tmp_path: Path, words: tuple[str, ...], said: str, counted: int
):
    with app.extensions["database"]() as db:
        code = find_absent(db)
    file = tmp_path / "answers.csv"
    file.write_text(f"authority_code,question_id,level\n{code},1.1,3\n")

    result = run(app, "responses", "import", str(file), "--round", "2025", *words)

    assert result.output == f"Imported 1 authorities into round 2025, {said} in benchmarks.\n"
    with app.extensions["database"]() as db:
        assert (code in responses.read_answer_codes(db, "2025", ["1.1"]).index) == bool(counted)
