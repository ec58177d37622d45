"""The commands of rounds, on a real database."""

from flask import Flask

from tests.assessment.commands.running import run
from tests.conftest import VERSION


def test_round_open_overlapping_days_are_refused(app: Flask):
    dates = ("--opens", "2026-12-01", "--closes", "2027-01-31")

    result = run(app, "round", "open", "new", *dates, "--version", VERSION, "--yes")

    assert result.exit_code == 1
    assert "overlap round 2026" in result.output
