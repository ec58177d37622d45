"""The commands of editions, on a real database."""

from flask import Flask

from tests.assessment.commands.running import run


def test_edition_cut_unknown_round_is_status_1(app: Flask):
    result = run(app, "edition", "cut", "1066")

    assert (result.exit_code, result.output) == (1, "There is no round 1066.\n")


def test_benchmark_export_round_without_edition_says_what_to_do(app: Flask):
    result = run(app, "benchmark", "export", "--round", "2026", "--group", "type")

    assert result.exit_code == 1
    assert "has no edition yet" in result.output


def test_edition_release_makes_the_newest_edition_open_data(app: Flask):
    result = run(app, "edition", "release", "2025", "--yes")

    assert result.exit_code == 0, result.output
    assert "Edition 1 of round 2025" in result.output
    assert app.test_client().get("/api/v1/editions/2025/1").status_code == 200


def test_edition_release_twice_is_refused(app: Flask):
    result = run(app, "edition", "release", "2024", "--yes")

    assert result.exit_code == 1
    assert "is released already" in result.output


def test_edition_audit_tells_how_much_is_withheld_beside_the_plain_rule(app: Flask):
    result = run(app, "edition", "audit", "2025")

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("Of 1462 means and medians ")
    assert "because too few stand behind them (" in lines[0]
    assert [line.split()[2] for line in lines[1:3]] == ["spreads", "matched"]
    assert lines[-1] == "Nothing that is withheld can be worked out."
