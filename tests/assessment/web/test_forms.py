"""Every error that a form shows is in the catalogue, whatever is sent to it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_wtf import FlaskForm

from assessment.core.plans.plans import Plan
from assessment.locale import speak
from assessment.web.forms.accounts import CodeForm, ConfirmForm, EmailForm
from assessment.web.forms.answering import SubmitForm
from assessment.web.forms.planning import build_action_form, build_targets_form
from assessment.web.forms.questions import build_question_form
from assessment.web.forms.verifying import CheckReportForm
from tests.factories import make_questionnaire

QUESTIONNAIRE = make_questionnaire()


def offer_submission() -> SubmitForm:
    form = SubmitForm()
    form.offer(QUESTIONNAIRE, unchecked=2)
    return form


FORMS: dict[str, Callable[[], FlaskForm]] = {
    "email": EmailForm,
    "code": CodeForm,
    "confirm": ConfirmForm,
    "submit": offer_submission,
    "targets": lambda: build_targets_form(QUESTIONNAIRE, Plan(targets={}, actions=())),
    "action": lambda: build_action_form(QUESTIONNAIRE, None),
    "question": lambda: build_question_form(QUESTIONNAIRE, None, round_id="2026"),
    "report": CheckReportForm,
}


@pytest.fixture
def bare_app() -> Flask:
    """An application without pages, which leaves the token of a form to the product's own."""
    app = Flask(__name__)
    app.config |= {"WTF_CSRF_ENABLED": False, "SECRET_KEY": "test"}
    return app


def test_every_form_is_listed_here(bare_app: Flask):
    with bare_app.test_request_context(method="POST"):
        made = [build() for build in FORMS.values()]

    ours = [form for form in list_forms(FlaskForm) if form.__module__.startswith("assessment.")]
    assert {form for form in ours if not any(isinstance(one, form) for one in made)} == set()


def list_forms(form: type[FlaskForm]) -> list[type[FlaskForm]]:
    """List the classes that are made from a form, directly or not."""
    return [one for below in form.__subclasses__() for one in (below, *list_forms(below))]


@pytest.mark.usefixtures("marked_welsh")
@pytest.mark.parametrize("typed", [None, "", "nonsense", "x" * 20_000])
@pytest.mark.parametrize("name", FORMS)
def test_form_shows_messages_of_the_catalogue_alone(name: str, typed: str | None, bare_app: Flask):
    with bare_app.test_request_context(method="POST"):
        fields = [field.name for field in FORMS[name]()]
    data = {} if typed is None else dict.fromkeys(fields, typed)

    with bare_app.test_request_context(method="POST", data=data), speak("cy"):
        form = FORMS[name]()
        form.validate()
        errors = [str(error) for messages in form.errors.values() for error in messages]

    assert [error for error in errors if not error.startswith("¡")] == []
