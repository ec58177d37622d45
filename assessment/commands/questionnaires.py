"""Checking, comparing and publishing questionnaires."""

import sys
from importlib.util import find_spec
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from assessment.commands.running import (
    existing_file,
    in_one_sentence,
    open_database,
    operator,
    require_yes,
    yes_option,
)
from assessment.content.questionnaire import load_questionnaire
from assessment.content.style import check_style, measure_reading_age
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.questionnaire.versions import Carry, compare_versions
from assessment.services.questionnaires import publishing, queries
from reports.words import say_carry

questionnaire = AppGroup("questionnaire", help="Check, compare and publish questionnaires.")


@questionnaire.command("check")
@click.argument("file", type=existing_file)
@click.option("--style", is_flag=True, help="Say also what reads badly.")
def check_questionnaire(file: Path, style: bool) -> None:
    """Check FILE and name each mistake by line and field; exit status 0 or 1."""
    with in_one_sentence():
        checked = load_questionnaire(file)
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
    with open_database() as db:
        changes = compare_versions(_find_questionnaire(db, old), _find_questionnaire(db, new))
    for change in changes:
        parts = f"; changed: {', '.join(change.changed)}" if change.changed else ""
        click.echo(f"{change.question_id:6} {say_carry(change.carry):20} {change.title}{parts}")
    for carry in Carry:
        click.echo(f"{sum(change.carry is carry for change in changes)} {say_carry(carry)}")


def _find_questionnaire(db: Session, name: str) -> Questionnaire:
    """Return the questionnaire of a file, else the published version of this name."""
    path = Path(name)
    return load_questionnaire(path) if path.is_file() else queries.read_version(db, name)


@questionnaire.command("publish")
@click.argument("file", type=existing_file)
@yes_option
def publish_questionnaire(file: Path, yes: bool) -> None:
    """Check FILE and store it as an immutable version."""
    with in_one_sentence():
        checked = load_questionnaire(file)
    follows = (
        f"Version {checked.version} has {len(checked.questions)} questions. Once it is published, "
        "no word of it can be changed, and it cannot be taken back: a correction is another "
        "version."
    )
    require_yes(yes, follows, f"Publish version {checked.version}?")
    with open_database() as db:
        publishing.publish_questionnaire(db, checked, by=operator())
    click.echo(f"Version {checked.version} is published.")
