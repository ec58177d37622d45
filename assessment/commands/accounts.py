"""Letting people sign in."""

import click
from flask.cli import AppGroup

from assessment.clock import today
from assessment.commands.running import open_database, operator
from assessment.core.people.memberships import Role
from assessment.services.people import accounts, queries
from assessment.storage import authorities

account = AppGroup("account", help="Let people sign in.")


@account.command("create")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--authority", help="Code of the authority the person belongs to.")
def create_account(email: str, name: str, role: str, authority: str | None) -> None:
    """Let EMAIL sign in as NAME with ROLE."""
    with open_database() as db:
        accounts.create_account(
            db, email, name, Role(role), authority, today=today(), by=operator()
        )
    click.echo(f"{email} may sign in as {role}.")


@account.command("deactivate")
@click.argument("email")
def deactivate_account(email: str) -> None:
    """Shut EMAIL out at once."""
    with open_database() as db:
        accounts.deactivate_account(db, email, by=operator())
    click.echo(f"{email} can no longer sign in, and is signed out everywhere.")


@account.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def change_role(email: str, role: str) -> None:
    """Give EMAIL another ROLE in the same place."""
    with open_database() as db:
        accounts.change_role(db, email, Role(role), by=operator())
    click.echo(f"{email} is now {role}, and must sign in again.")


@account.command("activate")
@click.argument("email")
def activate_account(email: str) -> None:
    """Let EMAIL, which was deactivated, sign in again."""
    with open_database() as db:
        active = accounts.activate_account(db, email, today=today(), by=operator())
    click.echo(f"{active.person.email} may sign in again as {active.role}.")


@account.command("email")
@click.argument("old")
@click.argument("new")
def change_email(old: str, new: str) -> None:
    """Correct the address of an account from OLD to NEW."""
    with open_database() as db:
        changed = accounts.change_email(db, old, new, by=operator())
    click.echo(
        f"{changed.person.name} now signs in as {changed.person.email}, and must sign in again."
    )


@account.command("move")
@click.argument("email")
@click.argument("authority")
def move_account(email: str, authority: str) -> None:
    """Move EMAIL to AUTHORITY, such as a successor, with the same role."""
    with open_database() as db:
        moved = accounts.move_account(db, email, authority, today=today(), by=operator())
    click.echo(f"{moved.person.email} is now {moved.role} of {authority}, and must sign in again.")


@account.command("list")
@click.option("--authority", help="Code of one authority; everybody unless said.")
def list_accounts(authority: str | None) -> None:
    """List who may sign in, and who no longer may: one line a person, by tabs."""
    with open_database() as db:
        if authority is not None:
            authorities.read_authority(db, authority)
        memberships = queries.read_every_membership(db)
    for one in memberships:
        if authority in {None, one.authority_id}:
            state = "active" if one.is_current else "deactivated"
            place = one.authority_id or "programme"
            click.echo("\t".join((one.person.email, one.person.name, one.role, place, state)))
