"""Opening rounds."""

from datetime import datetime

import click
from flask.cli import AppGroup

from assessment.commands.running import ACTOR, a_date, open_database
from assessment.core.rounds import Round
from assessment.services import publishing

round_ = AppGroup("round", help="Open rounds.")


@round_.command("open")
@click.argument("round_id")
@click.option("--opens", required=True, type=a_date, help="First day, such as 2027-01-04.")
@click.option("--closes", required=True, type=a_date, help="Last day, such as 2027-03-31.")
@click.option("--version", required=True, help="Published version of the questionnaire.")
@click.option("--name", help="What people read; Round ROUND_ID unless said.")
def open_round(
    round_id: str, opens: datetime, closes: datetime, version: str, name: str | None
) -> None:
    """Announce round ROUND_ID."""
    with open_database() as db:
        dates = (opens.date(), closes.date())
        new = Round(round_id, name or f"Round {round_id}", *dates, version)
        publishing.open_round(db, new, by=ACTOR)
    click.echo(f"Round {round_id} runs from {dates[0]} to {dates[1]}.")
