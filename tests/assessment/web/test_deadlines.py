"""Deadlines on pages, by the programme's clock."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.people.memberships import Role
from tests.assessment.web.conftest import SignIn


def test_tasks_round_is_open_until_the_end_of_its_last_day(
    sign_in: SignIn, app_db: Session, monkeypatch: pytest.MonkeyPatch
):
    """The last day is in summer time: its last minute is 22:59 UTC."""
    app_db.execute(
        text(
            "UPDATE round SET closes_on = '2027-03-31' "
            "WHERE closes_on = (SELECT max(closes_on) FROM round)"
        )
    )
    client = sign_in(Role.LEAD)
    app_db.execute(text("UPDATE browser_session SET ends_at = '2028-01-01'"))
    app_db.commit()

    def read_at(instant: str) -> str:
        moment = datetime.fromisoformat(instant)
        monkeypatch.setattr(clock, "now", lambda: clock.localise(moment))
        return client.get("/assessment/").text

    assert "open until 31 March 2027 ·" in " ".join(read_at("2027-03-29T22:59:00Z").split())
    assert "until 31 March 2027 at 11:59 pm" in read_at("2027-03-29T23:00:00Z")
    assert "until today at 11:59 pm" in read_at("2027-03-31T22:59:00Z")
    assert "closed" in read_at("2027-03-31T23:00:00Z")
