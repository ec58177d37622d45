"""Comparing and loading registers."""

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
from assessment.content.register import load_register
from assessment.core.people.vintages import RegisterChange
from assessment.services.register import registering

register = AppGroup("register", help="Compare and load registers of authorities.")


@register.command("check")
@click.argument("file", type=existing_file)
def check_register(file: Path) -> None:
    """Say what FILE would change in the register, and change nothing."""
    with open_database() as db:
        changes = registering.check_register(db, load_register(file))
    _show(changes)


@register.command("load")
@click.argument("file", type=existing_file)
@click.option("--version", required=True, help="Day of the new register, such as 2027-04-01.")
@yes_option
def load_new_register(file: Path, version: str, yes: bool) -> None:
    """Say what FILE changes in the register, ask, and load it."""
    with open_database() as db:
        content = load_register(file)
        _show(registering.check_register(db, content))
    follows = "Once it is loaded, a register stays; a later one can change it again."
    require_yes(yes, follows, f"Load this register as {version}?")
    with open_database() as db:
        changes = registering.load_register(db, content, version, by=operator())
    click.echo(f"The register {version} is loaded, with {len(changes)} changes.")


def _show(changes: list[RegisterChange]) -> None:
    """Print each change in a line."""
    for change in changes:
        click.echo(registering.describe_change(change))
    click.echo(f"{len(changes)} changes.")
