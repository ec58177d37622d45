"""Reports' data from what is stored."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.authorities import GroupKind
from assessment.services import accounts, reporting
from assessment.services.installing import DEMONSTRATION_LEAD

TODAY = date(2026, 11, 23)


def find_home(db: Session) -> str:
    account = accounts.find_account(db, email=DEMONSTRATION_LEAD)
    assert account is not None
    assert account.authority_id is not None
    return account.authority_id


def test_read_results_what_neighbours_show_is_settled_once_and_stays(demonstration: Session):
    home = find_home(demonstration)
    first = reporting.read_results(demonstration, home, TODAY).report
    assert first is not None
    assert first.neighbours is not None
    # as if the edition's audit had hidden them when they were first asked for
    demonstration.execute(
        text("""
            UPDATE neighbour_cells SET cells = (
                SELECT jsonb_agg(cell - 4 - 3 || '["hidden", "hidden"]')
                FROM jsonb_array_elements(cells) AS cell)
        """)
    )
    demonstration.expire_all()

    later = reporting.read_results(demonstration, home, TODAY).report

    assert later is not None
    near = [principle.groups[-1] for principle in later.principles]
    assert {peers.group.kind for peers in near} == {GroupKind.NEIGHBOURS}
    assert {peers.median for peers in near} == {None}
