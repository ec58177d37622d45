"""The pages of the improvement plan, as those who plan and a reader see them."""

import re
from datetime import date
from html import escape, unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.people.memberships import AUTHORITY_ROLES, PLANNING_ROLES, Role
from assessment.core.plans.plans import PlannedAction
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.plans import queries
from assessment.services.reports import reporting
from assessment.web.views import planning as view
from tests.assessment.web.conftest import SignIn
from tests.assessment.web.judge import judge_page
from tests.factories import make_questionnaire

TODAY = date(2026, 11, 23)
FIRST = UUID(int=1)
ADDRESS = f"/plan/actions/{FIRST}"
FORM = {
    "question_id": "1.1",
    "text": "Publish a list of needs.",
    "owner": "Head of procurement",
    "day": "31",
    "month": "3",
    "year": "2027",
    "revision": "0",
}
ACTION = PlannedAction("1.1", "Publish a list of needs.", "Head of procurement", date(2027, 3, 31))
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} =1+1"


def read_actions(db: Session, authority_id: str) -> dict[UUID, PlannedAction]:
    """Return an authority's planned actions by id."""
    return {saved.id: saved.action for saved in queries.read_plan(db, authority_id).actions}


def read_seen(client: FlaskClient) -> str:
    """Return what the targets' form says was seen."""
    found = re.search(r'name="seen" type="hidden" value="([^"]*)"', client.get("/plan/").text)
    assert found
    return found[1]


def read_value(page: str, name: str) -> str:
    """Return what stands in a field of a page."""
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    assert field
    found = re.search(r' value="([^"]*)"', field[0])
    assert found
    return unescape(found[1])


def read_alert(page: str) -> str:
    """Return what the page says first: a notice, or the summary of errors."""
    found = re.search(r'role="alert".*?(?=<h1)', page, re.DOTALL)
    assert found
    return unescape(found[0])


@pytest.mark.parametrize("role", sorted(AUTHORITY_ROLES))
def test_plan_empty_shows_forms_to_those_who_plan(sign_in: SignIn, other_id: str, role: Role):
    page = sign_in(role, other_id).get("/plan/")

    assert page.status_code == 200
    assert "No action is planned yet." in page.text
    assert ("Save the targets" in page.text) == (role in PLANNING_ROLES)
    assert ("Add an action" in page.text) == (role in PLANNING_ROLES)
    assert ('action="/plan/' in page.text) == (role in PLANNING_ROLES)


@pytest.mark.parametrize("role", sorted(AUTHORITY_ROLES))
def test_plan_full_shows_all_and_its_forms_to_those_who_plan(
    sign_in: SignIn, app_db: Session, home_id: str, role: Role
):
    page = sign_in(role).get("/plan/")

    actions = read_actions(app_db, home_id)
    assert len(actions) == 6
    assert all(action.text in unescape(page.text) for action in actions.values())
    may_plan = role in PLANNING_ROLES
    assert all((f"/plan/actions/{one}" in page.text) == may_plan for one in actions)
    assert ('action="/plan/' in page.text) == may_plan
    assert ("Add to the plan" in page.text) == may_plan
    assert ('value="3.5"' in page.text) == may_plan
    assert ('data-label="Target">3.5</td>' in page.text) != may_plan


def test_plan_nothing_submitted_says_what_comes(sign_in: SignIn, app_db: Session):
    query = text("SELECT id FROM authority WHERE id NOT IN (SELECT authority_id FROM assessment)")
    newcomer_id = app_db.scalars(query).first()

    page = sign_in(Role.LEAD, newcomer_id).get("/plan/").text

    assert "Once the self-assessment is submitted, the next steps to choose from" in page
    assert "Suggested next steps" not in page


def test_plan_principle_that_the_report_has_not_has_no_score(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(view, "_questionnaire", make_questionnaire)

    page = sign_in(Role.LEAD).get("/plan/")

    assert page.status_code == 200
    assert "Target for Principle 2" in page.text


def test_plan_due_before_today_is_overdue_until_it_is_done(sign_in: SignIn, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    client.post(ADDRESS, data=FORM | {"year": "2020"})
    assert "Overdue" in client.get("/plan/").text

    client.post(ADDRESS, data=FORM | {"year": "2020", "revision": "1", "is_done": "y"})

    page = client.get("/plan/").text
    assert "Overdue" not in page
    assert ">Done<" in page


def test_plan_due_later_is_not_overdue(sign_in: SignIn, other_id: str):
    client = sign_in(Role.LEAD, other_id)

    client.post(ADDRESS, data=FORM | {"year": "2099"})

    page = client.get("/plan/").text
    assert "31 March 2099" in page
    assert "Overdue" not in page


def test_plan_step_that_is_planned_is_not_suggested_again(
    sign_in: SignIn, app_db: Session, other_id: str
):
    step = suggest_first(app_db, other_id)
    client = sign_in(Role.LEAD, other_id)
    link = f"/plan/actions/new?question={step.question_id}"
    assert link in client.get("/plan/").text

    client.post(ADDRESS, data=FORM | {"question_id": step.question_id})

    assert link not in client.get("/plan/").text


def suggest_first(db: Session, authority_id: str) -> PlannedAction:
    """Return the first next step that an authority's report suggests, as if it were planned."""
    report = reporting.read_report(db, authority_id, TODAY)
    assert report is not None
    step = report.data.focus.actions[0]
    return PlannedAction(step.question_id, step.text, step.owner, TODAY)


def test_save_targets_are_saved_and_shown(sign_in: SignIn, app_db: Session, other_id: str):
    client = sign_in(Role.SIGNATORY, other_id)
    form = {"seen": "", "target-leadership": " 3.5 ", "target-freedom": "4"}

    page = client.post("/plan/targets", data=form, follow_redirects=True).text

    assert "The targets are saved." in page
    assert read_value(page, "target-leadership") == "3.5"
    assert queries.read_plan(app_db, other_id).targets == {"leadership": 3.5, "freedom": 4.0}


def test_save_targets_emptied_are_gone(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    client = sign_in(Role.LEAD)
    form = {f"target-{principle.id}": "" for principle in questionnaire.principles}

    client.post("/plan/targets", data=form | {"seen": read_seen(client)})

    assert queries.read_plan(app_db, home_id).targets == {}


@pytest.mark.parametrize(
    "typed", ["0.9", "5.1", "3.55", "-3", "three", "3,5", "nan", "inf", "1e0", "٣", "3.", "0"]
)
def test_save_targets_off_the_scale_names_the_principle_and_keeps_what_was_typed(
    sign_in: SignIn, app_db: Session, other_id: str, typed: str
):
    form = {"seen": "", "target-leadership": typed, "target-freedom": "4"}

    page = sign_in(Role.LEAD, other_id).post("/plan/targets", data=form).text

    alert = read_alert(page)
    assert "Strong Leadership to Drive Strategic Procurement: Give a number from 1 to 5" in alert
    assert 'href="#target-leadership"' in alert
    error = re.search(r'id="target-leadership-error".*?</p>', page, re.S)
    assert error is not None
    # the table's row names the principle already
    assert "Give a number from 1 to 5" in error[0]
    assert "Strong Leadership" not in error[0]
    assert read_value(page, "target-leadership") == typed
    assert read_value(page, "target-freedom") == "4"
    assert queries.read_plan(app_db, other_id).targets == {}


def test_save_targets_two_tabs_second_sees_both_and_chooses(
    sign_in: SignIn, app_db: Session, other_id: str
):
    first, second = sign_in(Role.LEAD, other_id), sign_in(Role.CONTRIBUTOR, other_id)
    first.post("/plan/targets", data={"seen": "", "target-leadership": "2.5"})

    page = second.post("/plan/targets", data={"seen": "", "target-leadership": "4"}).text

    alert = read_alert(page)
    assert "Not saved yet" in alert
    name = "Strong Leadership to Drive Strategic Procurement"
    assert f"They differ in {name}: theirs 2.5, yours 4.0." in alert
    assert read_value(page, "target-leadership") == "4"
    assert queries.read_plan(app_db, other_id).targets == {"leadership": 2.5}
    seen = read_value(page, "seen")
    second.post("/plan/targets", data={"seen": seen, "target-leadership": "4"})
    assert queries.read_plan(app_db, other_id).targets == {"leadership": 4.0}


def test_save_targets_conflict_where_a_colleague_removed_all_says_none(
    sign_in: SignIn, app_db: Session, other_id: str
):
    form = {"seen": "leadership=2.5", "target-leadership": "4"}

    page = sign_in(Role.LEAD, other_id).post("/plan/targets", data=form).text

    assert "theirs –, yours 4.0." in read_alert(page)
    assert queries.read_plan(app_db, other_id).targets == {}


def test_save_targets_same_twice_is_no_conflict(sign_in: SignIn, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    form = {"seen": "", "target-leadership": "2.5"}
    client.post("/plan/targets", data=form)

    assert client.post("/plan/targets", data=form).location.endswith("/plan/")


def test_new_action_asked_for_a_question_begins_with_its_next_step(
    sign_in: SignIn, app_db: Session, other_id: str
):
    step = suggest_first(app_db, other_id)

    page = (
        sign_in(Role.LEAD, other_id)
        .get("/plan/actions/new", query_string={"question": step.question_id})
        .text
    )

    assert f'<option value="{step.question_id}" selected>' in page
    assert f">\n{step.text}</textarea>" in unescape(page)
    assert read_value(page, "owner") == step.owner
    assert read_value(page, "revision") == "0"
    assert "Remove it from the plan" not in page


@pytest.mark.parametrize("asked", ["", "9.9", HOSTILE, '"><img src=x>'])
def test_new_action_unknown_question_begins_empty(sign_in: SignIn, asked: str):
    page = sign_in(Role.LEAD).get("/plan/actions/new", query_string={"question": asked})

    assert page.status_code == 200
    assert ">\n</textarea>" in page.text
    assert re.findall(r'<option value="([^"]*)" selected>', page.text) in ([], [""])
    assert "<img" not in page.text
    assert "alert(1)" not in page.text


def test_save_action_from_the_new_form_is_in_the_plan(
    sign_in: SignIn, app_db: Session, other_id: str
):
    client = sign_in(Role.CONTRIBUTOR, other_id)
    form = client.get("/plan/actions/new").text
    address = re.search(r'action="(/plan/actions/[^"]+)"', form)
    assert address

    page = client.post(address[1], data=FORM, follow_redirects=True).text

    assert "The action is saved." in page
    assert "31 March 2027" in page
    assert list(read_actions(app_db, other_id).values()) == [ACTION]


def test_save_action_double_click_makes_one(sign_in: SignIn, app_db: Session, other_id: str):
    client = sign_in(Role.LEAD, other_id)

    places = [client.post(ADDRESS, data=FORM).location for _ in range(2)]

    assert places == ["/plan/", "/plan/"]
    assert read_actions(app_db, other_id) == {FIRST: ACTION}


def test_save_action_changed_is_shown_as_it_is_now(sign_in: SignIn, app_db: Session, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    client.post(ADDRESS, data=FORM)
    page = client.get(ADDRESS).text
    assert (read_value(page, "day"), read_value(page, "revision")) == ("31", "1")
    assert "Remove it from the plan" in page

    client.post(ADDRESS, data=FORM | {"revision": "1", "owner": "Kit", "is_done": "y"})

    saved = read_actions(app_db, other_id)[FIRST]
    assert (saved.owner, saved.is_done) == ("Kit", True)
    assert re.search(r'id="is_done"[^>]* checked', client.get(ADDRESS).text)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"question_id": ""}, "question_id", "Choose the question it is for."),
        ({"question_id": "9.9"}, "question_id", "Choose the question it is for."),
        ({"text": " \r\n"}, "text", "Say what will be done."),
        ({"text": "x" * 1001}, "text", "What will be done is 1 character too long. Shorten it"),
        ({"owner": " "}, "owner", "Say who leads it."),
        ({"owner": "x" * 201}, "owner", "Who leads it is 1 character too long. Shorten it to 200"),
        ({"day": "31", "month": "2"}, "day", "There is no 31 2 2027. Give the date it is due"),
        ({"day": ""}, "day", "Give the date it is due as day, month and year"),
        ({"month": "Ma"}, "day", "Give the date it is due as day, month and year"),
        ({"month": "Tuesday"}, "day", "Give the date it is due as day, month and year"),
        ({"year": ""}, "day", "Give the date it is due as day, month and year"),
        ({"day": "-1"}, "day", "Give the date it is due as day, month and year"),
        ({"day": "٣"}, "day", "Give the date it is due as day, month and year"),
        ({"year": "0000"}, "day", "There is no 31 3 0000. Give the date it is due"),
        ({"year": "20270"}, "day", "Give the date it is due as day, month and year"),
        ({"year": "19"}, "day", "Give a date from 2020 to 2099, with the year in full."),
        ({"year": "2019"}, "day", "Give a date from 2020 to 2099, with the year in full."),
        ({"year": "2100"}, "day", "Give a date from 2020 to 2099, with the year in full."),
        ({"revision": "x"}, "revision", "Open the page again."),
    ],
)
def test_save_action_mistake_is_named_and_everything_typed_kept(
    sign_in: SignIn,
    app_db: Session,
    other_id: str,
    changes: dict[str, str],
    field: str,
    message: str,
):
    typed = FORM | changes

    page = sign_in(Role.LEAD, other_id).post(ADDRESS, data=typed).text

    assert f'<a href="#{field}">{message}' in page
    assert page.count("<li><a href=") == 1
    assert all(read_value(page, name) == typed[name].strip() for name in ("owner", "day", "year"))
    assert f">\n{typed['text'].strip()}</textarea>" in page
    assert read_actions(app_db, other_id) == {}


def test_save_action_nothing_filled_in_names_every_field(sign_in: SignIn):
    page = sign_in(Role.LEAD).post(ADDRESS, data={}).text

    linked = re.findall(r'<li><a href="#(\w+)">', page)
    assert sorted(linked) == ["day", "owner", "question_id", "text"]
    assert "<title>Error: Add an action" in page


def test_save_action_null_character_is_left_out(sign_in: SignIn, app_db: Session, other_id: str):
    sign_in(Role.LEAD, other_id).post(ADDRESS, data=FORM | {"text": "a\x00b", "owner": "K\x00it"})

    saved = read_actions(app_db, other_id)[FIRST]
    assert (saved.text, saved.owner) == ("ab", "Kit")


def test_save_action_typed_html_is_text_on_every_page(sign_in: SignIn, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    form = FORM | {"text": HOSTILE, "owner": HOSTILE}
    client.post(ADDRESS, data=form)

    pages = [
        client.get("/plan/").text,
        client.get(ADDRESS).text,
        client.post(ADDRESS, data=form | {"owner": "Other"}).text,
        client.get("/assessment/activity").text,
    ]

    assert not [page for page in pages if "<script>alert" in page]
    assert [page.count(escape(HOSTILE)) for page in pages] == [2, 2, 3, 0]


def test_save_action_two_people_second_sees_both_and_chooses(
    sign_in: SignIn, app_db: Session, other_id: str
):
    first, second = sign_in(Role.LEAD, other_id), sign_in(Role.SIGNATORY, other_id)
    first.post(ADDRESS, data=FORM)
    first.post(ADDRESS, data=FORM | {"revision": "1", "text": "Theirs", "is_done": "y"})

    page = second.post(ADDRESS, data=FORM | {"revision": "1", "text": "Ours"}).text

    alert = read_alert(page)
    assert "A Person changed this action while you were writing." in alert
    assert "Theirs (Head of procurement, due 31 March 2027, done)" in alert
    assert ">\nOurs</textarea>" in page
    assert read_actions(app_db, other_id)[FIRST].text == "Theirs"
    revision = read_value(page, "revision")
    second.post(ADDRESS, data=FORM | {"revision": revision, "text": "Ours"})
    assert read_actions(app_db, other_id)[FIRST].text == "Ours"


def test_save_action_removed_meanwhile_can_be_put_back(
    sign_in: SignIn, app_db: Session, other_id: str
):
    client = sign_in(Role.LEAD, other_id)
    client.post(ADDRESS, data=FORM)
    client.post(f"{ADDRESS}/remove", data={"revision": "1"})

    page = client.post(ADDRESS, data=FORM | {"revision": "1"}).text

    assert "A colleague removed this action while you were writing." in read_alert(page)
    assert "put it back" in page
    assert "Remove it from the plan" not in page
    assert read_actions(app_db, other_id) == {}
    client.post(ADDRESS, data=FORM | {"revision": read_value(page, "revision")})
    assert read_actions(app_db, other_id) == {FIRST: ACTION}


def test_remove_action_twice_is_gone(sign_in: SignIn, app_db: Session, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    client.post(ADDRESS, data=FORM)

    pages = [
        client.post(f"{ADDRESS}/remove", data={"revision": "1"}, follow_redirects=True)
        for _ in range(2)
    ]

    assert [page.status_code for page in pages] == [200, 200]
    assert all("The action is removed from the plan." in page.text for page in pages)
    assert read_actions(app_db, other_id) == {}


def test_remove_action_changed_meanwhile_stays_and_is_shown(
    sign_in: SignIn, app_db: Session, other_id: str
):
    client = sign_in(Role.LEAD, other_id)
    client.post(ADDRESS, data=FORM)
    client.post(ADDRESS, data=FORM | {"revision": "1", "text": "Theirs"})

    page = client.post(f"{ADDRESS}/remove", data={"revision": "1"}, follow_redirects=True).text

    assert "A colleague changed this action meanwhile." in read_alert(page)
    assert ">\nTheirs</textarea>" in page
    assert read_actions(app_db, other_id)[FIRST].text == "Theirs"


def test_action_that_is_not_there_is_not_found(sign_in: SignIn):
    client = sign_in(Role.LEAD)

    assert client.get(ADDRESS).status_code == 404
    assert client.get("/plan/actions/no-such-id").status_code == 404


def test_action_of_another_authority_is_not_found_and_stays(
    sign_in: SignIn, app_db: Session, home_id: str, other_id: str
):
    sign_in(Role.LEAD).post(ADDRESS, data=FORM)
    stranger = sign_in(Role.LEAD, other_id)

    answers = [
        stranger.get(ADDRESS),
        stranger.post(ADDRESS, data=FORM | {"text": "Taken over"}),
        stranger.post(ADDRESS, data=FORM | {"text": "Taken over", "revision": "1"}),
        stranger.post(f"{ADDRESS}/remove", data={"revision": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert not [answer for answer in answers if "list of needs" in answer.text]
    assert read_actions(app_db, home_id)[FIRST] == ACTION
    assert read_actions(app_db, other_id) == {}


def test_save_action_signed_out_keeps_what_was_typed(sign_in: SignIn):
    page = sign_in(None).post(ADDRESS, data=FORM, headers={"Sec-Fetch-Site": "same-origin"})

    assert page.status_code == 401
    assert f'action="{ADDRESS}"' in page.text
    assert all(read_value(page.text, name) == value for name, value in FORM.items())
    assert "Publish a list of needs.</p>" in page.text


def test_save_targets_signed_out_keeps_what_was_typed(sign_in: SignIn):
    form = {"seen": "", "target-leadership": "3.5", "target-freedom": ""}

    page = sign_in(None).post("/plan/targets", data=form, headers={"Sec-Fetch-Site": "same-origin"})

    assert page.status_code == 401
    assert all(read_value(page.text, name) == value for name, value in form.items())
    assert "Target for leadership" in page.text
    assert "Target for freedom" not in page.text


@pytest.mark.parametrize("path", ["/plan/targets", ADDRESS])
def test_save_signed_in_again_meanwhile_shows_what_was_typed(
    sign_in: SignIn, home_id: str, path: str
):
    page = FlaskClient.open(
        sign_in(Role.LEAD),
        path,
        method="POST",
        data=FORM
        | {
            "csrf_token": "of another session",
            "authority_id": home_id,
            "target-leadership": "2.5",
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert page.status_code == 400
    assert judge_page(page.text) == []
    assert read_value(page.text, "text") == "Publish a list of needs."
    assert read_value(page.text, "target-leadership") == "2.5"
    assert "of another session" not in page.text


def test_remove_action_signed_out_is_never_kept(sign_in: SignIn):
    page = sign_in(None).post(f"{ADDRESS}/remove", headers={"Sec-Fetch-Site": "same-origin"})

    assert page.status_code == 401
    assert "Nothing was changed." in page.text


def test_activity_tells_what_was_planned(sign_in: SignIn, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    client.post(ADDRESS, data=FORM)
    client.post(f"{ADDRESS}/remove", data={"revision": "1"})
    client.post("/plan/targets", data={"seen": "", "target-leadership": "3.5"})
    client.post("/plan/targets", data={"seen": "leadership=3.5", "target-leadership": ""})

    page = client.get("/assessment/activity").text

    assert "Saved a planned action for 1.1" in page
    assert "Removed a planned action for 1.1" in page
    assert "Saved the targets: Strong Leadership to Drive Strategic Procurement 3.5" in page
    assert "Removed all targets" in page
    assert "list of needs" not in page


@pytest.mark.parametrize(
    ("month", "year"), [("March", "2027"), ("mar", "27"), ("3", "27"), ("Mar.", "2027")]
)
def test_save_action_month_by_name_and_short_year_are_read(sign_in: SignIn, month: str, year: str):
    client = sign_in(Role.LEAD)

    client.post(ADDRESS, data=FORM | {"month": month, "year": year})

    assert f"Due {FORM['day']} March 2027" in client.get("/plan/").text


def test_save_action_due_in_the_past_is_saved_and_said(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    form = FORM | {"year": "2025"}

    late = client.post(ADDRESS, data=form, follow_redirects=True).text
    done = client.post(
        ADDRESS, data=form | {"revision": "1", "is_done": "y"}, follow_redirects=True
    ).text

    said = f"It was due on {FORM['day']} March 2025, so the plan shows it as overdue."
    assert said in late
    assert said not in done
