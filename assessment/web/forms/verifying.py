"""The form that checks a report."""

from flask_wtf import FlaskForm
from wtforms import (
    FileField,
    StringField,
)


class CheckReportForm(FlaskForm):
    """Asks for a report's code, and perhaps for its file."""

    code = StringField("Code on the last page")
    file = FileField("The PDF, if you want to know whether it was altered")
