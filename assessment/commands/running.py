"""What every command runs with: a session and an actor."""

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Session

from assessment.core.errors import AssessmentError, UnconfirmedError
from assessment.core.people.actors import Actor, ActorKind
from assessment.storage.database import TABLES_MISSING

QUESTIONS = Path(__file__).parents[2] / "questions.yaml"

SENTENCES: dict[type[Exception], str] = {
    UnicodeEncodeError: "What was typed holds letters that are not UTF-8.",
    OperationalError: "The database does not answer. Nothing was changed: try again.",
    IntegrityError: "Somebody did the same at this moment. Nothing was changed: try again.",
    ProgrammingError: TABLES_MISSING,
}

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
a_date = click.DateTime(formats=["%Y-%m-%d"])
yes_option = click.option("--yes", is_flag=True, help="Do not ask: what follows is known.")


def require_yes(yes: bool, follows: str, question: str) -> None:
    """Say what follows from an act that cannot be undone, and ask; end with status 1 on a no."""
    if yes:
        return
    click.echo(follows)
    if not click.confirm(question):
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)


def operator() -> Actor:
    """Return who runs a command: the user that the operating system knows."""
    user_id = os.getuid()
    try:
        name = pwd.getpwuid(user_id).pw_name
    except KeyError:
        # A container may run as a user that has no name.
        name = f"user {user_id}"
    return Actor(ActorKind.OPERATOR, name)


@contextmanager
def open_database() -> Iterator[Session]:
    """Give a command a session that commits at its end; what fails is one sentence and status 1."""
    with in_one_sentence(), current_app.extensions["database"].begin() as db:
        yield db


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Say in one sentence what was refused or is missing, and end with status 1."""
    try:
        yield
    except (AssessmentError, SQLAlchemyError, OSError, UnicodeEncodeError) as error:
        click.echo(_describe(error), err=True)
        sys.exit(1)


def _describe(error: Exception) -> str:
    """Say what went wrong; raises again what only a developer can put right."""
    if isinstance(error, UnconfirmedError):
        return f"{error} To do it all the same, add --even-if-{error.override}."
    if isinstance(error, AssessmentError):
        return str(error)
    if isinstance(error, OSError):
        words = error.strerror or str(error) or type(error).__name__
        return f"{words}." if error.filename is None else f"{error.filename}: {words}."
    for kind, sentence in SENTENCES.items():
        if isinstance(error, kind):
            return sentence
    raise error
