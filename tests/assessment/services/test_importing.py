import pytest
from sqlalchemy.orm import Session

from assessment.core.accounts import Account
from assessment.core.errors import FileMistakesError
from assessment.services import answering, importing
from assessment.storage import assessments

HEADER = "authority_code,question_id,level\n"


def import_text(db: Session, text: str | bytes, *, counted: bool = True) -> int:
    content = text if isinstance(text, bytes) else text.encode()
    return importing.import_responses(
        db, content, "answers.csv", "2026", counted=counted, by="test"
    )


def find_mistakes(db: Session, text: str | bytes) -> list[str]:
    with pytest.raises(FileMistakesError) as refused:
        import_text(db, text)
    return [str(mistake) for mistake in refused.value.mistakes]


def test_import_responses_good_file_is_stored(db: Session, lead: Account):
    count = import_text(db, f"{HEADER}A01,1.1,4\nA01,1.2,dk\nA02,1.1,na\n")

    codes = assessments.read_codes(db, "2026", ["1.1", "1.2"])
    assert count == 2
    # level 4, Don't know is -1, Does not apply is -2, unanswered is 0
    assert codes.to_dict("index") == {"A01": {"1.1": 4, "1.2": -1}, "A02": {"1.1": -2, "1.2": 0}}


def test_import_responses_without_consent_are_not_counted(db: Session, lead: Account):
    import_text(db, f"{HEADER}A01,1.1,4\n", counted=False)

    assert assessments.read_codes(db, "2026", ["1.1"]).empty
    assert assessments.read_participation(db, "2026")["submitted"].tolist() == [True]


def test_import_responses_stand_in_each_authoritys_audit_trail(db: Session, lead: Account):
    import_text(db, f"{HEADER}A01,1.1,4\nA02,1.1,3\n", counted=False)

    for authority_id in ("A01", "A02"):
        newest = answering.read_activity(db, authority_id)[0]
        assert newest.kind == "responses imported"
        assert newest.detail == {"round": "2026", "file": "answers.csv", "counted": False}


def test_import_responses_one_bad_line_imports_nothing(db: Session, lead: Account):
    find_mistakes(db, f"{HEADER}A01,1.1,4\nA02,1.1,6\n")

    assert assessments.read_codes(db, "2026", ["1.1"]).empty


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
def test_import_responses_bad_line_is_named(db: Session, lead: Account, line: str, mistake: str):
    assert find_mistakes(db, f"{HEADER}{line}\n") == [mistake]


def test_import_responses_every_bad_line_is_named(db: Session, lead: Account):
    mistakes = find_mistakes(db, f"{HEADER}XXX,9.9,7\nA01,1.1,3\nA02,1.1,x\n")

    assert [mistake.split(":")[0] for mistake in mistakes] == ["line 2"] * 3 + ["line 4"]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("", "line 1: must read authority_code,question_id,level"),
        ("code,question,level\nA01,1.1,4\n", "line 1: must read authority_code,question_id,level"),
        (HEADER, "line 1: there are no answers below the header"),
        (f"{HEADER}A01,1.1,{'4' * 131_073}\n", "line 2: field larger than field limit (131072)"),
        (f"{HEADER}A01,1.1,4\n".encode() + b"A02,1.1,\xff\n", "line 3: is not UTF-8 text"),
    ],
)
def test_import_responses_no_answers_file_is_refused(
    db: Session, lead: Account, content: str | bytes, mistake: str
):
    assert find_mistakes(db, content) == [mistake]


def test_import_responses_spreadsheet_mark_and_blank_line_are_accepted(db: Session, lead: Account):
    assert import_text(db, f"\ufeff{HEADER}\nA01,1.1,4\n".encode()) == 1


def test_import_responses_authority_that_has_begun_is_refused(db: Session, lead: Account):
    import_text(db, f"{HEADER}A01,1.1,4\n")

    assert find_mistakes(db, f"{HEADER}A01,1.2,4\n") == [
        "line 2: authority_code: A01 has an assessment in this round already"
    ]
