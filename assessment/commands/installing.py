"""Installing, migrating, and running the jobs."""

import click
from flask import current_app
from flask.cli import with_appcontext

from assessment.clock import today
from assessment.commands.running import QUESTIONS, in_one_sentence, open_database
from assessment.content import load_questionnaire
from assessment.register import REGISTER_PATH, REGISTER_VERSION, load_register
from assessment.services import installing


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database's tables to the newest version."""
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
        installing.install_demonstration(db, load_questionnaire(QUESTIONS), today())
    click.echo("The demonstration is loaded.")


@click.command("worker")
@click.option("--drain", is_flag=True, help="Only reports of whole rounds; end when none is left.")
@with_appcontext
def worker(drain: bool) -> None:
    """Run the jobs that people wait for until stopped."""
    from assessment import jobs  # noqa: PLC0415 (WeasyPrint is slow to import)

    parts = current_app.extensions
    run = jobs.drain if drain else jobs.run_worker
    run(
        current_app.config["DATABASE_URL"],
        parts["database"],
        parts["send_sign_in"],
        parts["verify_page"],
    )
