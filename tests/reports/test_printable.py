"""Text made fit for paper."""

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
