"""Cutting, releasing, auditing and exporting editions."""

import sys

import click
from flask.cli import AppGroup

from assessment.clock import today
from assessment.commands.running import open_database, operator, require_yes, yes_option
from assessment.core.answers.rounds import Override
from assessment.core.people.groups import FIXED_KINDS, GroupKind
from assessment.services.editions import benchmarking, cutting, open_data, releasing
from assessment.services.editions.releasing import ReleaseCheck
from reports.formats import format_percent
from reports.words import cite_edition

edition = AppGroup("edition", help="Freeze benchmarks.")


@edition.command("cut")
@click.argument("round_id")
@click.option("--even-if-open", is_flag=True, help="Cut it before the round is over.")
@click.option("--even-if-empty", is_flag=True, help="Cut it of too few to show a figure.")
def cut_edition(round_id: str, even_if_open: bool, even_if_empty: bool) -> None:
    """Freeze the benchmark of ROUND_ID as it is now."""
    given = {Override.OPEN: even_if_open, Override.EMPTY: even_if_empty}
    overrides = [each for each, is_given in given.items() if is_given]
    with open_database() as db:
        cut = cutting.cut_edition(db, round_id, today(), by=operator(), overrides=overrides)
    click.echo(f"{cite_edition(cut)}, content hash {cut.content_hash}.")


@edition.command("release")
@click.argument("round_id")
@click.option("--number", type=int, help="The edition's number; the newest unless said.")
@yes_option
def release_edition(round_id: str, number: int | None, yes: bool) -> None:
    """Make an edition of ROUND_ID open data, for everybody."""
    with open_database() as db:
        checked = releasing.check_release(db, round_id, number, today())
    _say_what_follows(checked)
    if not yes and click.prompt(f"Type {round_id} to release it") != round_id:
        click.echo("Nothing was released.", err=True)
        sys.exit(1)
    number = checked.edition.number
    with open_database() as db:
        released = releasing.release_edition(db, round_id, number, today(), by=operator())
    click.echo(f"{cite_edition(released)}, is open data from today.")


def _say_what_follows(checked: ReleaseCheck) -> None:
    """Say what a release makes public."""
    click.echo(
        f"{cite_edition(checked.edition)}: {checked.rows} rows of figures, of {checked.counted} "
        "authorities that agreed to be counted."
    )
    click.echo(
        "Once it is released, everybody can read and keep them, without an account, on the open "
        "data page, as files and through the API. It can be withdrawn with a note, but what was "
        "fetched cannot be called back."
    )
    click.echo("The files name no licence. Say on your own pages how they may be used.")


@edition.command("withdraw")
@click.argument("round_id")
@click.argument("number", type=int)
@click.option("--note", required=True, help="Why; everybody reads it on the open data page.")
@yes_option
def withdraw_edition(round_id: str, number: int, note: str, yes: bool) -> None:
    """Take edition NUMBER of ROUND_ID from open data; its figures stay stored."""
    follows = (
        f"Everybody reads from now on that edition {number} of round {round_id} was withdrawn, and "
        f"why: {note} Its files are deleted. It cannot be released again, and the note stays as "
        "it is."
    )
    require_yes(yes, follows, f"Withdraw edition {number} of round {round_id}?")
    with open_database() as db:
        withdrawn = releasing.withdraw_release(db, round_id, number, note, today(), by=operator())
    click.echo(f"{cite_edition(withdrawn)}, is no longer open data; the page says why.")


@edition.command("audit")
@click.argument("round_id")
def audit_edition(round_id: str) -> None:
    """Try to work out of ROUND_ID's editions what they must not tell; exit status 0 or 1."""
    with open_database() as db:
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
    with open_database() as db:
        text = open_data.export_figures(db, round_id, GroupKind(group), file_format)
    click.echo(text, nl=not text.endswith("\n"))
