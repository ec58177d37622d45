import tracemalloc

import pytest
from sqlalchemy.orm import Session

from assessment.core.errors import FileMistakesError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.services.answering import importing, surveys
from assessment.storage import assessments, responses
from tests.factories import OPERATOR

HEADER = "authority_code,question_id,level\n"


def import_text(db: Session, text: str | bytes, *, counted: bool = True) -> int:
    content = text if isinstance(text, bytes) else text.encode()
    return importing.import_responses(
        db, content, "answers.csv", "2026", counted=counted, by=OPERATOR
    )


def find_mistakes(db: Session, text: str | bytes) -> list[str]:
    with pytest.raises(FileMistakesError) as refused:
        import_text(db, text)
    return [str(mistake) for mistake in refused.value.mistakes]


def test_import_responses_good_file_is_stored(db: Session, lead: Actor):
    count = import_text(db, f"{HEADER}A01,1.1,4\nA01,1.2,dk\nA02,1.1,na\n")

    answer_codes = responses.read_answer_codes(db, "2026", ["1.1", "1.2"])
    assert count == 2
    # level 4, Don't know is -1, Does not apply is -2, unanswered is 0
    assert answer_codes.to_dict("index") == {
        "A01": {"1.1": 4, "1.2": -1},
        "A02": {"1.1": -2, "1.2": 0},
    }


def test_import_responses_without_consent_are_not_counted(db: Session, lead: Actor):
    import_text(db, f"{HEADER}A01,1.1,4\n", counted=False)

    assert responses.read_answer_codes(db, "2026", ["1.1"]).empty
    assert assessments.read_participation(db, "2026")["submitted"].tolist() == [True]


def test_import_responses_stand_in_each_authoritys_audit_trail(db: Session, lead: Actor):
    import_text(db, f"{HEADER}A01,1.1,4\nA02,1.1,3\n", counted=False)

    for authority_id in ("A01", "A02"):
        newest = surveys.read_activity(db, authority_id)[0]
        assert newest.kind == EventKind.RESPONSES_IMPORTED
        assert newest.detail == {"round": "2026", "file": "answers.csv", "counted": False}


def test_import_responses_one_bad_line_imports_nothing(db: Session, lead: Actor):
    find_mistakes(db, f"{HEADER}A01,1.1,4\nA02,1.1,6\n")

    assert responses.read_answer_codes(db, "2026", ["1.1"]).empty


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("XXX,1.1,4", "line 2: authority_code: there is no authority 'XXX' in the register"),
        (
            "OLD,1.1,4",
            "line 2: authority_code: Old county ended on 31 March 2023, before Round 2026; "
            "use its successor's code",
        ),
        ("A01,9.9,4", "line 2: question_id: there is no question '9.9'"),
        ("A01,1.1,6", "line 2: level: '6' is not a level from 1 to 5, dk or na"),
        ("A01,1.1,0", "line 2: level: '0' is not a level from 1 to 5, dk or na"),
        ("A01,1.1,", "line 2: level: '' is not a level from 1 to 5, dk or na"),
        ("A01,1.1,2.5", "line 2: level: '2.5' is not a level from 1 to 5, dk or na"),
        ("A01,1.1", "line 2: has 2 fields instead of 3"),
        ("A01,1.1,4,5", "line 2: has 4 fields instead of 3"),
        ("A01,1.1,4\nA01,1.1,4", "line 3: question_id: answered already on line 2"),
    ],
)
def test_import_responses_bad_line_is_named(db: Session, lead: Actor, line: str, mistake: str):
    assert find_mistakes(db, f"{HEADER}{line}\n") == [mistake]


def test_import_responses_every_bad_line_is_named(db: Session, lead: Actor):
    mistakes = find_mistakes(db, f"{HEADER}XXX,9.9,7\nA01,1.1,3\nA02,1.1,x\n")

    assert [mistake.split(":")[0] for mistake in mistakes] == ["line 2"] * 3 + ["line 4"]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (
            "",
            "line 1: found an empty file; expected the columns authority_code,question_id,level",
        ),
        (
            "code,question,level\nA01,1.1,4\n",
            "line 1: found 'code,question,level'; expected the columns "
            "authority_code,question_id,level; missing: authority_code, question_id; "
            "not known: 'code', 'question'",
        ),
        (HEADER, "line 1: there are no answers below the header"),
        (f"{HEADER}A01,1.1,{'4' * 131_073}\n", "line 2: field larger than field limit (131072)"),
        (
            f"{HEADER}A01,1.1,4\n".encode() + b"A02,1.1,\xff\n",
            "line 3: is not UTF-8 text (found the byte 0xff); save the file as UTF-8",
        ),
    ],
)
def test_import_responses_no_answers_file_is_refused(
    db: Session, lead: Actor, content: str | bytes, mistake: str
):
    assert find_mistakes(db, content) == [mistake]


def test_import_responses_spreadsheet_mark_and_blank_line_are_accepted(db: Session, lead: Actor):
    assert import_text(db, f"\ufeff{HEADER}\nA01,1.1,4\n".encode()) == 1


def test_import_responses_authority_that_has_begun_is_refused(db: Session, lead: Actor):
    import_text(db, f"{HEADER}A01,1.1,4\n")

    assert find_mistakes(db, f"{HEADER}A01,1.2,4\n") == [
        "line 2: authority_code: A01 has an assessment in this round already"
    ]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}A01 ,1.1\u00a0, 4\nA01,1.2,DK\n".encode(),
        f"{HEADER}A01,1.1,4\nA01,1.2,dk\n".replace(",", ";").encode("utf-8-sig"),
        f"{HEADER}A01,1.1,4\nA01,1.2,dk\n".replace(",", "\t").encode("utf-16"),
        b"Level,Question_ID,Authority code,,\r\n4,1.1,A01,,\r\ndk,1.2,A01\xa0,,\r\n,,,,\r\n",
    ],
)
def test_import_responses_as_a_spreadsheet_writes_them_are_stored(
    db: Session, lead: Actor, content: bytes
):
    import_text(db, content)

    answer_codes = responses.read_answer_codes(db, "2026", ["1.1", "1.2"])
    assert answer_codes.to_dict("index") == {"A01": {"1.1": 4, "1.2": -1}}


def test_import_responses_authority_refused_is_named_once(db: Session, lead: Actor):
    import_text(db, f"{HEADER}A01,1.1,4\n")
    lines = "".join(f"A01,1.{n},4\nXXX,1.{n},4\n" for n in range(1, 4))

    assert find_mistakes(db, HEADER + lines) == [
        "line 2: authority_code: A01 has an assessment in this round already",
        "line 3: authority_code: there is no authority 'XXX' in the register",
    ]


def test_import_responses_quotation_mark_without_partner_is_named_where_it_stands(
    db: Session, lead: Actor
):
    lines = ["A01,1.1,4", "A02,1.1,4", '"A03,1.1,4', "A04,1.1,4"]

    assert find_mistakes(db, HEADER + "\n".join(lines)) == [
        "line 4: a quotation mark opens a text that does not end on this line"
    ]


@pytest.mark.slow
def test_import_responses_many_bad_lines_are_counted_and_not_kept(db: Session, lead: Actor):
    content = (HEADER + "".join(f"A01,9.{n},4\n" for n in range(20_000))).encode()
    tracemalloc.start()
    with pytest.raises(FileMistakesError) as refused:
        import_text(db, content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # 20,000 mistakes; the file has 300 kB, of which text and lines take a few times as much
    assert len(refused.value.mistakes) == 50
    assert str(refused.value).endswith("answers.csv: and 19,950 more")
    assert most < 20_000_000


def test_import_responses_far_too_many_bad_lines_are_not_all_read(db: Session, lead: Actor):
    # each line has two mistakes: 120,000 in all
    with pytest.raises(FileMistakesError) as refused:
        import_text(db, HEADER + "A01,9.9,9\n" * 60_000)

    assert str(refused.value).endswith("answers.csv: and at least 100,000 more")


def test_import_responses_long_text_is_repeated_in_part(db: Session, lead: Actor):
    (mistake,) = find_mistakes(db, f"{HEADER}{'x' * 100_000},1.1,4\n")

    assert len(mistake) < 200
