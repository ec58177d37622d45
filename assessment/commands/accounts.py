"""Letting people sign in."""

import click
from flask.cli import AppGroup

from assessment.clock import today
from assessment.commands.running import ACTOR, open_database
from assessment.core.accounts import Role
from assessment.services import accounts

account = AppGroup("account", help="Let people sign in.")


@account.command("create")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--authority", help="Code of the authority the person belongs to.")
def create_account(email: str, name: str, role: str, authority: str | None) -> None:
    """Let EMAIL sign in as NAME with ROLE."""
    with open_database() as db:
        accounts.create_account(db, email, name, Role(role), authority, today=today(), by=ACTOR)
    click.echo(f"{email} may sign in as {role}.")


@account.command("deactivate")
@click.argument("email")
def deactivate_account(email: str) -> None:
    """Shut EMAIL out at once."""
    with open_database() as db:
        accounts.deactivate_account(db, email, by=ACTOR)
    click.echo(f"{email} can no longer sign in, and is signed out everywhere.")


@account.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def change_role(email: str, role: str) -> None:
    """Give EMAIL another ROLE in the same place."""
    with open_database() as db:
        accounts.change_role(db, email, Role(role), by=ACTOR)
    click.echo(f"{email} is now {role}, and must sign in again.")
