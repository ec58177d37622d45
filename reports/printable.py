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
# A line holds fewer letters than LONGEST_WORD; longer words may break at every WORD_PART.
LONGEST_WORD = 80
WORD_PART = 20
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD},}}")
MAY_BREAK = "\u200b"
UNSEEN = ("Cc", "Cf")


def make_printable(value: object) -> object:
    """Make what a template prints fit for paper.

    Parameters
    ----------
    value : text, markup or anything else.

    Returns
    -------
    Plain text with a hollow square for each letter the font lacks, without characters that
    are not seen (such as those that turn the direction of writing), and with invisible places
    to break in its long words; anything but plain text as it is.

    Notes
    -----
    Laying out one word of n letters takes time in proportion to the square of n.
    """
    if type(value) is not str:
        return value
    seen = "".join(map(_letter, unicodedata.normalize("NFC", value)))
    return LONG_WORD.sub(lambda found: MAY_BREAK.join(_parts(found.group())), seen)


def _letter(letter: str) -> str:
    """Return a letter as it can be printed; nothing for one that is not seen."""
    if letter.isspace() or ord(letter) in _font_letters():
        return letter
    return "" if unicodedata.category(letter) in UNSEEN else NO_LETTER


@cache
def _font_letters() -> frozenset[int]:
    """Return the code points our font has a shape for."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # noqa: PLC0415 (slow)

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _parts(word: str) -> list[str]:
    """Cut a word into parts of a few letters."""
    return [word[start : start + WORD_PART] for start in range(0, len(word), WORD_PART)]
