"""Every text that people read goes through the catalogue of messages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"

ROOMS = (
    "assessment/content",
    "assessment/services",
    "assessment/storage",
    "assessment/web",
    "reports",
)

# What was written once is carried over as it was.
MIGRATIONS = "assessment/storage/migrations/"

FOLDERS = ("components", "errors", "layouts", "mail", "pages", "report")

# Modules whose texts nobody reads in another language.
ENGLISH_ALONE = {
    "assessment/content/files.py": "operators read what is wrong with a file they hand in",
    "assessment/content/questionnaire.py": "as of files: the questionnaire's authors read it",
    "assessment/content/register.py": "as of files: who keeps the register reads it",
    "assessment/content/style.py": "how the English of the questionnaire reads",
    "assessment/storage/database.py": "operators read in the log that tables are missing",
    "assessment/web/config.py": "people who install the product read what is wrong in its settings",
    "assessment/web/open_api.py": "the description of the API, which is in English",
    "assessment/web/views/open_data.py": "programs read what is wrong with the address asked for",
    "reports/open_data/rows.py": "the columns of open data and their descriptions are in English",
    "reports/open_data/spreadsheet.py": "the same edition gives the same file in every language",
    "reports/open_data/open_data.py": "the description of open data is in English",
}

# Attributes whose values people see or hear.
SPOKEN = re.compile(r'\b(?:alt|aria-label|content|data-label|placeholder|title)="([^"]*)"')
TAG = re.compile(r"<[^<>]*>")
# What stands in a variable to be put into a tag.
ATTRIBUTE = re.compile(r'[\w-]+="[^"\n]*"')
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Names of classes, which stand in expressions beside texts.
CLASSES = re.compile(r"\s*(?:(?:govuk|app|r)-[\w!-]+\s*)+")
CATALOGUE = {"_", "gettext", "lazy_gettext", "lazy_ngettext", "mark", "ngettext"}
BROKEN_PROMISES = {"ValueError", "TypeError", "RefusedAddressError", "FrameError"}
# SQL and types, which stand in texts.
TECHNICAL_CALLS = {"text", "CheckConstraint", "cast"}
# Two words, the end of a sentence, or what joins words; but not a header, a pattern or a limit.
SENTENCE = re.compile(r"[^\W\d_]{2,}\S* \S*[^\W\d_]|[^\W\d_]\.$|^,? (?:and|or) $")
NO_SENTENCE = re.compile(
    r"[\w-]+/[\w-]+; charset=utf-8|[\w-]+=.*|default-src .*|attachment; .*|public, .*"
    r"|\d+ per (?:\d+ )?minutes?|<!doctype html>.*|<svg .*|d MMMM y|\nPreferred-Languages: en\n"
)

ALLOWED = {
    "width=device-width, initial-scale=1": "an instruction to browsers",
    "full": "the width of a column, in the name of a class",
    " checked": "an attribute",
    " selected": "an attribute",
    "in progress": "the name of a state, which its message replaces",
    "not begun": "the name of a state, which its message replaces",
    "mails for client": "the name of a limit",
    "wrong codes": "the name of a limit",
    "cut an edition": "the name of a lock",
    "change the rounds": "the name of a lock",
    "documents of ": "the name of a lock",
    "Imported from a file without a reason": "kept in answers, as what people write there is",
}


def list_templates() -> list[str]:
    files = (file for folder in FOLDERS for file in (TEMPLATES / folder).rglob("*.*"))
    return sorted(str(file.relative_to(TEMPLATES)) for file in files)


def list_texts(source: str) -> Iterator[str]:
    """List what a template prints that is in no message."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.newstyle_gettext = True
    yield from _list_markup(environment, source)
    yield from _list_constants(environment.parse(source))


def _list_markup(environment: Environment, source: str) -> Iterator[str]:
    """List the texts and spoken attributes of the markup itself."""
    markup, is_message, begins = "", False, False
    for _, kind, value in environment.lex(source):
        if kind == "block_begin":
            begins = True
        elif begins and kind == "name":
            is_message = value == "trans" or (is_message and value != "endtrans")
            begins = False
        elif kind == "data" and not is_message:
            markup += value
        elif kind == "variable_begin":
            markup += "\0"
    printed = ATTRIBUTE.sub("", TAG.sub("\n", markup))
    for text in [*SPOKEN.findall(markup), *re.split(r"[\n\0]+", printed)]:
        if LETTERS.search(text) and text.strip() not in ALLOWED:
            yield text.strip()


def _list_constants(node: nodes.Node) -> Iterator[str]:
    """List the constants of expressions that read like texts."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in CATALOGUE:
        for value in node.kwargs:
            yield from _list_constants(value)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _reads(node.value):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _list_constants(child)


def _reads(text: str) -> bool:
    """Return whether a constant reads like something for people: a capital, or several words."""
    if CLASSES.fullmatch(text) or text in ALLOWED:
        return False
    return bool(
        re.search(r"[^\W\d_]{2,}.*\s\S*[^\W\d_]|^[A-Z][a-z]|^\s+[a-z]{2,}$|[a-z]{2}:(?!//)", text)
    )


@pytest.mark.parametrize("name", list_templates())
def test_template_prints_messages_alone(name: str):
    assert list(list_texts((TEMPLATES / name).read_text())) == []


def list_sentences(source: str) -> Iterator[str]:
    """List what a module says that is in no message."""
    tree = ast.parse(source)
    silent = set(_list_silent(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent:
            text = node.value
            if _is_sentence(text):
                yield text


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and not NO_SENTENCE.fullmatch(text) and text not in ALLOWED


def _list_silent(tree: ast.AST) -> Iterator[ast.AST]:
    """List what is a message, or no text for people: docstrings, log lines, broken promises."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.Call(func=ast.Name(id=name)) if name in CATALOGUE:
                yield from (part for value in node.args for part in ast.walk(value))
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="logger") | ast.Name(id="logger"))
            ):
                yield from ast.walk(node)
            case ast.Call(func=ast.Name(id=name)) if name in TECHNICAL_CALLS:
                yield from ast.walk(node)
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in BROKEN_PROMISES:
                yield from ast.walk(node)
            case ast.FunctionDef(returns=ast.Constant() as annotation):
                yield annotation


def list_modules() -> list[str]:
    files = (file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
    names = (file.relative_to(ROOT).as_posix() for file in files)
    return sorted(
        name for name in names if name not in ENGLISH_ALONE and not name.startswith(MIGRATIONS)
    )


@pytest.mark.parametrize("name", list_modules())
def test_module_says_messages_alone(name: str):
    assert list(list_sentences((ROOT / name).read_text())) == []


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>{{ _('Hello you') }} {{ name }}</p>", []),
        ("<p>{% trans %}Hello <b>you</b>{% endtrans %}</p>", []),
        ("{% trans n=1 %}{{ n }} dog{% pluralize %}{{ n }} dogs{% endtrans %}", []),
        ('<p class="some words">{{ "govuk-button app-wide" }}</p>', []),
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{{ n }} dogs</p>", ["dogs"]),
        ('<a aria-label="Back">1</a>', ["Back"]),
        ("{{ 'Change' if saved else 'Answer' }}", ["Change", "Answer"]),
        ("{{ 'at %s' % n }}{{ ' yet' if open }}", ["at %s", " yet"]),
        ("{{ _('%(a)s', a='level three') }}", ["level three"]),
    ],
)
def test_list_texts_finds_what_is_in_no_message(source: str, texts: list[str]):
    assert list(list_texts(source)) == texts


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('"""A docstring of it."""', []),
        ("def make() -> 'tuple[Style, Font]': ...", []),
        ("flash(gettext('Saved at last.'))", []),
        ("raise ValueError('no such thing')", []),
        ("app.logger.error('request failed')", []),
        ("logger.error('request failed')", []),
        ("text('SELECT one FROM many')", []),
        ("flash('Saved.')", ["Saved."]),
        ("flash(f'{n} answers confirmed.')", [" answers confirmed."]),
        ("raise ValidationError('Give a date')", ["Give a date"]),
        ("gettext('%(a)s', a='in two words')", ["in two words"]),
    ],
)
def test_list_sentences_finds_what_is_in_no_message(source: str, texts: list[str]):
    assert list(list_sentences(source)) == texts
