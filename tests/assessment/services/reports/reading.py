"""How the tests of reports read what is stored of the demonstration."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.demonstration.installing import DEMONSTRATION_LEAD
from assessment.services.people import queries
from assessment.services.reports import reporting
from reports.authority.data import ReportData

TODAY = date(2026, 11, 23)


def read_data(db: Session, authority_id: str, round_id: str = "") -> ReportData:
    """Return what an improvement report says."""
    report = reporting.read_report(db, authority_id, TODAY, round_id=round_id)
    assert report is not None
    return report.data


def find_home(db: Session) -> str:
    """Return the authority of the demonstration's lead."""
    account = queries.find_membership(db, email=DEMONSTRATION_LEAD)
    assert account is not None
    assert account.authority_id is not None
    return account.authority_id
