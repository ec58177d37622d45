"""What every command runs with: a session and an actor."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from assessment.core.errors import AssessmentError, UnconfirmedError

ACTOR = "command line"
QUESTIONS = Path(__file__).parents[2] / "questions.yaml"

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
a_date = click.DateTime(formats=["%Y-%m-%d"])


@contextmanager
def open_database() -> Iterator[Session]:
    """Give a command a session that commits at its end; a refusal is one sentence and status 1."""
    try:
        with current_app.extensions["database"].begin() as db:
            yield db
    except UnconfirmedError as error:
        click.echo(f"{error} To do it all the same, add --although-{error.although}.", err=True)
        sys.exit(1)
    except AssessmentError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
