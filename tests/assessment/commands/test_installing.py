"""The commands of installing, on a real database."""

from flask import Flask

from assessment.storage import authorities, questionnaires, rounds
from tests.assessment.commands.running import run
from tests.conftest import VERSION


def test_init_makes_a_real_installation_without_responses(empty_app: Flask):
    result = run(empty_app, "init")

    assert result.exit_code == 0, result.output
    with empty_app.extensions["database"]() as db:
        # 397 authorities of today and 73 former ones
        register = authorities.read_authorities(db)
        assert len(register) == 470
        assert sum(1 for authority in register if authority.ended_on is None) == 397
        assert not authorities.read_simulated(db)
        assert questionnaires.read_published_versions(db) == [VERSION]
        assert rounds.read_rounds(db) == []


def test_init_twice_changes_nothing_and_says_so(empty_app: Flask):
    run(empty_app, "init")

    result = run(empty_app, "init")

    assert result.exit_code == 1
    assert "loaded already" in result.output
