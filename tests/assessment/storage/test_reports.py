from sqlalchemy.orm import Session

from assessment.storage import reports
from tests.factories import OPERATOR


def make_ready(db: Session, authority_id: str, round_id: str, data: str) -> None:
    request, _ = reports.create_request(db, authority_id, round_id, "scorecard", by=OPERATOR)
    reports.save_report(db, request.id, data=data, pdf=b"%PDF", content_hash="")


def test_read_ready_authorities_are_those_with_the_peers_of_the_edition(db: Session, round_id: str):
    make_ready(db, "A", round_id, '{"edition": {"content_hash": "abc"}}')
    make_ready(db, "B", round_id, '{"edition": {"content_hash": "old"}}')
    reports.create_request(db, "C", round_id, "scorecard", by=OPERATOR)

    assert reports.read_ready_authorities(db, round_id, "scorecard", "abc") == {"A"}
    assert reports.read_ready_authorities(db, round_id, "improvement", "abc") == set()


def test_read_ready_authorities_before_any_edition_are_those_without_peers(
    db: Session, round_id: str
):
    make_ready(db, "A", round_id, '{"edition": null}')
    make_ready(db, "B", round_id, '{"edition": {"content_hash": "abc"}}')
    make_ready(db, "C", round_id, "{}")

    assert reports.read_ready_authorities(db, round_id, "scorecard", "") == {"A", "C"}
