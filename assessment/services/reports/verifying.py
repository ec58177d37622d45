"""Checking that a report is one of ours, without showing what it says."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.documents.verification_codes import read_code
from assessment.services.reports.national import NATIONAL
from assessment.storage import reports
from reports.authority.data import from_json
from reports.national.national import national_from_json


@dataclass(frozen=True, slots=True)
class Verified:
    """What may be told of a report to whoever has its code: no score.

    ``is_unaltered`` tells of the file handed in; None where there was none.
    """

    code: str
    kind: str
    authority_name: str
    round_name: str
    edition: Edition | None
    made_on: date
    content_hash: str
    is_unaltered: bool | None


def verify_report(db: Session, typed: str, file_hash: bytes | None) -> Verified | None:
    """Return what is known of the report with a code, as it was typed; None where none has it.

    ``file_hash`` is the SHA-256 of a file that is to be the PDF that was made, byte for byte;
    None where none is given.
    """
    code = read_code(typed)
    found = None if code is None else reports.find_by_code(db, code)
    if found is None:
        return None
    request, data, pdf_hash = found
    report = national_from_json(data) if request.kind == NATIONAL else from_json(data)
    return Verified(
        code=request.code,
        kind=request.kind,
        authority_name=report.authority_name,
        round_name=report.round_name,
        edition=report.edition,
        made_on=report.made_on,
        content_hash=request.content_hash,
        is_unaltered=None if file_hash is None else file_hash == pdf_hash,
    )
