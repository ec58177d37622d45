"""The core decides in enums and numbers: it has no sentence that people would read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CORE = Path(__file__).parents[3] / "assessment" / "core"
# Two words or more read like a sentence.
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
# Texts that are no sentences of ours, by module, and why.
REGISTER = "the register calls it so: data"
KEPT = "stored in rows and events of any age as it is"
ALLOWED = {
    "documents/report_requests.py": {"not submitted": KEPT},
    "people/vintages.py": dict.fromkeys(
        ("other first day", "other last day", "other successors", "other code", "other figures"),
        KEPT,
    ),
    "people/authorities.py": dict.fromkeys(
        (
            *("combined authority", "unitary authority", "metropolitan borough"),
            *("London borough", "Scottish council", "Welsh council", "Northern Irish district"),
        ),
        REGISTER,
    ),
    "questionnaire/questionnaire.py": dict.fromkeys(
        ("Northern Ireland", "European Union"), REGISTER
    ),
}
MODULES = sorted(CORE.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_core_has_no_sentence(module: Path):
    allowed = ALLOWED.get(str(module.relative_to(CORE)), {})

    sentences = set(find_sentences(ast.parse(module.read_text())))

    assert sentences == set(allowed)


def test_find_sentences_leaves_out_docstrings_and_errors():
    source = """
def say(name):
    \"\"\"Say no more.\"\"\"
    if name:
        raise ValueError(f"No such name: {name} here.")
    return f"shown when {name} more submit", "one_word"
"""

    assert list(find_sentences(ast.parse(source))) == ["shown when ", " more submit"]


def find_sentences(tree: ast.Module) -> Iterator[str]:
    """Yield texts of words that are neither docstrings nor messages of errors."""
    left_out = {id(part) for node in _list_exempt(tree) for part in ast.walk(node)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in left_out and WORDS.search(node.value):
            yield node.value


def _list_exempt(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield docstrings, what is raised, and what an error class makes its message of."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise():
                yield node
            case ast.Expr(value=ast.Constant()):
                yield node
            case ast.ClassDef(name=name) if name.endswith("Error"):
                yield node
            # _refuse raises, and an error's message is put together from words before.
            case ast.Call(func=ast.Name(id="_refuse")):
                yield node
