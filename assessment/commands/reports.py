"""Making reports: one, or a whole round's."""

import sys
import time
from pathlib import Path
from subprocess import Popen

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from assessment.clock import today
from assessment.commands.running import QUESTIONS, open_database, operator
from assessment.services.reports import background, making, reporting, requesting
from assessment.supervisor import run_commands

# How often the progress of reports is looked at.
WATCH_SECONDS = 0.5

reports = AppGroup("reports", help="Make the reports of many authorities.")


@reports.command("build")
@click.option("--round", "round_id", required=True, help="Round of the assessments.")
@click.option("--kind", default="improvement", type=click.Choice(reporting.KINDS))
@click.option("--workers", default=1, type=click.IntRange(1, 64), help="Processes that render.")
def build_reports(round_id: str, kind: str, workers: int) -> None:
    """Make the report of every authority that submitted; type it again to go on where it stopped.

    Exit status 1 where some could not be made.
    """
    with open_database() as db:
        report_ids = requesting.ask_round(db, round_id, kind, today(), by=operator())
    command = [sys.executable, "-m", "flask", "--app", "app", "worker", "--drain"]
    names = ("DATABASE_URL", "SECRET_KEY", "PUBLIC_URL")
    settings = {name: current_app.config[name] for name in names}
    commands = [command] * (workers if report_ids else 0)
    with run_commands(commands, QUESTIONS.parent, settings) as started:
        states = _watch(report_ids, started)
    made, failed = states.get("ready", 0), states.get("failed", 0)
    click.echo(f"{made} of {len(report_ids)} reports are made, {failed} failed.")
    with open_database() as db:
        left = background.count_left(db)
    waiting = states.get("waiting", 0)
    if waiting > left:
        click.echo(f"{waiting - left} that people asked for wait for flask worker.")
    if left or failed:
        click.echo("Type the same again to go on.", err=True)
        sys.exit(1)


def _watch(report_ids: list[int], workers: list[Popen[bytes]]) -> dict[str, int]:
    """Show how far the reports are until all are made or nobody makes them; count their states."""
    with click.progressbar(length=len(report_ids), label="Reports") as bar:
        while True:
            alive = any(started.poll() is None for started in workers)
            with open_database() as db:
                states = background.count_states(db, report_ids)
            bar.update(len(report_ids) - states.get("waiting", 0) - bar.pos)
            if not alive:
                return states
            time.sleep(WATCH_SECONDS)


@click.command("report")
@click.argument("authority_code")
@click.option("--round", "round_id", required=True, help="Round of the assessment.")
@click.option("--kind", required=True, type=click.Choice(reporting.KINDS))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def report(authority_code: str, round_id: str, kind: str, out: Path) -> None:
    """Make the report of one authority as a PDF file."""
    with open_database() as db:
        pdf = making.print_report(db, authority_code, round_id, kind, today(), by=operator())
        out.write_bytes(pdf)
    click.echo(f"Wrote {out}.")
