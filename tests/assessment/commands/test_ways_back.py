"""Administrators' ways back: accounts, rounds, reopened assessments."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from assessment import clock
from assessment.clock import today
from assessment.core.answers.rounds import Round
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import UNKNOWN, ActorKind
from assessment.core.people.events import AuditEvent, EventKind
from assessment.core.people.memberships import Membership, Role
from assessment.services.answering import surveys
from assessment.services.people import accounts, queries
from assessment.storage import answers, assessments, audit, benchmarks, responses, rounds
from assessment.storage.actors import save_actor
from assessment.storage.sign_ins import save_session
from reports.formats import format_date
from reports.words import name_respondent
from tests.assessment.commands.running import run
from tests.factories import OPERATOR, make_answer

LEAD = "lead@a01.example"


def find(app: Flask, email: str) -> Membership | None:
    with app.extensions["database"]() as db:
        return queries.find_membership(db, email=email)


def read(app: Flask, email: str) -> Membership:
    account = find(app, email)
    assert account is not None
    return account


def sign_in(app: Flask) -> None:
    """Begin a session of the lead's."""
    with app.extensions["database"].begin() as db:
        now = clock.now()
        ends_at = now + timedelta(hours=1)
        save_session(db, read(app, LEAD).person.id, "key", begun_at=now, ends_at=ends_at)


def is_signed_in(app: Flask) -> bool:
    with app.extensions["database"]() as db:
        return queries.find_session(db, "key", clock.now()) is not None


def read_newest(app: Flask, authority_id: str) -> AuditEvent:
    with app.extensions["database"]() as db:
        return audit.read_events(db, authority_id)[0]


def test_account_activate_lets_a_deactivated_person_in_again(small_app: Flask):
    run(small_app, "account", "deactivate", LEAD)

    result = run(small_app, "account", "activate", LEAD.upper())

    assert (result.exit_code, result.output) == (0, f"{LEAD} may sign in again as lead.\n")
    assert read(small_app, LEAD).is_current
    newest = read_newest(small_app, "A01")
    assert (newest.kind, newest.actor.kind) == (
        EventKind.ACCOUNT_ACTIVATED,
        ActorKind.OPERATOR,
    )
    assert newest.detail == {"email": LEAD, "role": "lead"}


def test_account_activate_active_person_is_refused(small_app: Flask):
    result = run(small_app, "account", "activate", LEAD)

    assert (result.exit_code, result.output) == (
        1,
        f"{LEAD} can sign in: the account is active.\n",
    )


@pytest.mark.parametrize("words", [("role", LEAD, "reader"), ("move", LEAD, "A02")])
def test_account_of_a_deactivated_person_is_not_changed(small_app: Flask, words: tuple[str, ...]):
    run(small_app, "account", "deactivate", LEAD)

    result = run(small_app, "account", *words)

    assert (result.exit_code, result.output) == (
        1,
        f"{LEAD} is deactivated: activate the account first.\n",
    )


def test_account_email_corrects_the_address_and_ends_sessions(small_app: Flask):
    before = read(small_app, LEAD)
    sign_in(small_app)

    result = run(small_app, "account", "email", LEAD, "Jo.Field@A01.example")

    assert result.exit_code == 0, result.output
    after = read(small_app, "jo.field@a01.example")
    assert (after.person.id, after.role, after.authority_id) == (
        before.person.id,
        before.role,
        "A01",
    )
    assert not is_signed_in(small_app)
    assert find(small_app, LEAD) is None
    assert read_newest(small_app, "A01").detail == {
        "email": LEAD,
        "new_email": "jo.field@a01.example",
    }


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("jo@manchester", "'jo@manchester' is not an e-mail address."),
        ("", "'' is not an e-mail address."),
        ("LEAD@a01.example", f"{LEAD} is the address of this account already."),
        ("Kit@a02.example", "kit@a02.example has an account already."),
    ],
)
def test_account_email_to_what_cannot_be_is_refused(small_app: Flask, new: str, said: str):
    run(small_app, "account", "create", "kit@a02.example", "Kit", "lead", "--authority", "A02")

    result = run(small_app, "account", "email", LEAD, new)

    assert (result.exit_code, result.output) == (1, f"{said}\n")


def test_account_create_address_without_a_domain_is_refused(small_app: Flask):
    words = ("account", "create", "jo@manchester", "Jo", "lead", "--authority", "A02")

    result = run(small_app, *words)

    assert (result.exit_code, result.output) == (
        1,
        "'jo@manchester' is not an e-mail address.\n",
    )


def test_account_create_same_address_at_once_is_made_once(small_app: Flask):
    sessions = small_app.extensions["database"]

    def create(email: str) -> str:
        try:
            with sessions.begin() as db:
                person = (email, "Jo", Role.READER, "A02")
                return accounts.create_account(db, *person, today=today(), by=OPERATOR).person.email
        except NotAllowedError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(create, ["jo@a.example", "Jo@A.example"] * 2))

    assert said.count("jo@a.example") == 1
    assert sum(words.lower() == "jo@a.example has an account already." for words in said) == 3


def test_account_move_stands_in_both_audit_trails(small_app: Flask):
    sign_in(small_app)

    result = run(small_app, "account", "move", LEAD, "A02")

    assert result.exit_code == 0, result.output
    assert not is_signed_in(small_app)
    assert read(small_app, LEAD).authority_id == "A02"
    for authority_id in ("A01", "A02"):
        newest = read_newest(small_app, authority_id)
        assert newest.kind == EventKind.ACCOUNT_MOVED
        assert (newest.detail["moved_from"], newest.detail["moved_to"]) == ("A01", "A02")


def test_account_move_to_where_the_person_is_is_refused(small_app: Flask):
    assert run(small_app, "account", "move", LEAD, "A01").output == f"{LEAD} is of A01 already.\n"


def test_account_move_of_an_analyst_is_refused(small_app: Flask):
    run(small_app, "account", "create", "an@programme.example", "An", "analyst")

    result = run(small_app, "account", "move", "an@programme.example", "A01")

    assert result.exit_code == 1
    assert "is of the programme" in result.output


def test_account_list_names_everybody_and_who_is_deactivated(small_app: Flask):
    run(small_app, "account", "create", "an@programme.example", "An", "analyst")
    run(small_app, "account", "deactivate", LEAD)

    everybody = run(small_app, "account", "list")
    one = run(small_app, "account", "list", "--authority", "A01")

    lead = f"{LEAD}\tJo Field\tlead\tA01\tdeactivated\n"
    assert everybody.output == lead + "an@programme.example\tAn\tanalyst\tprogramme\tactive\n"
    assert one.output == lead


def read_round(app: Flask, round_id: str) -> Round:
    with app.extensions["database"]() as db:
        return rounds.read_round(db, round_id)


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def test_round_extend_moves_the_last_day(small_app: Flask):
    result = run(small_app, "round", "extend", "now", "--closes", f"{in_days(40)}")

    assert result.exit_code == 0, result.output
    assert result.output == f"Round now now closes at the end of {format_date(in_days(40))}.\n"
    assert read_round(small_app, "now").closes_on == in_days(40)


@pytest.mark.parametrize(
    ("round_id", "days", "said"),
    [
        ("now", 20, "Give a later day to extend it."),
        ("now", -3, "Give a later day to extend it."),
        ("past", -15, "is past: Round past would be over."),
        ("past", 5, "The days of round past overlap round now"),
        ("1066", 5, "There is no round 1066."),
    ],
)
def test_round_extend_wrongly_is_refused(small_app: Flask, round_id: str, days: int, said: str):
    result = run(small_app, "round", "extend", round_id, "--closes", f"{in_days(days)}")

    assert result.exit_code == 1
    assert said in result.output
    assert read_round(small_app, "now").closes_on == in_days(20)


def test_round_close_closes_at_the_end_of_today(small_app: Flask):
    result = run(small_app, "round", "close", "now")

    assert result.exit_code == 0, result.output
    assert read_round(small_app, "now").closes_on == today()


@pytest.mark.parametrize(
    ("round_id", "days", "said"),
    [
        ("now", -1, "it can close at the end of today, at the earliest"),
        ("now", 20, "Give an earlier day to close it."),
        ("past", 0, "Round past closed on"),
    ],
)
def test_round_close_wrongly_is_refused(small_app: Flask, round_id: str, days: int, said: str):
    result = run(small_app, "round", "close", round_id, "--on", f"{in_days(days)}")

    assert result.exit_code == 1
    assert said in result.output
    assert read_round(small_app, "now").closes_on == in_days(20)


def test_round_close_before_it_opens_is_refused(small_app: Flask):
    days = ("--opens", f"{in_days(50)}", "--closes", f"{in_days(60)}", "--version", "test-1")
    run(small_app, "round", "open", "next", *days, "--yes")

    result = run(small_app, "round", "close", "next", "--on", f"{in_days(45)}")

    assert result.exit_code == 1
    assert "so it cannot close before" in result.output


def test_round_open_that_is_over_says_so(small_app: Flask):
    days = ("--opens", "2020-01-01", "--closes", "2020-02-01", "--version", "test-1")

    result = run(small_app, "round", "open", "2020", *days, "--yes")

    assert result.exit_code == 0
    assert "It is over: nobody can answer in it" in result.output


REOPEN = ("assessment", "reopen", "A01", "--round", "now", "--yes", "--reason")


def test_assessment_reopen_can_be_answered_again_and_leaves_the_benchmark(small_app: Flask):
    result = run(small_app, *REOPEN, "Question 1.1 was <b>misread</b>.")

    assert result.exit_code == 0, result.output
    with small_app.extensions["database"]() as db:
        survey = surveys.read_survey(db, "A01", today(), "now")
        assert survey.is_open
        # nothing that was answered is lost
        assert set(survey.saved) == {"1.1", "1.2", "2.1"}
        assert survey.assessment.reopening_reason == "Question 1.1 was <b>misread</b>."
        assert survey.assessment.reopened_on == today()
        assert list(responses.read_answer_codes(db, "now", ["1.1"]).index) == ["A02", "A03"]
    newest = read_newest(small_app, "A01")
    assert newest.kind == EventKind.ASSESSMENT_REOPENED
    assert newest.detail == {"round": "now", "reason": "Question 1.1 was <b>misread</b>."}


def test_assessment_reopened_and_submitted_again_is_as_any_other(small_app: Flask):
    run(small_app, *REOPEN, "A mistake.")
    with small_app.extensions["database"].begin() as db:
        assert assessments.submit_assessment(db, "A01", "now", by=OPERATOR, counted=True)

    with small_app.extensions["database"]() as db:
        survey = surveys.read_survey(db, "A01", today(), "now")
        assert survey.assessment.is_submitted
        assert (survey.assessment.reopened_on, survey.assessment.reopening_reason) == (None, "")
        assert "A01" in responses.read_answer_codes(db, "now", ["1.1"]).index


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("A01", "--round", "now", "--reason", " "), "Give the reason: the authority reads it."),
        (("A09", "--round", "now", "--reason", "x"), "County 09 has not submitted in Round now."),
        (("A01", "--round", "past", "--reason", "x"), "Extend the round first."),
        (("A01", "--round", "1066", "--reason", "x"), "There is no round 1066."),
        (("NIX", "--round", "now", "--reason", "x"), "There is no authority NIX"),
    ],
)
def test_assessment_reopen_wrongly_is_refused(small_app: Flask, words: tuple[str, ...], said: str):
    result = run(small_app, "assessment", "reopen", *words, "--yes")

    assert result.exit_code == 1
    assert said in result.output


def test_responses_imported_are_named_as_the_programmes(small_app: Flask):
    with small_app.extensions["database"]() as db:
        survey = surveys.read_survey(db, "A01", today(), "now")

    assert survey.assessment.submitted_by is not None
    by = {survey.assessment.submitted_by, *(saved.changed_by for saved in survey.saved.values())}
    assert {name_respondent(actor) for actor in by} == {"the programme team from a file"}


WITHDRAW = ("responses", "withdraw", "A01", "--round", "past", "--yes")


def test_responses_withdraw_takes_an_import_back_and_leaves_editions(
    small_app: Flask, tmp_path: Path
):
    run(small_app, "edition", "cut", "past")

    result = run(small_app, *WITHDRAW)

    assert result.exit_code == 0, result.output
    with small_app.extensions["database"]() as db:
        assert assessments.read_assessment(db, "A01", "past") is None
        assert assessments.read_assessment(db, "A01", "now") is not None
        (cut,) = benchmarks.read_editions(db, "past")
        assert "A01" in benchmarks.read_answers_behind(db, cut)[0].index
    assert read_newest(small_app, "A01").kind == EventKind.RESPONSES_WITHDRAWN
    file = tmp_path / "again.csv"
    file.write_text("authority_code,question_id,level\nA01,1.1,4\n")
    assert run(small_app, "responses", "import", str(file), "--round", "past").exit_code == 0


@pytest.mark.parametrize("people_have", ["changed", "answered", "submitted"])
def test_responses_withdraw_what_people_have_touched_is_refused(small_app: Flask, people_have: str):
    with small_app.extensions["database"].begin() as db:
        if people_have == "changed":
            db.execute(text("UPDATE agreed_answer SET revision = 2"))
        elif people_have == "submitted":
            # a colleague of whom only a name was left
            submitter = save_actor(db, UNKNOWN)
            db.execute(text("UPDATE assessment SET submitted_by = :who"), {"who": submitter})
        else:
            lead = queries.find_membership(db, email=LEAD)
            assert lead is not None
            answer = make_answer("1.1", 3)
            answers.save_own_answer(db, "A01", "past", answer, by=lead.actor)

    result = run(small_app, *WITHDRAW)

    assert (result.exit_code, result.output) == (
        1,
        "County 01 has no answers in Round past that are as they were imported.\n",
    )
    with small_app.extensions["database"]() as db:
        assert assessments.read_assessment(db, "A01", "past") is not None
