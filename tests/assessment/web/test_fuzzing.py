"""Whatever is sent, to any address and by anybody, is answered: never by an error of ours."""

import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.people.memberships import PROGRAMME_ROLES, Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.answering import surveys
from assessment.services.people import accounts, queries, signing_in
from assessment.services.reports import national
from assessment.storage import answers, authorities, plans, reports
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests import databases
from tests.assessment.web import fuzzing
from tests.assessment.web.fuzzing import Sent, Site
from tests.assessment.web.test_access import EVERYBODY, RULES
from tests.conftest import TODAY
from tests.factories import JO, OPERATOR, make_answer, make_planned_action
from tests.properties import examples

pytestmark = pytest.mark.slow

TARGETS = "POST /plan/targets"
ASK_NEWEST = "POST /results/<kind>/ask"
PLANNED = "00000000-0000-4000-8000-000000000001"
# Of every form of an authority's pages; its value is that of whoever sends it.
OWN = {"authority_id": ""}
# The fields of each form, each with a value that is right; a test says that there are no others.
FORMS: dict[str, dict[str, str]] = {
    "POST /sign-in": {"email": "nobody@example.org"},
    "POST /sign-in/code": {"code": "123456"},
    "POST /sign-in/link/<token>": {},
    "POST /verify": {"code": "7KQ2-M9XD-4TRB", "file": ""},
    "POST /sign-out": {},
    "POST /account/sessions": {"session": "x"},
    "POST /demonstration/enter/<person>": {},
    "POST /assessment/questions/<question_id>": {
        "choice": "na",
        "reason": "Bought by others.",
        "note": "A note",
        "evidence": "https://a.example",
        "round_id": "2026",
        "revision": "1",
        "opened": "1",
        **OWN,
    },
    "POST /assessment/questions/<question_id>/clear": {"round_id": "2026", "revision": "1", **OWN},
    "POST /assessment/bring-over": {"round_id": "2026", "from_id": "2025", **OWN},
    "POST /assessment/confirm": {
        "round_id": "2026",
        "answer": "1.1=1=2025",
        "back": "question",
        **OWN,
    },
    "POST /assessment/submit": {
        "round_id": "2026",
        "seen": "",
        "counted": "yes",
        "declaration": "y",
        "unchecked": "y",
        "barriers": "rules",
        "support": "",
        **OWN,
    },
    ASK_NEWEST: OWN,
    "POST /results/rounds/<round_id>/<kind>/ask": OWN,
    TARGETS: {"seen": "", "target-leadership": "4.5", **OWN},
    "POST /plan/actions/<uuid:action_id>": {
        "question_id": "1.1",
        "text": "Publish it.",
        "owner": "Head",
        "is_done": "y",
        "day": "31",
        "month": "March",
        "year": "2027",
        "revision": "1",
        **OWN,
    },
    "POST /plan/actions/<uuid:action_id>/remove": {"revision": "1", **OWN},
    "POST /programme/national/<round_id>/ask": {},
}
# What an address names: values that exist, and to them come odd ones.
NAMED: dict[str, list[str]] = {
    "question_id": ["1.1", "1.2"],
    "principle_id": ["leadership"],
    "kind": ["scorecard", "improvement", "shareable"],
    "report_id": ["1", "2", "2147483647", "2147483648"],
    "round_id": ["2025", "2024", "2026"],
    "number": ["1", "2147483647"],
    "group_kind": ["type", "all", "region"],
    "action_id": [PLANNED],
    "file_format": ["csv", "json", "xlsx"],
    "token": ["x"],
    "person": ["lead", "analyst"],
    "filename": ["app.css", "../app.css", "app.css/"],
}
PARAMETERS = (
    *("next", "code", "changed", "seen", "question", "principle", "kind", "route", "page"),
    *("page_size", "group_kind", "group_id", "measure", "item_id", "csrf_token"),
)
POSTED = [line for line in RULES if line.startswith("POST")]
FIELDS = [(line, name) for line, fields in FORMS.items() for name in fields]
# Pages that build a report, which takes as long as fifty others.
SLOW = [line for line in RULES if re.search(" /(results|plan)/", line) and "static" not in line]
QUICK = [line for line in RULES if line not in SLOW]


@pytest.fixture(scope="module")
def app(
    server_url: str, demonstration_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """One application for all, which answers errors as it does in use."""
    url = databases.make_copy(server_url, demonstration_template)
    environment = {"DATABASE_URL": url, "DEMONSTRATION": "1", "MAIL_PORT": "1"}
    app = create_app(load_config(environment, tmp_path_factory.mktemp("fuzzing")))
    yield app
    app.extensions["engine"].dispose()
    databases.drop_database(url)


def tries(check: int, thorough: int) -> settings:
    """Return settings for so many examples: the same ones each time while developing.

    They are drawn from lists and so as short as can be: none is made shorter, which takes minutes.
    """
    return settings(
        parent=examples(check, thorough),
        derandomize=settings.get_current_profile_name() == "check",
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )


class Forms(HTMLParser):
    """Finds the forms of a page that are sent by POST: where to, and the names of their fields."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[tuple[str, set[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.is_posted = values.get("method") == "post"
            if self.is_posted:
                self.found.append((values.get("action") or self.path, set()))
        name = values.get("name")
        if tag in {"input", "select", "textarea"} and self.is_posted and name:
            self.found[-1][1].add("target-leadership" if name.startswith("target-") else name)


class People:
    """Cookies and tokens: of nobody, of each role, and of a lead who may submit."""

    def __init__(self, site: Site, db: Session, questionnaire: Questionnaire) -> None:
        lead = queries.find_membership(db, email="lead@demonstration.example")
        assert lead is not None
        assert lead.authority_id is not None
        self.site, self.db = site, db
        self.home_id = home = lead.authority_id
        self.ready_id = ready = next(a.id for a in authorities.read_authorities(db) if a.id != home)
        self.cookies = {None: site.make_cookie(None)}
        for role in Role:
            own = None if role in PROGRAMME_ROLES else home
            self.cookies[role] = self._sign_in(f"{role}@fuzzing.test", role, own)
        self.ready = self._sign_in("ready@fuzzing.test", Role.LEAD, ready)
        self._fill(home, ready, questionnaire)
        self.seen = surveys.read_survey(db, ready, clock.today()).seen

    def _sign_in(self, email: str, role: Role, authority_id: str | None) -> tuple[str, str]:
        account = accounts.create_account(
            self.db, email, "A Person", role, authority_id, today=TODAY, by=OPERATOR
        )
        key = signing_in.begin_session(self.db, account.person, now=clock.now())
        # in another browser too, which the page of the account offers to end
        signing_in.begin_session(self.db, account.person, now=clock.now())
        return self.site.make_cookie(key)

    def _fill(self, home: str, ready: str, questionnaire: Questionnaire) -> None:
        """Leave something to confirm, clear, submit, change, remove and download."""
        for place, ids in ((home, ["1.1"]), (ready, questionnaire.question_ids)):
            for question_id in ids:
                answer = make_answer(question_id)
                answers.save_answer(self.db, place, "2026", answer, revision=0, by=JO)
        plans.save_action(self.db, home, UUID(PLANNED), make_planned_action(), revision=0, by=JO)
        for place, kind in ((home, "scorecard"), (None, national.NATIONAL)):
            request, _ = reports.create_request(self.db, place, "2025", kind, by=OPERATOR)
            reports.save_report(self.db, request.id, data="{}", pdf=b"%PDF", content_hash="")
        self.db.commit()

    def who_may(self, line: str) -> tuple[str, str]:
        """Return the cookie and token of somebody whom a route lets in."""
        if line == "POST /assessment/submit":
            return self.ready
        rule = RULES[line]
        return self.cookies[Role.LEAD if rule == EVERYBODY or Role.LEAD in rule else Role.ANALYST]

    def fields_of(self, line: str) -> dict[str, bytes]:
        """Return a form as it should be."""
        fields = FORMS[line]
        if "authority_id" in fields:
            fields = fields | {"authority_id": self.home_id}
        if line == "POST /assessment/submit":
            fields = fields | {"seen": self.seen, "authority_id": self.ready_id}
        return {name: value.encode() for name, value in fields.items() if value}

    def post(self, line: str) -> Sent:
        """Return a form as it should be, on its way."""
        token = self.who_may(line)[1].encode()
        body, kind = fuzzing.encode_form([("csrf_token", token), *self.fields_of(line).items()])
        return Sent("POST", path_of(line), "", body, kind)

    def walk(self) -> Iterator[tuple[str, Sent]]:
        """Visit the pages on which there are forms, those of brought-over answers too."""
        lead, analyst = self.cookies[Role.LEAD][0], self.cookies[Role.ANALYST][0]
        for path in ("/", "/sign-in", "/sign-in/code", "/verify"):
            yield self.cookies[None][0], Sent("GET", path)
        for path in ("/", "/questions/1.1"):
            yield lead, Sent("GET", f"/assessment{path}")
        yield lead, self.post("POST /assessment/bring-over")
        for path in ("/account", "/assessment/questions/1.2", "/assessment/review"):
            yield lead, Sent("GET", path)
        for path in ("/results/", "/plan/"):
            yield lead, Sent("GET", path)
        yield lead, Sent("GET", f"/plan/actions/{PLANNED}")
        yield self.ready[0], Sent("GET", "/assessment/submit")
        yield analyst, Sent("GET", "/programme/national/2025")


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[Site]:
    with app.extensions["engine"].connect() as connection:
        site = Site(app, connection)
        logging.getLogger().addHandler(site.errors)
        yield site
        logging.getLogger().removeHandler(site.errors)


@pytest.fixture(scope="module")
def people(site: Site, questionnaire: Questionnaire) -> People:
    with site.app.extensions["database"]() as db:
        return People(site, db, questionnaire)


def path_of(line: str) -> str:
    """Return an address of a route that leads to something."""
    rule = line.split(" ", 1)[1]
    named = {name: NAMED[name][0].encode() for name in fuzzing.arguments_of(rule)}
    return fuzzing.fill_path(rule, named)


@st.composite
def addresses(draw: st.DrawFn, line: str) -> tuple[str, str]:
    """Return a path of a route and a query; one argument of the path at most is odd."""
    rule = line.split(" ", 1)[1]
    names = fuzzing.arguments_of(rule)
    values = {name: draw(st.sampled_from(NAMED[name])).encode() for name in names}
    if names and draw(st.booleans()):
        values[draw(st.sampled_from(names))] = draw(fuzzing.odd_values())
    pairs = draw(st.lists(st.tuples(st.sampled_from(PARAMETERS), fuzzing.odd_values()), max_size=2))
    query = "&".join(f"{name}={quote_from_bytes(value, safe='')}" for name, value in pairs)
    return fuzzing.fill_path(rule, values), query


@pytest.mark.parametrize("line", POSTED)
def test_forms_as_they_should_be_are_taken(site: Site, people: People, line: str):
    # else the odd values would never come to what lies behind the first check
    with site.undone():
        status, page = site.send(people.post(line), people.who_may(line)[0])

    assert status in {200, 302}, page


def test_forms_every_field_is_listed_here(site: Site, people: People):
    urls = site.app.url_map.bind("")
    found: dict[str, set[str]] = {}
    with site.undone():
        for cookie, sent in people.walk():
            for address, names in Forms(site.send(sent, cookie)[1], sent.path).found:
                rule, _ = urls.match(address, method="POST", return_rule=True)
                found.setdefault(f"POST {rule.rule}", set()).update(names - {"csrf_token"})

    assert set(FORMS) == set(POSTED)
    # every button to ask for a report names its round
    assert {line for line, fields in FORMS.items() if fields} - {ASK_NEWEST} <= set(found)
    # a checkbox of those brought over stands only on a page where some were
    assert {(line, name) for line in found for name in found[line]} >= set(FIELDS) - {
        ("POST /assessment/submit", "unchecked"),
        (ASK_NEWEST, "authority_id"),
    }
    assert {(line, name) for line in found for name in found[line]} <= set(FIELDS)


@pytest.mark.parametrize("line", QUICK)
@tries(check=4, thorough=10)
@given(role=st.sampled_from(Role), data=st.data())
def test_requests_of_every_kind_are_answered(
    site: Site, people: People, line: str, role: Role, data: st.DataObject
):
    send_odd(site, people, line, role, data)


@pytest.mark.parametrize("line", SLOW)
@tries(check=2, thorough=6)
@given(role=st.sampled_from(Role), data=st.data())
def test_requests_of_every_kind_are_answered_with_reports(
    site: Site, people: People, line: str, role: Role, data: st.DataObject
):
    send_odd(site, people, line, role, data)


@pytest.mark.parametrize(("line", "name"), [field for field in FIELDS if field[0] != TARGETS])
@tries(check=8, thorough=20)
@given(data=st.data())
def test_fields_of_every_kind_are_answered(
    site: Site, people: People, line: str, name: str, data: st.DataObject
):
    send_odd_field(site, people, line, name, data)


@pytest.mark.parametrize("name", FORMS[TARGETS])
@tries(check=3, thorough=8)
@given(data=st.data())
def test_fields_of_every_kind_are_answered_with_reports(
    site: Site, people: People, name: str, data: st.DataObject
):
    send_odd_field(site, people, TARGETS, name, data)


def send_odd(site: Site, people: People, line: str, role: Role, data: st.DataObject) -> None:
    """Send something odd to a route, as nobody and as somebody with a role."""
    path, query = data.draw(addresses(line))
    headers = data.draw(st.sampled_from(fuzzing.HEADERS))
    body, kind = data.draw(st.sampled_from(fuzzing.BODIES))
    sent = Sent(line.split(" ", maxsplit=1)[0], path, query, body, kind, headers)
    with site.undone():
        assert not site.find_faults(sent, people.cookies[None][0])
        assert not site.find_faults(sent, people.cookies[role][0])


def send_odd_field(site: Site, people: People, line: str, name: str, data: st.DataObject) -> None:
    """Send a form of which one field is odd, as somebody who may."""
    cookie, token = people.who_may(line)
    others = [(n, v) for n, v in people.fields_of(line).items() if n != name]
    put = data.draw(st.sampled_from(fuzzing.WAYS))
    odd = data.draw(fuzzing.odd_values())
    body, kind = put([("csrf_token", token.encode()), *others], name, odd)
    with site.undone():
        assert not site.find_faults(Sent("POST", path_of(line), "", body, kind), cookie)
