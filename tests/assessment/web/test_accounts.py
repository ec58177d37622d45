"""Signing in over a real SMTP server on loopback."""

import re
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import event, orm, text
from werkzeug.middleware.proxy_fix import ProxyFix

from assessment.core.people.memberships import Role
from assessment.mail import Mailer
from assessment.services.people import accounts, queries
from assessment.web.limits import client_network
from tests.assessment.web.conftest import SignIn
from tests.conftest import find_free_port, run_worker
from tests.factories import OPERATOR

LEAD = "lead@demonstration.example"


class Inbox:
    """Keeps what the server receives."""

    def __init__(self) -> None:
        self.messages: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.messages.append(envelope)
        return "250 OK"

    def newest(self) -> str:
        content = self.messages[-1].content
        assert isinstance(content, bytes)
        return content.decode()


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    inbox = Inbox()
    port = find_free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    app.extensions["mailer"] = Mailer("127.0.0.1", port, "self-assessment@localhost")
    yield inbox
    controller.stop()


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in(None)


def ask(client: FlaskClient, email: str = LEAD) -> str:
    page = client.post("/sign-in", data={"email": email}, follow_redirects=True).text
    run_worker(client.application)
    return page


def read_code(inbox: Inbox) -> str:
    found = re.search(r"code: (\d{6})", inbox.newest())
    assert found
    return found[1]


def read_path(inbox: Inbox) -> str:
    text = inbox.newest().replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"http://127.0.0.1:5000(/\S+)", text)
    assert found
    return found[1]


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/assessment/").status_code == 200


def test_sign_in_by_code_enters(inbox: Inbox, client: FlaskClient):
    ask(client)
    client.post("/sign-in/code", data={"code": read_code(inbox)})

    assert is_signed_in(client)


def test_sign_in_by_link_enters_only_by_its_button(inbox: Inbox, client: FlaskClient):
    ask(client)
    path = read_path(inbox)

    assert "<form" in client.get(path).text
    assert not is_signed_in(client)
    client.post(path)
    assert is_signed_in(client)


def test_sign_in_second_click_says_that_it_is_done_and_leads_on(inbox: Inbox, client: FlaskClient):
    ask(client)
    path = read_path(inbox)
    client.post(path)

    for page in (client.post(path).text, client.get(path).text):
        assert "You are signed in already" in page
        assert 'href="/start"' in page
    assert "no longer works" not in client.post(path).text


def test_sign_in_stands_in_the_header_of_who_is_signed_out(client: FlaskClient):
    assert 'href="/sign-in"' in client.get("/privacy").text.partition("<main")[0]


def test_sign_in_code_works_once(inbox: Inbox, client: FlaskClient, sign_in: SignIn):
    ask(client)
    code, path = read_code(inbox), read_path(inbox)
    client.post("/sign-in/code", data={"code": code})

    thief = sign_in(None)
    thief.post(path)
    assert not is_signed_in(thief)


def test_sign_in_newer_code_ends_the_older(inbox: Inbox, client: FlaskClient):
    ask(client)
    older = read_path(inbox)
    ask(client)

    client.post(older)

    assert not is_signed_in(client)


def test_sign_in_five_wrong_codes_end_the_right_one(inbox: Inbox, client: FlaskClient):
    ask(client)
    right = read_code(inbox)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(4):
        page = client.post("/sign-in/code", data={"code": wrong}).text
        assert "not right" in page
        assert "no longer works" not in page
    fifth = client.post("/sign-in/code", data={"code": wrong}).text

    client.post("/sign-in/code", data={"code": right})

    assert "After 5 wrong codes the one that was sent no longer works" in fifth
    assert "Ask for a new code" in fifth
    assert not is_signed_in(client)


def test_sign_in_five_wrong_codes_say_the_same_for_an_unknown_address(
    inbox: Inbox, client: FlaskClient
):
    ask(client, "nobody@demonstration.example")

    pages = [client.post("/sign-in/code", data={"code": "000000"}).text for _ in range(5)]

    assert "no longer works" in pages[4]
    ask(client, "nobody@demonstration.example")
    assert "no longer works" not in client.post("/sign-in/code", data={"code": "000000"}).text


def test_sign_in_unknown_address_is_told_the_same_and_gets_nothing(
    inbox: Inbox, client: FlaskClient
):
    known, unknown = (
        re.sub(r'name="csrf_token"[^>]*>', "", ask(client, email))
        for email in (LEAD, "nobody@demonstration.example")
    )

    assert unknown == known.replace(LEAD, "nobody@demonstration.example")
    assert len(inbox.messages) == 1


def test_sign_in_altered_link_is_refused(inbox: Inbox, client: FlaskClient):
    ask(client)

    assert "no longer works" in client.get(read_path(inbox)[:-3] + "abc").text


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_next_address_elsewhere_is_ignored(
    inbox: Inbox, client: FlaskClient, elsewhere: str
):
    client.post("/sign-in", query_string={"next": elsewhere}, data={"email": LEAD})
    run_worker(client.application)

    response = client.post("/sign-in/code", data={"code": read_code(inbox)})

    assert response.location == "/start"


def test_sign_in_too_often_is_refused(inbox: Inbox, client: FlaskClient):
    statuses = [
        client.post("/sign-in", data={"email": "nobody@a.example"}).status_code for _ in range(6)
    ]

    refused = client.post("/sign-in", data={"email": "No\x00body@A.example "})

    assert statuses == [302] * 5 + [429]
    assert refused.status_code == 429
    # five in a quarter of an hour, just asked for
    assert 800 < int(refused.headers["Retry-After"]) <= 900
    assert "Use the link in the newest one" in refused.text


def test_sign_in_from_one_network_of_ipv6_is_from_one_client(client: FlaskClient):
    statuses = [
        client.post(
            "/sign-in",
            data={"email": f"{number}@a.example"},
            environ_base={"REMOTE_ADDR": f"2001:db8:1:2:{number:x}::1"},
        ).status_code
        for number in range(1, 62)
    ]

    assert statuses == [302] * 60 + [429]


def test_sign_in_asked_too_often_elsewhere_leaves_the_person_a_link_that_works(
    inbox: Inbox, client: FlaskClient, sign_in: SignIn
):
    stranger = sign_in(None)
    for _ in range(6):
        stranger.post("/sign-in", data={"email": LEAD}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    run_worker(client.application)
    for _ in range(6):
        stranger.post("/sign-in/code", data={"code": "no"})
        stranger.post("/sign-in/code", data={"code": "000000"})

    refused = client.post("/sign-in", data={"email": LEAD})
    client.post(read_path(inbox))

    assert refused.status_code == 429
    assert is_signed_in(client)


def test_sign_in_asked_from_many_places_ends_at_the_address_cap(client: FlaskClient):
    statuses = [
        client.post(
            "/sign-in", data={"email": LEAD}, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}
        ).status_code
        for number in range(6)
    ]

    assert statuses == [302] * 5 + [429]


def test_sign_in_of_many_from_one_place_is_allowed_for_a_while(inbox: Inbox, client: FlaskClient):
    statuses = [
        client.post("/sign-in", data={"email": f"{n}@a.example"}).status_code for n in range(61)
    ]

    assert statuses == [302] * 60 + [429]
    refused = client.post("/sign-in", data={"email": "n@a.example"})
    assert refused.headers["Retry-After"] == "900"
    assert "Wait 15 minutes" in refused.text


NETWORKS = {
    "192.0.2.7": "192.0.2.7",
    "192.0.2.7:51234": "192.0.2.7",
    "198.51.100.9, 192.0.2.7:51234": "192.0.2.7",
    "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
    "[2001:db8:1:2:3::4]": "2001:db8:1:2::/64",
    "[2001:db8:1:2:3::4]:51234": "2001:db8:1:2::/64",
    '"[2001:db8:1:2:3::4]:51234"': "2001:db8:1:2::/64",
    "::ffff:192.0.2.7": "192.0.2.7",
    "[::ffff:192.0.2.7]:51234": "192.0.2.7",
    "fe80::1%eth0": "fe80::/64",
}
GARBAGE = (
    *("unknown", "_hidden", "192.0.2.777", "192.0.2.7:", "192.0.2.7:port", "[]:1", "[192.0.2.7"),
    *("[x]:1", "2001:db8::1::2", "é", "a" * 5000, "1.2.3.4 5.6.7.8", ".:1"),
)


def test_sign_in_behind_a_proxy_is_counted_for_the_address_it_names(
    client: FlaskClient, app: Flask, app_db: orm.Session
):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_host=0)  # type: ignore[method-assign]
    table = NETWORKS | dict.fromkeys(GARBAGE, "unknown")
    counted: dict[str, str] = {}

    @app.before_request
    def count() -> None:
        counted[request.headers.get("X-Forwarded-For", "")] = client_network()

    statuses = {
        header: client.post(
            "/sign-in",
            data={"email": f"{number}@a.example"},
            headers={"X-Forwarded-For": header},
        ).status_code
        for number, header in enumerate(table)
    }

    assert statuses == dict.fromkeys(table, 302)
    assert table.items() <= counted.items()
    # each network has one count of mails: two of IPv4 and IPv6, one of a link, and the unknown
    kinds = app_db.scalars(text("SELECT kind FROM rate_count WHERE kind = 'mails for client'"))
    assert len(list(kinds)) == 4


def test_sign_in_mail_server_away_is_tried_again_later(
    inbox: Inbox, client: FlaskClient, app: Flask, app_db: orm.Session
):
    server = app.extensions["mailer"]
    app.extensions["mailer"] = Mailer("127.0.0.1", find_free_port(), "self-assessment@localhost")
    response = client.post("/sign-in", data={"email": LEAD})
    run_worker(app)

    app.extensions["mailer"] = server
    app_db.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    app_db.commit()
    run_worker(app)

    assert response.status_code == 302
    assert len(inbox.messages) == 1
    client.post("/sign-in/code", data={"code": read_code(inbox)})
    assert is_signed_in(client)


def test_sign_in_known_and_unknown_address_do_the_same_work(client: FlaskClient, app: Flask):
    client.get("/sign-in")
    done: list[list[str]] = []

    @event.listens_for(app.extensions["engine"], "before_cursor_execute")
    def record(*call: object) -> None:
        done[-1].append(str(call[2]))

    for email in (LEAD, "nobody@demonstration.example"):
        done.append([])
        client.post("/sign-in", data={"email": email})

    assert done[0] == done[1]
    assert any("INSERT INTO sign_in" in statement for statement in done[0])


def test_enter_code_known_and_unknown_address_do_the_same_work(
    inbox: Inbox, sign_in: SignIn, app: Flask
):
    done: list[list[str]] = []
    for email in (LEAD, "nobody@demonstration.example"):
        client = sign_in(None)
        ask(client, email)
        done.append([])

        def record(*call: object) -> None:
            done[-1].append(str(call[2]))

        event.listen(app.extensions["engine"], "before_cursor_execute", record)
        # the fifth ends the code
        for _ in range(6):
            client.post("/sign-in/code", data={"code": "no code"})
            client.post("/sign-in/code", data={"code": "123456"})
        event.remove(app.extensions["engine"], "before_cursor_execute", record)

    assert done[0] == done[1]
    assert any(statement.startswith("UPDATE sign_in") for statement in done[0])


def test_sign_in_code_pasted_from_anywhere_enters(inbox: Inbox, client: FlaskClient):
    for between in ("\u00a0", "\u200b", "\u2013", "\ufeff "):
        app = client.application
        ask(client)
        code = read_code(inbox)
        client.post("/sign-in/code", data={"code": f"\u2060{code[:3]}{between}{code[3:]}\r\n"})

        assert is_signed_in(client)
        client = app.test_client()


def test_sign_in_address_written_otherwise_is_the_same(inbox: Inbox, client: FlaskClient):
    ask(client, f"\ufeff{LEAD.upper()}\u00a0\x00")
    client.post("/sign-in/code", data={"code": read_code(inbox)})

    assert is_signed_in(client)


def test_sign_in_job_holds_the_account_number_only(client: FlaskClient, app_db: orm.Session):
    client.post("/sign-in", query_string={"next": "/assessment/"}, data={"email": LEAD})

    account = queries.find_membership(app_db, email=LEAD)
    assert account is not None
    query = "SELECT args FROM procrastinate_jobs WHERE task_name = 'send_sign_in'"
    assert list(app_db.scalars(text(query))) == [{"person_id": account.person.id}]


def test_sign_in_code_typed_in_another_browser_is_not_right(
    inbox: Inbox, client: FlaskClient, sign_in: SignIn
):
    ask(client)
    code = read_code(inbox)
    thief = sign_in(None)
    ask(thief)

    thief.post("/sign-in/code", data={"code": code})

    assert not is_signed_in(thief)


def test_sign_in_strangers_wrong_codes_leave_the_persons_own(
    inbox: Inbox, client: FlaskClient, sign_in: SignIn
):
    ask(client)
    code = read_code(inbox)
    stranger = sign_in(None)
    ask(stranger)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(6):
        stranger.post("/sign-in/code", data={"code": wrong})

    client.post("/sign-in/code", data={"code": code})

    assert is_signed_in(client)


def test_sign_in_link_in_another_browser_enters_where_they_wanted(
    inbox: Inbox, client: FlaskClient, sign_in: SignIn
):
    client.post("/sign-in", query_string={"next": "/assessment/check"}, data={"email": LEAD})
    run_worker(client.application)

    response = sign_in(None).post(read_path(inbox))

    assert response.location == "/assessment/check"


def test_sign_in_code_of_sixteen_minutes_ago_is_too_old(
    inbox: Inbox, client: FlaskClient, app_db: orm.Session
):
    ask(client)
    app_db.execute(text("UPDATE sign_in SET sent_at = sent_at - interval '16 minutes'"))
    app_db.commit()

    client.post("/sign-in/code", data={"code": read_code(inbox)})

    assert not is_signed_in(client)


def test_deactivate_account_ends_its_sessions(inbox: Inbox, client: FlaskClient, app: Flask):
    ask(client)
    client.post("/sign-in/code", data={"code": read_code(inbox)})
    assert is_signed_in(client)

    with app.extensions["database"].begin() as db:
        accounts.deactivate_account(db, LEAD, by=OPERATOR)

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Referer": "http://localhost/assessment/questions/1.1"},
    ],
    ids=["said", "origin", "referer"],
)
def test_save_signed_out_on_our_own_page_keeps_what_was_typed(
    client: FlaskClient, headers: dict[str, str]
):
    page = client.post(
        "/assessment/questions/1.1",
        data={"choice": "5", "note": "An hour of typing"},
        headers=headers,
    )

    assert page.status_code == 401
    assert "An hour of typing" in page.text
    assert "Your choice" in page.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none", "Referer": "http://localhost/"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Referer": "https://evil.example/http://localhost/"},
        {},
    ],
    ids=[
        "cross-site",
        "cross-site all the same",
        "neighbour",
        "none",
        "origin",
        "name begun alike",
        "path",
        "unknown",
    ],
)
def test_save_forged_elsewhere_shows_nothing_and_touches_no_session(
    client: FlaskClient, headers: dict[str, str]
):
    page = client.post(
        "/assessment/questions/1.1", data={"choice": "5", "note": "forged"}, headers=headers
    )

    assert page.status_code == 401
    assert "forged" not in page.text
    assert "csrf_token" not in page.text
    assert "Set-Cookie" not in page.headers


def test_submit_signed_out_is_never_kept(client: FlaskClient):
    page = client.post(
        "/assessment/submit",
        data={"counted": "yes", "declaration": "y"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert page.status_code == 401
    assert "Nothing was changed." in page.text


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.CONTRIBUTOR, "/assessment/"),
        (Role.LEAD, "/assessment/"),
        (Role.SIGNATORY, "/results/"),
        (Role.READER, "/results/"),
        (Role.ANALYST, "/programme/participation/"),
    ],
)
def test_start_leads_each_role_to_what_it_came_for(sign_in: SignIn, role: Role, first: str):
    assert sign_in(role).get("/start").location == first
