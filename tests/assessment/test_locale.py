"""The catalogue of messages, and its template."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment
from markupsafe import Markup
from wtforms import Form, StringField

from assessment import locale
from assessment.locale import (
    ENGLISH,
    gettext,
    language_tag,
    lazy_gettext,
    lazy_ngettext,
    ngettext,
    set_up_messages,
    speak,
)
from reports.render import ReportKind, render_html, render_national_html
from tests.reports.factories import make_report
from tests.reports.national.test_national import make_national

ROOT = Path(__file__).parents[2]

# Six forms, of which CLDR says: none, one, two, three (and its relatives), six, any other.
WELSH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural=(n == 0) ? 0 : (n == 1) ? 1 : (n == 2) ? 2 : (n == 3) ? 3 : "
"(n == 6) ? 4 : 5;\\n"

msgid "Sign in"
msgstr "Mewngofnodi"

msgid "Hello %(name)s"
msgstr "Helo %(name)s"

msgid "%(num)s dog"
msgid_plural "%(num)s dogs"
msgstr[0] "%(num)s ci"
msgstr[1] "%(num)s ci"
msgstr[2] "%(num)s gi"
msgstr[3] "%(num)s chi"
msgstr[4] "%(num)s chi"
msgstr[5] "%(num)s ci"
"""


@pytest.fixture
def welsh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A reader of Welsh, of which a few messages are there."""
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "messages.po").write_text(WELSH)
    with (tmp_path / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale="cy")
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(locale, "FOLDER", tmp_path)
    locale._load_catalogue.cache_clear()
    token = locale.language.set("cy")
    yield
    locale.language.reset(token)
    locale._load_catalogue.cache_clear()


def make_environment(**settings: object) -> Environment:
    environment = Environment(autoescape=True, **settings)
    set_up_messages(environment)
    return environment


def test_gettext_english_is_the_message_with_its_values():
    assert gettext("Hello %(name)s, 100%% sure", name="Ann") == "Hello Ann, 100% sure"


def test_speak_says_everything_in_a_language_for_a_while(welsh: None):
    with speak(ENGLISH):
        assert gettext("Sign in") == "Sign in"
    assert gettext("Sign in") == "Mewngofnodi"


def test_language_tag_is_that_of_the_reader():
    assert language_tag() == "en-GB"
    with speak("cy"):
        assert language_tag() == "cy"


def test_documents_name_the_language_that_is_spoken():
    report = make_report()

    with speak("cy"):
        documents = [render_html(report, kind) for kind in ReportKind]
        documents.append(render_national_html(make_national()))

    assert [re.findall("<html lang=([^>]*)>", html) for html in documents] == [['"cy"']] * 4


def test_no_template_names_a_language_itself():
    named = {
        template.relative_to(ROOT / "templates").as_posix(): re.findall("lang=(.*?)[ >]", text)
        for template in (ROOT / "templates").rglob("*.html")
        if "lang=" in (text := template.read_text())
    }

    assert set(named) == {
        *("layouts/page.html", "report/_document.html", "report/workbook/document.html")
    }
    assert [tag for tags in named.values() for tag in tags] == ['"{{'] * 3


def test_gettext_value_may_have_any_name():
    assert gettext("%(message)s", message="No") == "No"
    assert str(lazy_gettext("%(message)s", message="No")) == "No"
    environment = make_environment()
    template = environment.from_string("{% trans message='No' %}{{ message }}!{% endtrans %}")
    assert template.render() == "No!"


def test_ngettext_has_the_count_as_it_is_or_as_it_is_written():
    one, many = "%(num)s answer", "%(num)s answers"

    assert ngettext(one, many, 1) == "1 answer"
    assert ngettext(one, many, 0) == "0 answers"
    assert ngettext(one, many, 1200, num="1,200") == "1,200 answers"


def test_gettext_other_language_is_that_of_the_reader(welsh: None):
    assert gettext("Hello %(name)s", name="Ann") == "Helo Ann"
    assert gettext("Not translated yet") == "Not translated yet"


@pytest.mark.parametrize(
    ("count", "dogs"),
    [(0, "0 ci"), (1, "1 ci"), (2, "2 gi"), (3, "3 chi"), (6, "6 chi"), (9, "9 ci")],
)
def test_ngettext_welsh_has_six_forms(welsh: None, count: int, dogs: str):
    assert ngettext("%(num)s dog", "%(num)s dogs", count) == dogs


def test_lazy_gettext_is_said_when_it_is_shown(request: pytest.FixtureRequest):
    label, fill = lazy_gettext("Sign in"), lazy_ngettext("%(num)s dog", "%(num)s dogs")
    assert (str(label), fill(2)) == ("Sign in", "2 dogs")

    request.getfixturevalue("welsh")

    assert (str(label), fill(2)) == ("Mewngofnodi", "2 gi")


def test_lazy_gettext_is_a_label_of_a_field():
    class SignInForm(Form):
        name = StringField(lazy_gettext("Name of <b>%(what)s</b>", what="it"))

    assert str(SignInForm().name.label) == (
        '<label for="name">Name of &lt;b&gt;it&lt;/b&gt;</label>'
    )


def test_templates_escape_values_and_not_messages():
    template = make_environment().from_string(
        "{% trans name=name %}Hello <b>{{ name }}</b>, 100% sure{% endtrans %}"
        "{{ _('Hello %(name)s', name=name) }}"
    )

    assert template.render(name="<i>") == ("Hello <b>&lt;i&gt;</b>, 100% sureHello &lt;i&gt;")


def test_templates_without_autoescape_leave_values_as_they_are():
    environment = make_environment()
    environment.autoescape = False

    assert (
        environment.from_string("{% trans %}Hi {{ x }}{% endtrans %}").render(x="<i>") == "Hi <i>"
    )


def test_templates_plural_goes_with_the_count():
    template = make_environment().from_string(
        "{% trans n=n %}{{ n }} dog{% pluralize %}{{ n }} dogs{% endtrans %}"
    )

    assert [template.render(n=n) for n in (1, 2)] == ["1 dog", "2 dogs"]


def test_templates_line_breaks_are_no_part_of_a_message(welsh: None):
    template = make_environment().from_string("{% trans %}\n  Sign\n  in\n{% endtrans %}")

    assert template.render() == "Mewngofnodi"


def test_templates_values_are_made_ready_as_where_they_stand_alone():
    environment = make_environment(finalize=lambda v: v.upper() if type(v) is str else v)
    template = environment.from_string("{% trans %}Hello {{ name }} {{ also }}{% endtrans %}")

    assert template.render(name="Ann", also=Markup("<b>")) == "Hello ANN <b>"


def test_template_of_the_catalogue_is_what_extraction_gives(tmp_path: Path):
    make = shutil.which("make")
    assert make
    extracted = tmp_path / "messages.pot"

    subprocess.run(
        [make, "--no-print-directory", "messages", f"MESSAGES={extracted}"], cwd=ROOT, check=True
    )

    assert extracted.read_text() == (ROOT / "assessment" / "locale" / "messages.pot").read_text(), (
        "run make messages"
    )
