"""The form that submits an assessment."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired

from assessment.core.answers.barriers import MAX_CHOICES, ChoiceKind, Choices
from assessment.core.questionnaire.questionnaire import Questionnaire
from reports.formats import format_count
from reports.words import ask_for_choices


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

    barriers = ChoicesField(ask_for_choices(ChoiceKind.BARRIER))
    support = ChoicesField(ask_for_choices(ChoiceKind.SUPPORT))

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
