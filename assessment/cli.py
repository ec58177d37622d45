"""The commands: thin, so that the same services serve web and command line."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from assessment.content import load_questionnaire
from assessment.core.accounts import Role
from assessment.core.authorities import FIXED_KINDS, GroupKind
from assessment.core.errors import AssessmentError
from assessment.core.questionnaire import Questionnaire
from assessment.core.rounds import Round
from assessment.core.versions import Carry, compare_versions
from assessment.register import REGISTER_PATH, REGISTER_VERSION, load_register
from assessment.services import (
    accounts,
    benchmarking,
    importing,
    installing,
    open_data,
    publishing,
    reporting,
    round_reports,
)
from assessment.style import check_style, measure_reading_age
from reports.formats import format_percent

ACTOR = "command line"
# How often the progress of reports is looked at.
WATCH_SECONDS = 0.5
QUESTIONS = Path(__file__).parents[1] / "questions.yaml"

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
a_date = click.DateTime(formats=["%Y-%m-%d"])


@contextmanager
def _database() -> Iterator[Session]:
    """Give a command a session that commits at its end; a refusal is one sentence and status 1."""
    try:
        with current_app.extensions["database"].begin() as db:
            yield db
    except AssessmentError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _today() -> date:
    """Return the day of the machine."""
    return datetime.now().astimezone().date()


def register_commands(app: Flask) -> None:
    """Add every command to the application."""
    for command in (init, demonstrate, migrate, worker, report):
        app.cli.add_command(command)
    for group in (questionnaire, round_, account, responses, edition, benchmark, reports):
        app.cli.add_command(group)


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database's tables to the newest version."""
    installing.migrate(current_app.extensions["engine"])


@click.command("init")
@with_appcontext
def init() -> None:
    """Make a real installation: tables, register, questionnaire; no responses."""
    installing.migrate(current_app.extensions["engine"])
    with _database() as db:
        register = load_register(REGISTER_PATH)
        installing.install(db, register, REGISTER_VERSION, load_questionnaire(QUESTIONS))
    click.echo(f"Loaded {len(register)} authorities and published the questionnaire.")


@click.command("demonstrate")
@with_appcontext
def demonstrate() -> None:
    """Make a demonstration: a fictional country with simulated answers."""
    installing.migrate(current_app.extensions["engine"])
    with _database() as db:
        installing.install_demonstration(db, load_questionnaire(QUESTIONS), _today())
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


questionnaire = AppGroup("questionnaire", help="Check, compare and publish questionnaires.")


@questionnaire.command("check")
@click.argument("file", type=existing_file)
@click.option("--style", is_flag=True, help="Say also what reads badly.")
def check_questionnaire(file: Path, style: bool) -> None:
    """Check FILE and name each mistake by line and field; exit status 0 or 1."""
    try:
        checked = load_questionnaire(file)
    except AssessmentError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    principles, questions = len(checked.principles), len(checked.questions)
    click.echo(f"{file.name}: {principles} principles, {questions} questions, no mistakes.")
    if style:
        _check_style(checked)


def _check_style(checked: Questionnaire) -> None:
    """Print what to look at again, else what was measured; exit status 1 or 0."""
    if find_spec("textstat") is None:
        click.echo("--style needs the test requirements: run make check once.", err=True)
        sys.exit(1)
    remarks = check_style(checked)
    for remark in remarks:
        click.echo(str(remark), err=True)
    if remarks:
        sys.exit(1)
    click.echo("Question  Reading age  Sources  Cases")
    for question in checked.questions:
        age = measure_reading_age(checked, question.wording)
        counts = f"{question.source_count:7}  {len(question.cases):5}"
        click.echo(f"{question.id:8}  {age:11.1f}  {counts}")
    click.echo("Nothing to look at again.")


@questionnaire.command("diff")
@click.argument("old")
@click.argument("new")
def compare_questionnaires(old: str, new: str) -> None:
    """Say what changed from OLD to NEW, each a file or a published version."""
    with _database() as db:
        changes = compare_versions(_find_questionnaire(db, old), _find_questionnaire(db, new))
    for change in changes:
        parts = f"; changed: {', '.join(change.changed)}" if change.changed else ""
        click.echo(f"{change.question_id:6} {change.carry:20} {change.title}{parts}")
    for carry in Carry:
        click.echo(f"{sum(change.carry is carry for change in changes)} {carry}")


def _find_questionnaire(db: Session, name: str) -> Questionnaire:
    """Return the questionnaire of a file, else the published version of this name."""
    path = Path(name)
    return load_questionnaire(path) if path.is_file() else publishing.read_version(db, name)


@questionnaire.command("publish")
@click.argument("file", type=existing_file)
def publish_questionnaire(file: Path) -> None:
    """Check FILE and store it as an immutable version."""
    with _database() as db:
        checked = load_questionnaire(file)
        publishing.publish_questionnaire(db, checked, by=ACTOR)
    click.echo(f"Version {checked.version} is published.")


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
    with _database() as db:
        dates = (opens.date(), closes.date())
        new = Round(round_id, name or f"Round {round_id}", *dates, version)
        publishing.open_round(db, new, by=ACTOR)
    click.echo(f"Round {round_id} runs from {dates[0]} to {dates[1]}.")


account = AppGroup("account", help="Let people sign in.")


@account.command("create")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--authority", help="Code of the authority the person belongs to.")
def create_account(email: str, name: str, role: str, authority: str | None) -> None:
    """Let EMAIL sign in as NAME with ROLE."""
    with _database() as db:
        accounts.create_account(db, email, name, Role(role), authority, by=ACTOR)
    click.echo(f"{email} may sign in as {role}.")


@account.command("deactivate")
@click.argument("email")
def deactivate_account(email: str) -> None:
    """Shut EMAIL out at once."""
    with _database() as db:
        accounts.deactivate_account(db, email, by=ACTOR)
    click.echo(f"{email} can no longer sign in, and is signed out everywhere.")


@account.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def change_role(email: str, role: str) -> None:
    """Give EMAIL another ROLE in the same place."""
    with _database() as db:
        accounts.change_role(db, email, Role(role), by=ACTOR)
    click.echo(f"{email} is now {role}, and must sign in again.")


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
    with _database() as db:
        count = importing.import_responses(
            db, file.read_bytes(), file.name, round_id, counted=counted, by=ACTOR
        )
    words = "counted" if counted else "not counted"
    click.echo(f"Imported {count} authorities into round {round_id}, {words} in benchmarks.")


edition = AppGroup("edition", help="Freeze benchmarks.")


@edition.command("cut")
@click.argument("round_id")
def cut_edition(round_id: str) -> None:
    """Freeze the benchmark of ROUND_ID as it is now."""
    with _database() as db:
        cut = benchmarking.cut_edition(db, round_id, _today(), by=ACTOR)
    click.echo(f"{cut.citation}, content hash {cut.content_hash}.")


@edition.command("release")
@click.argument("round_id")
@click.option("--number", type=int, help="The edition's number; the newest unless said.")
def release_edition(round_id: str, number: int | None) -> None:
    """Make an edition of ROUND_ID open data, for everybody and for ever."""
    with _database() as db:
        released = open_data.release_edition(db, round_id, number, _today(), by=ACTOR)
    click.echo(f"{released.citation}, is open data from today.")


@edition.command("audit")
@click.argument("round_id")
def audit_edition(round_id: str) -> None:
    """Try to work out of ROUND_ID's editions what they must not tell; exit status 0 or 1."""
    with _database() as db:
        audit = benchmarking.audit_newest_edition(db, round_id)
    kinds = {
        "means and medians": audit.centres,
        "spreads": audit.spreads,
        "matched changes": audit.changes,
    }
    for name, withheld in kinds.items():
        click.echo(
            f"Of {withheld.rows} {name} {withheld.too_small} are withheld because too few stand "
            f"behind them ({format_percent(withheld.plain_percent)}), {withheld.hidden} more so "
            "that nothing else can be worked out "
            f"({format_percent(withheld.percent)} withheld in all)."
        )
    click.echo(f"{audit.held} rows stay as an earlier edition showed them.")
    if audit.told_before:
        told = ", ".join(audit.told_before)
        click.echo(f"Earlier editions alone tell what has come to be withheld since: {told}.")
    if audit.exposed:
        click.echo(f"Exposed: {', '.join(audit.exposed)}.", err=True)
        sys.exit(1)
    click.echo("Nothing that is withheld can be worked out.")


benchmark = AppGroup("benchmark", help="Export benchmarks.")


@benchmark.command("export")
@click.option("--round", "round_id", required=True, help="Round whose newest edition is meant.")
@click.option("--group", required=True, type=click.Choice([kind.value for kind in FIXED_KINDS]))
@click.option("--format", "file_format", default="csv", type=click.Choice(["csv", "json"]))
def export_benchmark(round_id: str, group: str, file_format: str) -> None:
    """Print exactly what an analyst may see."""
    with _database() as db:
        text = open_data.export_figures(db, round_id, GroupKind(group), file_format)
    click.echo(text, nl=not text.endswith("\n"))


reports = AppGroup("reports", help="Make the reports of many authorities.")


@reports.command("build")
@click.option("--round", "round_id", required=True, help="Round of the assessments.")
@click.option("--kind", default="improvement", type=click.Choice(reporting.KINDS))
@click.option("--workers", default=1, type=click.IntRange(1, 64), help="Processes that render.")
def build_reports(round_id: str, kind: str, workers: int) -> None:
    """Make the report of every authority that submitted; type it again to go on where it stopped.

    Exit status 1 where some could not be made.
    """
    with _database() as db:
        asked = round_reports.ask_round(db, round_id, kind, _today(), by=ACTOR)
    states = _watch(asked, _start_workers(workers if asked else 0))
    made, failed = states.get("ready", 0), states.get("failed", 0)
    click.echo(f"{made} of {len(asked)} reports are made, {failed} failed.")
    with _database() as db:
        left = round_reports.count_left(db)
    waiting = states.get("waiting", 0)
    if waiting > left:
        click.echo(f"{waiting - left} that people asked for wait for flask worker.")
    if left or failed:
        click.echo("Type the same again to go on.", err=True)
        sys.exit(1)


def _start_workers(count: int) -> list[subprocess.Popen[bytes]]:
    """Start processes that make the reports of rounds and then end."""
    settings = {
        "DATABASE_URL": current_app.config["DATABASE_URL"],
        "SECRET_KEY": current_app.config["SECRET_KEY"],
        "PUBLIC_URL": current_app.config["PUBLIC_URL"],
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "worker", "--drain"]
    return [
        subprocess.Popen(command, env=os.environ | settings, cwd=QUESTIONS.parent)  # noqa: S603
        for _ in range(count)
    ]


def _watch(asked: list[int], workers: list[subprocess.Popen[bytes]]) -> dict[str, int]:
    """Show how far the reports are until all are made or nobody makes them; count their states."""
    with click.progressbar(length=len(asked), label="Reports") as bar:
        while True:
            alive = any(started.poll() is None for started in workers)
            with _database() as db:
                states = round_reports.count_states(db, asked)
            bar.update(len(asked) - states.get("waiting", 0) - bar.pos)
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
    with _database() as db:
        pdf = reporting.print_report(db, authority_code, round_id, kind, _today(), by=ACTOR)
        out.write_bytes(pdf)
    click.echo(f"Wrote {out}.")
