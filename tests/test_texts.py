"""Every text that people read goes through the catalogue of messages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"

# What is done; the rest follows, a folder or a module at a time.
FOLDERS = ("components", "errors", "layouts", "mail", "pages")

# Attributes whose values people see or hear.
SPOKEN = re.compile(r'\b(?:alt|aria-label|content|data-label|placeholder|title)="([^"]*)"')
TAG = re.compile(r"<[^<>]*>")
# What stands in a variable to be put into a tag.
ATTRIBUTE = re.compile(r'[\w-]+="[^"\n]*"')
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Names of classes, which stand in expressions beside texts.
CLASSES = re.compile(r"\s*(?:(?:govuk|app|r)-[\w!-]+\s*)+")
CATALOGUE = {"_", "gettext", "ngettext"}

ALLOWED = {
    "width=device-width, initial-scale=1": "an instruction to browsers",
    "full": "the width of a column, in the name of a class",
    " checked": "an attribute",
    " selected": "an attribute",
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
        for value in (*node.args[len(node.args) :], *node.kwargs):
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
