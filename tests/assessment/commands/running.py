"""How the tests run commands, and whom they run them for."""

from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from assessment.storage import assessments, authorities

SMALL = Path(__file__).parents[2] / "data" / "small.yaml"
NOWHERE = {"DATABASE_URL": "postgresql://nowhere/x", "SECRET_KEY": "s"}


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def find_absent(db: Session) -> str:
    """Return an authority without an assessment in round 2025."""
    taken_part = set(assessments.read_participation(db, "2025")["authority_id"])
    return next(a.id for a in authorities.read_authorities(db) if a.id not in taken_part)
