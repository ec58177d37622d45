"""The forms of signing in, and a button with its token."""

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Regexp

from assessment.core.typed import is_email, normalise_code, normalise_email
from assessment.locale import gettext, lazy_gettext

MAX_EMAIL_LENGTH = 254
# What is typed into a short field; more is refused as it is. [characters]
MAX_NORMALISED = 1000


def short(normalise: Callable[[str], str]) -> Callable[[str | None], str]:
    """Return a filter that normalises what was typed, unless it is far too long to be right."""

    def filter_text(text: str | None) -> str:
        return text if text and len(text) > MAX_NORMALISED else normalise(text or "")

    return filter_text


class EmailForm(FlaskForm):
    """Asks for the address that a sign-in link goes to."""

    email = EmailField(
        lazy_gettext("Your work e-mail address"),
        filters=[short(normalise_email)],
        validators=[
            DataRequired(lazy_gettext("Enter your e-mail address.")),
            Length(max=MAX_EMAIL_LENGTH, message=lazy_gettext("Enter a shorter e-mail address.")),
        ],
    )

    def validate_email(self, field: Field) -> None:
        """Require the form of an address."""
        if not is_email(field.data):
            raise ValidationError(gettext("Enter an e-mail address like name@example.gov.uk."))


class CodeForm(FlaskForm):
    """Asks for the code that was sent."""

    code = StringField(
        lazy_gettext("Six-digit code"),
        filters=[short(normalise_code)],
        validators=[
            DataRequired(lazy_gettext("Enter the code from the e-mail.")),
            Regexp(r"\d{6}$", message=lazy_gettext("The code has six digits.")),
        ],
    )


class ConfirmForm(FlaskForm):
    """A button and nothing else, with its CSRF token."""
