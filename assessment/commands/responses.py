"""Importing responses."""

from pathlib import Path

import click
from flask.cli import AppGroup

from assessment.commands.running import (
    existing_file,
    open_database,
    operator,
    require_yes,
    yes_option,
)
from assessment.services.answering import importing

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
            db, file.read_bytes(), file.name, round_id, counted=counted, by=operator()
        )
    words = "counted" if counted else "not counted"
    click.echo(f"Imported {count} authorities into round {round_id}, {words} in benchmarks.")


@responses.command("withdraw")
@click.argument("authority")
@click.option("--round", "round_id", required=True, help="Round the responses were imported into.")
@yes_option
def withdraw_responses(authority: str, round_id: str, yes: bool) -> None:
    """Take back the import of AUTHORITY, if nobody has changed it since."""
    follows = (
        f"The answers of {authority} in round {round_id} are deleted. What was brought over from "
        "them into a later round stays, and so do editions that count them."
    )
    require_yes(yes, follows, f"Delete the answers of {authority} in round {round_id}?")
    with open_database() as db:
        importing.withdraw_responses(db, authority, round_id, by=operator())
    click.echo(f"{authority} has no answers in round {round_id} any more.")
