"""Reopening assessments."""

import click
from flask.cli import AppGroup

from assessment.clock import today
from assessment.commands.running import ACTOR, open_database
from assessment.services import reopening

assessment = AppGroup("assessment", help="Reopen assessments.")


@assessment.command("reopen")
@click.argument("authority")
@click.option("--round", "round_id", required=True, help="Round of the assessment.")
@click.option("--reason", required=True, help="Why; the authority reads it.")
def reopen_assessment(authority: str, round_id: str, reason: str) -> None:
    """Let AUTHORITY change what it has submitted; it must submit again."""
    with open_database() as db:
        reopening.reopen_assessment(db, authority, round_id, reason, today(), by=ACTOR)
    click.echo(f"{authority} can answer in round {round_id} again, and must submit again.")
