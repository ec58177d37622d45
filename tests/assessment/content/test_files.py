"""Tables as spreadsheets write them: read, or one sentence of what was found."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment.content.files import Row, decode_text, read_table
from assessment.core.errors import MAX_COUNTED, FileMistakesError, Mistake, MistakeList

COLUMNS = ("code", "level")
PLAIN = "code,level\nA,1\nB,2\n"
EXPECTED = [Row(2, {"code": "A", "level": "1"}), Row(3, {"code": "B", "level": "2"})]


def read(content: bytes) -> list[Row]:
    rows, mistakes = read_all(content)
    assert mistakes == []
    return rows


def read_all(content: bytes) -> tuple[list[Row], list[str]]:
    """Return the rows that can be read, and what is wrong with the others."""
    mistakes = MistakeList()
    rows = list(read_table(content, "a.csv", COLUMNS, mistakes))
    return rows, [str(mistake) for mistake in mistakes.first]


def refuse(content: bytes) -> list[str]:
    with pytest.raises(FileMistakesError) as refused:
        read(content)
    return [str(mistake) for mistake in refused.value.mistakes]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("code,level", "Code, LEVEL ").encode(),
        PLAIN.replace("\n", ",,\n").encode(),
        (PLAIN + ",,\n \n\n,\n").encode(),
        b"code,level\nA ,\xa01\n B\xa0,2\n",
        "code,level\nA\u00a0,1\u200b\n\ufeffB, 2\n".encode(),
        b'"code","level"\n"A","1"\n"B","2"\n',
    ],
)
def test_read_table_as_a_spreadsheet_writes_it_is_read(content: bytes) -> None:
    assert read(content) == EXPECTED


def test_read_table_columns_in_another_order_are_read() -> None:
    assert read(b"level,code\n1,A\n") == [Row(2, {"level": "1", "code": "A"})]


def test_read_table_line_that_names_the_separator_is_left_out() -> None:
    assert read(b"sep=;\ncode;level\nA;1\n") == [Row(3, {"code": "A", "level": "1"})]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"", "line 1: found an empty file; expected the columns code,level"),
        (
            b"id,level\n",
            "line 1: found 'id,level'; expected the columns code,level; missing: code; "
            "not known: 'id'",
        ),
        (b"code\n", "line 1: found 'code'; expected the columns code,level"),
        (b"code,level,level\n", "line 1: found 'code,level,level'; expected the columns"),
        (b'\n"code,level\n', "line 2: found '\"code,level'; expected the columns code,level"),
        (b"PK\x03\x04\x14\x00", "line 1: is a workbook, not a CSV file; save the sheet as CSV"),
        (b"code,level\nM\xf4n,1\n", "line 2: is not UTF-8 text (found the byte 0xf4); save"),
        (b"code,level\nA\0,1\n", "line 2: holds a NUL character; save the file as CSV UTF-8"),
    ],
)
def test_read_table_no_table_is_one_sentence_of_what_was_found(
    content: bytes, mistake: str
) -> None:
    (found,) = refuse(content)

    assert found.startswith(mistake)


def test_read_table_quotation_mark_without_partner_is_found_where_it_stands() -> None:
    rows, mistakes = read_all(b'code,level\nA,1\n"B,2\nC,3\n')

    assert [row.line for row in rows] == [2, 4]
    assert mistakes == ["line 3: a quotation mark opens a text that does not end on this line"]


def test_read_table_after_enough_mistakes_is_read_no_further() -> None:
    mistakes = MistakeList()
    rows = read_table(b"code,level\nA,1\nB,2\nC,3\n", "a.csv", COLUMNS, mistakes)

    first = next(rows)
    mistakes.more = MAX_COUNTED

    assert first.line == 2
    assert list(rows) == []


def test_read_table_long_header_is_repeated_in_part() -> None:
    assert len(refuse(b"x" * 10_000)[0]) < 300


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("A", "has 1 fields instead of 2"),
        ("A,1,2", "has 3 fields instead of 2"),
        (f"A,{'1' * 131_073}", "field larger than field limit (131072)"),
        ('"A"B,1', "',' expected after '\"'"),
    ],
)
def test_read_table_row_that_is_none_says_why(line: str, mistake: str) -> None:
    assert read_all(f"code,level\n{line}\n".encode()) == ([], [f"line 2: {mistake}"])


def test_decode_text_accepts_a_byte_order_mark() -> None:
    assert decode_text("\ufeff£".encode(), "a.yaml") == "£"


PIECES = st.sampled_from(
    [b"code,level", b"A,1", b'"', b",", b";", b"\t", b"\n", b"\r", b"\0", b"\xff\xfe", b"\xa0"]
)


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=3)), max_size=12).map(b"".join))
@example(b"\xff\xfe\x00")
@example(b"code,level\n\xff")
def test_read_table_any_bytes_are_read_or_refused_by_line(content: bytes) -> None:
    mistakes = MistakeList()
    rows: list[Row] = []
    refused: list[Mistake] = []
    try:
        rows = list(read_table(content, "a.csv", COLUMNS, mistakes))
    except FileMistakesError as error:
        refused = error.mistakes

    assert [mistake.line >= 1 for mistake in refused] in ([], [True])
    assert all(mistake.line >= 2 for mistake in mistakes.first)
    assert all(set(row.fields) == set(COLUMNS) for row in rows)
