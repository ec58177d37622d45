"""Questionnaire files that are damaged, elaborate or meant to harm: one sentence, at once."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessment.content.questionnaire import load_questionnaire
from assessment.core.errors import FileMistakesError
from tests.assessment.content.test_questionnaire import SMALL

# Nine lists, each of nine aliases of the one before: 9^9 = 387,420,489 texts.
BOMB = "a0: &a0 x\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


def write(folder: Path, content: str | bytes) -> Path:
    file = folder / "q.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def refuse(folder: Path, content: str | bytes) -> str:
    with pytest.raises(FileMistakesError) as refused:
        load_questionnaire(write(folder, content))
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "line 1: anchors and aliases (& and *) are not allowed; repeat the text"),
        ("a: b\nc: *b\n", "line 2: anchors and aliases (& and *) are not allowed; repeat the text"),
        ("a: &b\n  - *b\n", "line 1: anchors and aliases (& and *) are not allowed; repeat the "),
        ("a: b\nc: !!int abc\n", "line 2: the tag tag:yaml.org,2002:int is not allowed"),
        ("a:\n  !x [1]\n", "line 2: the tag !x is not allowed"),
        ("[" * 10_000, "line 1: is nested more than 30 deep"),
        ("- " * 10_000 + "a", "line 1: is nested more than 30 deep"),
        ("a: b\nc: 2026-13-45\n", "line 2: '2026-13-45' is not a date or a number"),
        ("a: 2026-02-30 25:00:00\n", "line 1: '2026-02-30 25:00:00' is not a date or a number"),
        (f"a: b\nc: {'9' * 5_000}\n", f"line 2: '{'9' * 40}' is not a date or a number"),
        ("a: 0b_\n", "line 1: '0b_' is not a date or a number that can be read"),
        ("title: x\nname: £\n".encode("cp1252"), "line 2: is not UTF-8 text (found the byte 0xa3)"),
        ("a: b".encode("utf-16"), "line 1: is not UTF-8 text (found the byte 0xff); save the file"),
        ("a: b\nc: \ufeff\n", "line 2: holds the character 0xfeff, which cannot be shown"),
    ],
)
def test_load_questionnaire_what_it_cannot_read_is_one_sentence_with_its_line(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    text = refuse(tmp_path, content)

    assert text.startswith(f"q.yaml: {message}")
    assert "\n" not in text


def test_load_questionnaire_nested_aliases_are_refused_at_once(tmp_path: Path) -> None:
    began = process_time()

    refuse(tmp_path, BOMB)

    assert process_time() - began < 1


def test_load_questionnaire_byte_order_mark_is_read(tmp_path: Path) -> None:
    marked = b"\xef\xbb\xbf" + SMALL.read_bytes()

    assert load_questionnaire(write(tmp_path, marked)) == load_questionnaire(SMALL)


def test_load_questionnaire_escaped_control_character_is_named_by_field(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8").replace("myth: ", 'myth: "\\0" #', 1)

    assert "myth: holds a character that cannot be shown" in refuse(tmp_path, text)


@pytest.mark.parametrize("weight", [".inf", ".nan", "-1", "1e400", "9" * 4_000])
def test_load_questionnaire_weight_that_is_no_number_is_named(tmp_path: Path, weight: str) -> None:
    text = SMALL.read_text(encoding="utf-8").replace("weight: 2", f"weight: {weight}", 1)

    assert "weight: " in refuse(tmp_path, text)


def test_load_questionnaire_many_mistakes_are_listed_in_part(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8") + "".join(f"x{n}: 1\n" for n in range(1, 101))

    lines = refuse(tmp_path, text).splitlines()

    # one hundred unknown fields: fifty are listed and fifty counted
    assert len(lines) == 51
    assert lines[-1] == "q.yaml: and 50 more"


PIECES = [
    *(b"&a ", b"*a", b"!!int ", b"!!timestamp ", b"<<: ", b"? ", b"- ", b": ", b"[", b"{", b'"'),
    *(b"\\0", b"\\ud800", b"%YAML 9.9\n", b"---\n", b"...\n", b"\t", b"\r", b"\x85", b"\xa3"),
    *(b"\xef\xbb\xbf", b"2026-99-99", b".nan", b"1e999", b"0x", b"0b_", b"~", b"|\n", b"'"),
]
CHANGES = st.lists(
    st.tuples(
        st.integers(0, SMALL.stat().st_size),
        st.integers(0, 40),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
@example(changes=[(0, 0, b"&a [*a]\n")])
@example(changes=[(0, 0, b"? [a]\n: b\n")])
def test_load_questionnaire_any_damage_is_read_or_refused_by_line(
    tmp_path: Path, changes: list[tuple[int, int, bytes]]
) -> None:
    content = SMALL.read_bytes()
    for start, length, piece in changes:
        content = content[:start] + piece + content[start + length :]

    mistakes = []
    try:
        load_questionnaire(write(tmp_path, content))
    except FileMistakesError as error:
        mistakes = error.mistakes

    assert all(mistake.line >= 1 for mistake in mistakes)
