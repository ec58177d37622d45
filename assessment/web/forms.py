"""The fixed forms."""

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from assessment.core.answers.barriers import MAX_CHOICES, ChoiceKind, Choices
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.typed import is_email, normalise_code, normalise_email
from reports.formats import format_count

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
        "Your work e-mail address",
        filters=[short(normalise_email)],
        validators=[
            DataRequired("Enter your e-mail address."),
            Length(max=MAX_EMAIL_LENGTH, message="Enter a shorter e-mail address."),
        ],
    )

    def validate_email(self, field: Field) -> None:
        """Require the form of an address."""
        if not is_email(field.data):
            raise ValidationError("Enter an e-mail address like name@example.gov.uk.")


class CodeForm(FlaskForm):
    """Asks for the code that was sent."""

    code = StringField(
        "Six-digit code",
        filters=[short(normalise_code)],
        validators=[
            DataRequired("Enter the code from the e-mail."),
            Regexp(r"\d{6}$", message="The code has six digits."),
        ],
    )


class ConfirmForm(FlaskForm):
    """A button and nothing else, with its CSRF token."""


class CheckReportForm(FlaskForm):
    """Asks for a report's code, and perhaps for its file."""

    code = StringField("Code on the last page")
    file = FileField("The PDF, if you want to know whether it was altered")


class ChoicesField(SelectMultipleField):
    """Some of a list, at most so many."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """What was chosen of the list, in its order."""
        return tuple(one.value for one in self.choices if one.value in (self.data or ()))

    def pre_validate(self, _form: BaseForm) -> None:
        """Refuse what is not in the list, and more than may be chosen."""
        if self.data and not set(self.data) <= {choice.value for choice in self.choices}:
            raise ValidationError(f"{self.label.text} Choose from the list.")
        if len(set(self.data or ())) > MAX_CHOICES:
            raise ValidationError(f"{self.label.text} Choose {MAX_CHOICES} at most.")


class SubmitForm(FlaskForm):
    """The declaration, what holds back and would help, and the choice to be counted."""

    barriers = ChoicesField(ChoiceKind.BARRIER.question)
    support = ChoicesField(ChoiceKind.SUPPORT.question)

    counted = RadioField(
        "May this assessment be counted in the benchmarks?",
        choices=[
            SelectChoice(value="yes", label="Yes, count it"),
            SelectChoice(value="no", label="No, leave it out"),
        ],
        validators=[InputRequired("Choose whether the assessment may be counted.")],
    )
    seen = HiddenField()
    unchecked = BooleanField(validators=[DataRequired()])
    declaration = BooleanField(
        "These are the agreed answers of my authority, and I may submit them for it.",
        validators=[DataRequired("Confirm the declaration.")],
    )

    def offer(self, questionnaire: Questionnaire, *, unchecked: int) -> None:
        """Offer what the questionnaire lists; ask about answers brought over and not checked."""
        if unchecked:
            answers = format_count(unchecked, "answer")
            self.unchecked.label.text = f"Submit {answers} that nobody has checked in this round."
            self.unchecked.validators = [
                DataRequired(f"Check the {answers} brought over, or say that you submit them so.")
            ]
        else:
            del self.unchecked
        for field, choices in (
            (self.barriers, questionnaire.barriers),
            (self.support, questionnaire.support),
        ):
            field.choices = [SelectChoice(value=one.id, label=one.text) for one in choices]

    def needs(self) -> Choices:
        """Return what was chosen."""
        return Choices(self.barriers.chosen, self.support.chosen)
