"""Sign-in codes and changes of accounts, on a real database with several connections."""

import contextlib
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.errors import (
    NotAllowedError,
    NotFoundError,
    RefusedError,
    TooManyError,
    UnavailableError,
)
from assessment.core.people.actors import Person
from assessment.core.people.memberships import Role
from assessment.services.people import accounts, queries, signing_in
from assessment.storage.database import open_engine
from tests import databases
from tests.factories import OPERATOR

LEAD = "lead@demonstration.example"
SALT = "salt"
# What moves times back.
EARLIER = {
    "asked_at": "UPDATE sign_in SET asked_at = asked_at - make_interval(mins => :minutes)",
    "sent_at": "UPDATE sign_in SET sent_at = sent_at - make_interval(mins => :minutes)",
    "began_at": "UPDATE rate_count SET began_at = began_at - make_interval(mins => :minutes)",
}


def now() -> datetime:
    return clock.now()


def ask(
    db: Session,
    email: str,
    *,
    browser: str = "browser",
    client: str = "here",
    at: datetime | None = None,
) -> None:
    signing_in.ask_sign_in(db, email, browser, "", client=client, salt=SALT, now=at or now())


def draw_code(app: Flask) -> str:
    """Return a code that was sent to the lead's browser."""
    sent: list[str] = []
    with app.extensions["database"].begin() as db:
        account = queries.find_membership(db, email=LEAD)
        assert account is not None
        ask(db, LEAD)
        signing_in.send_sign_in(db, account.person.id, lambda *call: sent.append(call[2]))
    return sent[0]


def test_take_code_two_at_once_enter_once(app: Flask):
    sessions = app.extensions["database"]
    code = draw_code(app)

    def enter(_: int) -> bool:
        with sessions.begin() as db:
            return signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, range(2))) == [False, True]


def test_deactivate_account_during_sign_in_ends_the_session_that_begins(app: Flask):
    code = draw_code(app)
    sessions = app.extensions["database"]

    def shut_out() -> None:
        with sessions.begin() as db:
            accounts.deactivate_account(db, LEAD, by=OPERATOR)

    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as db:
            entering = signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now())
            assert entering is not None
            shutting = pool.submit(shut_out)
            databases.wait_for_lock(app.extensions["engine"])
            key = signing_in.begin_session(db, entering[0].person, now=now())
        shutting.result(timeout=30)

    with sessions() as db:
        assert queries.find_session(db, key, now()) is None


def test_take_code_wrong_ones_at_once_are_all_counted(app: Flask):
    sessions = app.extensions["database"]
    right = draw_code(app)
    wrong = "000000" if right != "000000" else "111111"

    def guess(_: int) -> bool:
        with sessions.begin() as db:
            return (
                signing_in.take_code(db, LEAD, "browser", wrong, salt=SALT, now=now()) is not None
            )

    with ThreadPoolExecutor(5) as pool:
        assert not any(pool.map(guess, range(5)))
    with sessions.begin() as db:
        assert signing_in.take_code(db, LEAD, "browser", right, salt=SALT, now=now()) is None


def test_take_code_right_one_of_an_account_that_is_shut_out_is_refused(app: Flask):
    code = draw_code(app)
    with app.extensions["database"].begin() as db:
        # not by the service, which would end the code too
        db.execute(text("UPDATE membership SET until = since"))
        request_id = db.scalar(text("SELECT id FROM sign_in"))

    with app.extensions["database"]() as db:
        assert signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is None
    with app.extensions["database"]() as db:
        assert signing_in.take_link(db, request_id, salt=SALT, now=now()) is None


def test_take_code_wrong_ones_are_limited_for_an_address_over_browsers_and_a_day(app: Flask):
    sessions, begun = app.extensions["database"], now()
    for number in range(10):
        with sessions.begin() as db:
            written = LEAD.upper() if number % 2 else f"{LEAD}\u200b"
            assert (
                signing_in.take_code(db, written, f"browser {number}", "x", salt=SALT, now=begun)
                is None
            )

    code = draw_code(app)
    with sessions() as db, pytest.raises(TooManyError, match="Use the link") as refused:
        signing_in.take_code(
            db, LEAD, "browser", code, salt=SALT, now=begun + timedelta(hours=23, minutes=59)
        )
    with sessions() as db:
        assert (
            signing_in.take_code(
                db, LEAD, "browser", code, salt=SALT, now=now() + timedelta(days=1)
            )
            is None
        )
        request_id = db.scalar(text("SELECT id FROM sign_in WHERE code_hash IS NOT NULL"))
        assert signing_in.take_link(db, request_id, salt=SALT, now=now()) is not None

    assert refused.value.retry_after == 60


def test_take_code_right_ones_are_not_counted(app: Flask):
    for _ in range(11):
        code = draw_code(app)
        with app.extensions["database"].begin() as db:
            assert signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is not None


def test_ask_sign_in_is_limited_for_an_address_however_it_is_written(app: Flask):
    sessions = app.extensions["database"]
    ways = (LEAD, LEAD.upper(), f" {LEAD}", LEAD.replace("@", "\x00@"), LEAD.replace("l", "ｌ"))
    for number, written in enumerate(ways):
        with sessions.begin() as db:
            ask(db, written, client=f"client {number}")

    for written in ways:
        with sessions() as db, pytest.raises(TooManyError) as refused:
            ask(db, written, client="another")
        assert 890 <= refused.value.retry_after <= 900


def test_ask_sign_in_refused_the_newest_link_lets_in_to_its_last_second(app: Flask):
    sessions, links = app.extensions["database"], []
    with sessions.begin() as db:
        for number in range(5):
            ask(db, LEAD, browser=f"browser {number}", client=f"stranger {number}")
        account = queries.find_membership(db, email=LEAD)
        assert account is not None
        begun_at = db.scalar(text("SELECT began_at FROM rate_count WHERE kind = 'mails'"))
        while signing_in.send_sign_in(db, account.person.id, lambda *call: links.append(call[1])):
            pass
    for number in range(5):
        for _ in range(2):
            # a stranger ends each code, and all that the address has in a day
            with contextlib.suppress(TooManyError), sessions.begin() as db:
                signing_in.take_code(db, LEAD, f"browser {number}", "no", salt=SALT, now=now())

    # the window is over after 15 minutes: until then it is refused
    last = begun_at + timedelta(minutes=14, seconds=59)
    with sessions() as db, pytest.raises(TooManyError, match="Use the link in the newest one"):
        ask(db, LEAD, client="home", at=last)
    with sessions.begin() as db:
        assert signing_in.take_link(db, links[-1], salt=SALT, now=last) is not None
    with sessions() as db:
        # it is used up, so that another may be asked for
        ask(db, LEAD, client="home", at=last)


def test_take_code_five_wrong_ones_leave_the_link(app: Flask):
    code = draw_code(app)
    for _ in range(5):
        with app.extensions["database"].begin() as db:
            assert signing_in.take_code(db, LEAD, "browser", "no", salt=SALT, now=now()) is None

    with app.extensions["database"].begin() as db:
        assert signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is None
        request_id = db.scalar(text("SELECT id FROM sign_in"))
        assert signing_in.take_link(db, request_id, salt=SALT, now=now()) is not None


def test_take_code_that_enters_lets_ask_again(app: Flask):
    for _ in range(6):
        code = draw_code(app)
        with app.extensions["database"].begin() as db:
            assert signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is not None


def test_ask_sign_in_limits_hold_for_another_process(app: Flask):
    for _ in range(5):
        with app.extensions["database"].begin() as db:
            ask(db, LEAD)

    other = open_engine(app.config["DATABASE_URL"])
    with Session(other) as db, pytest.raises(TooManyError):
        ask(db, LEAD)
    other.dispose()


def test_ask_sign_in_one_client_for_a_list_of_addresses_is_stopped_in_every_process(app: Flask):
    for number in range(60):
        with app.extensions["database"].begin() as db:
            ask(db, f"{number}@a.example")

    other = open_engine(app.config["DATABASE_URL"])
    with Session(other) as db:
        for number in range(60, 100):
            with pytest.raises(TooManyError, match="from your network"):
                ask(db, f"{number}@a.example")
            db.rollback()
        ask(db, "60@a.example", client="elsewhere")
        ask(db, "60@a.example", at=now() + timedelta(minutes=15))
    other.dispose()


def test_ask_sign_in_keeps_nothing_that_can_be_found_by_trying(app: Flask):
    with app.extensions["database"].begin() as db:
        ask(db, LEAD, client="192.0.2.7")
        with contextlib.suppress(TooManyError):
            signing_in.take_code(db, LEAD, "browser", "no", salt=SALT, now=now())
        kept = set(db.scalars(text("SELECT key_hash FROM rate_count")))
        kept |= set(db.scalars(text("SELECT address_hash FROM sign_in")))

    tried = {
        hashlib.sha256(f"{kind}{key}".encode()).hexdigest()
        for kind in ("", "mails ", "mails for client ", "wrong codes ")
        for key in (LEAD, "192.0.2.7", f"192.0.2.7 {LEAD}", SALT + LEAD, LEAD + SALT)
    }
    # one of the address, one of the network
    assert len(kept) == 2
    assert not kept & tried


def test_take_code_deactivated_meanwhile_stays_deactivated(app: Flask):
    code = draw_code(app)
    with app.extensions["database"].begin() as db:
        accounts.deactivate_account(db, LEAD, by=OPERATOR)

    with app.extensions["database"].begin() as db:
        assert signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is None
        account = queries.find_membership(db, email=LEAD)

    assert account is not None
    assert not account.is_current


def test_send_sign_in_inactive_account_gets_none(app: Flask):
    sent: list[str] = []
    with app.extensions["database"].begin() as db:
        account = accounts.deactivate_account(db, LEAD, by=OPERATOR)
        ask(db, LEAD)
        signing_in.send_sign_in(db, account.person.id, lambda *call: sent.append(call[2]))

    assert sent == []


def age(db: Session, minutes: int, *columns: str) -> None:
    """Move times of requests and counts back."""
    for column in columns:
        db.execute(text(EARLIER[column]), {"minutes": minutes})


def test_forget_sign_ins_old_requests_without_an_account_are_forgotten(app: Flask):
    with app.extensions["database"].begin() as db:
        ask(db, "nobody@nowhere.example")
        age(db, 16, "asked_at")
        signing_in.forget_sign_ins(db, now=now())

        assert db.scalar(text("SELECT count(*) FROM sign_in")) == 0


def test_forget_sign_ins_code_that_arrived_late_lives_as_long_as_any(app: Flask):
    code = draw_code(app)
    with app.extensions["database"].begin() as db:
        # asked for 16 minutes ago, and sent a minute ago
        age(db, 16, "asked_at")
        age(db, 1, "sent_at")
        signing_in.forget_sign_ins(db, now=now())
        signing_in.send_sign_in(db, 0, lambda *_: None)

    with app.extensions["database"].begin() as db:
        assert signing_in.take_code(db, LEAD, "browser", code, salt=SALT, now=now()) is not None


@pytest.mark.parametrize(
    ("minutes", "left"),
    [
        (14, ["mails", "mails for client", "wrong codes"]),
        (16, ["wrong codes"]),
        (24 * 60 - 1, ["wrong codes"]),
        (24 * 60 + 1, []),
    ],
)
def test_forget_sign_ins_counts_are_deleted_when_their_window_is_over(
    app: Flask, minutes: int, left: list[str]
):
    draw_code(app)
    with app.extensions["database"].begin() as db:
        signing_in.take_code(db, LEAD, "browser", "no", salt=SALT, now=now())
        age(db, minutes, "began_at")
        signing_in.forget_sign_ins(db, now=now())

        assert list(db.scalars(text("SELECT kind FROM rate_count ORDER BY kind"))) == left


def ask_twice(app: Flask) -> int:
    """Ask for mail in two browsers and return the account."""
    with app.extensions["database"].begin() as db:
        ask(db, LEAD, browser="first browser")
        ask(db, LEAD, browser="second browser")
        account = queries.find_membership(db, email=LEAD)
        assert account is not None
    return account.person.id


def test_send_sign_in_second_mail_that_fails_does_not_send_the_first_again(app: Flask):
    person_id, sent = ask_twice(app), []

    def send(_person: Person, request_id: int, _code: str) -> None:
        if sent == [min(requests)] and fails:
            raise UnavailableError("The e-mail could not be sent.")
        sent.append(request_id)

    sessions = app.extensions["database"]
    with sessions() as db:
        requests = list(db.scalars(text("SELECT id FROM sign_in ORDER BY id")))
    fails = True
    with sessions.begin() as db:
        assert signing_in.send_sign_in(db, person_id, send)
    with pytest.raises(UnavailableError), sessions.begin() as db:
        signing_in.send_sign_in(db, person_id, send)
    fails = False
    with sessions.begin() as db:
        assert signing_in.send_sign_in(db, person_id, send)
    with sessions.begin() as db:
        assert not signing_in.send_sign_in(db, person_id, send)

    assert sent == requests


def test_send_sign_in_two_workers_at_once_send_each_mail_once(app: Flask):
    person_id, sent = ask_twice(app), []
    both = Barrier(2, timeout=60)

    def send(_person: Person, request_id: int, _code: str) -> None:
        both.wait()
        sent.append(request_id)

    def work(_: int) -> bool:
        with app.extensions["database"].begin() as db:
            return signing_in.send_sign_in(db, person_id, send)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, range(2))) == [True, True]
    assert len(set(sent)) == 2


def test_send_sign_in_after_the_codes_lifetime_is_given_up_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    person_id = ask_twice(app)
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE sign_in SET asked_at = asked_at - interval '16 minutes'"))

        assert not signing_in.send_sign_in(db, person_id, lambda *_: pytest.fail("sent"))
        signing_in.forget_sign_ins(db, now=now())

    gave_up = f"Gave up the sign-in mail of person {person_id} after 0:15:00."
    assert [record.message for record in caplog.records] == [gave_up, gave_up]


def test_send_sign_in_refused_for_good_is_not_tried_again(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    person_id, tried = ask_twice(app), []

    def refuse(_person: Person, request_id: int, _code: str) -> None:
        tried.append(request_id)
        raise RefusedError("The mail server answered 550.")

    is_sent = True
    while is_sent:
        with app.extensions["database"].begin() as db:
            is_sent = signing_in.send_sign_in(db, person_id, refuse)

    assert len(set(tried)) == len(tried) == 2
    assert "answered 550" in caplog.text
    assert LEAD not in caplog.text


def test_change_role_to_another_place_is_refused(app: Flask):
    with app.extensions["database"].begin() as db:
        assert accounts.change_role(db, LEAD, Role.READER, by=OPERATOR).role is Role.READER
        with pytest.raises(NotAllowedError, match="do not change"):
            accounts.change_role(db, LEAD, Role.ANALYST, by=OPERATOR)
        with pytest.raises(NotFoundError, match="has no account"):
            accounts.change_role(db, "nobody@nowhere.example", Role.READER, by=OPERATOR)
