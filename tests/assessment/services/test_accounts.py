"""Sign-in codes and changes of accounts, on a real database with several connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text

from assessment.core.accounts import Role
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.services import accounts

LEAD = "lead@demonstration.example"


def draw_code(app: Flask) -> str:
    """Return a code that was sent to the lead's browser."""
    sent: list[str] = []
    with app.extensions["database"].begin() as db:
        account = accounts.find_account(db, email=LEAD)
        assert account is not None
        accounts.ask_sign_in(db, LEAD, "browser", "")
        accounts.send_sign_in(db, account.id, lambda *call: sent.append(call[2]))
    return sent[0]


def test_take_code_two_at_once_enter_once(app: Flask):
    sessions = app.extensions["database"]
    code = draw_code(app)

    def enter(_: int) -> bool:
        with sessions.begin() as db:
            return accounts.take_code(db, LEAD, "browser", code) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, range(2))) == [False, True]


def test_take_code_wrong_ones_at_once_are_all_counted(app: Flask):
    sessions = app.extensions["database"]
    right = draw_code(app)
    wrong = "000000" if right != "000000" else "111111"

    def guess(_: int) -> bool:
        with sessions.begin() as db:
            return accounts.take_code(db, LEAD, "browser", wrong) is not None

    with ThreadPoolExecutor(5) as pool:
        assert not any(pool.map(guess, range(5)))
    with sessions.begin() as db:
        assert accounts.take_code(db, LEAD, "browser", right) is None


def test_take_code_deactivated_meanwhile_stays_deactivated(app: Flask):
    code = draw_code(app)
    with app.extensions["database"].begin() as db:
        accounts.deactivate_account(db, LEAD, by="test")

    with app.extensions["database"].begin() as db:
        assert accounts.take_code(db, LEAD, "browser", code) is None
        account = accounts.find_account(db, email=LEAD)

    assert account is not None
    assert not account.active


def test_send_sign_in_inactive_account_gets_none(app: Flask):
    sent: list[str] = []
    with app.extensions["database"].begin() as db:
        account = accounts.deactivate_account(db, LEAD, by="test")
        accounts.ask_sign_in(db, LEAD, "browser", "")
        accounts.send_sign_in(db, account.id, lambda *call: sent.append(call[2]))

    assert sent == []


def test_send_sign_in_old_askings_are_forgotten(app: Flask):
    with app.extensions["database"].begin() as db:
        accounts.ask_sign_in(db, "nobody@nowhere.example", "browser", "")
        db.execute(text("UPDATE sign_in SET asked_at = asked_at - interval '16 minutes'"))
        accounts.send_sign_in(db, 0, lambda *_: None)

        assert db.scalar(text("SELECT count(*) FROM sign_in")) == 0


def test_change_role_to_another_place_is_refused(app: Flask):
    with app.extensions["database"].begin() as db:
        assert accounts.change_role(db, LEAD, Role.READER, by="test").role is Role.READER
        with pytest.raises(NotAllowedError, match="do not change"):
            accounts.change_role(db, LEAD, Role.ANALYST, by="test")
        with pytest.raises(NotFoundError, match="has no account"):
            accounts.change_role(db, "nobody@nowhere.example", Role.READER, by="test")
