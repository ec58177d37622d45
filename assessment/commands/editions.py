"""Cutting, releasing, auditing and exporting editions."""

import sys

import click
from flask.cli import AppGroup

from assessment.commands.running import ACTOR, open_database, read_today
from assessment.core.authorities import FIXED_KINDS, GroupKind
from assessment.services import benchmarking, open_data
from reports.formats import format_percent

edition = AppGroup("edition", help="Freeze benchmarks.")


@edition.command("cut")
@click.argument("round_id")
def cut_edition(round_id: str) -> None:
    """Freeze the benchmark of ROUND_ID as it is now."""
    with open_database() as db:
        cut = benchmarking.cut_edition(db, round_id, read_today(), by=ACTOR)
    click.echo(f"{cut.citation}, content hash {cut.content_hash}.")


@edition.command("release")
@click.argument("round_id")
@click.option("--number", type=int, help="The edition's number; the newest unless said.")
def release_edition(round_id: str, number: int | None) -> None:
    """Make an edition of ROUND_ID open data, for everybody and for ever."""
    with open_database() as db:
        released = open_data.release_edition(db, round_id, number, read_today(), by=ACTOR)
    click.echo(f"{released.citation}, is open data from today.")


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
