"""Text made fit for paper."""

import unicodedata

import pytest
from markupsafe import Markup

from reports.printable import make_printable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Ŵyr a gŵr, 5 € – “da”", "Ŵyr a gŵr, 5 € – “da”"),
        ("e\u0301", "é"),
        ("rocket 🚀", "rocket □"),
        ("שלום", "□□□□"),
        ("abc\u202edef\u202c", "abcdef"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("re\u00adpro\u00adcure", "reprocure"),
        ("\ufeffa\u200bb\u200cc\u200dd\u2060e\u2066f\u2069\u0000\x1c", "abcdef"),
        ("✓\ufe0f a\u034fb\u3164", "✓ ab"),
        ("10\u00a0000", "10\u00a0000"),
    ],
)
def test_make_printable_keeps_only_what_the_font_has(text: str, printed: str) -> None:
    assert make_printable(text) == printed


def test_make_printable_long_word_may_break_every_twenty_letters() -> None:
    printed = make_printable("x" * 90)

    assert printed == "\u200b".join(["x" * 20] * 4 + ["x" * 10])  # 4 x 20 + 10 = 90


def test_make_printable_usual_word_is_kept_whole() -> None:
    assert make_printable("x" * 79) == "x" * 79


@pytest.mark.parametrize("value", [Markup("<b>🚀</b>"), 3, None])
def test_make_printable_leaves_all_but_plain_text(value: object) -> None:
    assert make_printable(value) is value


def test_make_printable_soft_hyphens_in_a_whole_note_leave_none() -> None:
    printed = make_printable("a\u00ad" * 2500)

    # 2,500 letters and a place to break after every 20 but the last: 2,500 / 20 - 1 = 124
    assert isinstance(printed, str)
    assert (printed.count("a"), printed.count("\u200b"), len(printed)) == (2500, 124, 2624)


@pytest.mark.slow
def test_make_printable_no_control_or_format_character_is_left() -> None:
    every = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)

    printed = make_printable(every)

    assert isinstance(printed, str)
    categories = {letter: unicodedata.category(letter) for letter in set(printed)}
    left = {letter for letter, category in categories.items() if category in {"Cc", "Cf"}}
    assert left == {"\n", "\r", "\t", "\u200b"}


def test_make_printable_words_held_together_beyond_a_line_are_let_go() -> None:
    held, short = "\u00a0".join(["word"] * 20), "\u00a0".join(["word"] * 4)

    assert make_printable(held) == " ".join(["word"] * 20)
    assert make_printable(short) == short
