"""Files that people hand in: their text, and the tables that spreadsheets write."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assessment.core.errors import FileMistakesError, Mistake, MistakeList

DELIMITERS = ",;\t"
# With which a spreadsheet may say its delimiter, before the columns.
SEPARATOR_LINES = tuple(f"sep={mark}" for mark in DELIMITERS)
# How much of a text that is not understood is repeated. [characters]
MAX_SHOWN = 80
# So many columns that are not known are named.
MAX_NAMED = 5
# A workbook of a spreadsheet, and not the text of one.
WORKBOOK = b"PK\x03\x04"
NO_BREAK_SPACE = b"\xa0"
# Characters without width that stand around copied texts; white space is stripped anyway.
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, its texts by column."""

    line: int
    fields: Mapping[str, str]


def decode_text(content: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises FileMistakesError, which names the line, where it is anything else.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"the byte {content[error.start]:#04x}"
        words = f"is not UTF-8 text (found {found}); save the file as UTF-8"
        raise FileMistakesError(name, [Mistake(line, "", words)]) from None


def read_table(
    content: bytes, name: str, columns: Sequence[str], mistakes: MistakeList
) -> Iterator[Row]:
    """Yield the rows of a CSV file as a spreadsheet may have written it.

    Rows that cannot be read are noted in ``mistakes``. Where so many stand in it, from here or
    from the caller, that they are enough, the rest of the file is not read.

    Read are UTF-8 and UTF-16, with commas, semicolons or tabs, with any ends of lines; columns
    in any order and case; white space around texts; empty rows, and empty columns at the end.
    A text holds no line break, so that a quotation mark without its partner is found where it
    stands. Raises FileMistakesError with one mistake where the columns cannot be told.
    """
    lines = _number_lines(_decode_table(content, name))
    line, header = next(lines, (1, ""))
    delimiter = ""
    if header.casefold() in SEPARATOR_LINES:
        delimiter = header[-1]
        line, header = next(lines, (line + 1, ""))
    delimiter, order = _find_columns(header, delimiter, columns, name, line)
    for line, text in lines:
        if mistakes.are_enough:
            return
        try:
            fields = _parse_fields(text, delimiter, order)
        except csv.Error as error:
            mistakes.add(line, "", _say(str(error)))
            continue
        if fields:
            yield Row(line, fields)


def _decode_table(content: bytes, name: str) -> str:
    """Return the text of a table, or refuse the file with one mistake."""
    if content.startswith(WORKBOOK):
        words = "is a workbook, not a CSV file; save the sheet as CSV UTF-8"
        raise FileMistakesError(name, [Mistake(1, "", words)])
    encoding = _find_utf_16(content)
    if encoding:
        content = content.decode(encoding, errors="replace").encode()
    elif _is_read_otherwise(content):
        content = content.replace(NO_BREAK_SPACE, b" ")
    text = decode_text(content, name)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        words = "holds a NUL character; save the file as CSV UTF-8"
        raise FileMistakesError(name, [Mistake(line, "", words)])
    return text


def _find_utf_16(content: bytes) -> str:
    """Return the encoding where the file is UTF-16, by its mark or its first two letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first = content[:4]
    if len(first) == 4 and not first[1] and not first[3] and first[0] and first[2]:
        return "utf-16-le"
    if len(first) == 4 and not first[0] and not first[2] and first[1] and first[3]:
        return "utf-16-be"
    return ""


def _is_read_otherwise(content: bytes) -> bool:
    """Return whether all that keeps a file from being ASCII are Windows' no-break spaces.

    They mean the same in every encoding of western Europe; other bytes do not.
    """
    return NO_BREAK_SPACE in content and content.replace(NO_BREAK_SPACE, b" ").isascii()


def _number_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank with their numbers; any end of line ends one."""
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if line.strip():
            yield number, line.rstrip("\n")


def _find_columns(
    header: str, delimiter: str, columns: Sequence[str], name: str, line: int
) -> tuple[str, list[str]]:
    """Return the delimiter and the columns in the file's order, or refuse the header."""
    found = {mark: _split_header(header, mark) for mark in delimiter or DELIMITERS}
    mark = max(found, key=lambda mark: len(set(found[mark]) & set(columns)))
    if sorted(found[mark]) != sorted(columns):
        words = _say_columns(header, found[mark], columns)
        raise FileMistakesError(name, [Mistake(line, "", words)])
    return mark, found[mark]


def _split_header(header: str, delimiter: str) -> list[str]:
    """Return the columns' names, without empty ones at the end."""
    names = [_plain(field) for field in _split(header, delimiter)]
    while names and not names[-1]:
        names.pop()
    return names


def _say_columns(header: str, found: Sequence[str], columns: Sequence[str]) -> str:
    """Say what was found for a header, and how it differs from what is expected."""
    missing = [column for column in columns if column not in found]
    unknown = [show(column) for column in found if column not in columns]
    parts = [
        f"found {show(header)}" if header else "found an empty file",
        f"expected the columns {','.join(columns)}",
    ]
    parts += [f"missing: {', '.join(missing)}"] if missing and found else []
    parts += [f"not known: {', '.join(unknown[:MAX_NAMED])}"] if unknown else []
    return "; ".join(parts)


def _plain(field: str) -> str:
    """Return a column's name in lower case, words joined by underscores."""
    return re.sub(r"[\s-]+", "_", clean(field).casefold())


def clean(field: str) -> str:
    """Return a text without white space and invisible characters around it."""
    field = field.strip()
    while field and (field[0] in INVISIBLE or field[-1] in INVISIBLE):
        field = field.strip(INVISIBLE).strip()
    return field


def show(text: str) -> str:
    """Return a text in quotation marks as a mistake repeats it: the beginning of a long one."""
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")


def _split(text: str, delimiter: str) -> list[str]:
    """Return the fields of one line; none where it cannot be read."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _parse_fields(text: str, delimiter: str, order: Sequence[str]) -> Mapping[str, str]:
    """Return the texts of one row by column, none where it is empty; raises csv.Error."""
    fields = [clean(field) for field in next(csv.reader([text], delimiter=delimiter, strict=True))]
    while len(fields) > len(order) and not fields[-1]:
        fields.pop()
    if not any(fields):
        return {}
    if len(fields) != len(order):
        raise csv.Error(f"has {len(fields)} fields instead of {len(order)}")
    return dict(zip(order, fields, strict=True))


def _say(error: str) -> str:
    """Say in our words what the reader of CSV found."""
    if "unexpected end" in error:
        return "a quotation mark opens a text that does not end on this line"
    return error
