"""Importing responses."""

from pathlib import Path

import click
from flask.cli import AppGroup

from assessment.commands.running import ACTOR, existing_file, open_database
from assessment.services import importing

responses = AppGroup("responses", help="Import responses.")


@responses.command("import")
@click.argument("file", type=existing_file)
@click.option("--round", "round_id", required=True, help="Round the responses belong to.")
@click.option(
    "--counted/--not-counted",
    default=False,
    help="Whether these authorities consented to be counted in benchmarks; not, unless said.",
)
def import_responses(file: Path, round_id: str, counted: bool) -> None:
    """Import FILE, a CSV of authority_code,question_id,level: all of it or nothing."""
    with open_database() as db:
        count = importing.import_responses(
            db, file.read_bytes(), file.name, round_id, counted=counted, by=ACTOR
        )
    words = "counted" if counted else "not counted"
    click.echo(f"Imported {count} authorities into round {round_id}, {words} in benchmarks.")


@responses.command("withdraw")
@click.argument("authority")
@click.option("--round", "round_id", required=True, help="Round the responses were imported into.")
def withdraw_responses(authority: str, round_id: str) -> None:
    """Take back the import of AUTHORITY, if nobody has changed it since."""
    with open_database() as db:
        importing.withdraw_responses(db, authority, round_id, by=ACTOR)
    click.echo(f"{authority} has no answers in round {round_id} any more.")
