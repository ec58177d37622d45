"""The commands: thin, so that the same services serve web and command line."""

from flask import Flask

from assessment.commands.accounts import account
from assessment.commands.assessments import assessment
from assessment.commands.editions import benchmark, edition
from assessment.commands.installing import demonstrate, init, migrate, worker
from assessment.commands.questionnaires import questionnaire
from assessment.commands.register import register
from assessment.commands.reports import report, reports
from assessment.commands.responses import responses
from assessment.commands.rounds import round_


def register_commands(app: Flask) -> None:
    """Add every command to the application."""
    people = (register, account, assessment, responses)
    for command in (init, demonstrate, migrate, worker, report):
        app.cli.add_command(command)
    for group in (questionnaire, round_, *people, edition, benchmark, reports):
        app.cli.add_command(group)
