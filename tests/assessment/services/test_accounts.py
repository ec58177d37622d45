"""Sign-in codes and changes of accounts, on a real database with several connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.accounts import Account, Role
from assessment.core.errors import (
    NotAllowedError,
    NotFoundError,
    RefusedError,
    TooManyError,
    UnavailableError,
)
from assessment.services import accounts
from assessment.storage.database import open_engine

LEAD = "lead@demonstration.example"


def now() -> datetime:
    return datetime.now(UTC)


def draw_code(app: Flask) -> str:
    """Return a code that was sent to the lead's browser."""
    sent: list[str] = []
    with app.extensions["database"].begin() as db:
        account = accounts.find_account(db, email=LEAD)
        assert account is not None
        accounts.ask_sign_in(db, LEAD, "browser", "", client="here", now=now())
        accounts.send_sign_in(db, account.id, lambda *call: sent.append(call[2]))
    return sent[0]


def test_take_code_two_at_once_enter_once(app: Flask):
    sessions = app.extensions["database"]
    code = draw_code(app)

    def enter(_: int) -> bool:
        with sessions.begin() as db:
            return accounts.take_code(db, LEAD, "browser", code, now=now()) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, range(2))) == [False, True]


def test_take_code_wrong_ones_at_once_are_all_counted(app: Flask):
    sessions = app.extensions["database"]
    right = draw_code(app)
    wrong = "000000" if right != "000000" else "111111"

    def guess(_: int) -> bool:
        with sessions.begin() as db:
            return accounts.take_code(db, LEAD, "browser", wrong, now=now()) is not None

    with ThreadPoolExecutor(5) as pool:
        assert not any(pool.map(guess, range(5)))
    with sessions.begin() as db:
        assert accounts.take_code(db, LEAD, "browser", right, now=now()) is None


def test_take_code_right_one_of_an_account_that_is_shut_out_is_refused(app: Flask):
    code = draw_code(app)
    with app.extensions["database"].begin() as db:
        # not by the service, which would end the code too
        db.execute(text("UPDATE account SET active = false WHERE email = :email"), {"email": LEAD})
        asking_id = db.scalar(text("SELECT id FROM sign_in"))

    with app.extensions["database"]() as db:
        assert accounts.take_code(db, LEAD, "browser", code, now=now()) is None
    with app.extensions["database"]() as db:
        assert accounts.take_link(db, asking_id, now=now()) is None


def test_take_code_wrong_ones_are_limited_for_an_address_over_browsers_and_a_day(app: Flask):
    sessions, begun = app.extensions["database"], now()
    for number in range(10):
        with sessions.begin() as db:
            written = LEAD.upper() if number % 2 else f"{LEAD}\u200b"
            assert accounts.take_code(db, written, f"browser {number}", "x", now=begun) is None

    code = draw_code(app)
    with sessions() as db, pytest.raises(TooManyError, match="Use the link") as refused:
        accounts.take_code(db, LEAD, "browser", code, now=begun + timedelta(hours=23, minutes=59))
    with sessions() as db:
        assert accounts.take_code(db, LEAD, "browser", code, now=now() + timedelta(days=1)) is None
        asking_id = db.scalar(text("SELECT id FROM sign_in WHERE code_hash IS NOT NULL"))
        assert accounts.take_link(db, asking_id, now=now()) is not None

    assert refused.value.retry_after == 60


def test_take_code_right_ones_are_not_counted(app: Flask):
    for _ in range(11):
        code = draw_code(app)
        with app.extensions["database"].begin() as db:
            assert accounts.take_code(db, LEAD, "browser", code, now=now()) is not None
            db.execute(text("DELETE FROM rate_count WHERE kind LIKE 'mails%'"))


def test_ask_sign_in_is_limited_for_an_address_however_it_is_written(app: Flask):
    sessions = app.extensions["database"]
    ways = (LEAD, LEAD.upper(), f" {LEAD}", LEAD.replace("@", "\x00@"), LEAD.replace("l", "ｌ"))
    for number in range(20):
        with sessions.begin() as db:
            written = ways[number % len(ways)]
            accounts.ask_sign_in(db, written, "b", "", client=f"client {number}", now=now())

    for written in ways:
        with sessions() as db, pytest.raises(TooManyError) as refused:
            accounts.ask_sign_in(db, written, "b", "", client="another", now=now())
        assert 3590 <= refused.value.retry_after <= 3600


def test_ask_sign_in_limits_hold_for_another_process(app: Flask, server_url: str):
    for _ in range(6):
        with app.extensions["database"].begin() as db:
            accounts.ask_sign_in(db, LEAD, "b", "", client="here", now=now())

    other = open_engine(app.config["DATABASE_URL"])
    with Session(other) as db, pytest.raises(TooManyError):
        accounts.ask_sign_in(db, LEAD, "b", "", client="here", now=now())
    other.dispose()


def test_take_code_deactivated_meanwhile_stays_deactivated(app: Flask):
    code = draw_code(app)
    with app.extensions["database"].begin() as db:
        accounts.deactivate_account(db, LEAD, by="test")

    with app.extensions["database"].begin() as db:
        assert accounts.take_code(db, LEAD, "browser", code, now=now()) is None
        account = accounts.find_account(db, email=LEAD)

    assert account is not None
    assert not account.active


def test_send_sign_in_inactive_account_gets_none(app: Flask):
    sent: list[str] = []
    with app.extensions["database"].begin() as db:
        account = accounts.deactivate_account(db, LEAD, by="test")
        accounts.ask_sign_in(db, LEAD, "browser", "", client="here", now=now())
        accounts.send_sign_in(db, account.id, lambda *call: sent.append(call[2]))

    assert sent == []


def test_send_sign_in_old_askings_are_forgotten(app: Flask):
    with app.extensions["database"].begin() as db:
        accounts.ask_sign_in(db, "nobody@nowhere.example", "browser", "", client="x", now=now())
        db.execute(text("UPDATE sign_in SET asked_at = asked_at - interval '16 minutes'"))
        accounts.send_sign_in(db, 0, lambda *_: None)

        assert db.scalar(text("SELECT count(*) FROM sign_in")) == 0


def ask_twice(app: Flask) -> int:
    """Ask for mail in two browsers and return the account."""
    with app.extensions["database"].begin() as db:
        accounts.ask_sign_in(db, LEAD, "first browser", "", client="here", now=now())
        accounts.ask_sign_in(db, LEAD, "second browser", "", client="here", now=now())
        account = accounts.find_account(db, email=LEAD)
        assert account is not None
    return account.id


def test_send_sign_in_second_mail_that_fails_does_not_send_the_first_again(app: Flask):
    account_id, sent = ask_twice(app), []

    def send(_account: Account, asking_id: int, _code: str) -> None:
        if sent == [min(askings)] and fails:
            raise UnavailableError("The e-mail could not be sent.")
        sent.append(asking_id)

    sessions = app.extensions["database"]
    with sessions() as db:
        askings = list(db.scalars(text("SELECT id FROM sign_in ORDER BY id")))
    fails = True
    with sessions.begin() as db:
        assert accounts.send_sign_in(db, account_id, send)
    with pytest.raises(UnavailableError), sessions.begin() as db:
        accounts.send_sign_in(db, account_id, send)
    fails = False
    with sessions.begin() as db:
        assert accounts.send_sign_in(db, account_id, send)
    with sessions.begin() as db:
        assert not accounts.send_sign_in(db, account_id, send)

    assert sent == askings


def test_send_sign_in_two_workers_at_once_send_each_mail_once(app: Flask):
    account_id, sent = ask_twice(app), []
    both = Barrier(2, timeout=60)

    def send(_account: Account, asking_id: int, _code: str) -> None:
        both.wait()
        sent.append(asking_id)

    def work(_: int) -> bool:
        with app.extensions["database"].begin() as db:
            return accounts.send_sign_in(db, account_id, send)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, range(2))) == [True, True]
    assert len(set(sent)) == 2


def test_send_sign_in_after_the_codes_lifetime_is_given_up_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    account_id = ask_twice(app)
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE sign_in SET asked_at = asked_at - interval '16 minutes'"))

        assert not accounts.send_sign_in(db, account_id, lambda *_: pytest.fail("sent"))

    gave_up = f"Gave up the sign-in mail of account {account_id} after 0:15:00."
    assert [record.message for record in caplog.records] == [gave_up, gave_up]


def test_send_sign_in_refused_for_good_is_not_tried_again(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    account_id, tried = ask_twice(app), []

    def refuse(_account: Account, asking_id: int, _code: str) -> None:
        tried.append(asking_id)
        raise RefusedError("The mail server answered 550.")

    is_sent = True
    while is_sent:
        with app.extensions["database"].begin() as db:
            is_sent = accounts.send_sign_in(db, account_id, refuse)

    assert len(set(tried)) == len(tried) == 2
    assert "answered 550" in caplog.text
    assert LEAD not in caplog.text


def test_change_role_to_another_place_is_refused(app: Flask):
    with app.extensions["database"].begin() as db:
        assert accounts.change_role(db, LEAD, Role.READER, by="test").role is Role.READER
        with pytest.raises(NotAllowedError, match="do not change"):
            accounts.change_role(db, LEAD, Role.ANALYST, by="test")
        with pytest.raises(NotFoundError, match="has no account"):
            accounts.change_role(db, "nobody@nowhere.example", Role.READER, by="test")
