"""The form that checks a report."""

from flask_wtf import FlaskForm
from wtforms import FileField, StringField

from assessment.locale import lazy_gettext


class CheckReportForm(FlaskForm):
    """Asks for a report's code, and perhaps for its file."""

    code = StringField(lazy_gettext("Code on the last page"))
    file = FileField(lazy_gettext("The PDF, if you want to know whether it was altered"))
