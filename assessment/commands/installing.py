"""Installing, migrating, and running the jobs."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from assessment.clock import today
from assessment.commands.running import QUESTIONS, in_one_sentence, open_database
from assessment.content.questionnaire import load_questionnaire
from assessment.content.register import REGISTER_PATH, REGISTER_VERSION, load_register
from assessment.demonstration.installing import install_demonstration
from assessment.services import installing
from assessment.supervisor import PartFailedError, end_with_lifeline, supervise


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest version: its tables, and the files of released editions."""
    with in_one_sentence():
        installing.migrate(current_app.extensions["engine"])


@click.command("init")
@with_appcontext
def init() -> None:
    """Make a real installation: tables, register, questionnaire; no responses."""
    with in_one_sentence():
        installing.migrate(current_app.extensions["engine"])
    with open_database() as db:
        register = load_register(REGISTER_PATH)
        installing.install(db, register, REGISTER_VERSION, load_questionnaire(QUESTIONS))
    click.echo(f"Loaded {len(register)} authorities and published the questionnaire.")


@click.command("demonstrate")
@with_appcontext
def demonstrate() -> None:
    """Make a demonstration: a fictional country with simulated answers."""
    with in_one_sentence():
        installing.migrate(current_app.extensions["engine"])
    with open_database() as db:
        install_demonstration(db, load_questionnaire(QUESTIONS), today())
    click.echo("The demonstration is loaded.")


@click.command("worker")
@click.option("--drain", is_flag=True, help="Only reports of whole rounds; end when none is left.")
@click.option("--lifeline", type=int, hidden=True)
@with_appcontext
def worker(drain: bool, lifeline: int | None) -> None:
    """Send mail and make documents until stopped; start again what ends."""
    from assessment import jobs  # noqa: PLC0415 (WeasyPrint is slow to import)

    if lifeline is not None:
        end_with_lifeline(lifeline)
    # a connection belongs to one process, and the workers are forked from this one
    current_app.extensions["engine"].dispose()
    around = jobs.gather_surroundings(current_app.config, current_app.extensions)
    if drain:
        jobs.drain(around)
        return
    try:
        supervise(jobs.list_workers(around))
    except PartFailedError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
