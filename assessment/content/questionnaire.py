"""questions.yaml: from the file to a Questionnaire, or every mistake with its line."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from assessment.content.files import decode_text
from assessment.core.errors import FileMistakesError, Mistake
from assessment.core.questionnaire.questionnaire import (
    Contradiction,
    HookKind,
    Principle,
    Question,
    Questionnaire,
)

# An id that stands in addresses and file names.
PART_OF_AN_ADDRESS = r"[A-Za-z0-9][A-Za-z0-9.-]*"
# Words that a table reads as nothing are no ids.
CHOICE_ID = r"(?!(?:na|nan|none|null)$)[a-z][a-z-]*"
# What YAML and databases cannot hold: control characters and half characters.
UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# A questionnaire is nine deep; what is much deeper is none and would exhaust the reader.
MAX_DEPTH = 30
MAX_SHOWN = 40

YamlPath = tuple[str | int, ...]
Finding = tuple[YamlPath, str]

# pydantic hands its configuration to plain dataclasses only through a type around them.
_SHAPE = TypeAdapter(tuple[Questionnaire], config=ConfigDict(extra="forbid"))
_STORED = TypeAdapter(Questionnaire)

_MESSAGES = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a field of the questionnaire",
}


def load_questionnaire(path: Path) -> Questionnaire:
    """Read and check a questionnaire file; raises FileMistakesError with every mistake."""
    return parse_questionnaire(decode_text(path.read_bytes(), path.name), path.name)


def parse_questionnaire(text: str, name: str) -> Questionnaire:
    """Check the text of a questionnaire file and return the questionnaire.

    Raises FileMistakesError, which lists every mistake with its line and field.
    """
    root, data, repeated = _compose(text, name)
    try:
        (questionnaire,) = _SHAPE.validate_python((data,))
    except ValidationError as error:
        wrong = [(tuple(e["loc"][1:]), _in_words(e)) for e in error.errors()]
        raise _refuse(name, root, wrong, repeated) from None
    findings = list(_find_mistakes(questionnaire))
    if findings or repeated:
        raise _refuse(name, root, findings, repeated)
    return questionnaire


def dump_questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the questionnaire as plain data for the database."""
    return dict(_STORED.dump_python(questionnaire, mode="json"))


def restore_questionnaire(content: dict[str, Any]) -> Questionnaire:
    """Return the questionnaire that dump_questionnaire made plain data of."""
    return _STORED.validate_json(json.dumps(content))


def _compose(text: str, name: str) -> tuple[yaml.Node, Any, list[Mistake]]:
    """Parse YAML into nodes, which know their lines, and data; list the repeated keys."""
    if unprintable := UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        words = f"holds the character {ord(unprintable[0]):#06x}, which cannot be shown"
        raise FileMistakesError(name, [Mistake(line, "", words)])
    try:
        _refuse_elaborate(text)
        with closing(_Loader(text)) as loader:
            root = loader.get_single_node()
            if root is None:
                raise FileMistakesError(name, [Mistake(1, "", "the file is empty")])
            return root, loader.construct_document(root), list(_repeated_keys(root, ()))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileMistakesError(name, [Mistake(line, "", str(error.problem))]) from None


def _refuse_elaborate(text: str) -> None:
    """Refuse what a questionnaire needs none of, before anything is made of it.

    Nine lists of nine aliases each stand for 387 million texts; a tag can ask for any type;
    each level of nesting takes room on the stack.
    """
    depth = 0
    with closing(_Loader(text)) as loader:
        while loader.check_event():
            event: Any = loader.get_event()
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _error(
                    event, "anchors and aliases (& and *) are not allowed; repeat the text"
                )
            if tag := getattr(event, "tag", None):
                raise _error(event, f"the tag {tag[:MAX_SHOWN]} is not allowed")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _error(event, f"is nested more than {MAX_DEPTH} deep")


def _error(part: Any, words: str) -> yaml.MarkedYAMLError:
    """Return an error at the path of a part of the file."""
    return yaml.MarkedYAMLError(problem=words, problem_mark=part.start_mark)


class _Loader(yaml.CSafeLoader):
    """The fast loader, closed like a file, which names the line of a value it cannot read."""

    def close(self) -> None:
        """Let go of what was read."""
        self.dispose()

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return what a node stands for; a date or a number may be none that there is."""
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, OverflowError):
            words = f"{node.value[:MAX_SHOWN]!r} is not a date or a number that can be read"
            raise _error(node, words) from None


def _repeated_keys(node: yaml.Node, path: YamlPath) -> Iterator[Mistake]:
    """Yield a mistake for each key that stands twice in one mapping."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            field = _field((*path, key.value))
            line = key.start_mark.line + 1
            if key.value in seen:
                yield Mistake(line, field, f"stands already on line {seen[key.value]}")
            seen.setdefault(key.value, line)
            yield from _repeated_keys(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _repeated_keys(value, (*path, number))


def _refuse(
    name: str, root: yaml.Node, findings: list[Finding], repeated: list[Mistake]
) -> FileMistakesError:
    """Return the error that lists all mistakes found."""
    mistakes = [Mistake(_line(root, path), _field(path), words) for path, words in findings]
    return FileMistakesError(name, mistakes + repeated)


def _line(node: yaml.Node, path: YamlPath) -> int:
    """Return the line where a path in the data, or the nearest thing above it, stands."""
    line = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = {key.value: (key, value) for key, value in node.value}.get(str(step))
            if found is None:
                return line
            # The line of the key: its value may begin on a later one.
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                return line
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _field(path: YamlPath) -> str:
    """Write a path in the data as people read it: principles[2].questions[1].title."""
    parts = [f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")


def _in_words(error: Any) -> str:
    """Say what pydantic found wrong in our words where we have them."""
    return str(_MESSAGES.get(error["type"], error["msg"].lower()))


def _find_mistakes(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what the shape alone cannot tell."""
    numbers = [level.number for level in questionnaire.levels]
    if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)):
        yield ("levels",), "must be numbered 1, 2, 3 and so on, at least two of them"
    if not re.fullmatch(PART_OF_AN_ADDRESS, questionnaire.version):
        yield ("version",), "may hold letters, digits, full stops and hyphens only"
    yield from _blank_texts(dump_questionnaire(questionnaire), ())
    yield from _find_repeated_ids(questionnaire)
    yield from _find_in_choices(questionnaire)
    for case_number, case in enumerate(questionnaire.cases):
        for number, source in enumerate(case.sources):
            yield from _find_bad_url(source.url, ("cases", case_number, "sources", number))
    for number, term in enumerate(questionnaire.glossary):
        if term.source is not None:
            yield from _find_bad_url(term.source.url, ("glossary", number, "source"))
    if not questionnaire.principles:
        yield ("principles",), "must hold at least one principle"
    for number, principle in enumerate(questionnaire.principles):
        yield from _find_in_principle(questionnaire, principle, ("principles", number))
    for number, pair in enumerate(questionnaire.contradictions):
        yield from _find_in_contradiction(questionnaire, pair, ("contradictions", number))


def _find_in_choices(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield the mistakes of what may be chosen when submitting."""
    lists = {"barriers": questionnaire.barriers, "support": questionnaire.support}
    for name, choices in lists.items():
        if not choices and any(lists.values()):
            yield (name,), "must stand beside the other list"
        for number, choice in enumerate(choices):
            if not re.fullmatch(CHOICE_ID, choice.id):
                yield (name, number, "id"), "may hold lower-case letters and hyphens only"


def _find_in_contradiction(
    questionnaire: Questionnaire, pair: Contradiction, path: YamlPath
) -> Iterator[Finding]:
    """Yield the mistakes of one pair of levels that hardly go together."""
    for field, question_id in (("question_id", pair.question_id), ("other_id", pair.other_id)):
        if question_id not in questionnaire.question_ids:
            yield (*path, field), f"there is no question {question_id}"
    if pair.question_id == pair.other_id:
        yield (*path, "other_id"), "must be another question"
    for field, level in (("least", pair.least), ("most", pair.most)):
        if not 1 <= level <= len(questionnaire.levels):
            yield (*path, field), f"must be a level from 1 to {len(questionnaire.levels)}"


def _find_repeated_ids(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield ids that two things of a kind share, and retired ids that are used again."""
    paths = list(_list_ids(questionnaire))
    counts = Counter(what for what, _ in paths)
    retired = {f"question {question_id}" for question_id in questionnaire.retired_ids}
    for what, path in paths:
        if counts[what] > 1:
            yield path, f"{what} is there {counts[what]} times; an id belongs to one thing"
        # Answers of two versions are matched by the question's id: used again, it would carry the
        # answers to one question over to another.
        if what in retired:
            yield path, f"{what} is retired; take an id that was never used"


def _list_ids(questionnaire: Questionnaire) -> Iterator[tuple[str, YamlPath]]:
    """Yield everything that has an id, by its kind and id, with where that stands."""
    for n, case in enumerate(questionnaire.cases):
        yield f"case {case.id}", ("cases", n, "id")
    for n, principle in enumerate(questionnaire.principles):
        yield f"principle {principle.id}", ("principles", n, "id")
    for n, term in enumerate(questionnaire.glossary):
        yield f"term {term.id}", ("glossary", n, "term")
    # The two lists are stored and published apart, so both may use an id.
    lists = {"barriers": questionnaire.barriers, "support": questionnaire.support}
    for kind, choices in lists.items():
        for n, choice in enumerate(choices):
            yield f"choice {kind}.{choice.id}", (kind, n, "id")
    for n, principle in enumerate(questionnaire.principles):
        for m, question in enumerate(principle.questions):
            yield f"question {question.id}", ("principles", n, "questions", m, "id")


def _find_in_principle(
    questionnaire: Questionnaire, principle: Principle, path: YamlPath
) -> Iterator[Finding]:
    """Yield the mistakes of one principle and its questions."""
    if not principle.questions:
        yield (*path, "questions"), "must hold at least one question"
    for number, question in enumerate(principle.questions):
        yield from _find_in_question(questionnaire, question, (*path, "questions", number))


def _find_in_question(
    questionnaire: Questionnaire, question: Question, path: YamlPath
) -> Iterator[Finding]:
    """Yield the mistakes of one question."""
    levels = len(questionnaire.levels)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", question.id):
        yield (*path, "id"), "may hold lower-case letters, digits, full stops and hyphens only"
    if len(question.descriptors) != levels:
        yield (
            (*path, "descriptors"),
            f"needs {levels} texts, one for each level, and has {len(question.descriptors)}",
        )
    if [action.from_level for action in question.actions] != list(range(1, levels)):
        yield (*path, "actions"), f"needs one action from each level from 1 to {levels - 1}"
    # Written so that NaN is refused too: YAML reads .nan and .inf as numbers.
    if not 0 < question.weight < math.inf:
        yield (*path, "weight"), "must be more than 0 and finite"
    yield from _find_unknown_cases(questionnaire, question, path)
    for number, source in enumerate(question.sources):
        yield from _find_bad_url(source.url, (*path, "sources", number))
    for number, entry in enumerate(question.crosswalk):
        yield from _find_bad_url(entry.source.url, (*path, "crosswalk", number, "source"))
    for number, hook in enumerate(question.legal):
        at = (*path, "legal", number)
        yield from _find_bad_url(hook.source.url, (*at, "source"))
        if hook.flag_below is not None and hook.kind is not HookKind.DUTY:
            yield (*at, "flag_below"), "goes with a duty only"
        # Below level 1 there is nobody to flag.
        if hook.flag_below is not None and not 1 < hook.flag_below <= levels:
            yield (*at, "flag_below"), f"must be a level from 2 to {levels}"


def _find_unknown_cases(
    questionnaire: Questionnaire, question: Question, path: YamlPath
) -> Iterator[Finding]:
    """Yield the case studies a question or its actions name that are not there."""
    known = {case.id for case in questionnaire.cases}
    named: list[Finding] = [
        (("cases", number), case_id) for number, case_id in enumerate(question.cases)
    ]
    named += [(("actions", n, "case"), a.case) for n, a in enumerate(question.actions) if a.case]
    for at, case_id in named:
        if case_id not in known:
            yield (*path, *at), f"there is no case {case_id}"


def _find_bad_url(url: str, path: YamlPath) -> Iterator[Finding]:
    """Yield a mistake where an address is not one of the web."""
    if not re.fullmatch(r"https?://\S+", url):
        yield (*path, "url"), "must begin with http:// or https:// and hold no spaces"


def _blank_texts(value: Any, path: YamlPath) -> Iterator[Finding]:
    """Yield every text that is there but empty."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _blank_texts(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _blank_texts(part, (*path, number))
    elif isinstance(value, str) and not value.strip():
        yield path, "must not be empty"
    elif isinstance(value, str) and UNPRINTABLE.search(value):
        yield path, "holds a character that cannot be shown"
