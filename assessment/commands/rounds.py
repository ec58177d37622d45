"""Opening, extending and closing rounds."""

from datetime import datetime

import click
from flask.cli import AppGroup

from assessment.clock import today
from assessment.commands.running import a_date, open_database, operator, require_yes, yes_option
from assessment.core.answers.rounds import Round
from assessment.services.rounds import scheduling
from reports.formats import format_date

round_ = AppGroup("round", help="Open, extend and close rounds.")


@round_.command("open")
@click.argument("round_id")
@click.option("--opens", required=True, type=a_date, help="First day, such as 2027-01-04.")
@click.option("--closes", required=True, type=a_date, help="Last day, such as 2027-03-31.")
@click.option("--version", required=True, help="Published version of the questionnaire.")
@click.option("--name", help="What people read; Round ROUND_ID unless said.")
@yes_option
def open_round(
    round_id: str, opens: datetime, closes: datetime, version: str, name: str | None, yes: bool
) -> None:
    """Announce round ROUND_ID."""
    dates = (opens.date(), closes.date())
    follows = (
        f"The round runs from {format_date(dates[0])} to {format_date(dates[1])} with version "
        f"{version} of the questionnaire. Once it is announced, only its last day can be changed."
    )
    require_yes(yes, follows, f"Announce round {round_id}?")
    with open_database() as db:
        new = Round(round_id, name or f"Round {round_id}", *dates, version)
        scheduling.open_round(db, new, by=operator())
    click.echo(f"Round {round_id} runs from {dates[0]} to {dates[1]}.")
    if new.is_over(today()):
        click.echo("It is over: nobody can answer in it, and answers can only be imported.")


@round_.command("extend")
@click.argument("round_id")
@click.option("--closes", required=True, type=a_date, help="New last day, such as 2027-04-30.")
def extend_round(round_id: str, closes: datetime) -> None:
    """Let ROUND_ID close later; one that is over is open again."""
    with open_database() as db:
        after = scheduling.extend_round(db, round_id, closes.date(), today(), by=operator())
    click.echo(f"{after.name} now closes at the end of {format_date(after.closes_on)}.")


@round_.command("close")
@click.argument("round_id")
@click.option("--on", type=a_date, help="New last day; today unless said.")
def close_round(round_id: str, on: datetime | None) -> None:
    """Let ROUND_ID close earlier, at the end of today or of another day."""
    closes_on = on.date() if on else today()
    with open_database() as db:
        after = scheduling.close_round(db, round_id, closes_on, today(), by=operator())
    click.echo(f"{after.name} now closes at the end of {format_date(after.closes_on)}.")
