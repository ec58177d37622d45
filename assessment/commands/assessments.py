"""Reopening assessments."""

import click
from flask.cli import AppGroup

from assessment.clock import today
from assessment.commands.running import open_database, operator, require_yes, yes_option
from assessment.services.rounds import reopening

assessment = AppGroup("assessment", help="Reopen assessments.")


@assessment.command("reopen")
@click.argument("authority")
@click.option("--round", "round_id", required=True, help="Round of the assessment.")
@click.option("--reason", required=True, help="Why; the authority reads it.")
@yes_option
def reopen_assessment(authority: str, round_id: str, reason: str, yes: bool) -> None:
    """Let AUTHORITY change what it has submitted; it must submit again."""
    follows = (
        f"{authority} reads the reason: {reason} Until it submits again itself, no edition of "
        f"round {round_id} that is cut counts it."
    )
    require_yes(yes, follows, f"Reopen the assessment of {authority} in round {round_id}?")
    with open_database() as db:
        reopening.reopen_assessment(db, authority, round_id, reason, today(), by=operator())
    click.echo(f"{authority} can answer in round {round_id} again, and must submit again.")
