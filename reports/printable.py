"""Text made fit for paper: only letters our font has, and no word longer than a line.

A PDF may use no other font: which ones a machine has would change its bytes and could leave
letters without a shape, which PDF/UA forbids.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

FONT = Path(__file__).parent / "static" / "fonts" / "SourceSans3-Regular.ttf"
NO_LETTER = "□"
# A line holds fewer letters than MAX_WORD_LENGTH; longer words may break at every WORD_PART.
MAX_WORD_LENGTH = 80
WORD_PART = 20
LONG_WORD = re.compile(rf"\S{{{MAX_WORD_LENGTH},}}")
MAY_BREAK = "\u200b"
# Spaces that hold words together; words held together for more than a line are let go.
NO_BREAK_SPACES = "\u00a0\u2007\u202f"
HELD_TOGETHER = re.compile(rf"[\S{NO_BREAK_SPACES}]{{{MAX_WORD_LENGTH},}}")
LET_GO = str.maketrans(NO_BREAK_SPACES, " " * len(NO_BREAK_SPACES))
# Controls and formats, but for those that divide lines; then what Unicode calls ignorable by
# default although its category is of letters and marks.
INVISIBLE = ("Cc", "Cf")
LINE_BREAKS = "\n\r\t"
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)


def make_printable(value: object) -> object:
    """Make what a template prints fit for paper.

    Parameters
    ----------
    value : text, markup or anything else.

    Returns
    -------
    Plain text with a hollow square for each letter the font lacks, without characters that
    are not seen (such as soft hyphens, and those that turn the direction of writing), and with
    invisible places to break in its long words; anything but plain text as it is.

    Notes
    -----
    Laying out one word of n letters takes time in proportion to the square of n, and more
    where it has n soft hyphens.
    """
    if type(value) is not str:
        return value
    visible = "".join(map(_letter, unicodedata.normalize("NFC", IGNORABLE.sub("", value))))
    loose = HELD_TOGETHER.sub(lambda found: found.group().translate(LET_GO), visible)
    return LONG_WORD.sub(lambda found: MAY_BREAK.join(_parts(found.group())), loose)


def _letter(letter: str) -> str:
    """Return a letter as it can be printed; nothing for one that is not seen."""
    if letter in LINE_BREAKS:
        return letter
    if unicodedata.category(letter) in INVISIBLE:
        return ""
    return letter if letter.isspace() or ord(letter) in _font_letters() else NO_LETTER


@cache
def _font_letters() -> frozenset[int]:
    """Return the code points our font has a shape for."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # noqa: PLC0415 (slow)

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _parts(word: str) -> list[str]:
    """Cut a word into parts of a few letters."""
    return [word[start : start + WORD_PART] for start in range(0, len(word), WORD_PART)]
