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
from assessment.locale import gettext, lazy_gettext, ngettext
from reports.words import ask_for_choices

MAY_BE_COUNTED = lazy_gettext("Choose whether the assessment may be counted.")


class ChoicesField(SelectMultipleField):
    """Some of a list, at most so many."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """What was chosen of the list, in its order."""
        return tuple(one.value for one in self.choices if one.value in (self.data or ()))

    def pre_validate(self, _form: BaseForm) -> None:
        """Refuse what is not in the list, and more than may be chosen."""
        if self.data and not set(self.data) <= {choice.value for choice in self.choices}:
            raise ValidationError(
                gettext("%(question)s Choose from the list.", question=self.label.text)
            )
        if len(set(self.data or ())) > MAX_CHOICES:
            raise ValidationError(
                gettext(
                    "%(question)s Choose %(count)s at most.",
                    question=self.label.text,
                    count=MAX_CHOICES,
                )
            )


class SubmitForm(FlaskForm):
    """The declaration, what holds back and would help, and the choice to be counted."""

    barriers = ChoicesField(ask_for_choices(ChoiceKind.BARRIER))
    support = ChoicesField(ask_for_choices(ChoiceKind.SUPPORT))

    counted = RadioField(
        lazy_gettext("May this assessment be counted in the benchmarks?"),
        choices=[
            SelectChoice(value="yes", label=lazy_gettext("Yes, count it")),
            SelectChoice(value="no", label=lazy_gettext("No, leave it out")),
        ],
        validators=[InputRequired(MAY_BE_COUNTED)],
        invalid_choice_message=MAY_BE_COUNTED,
    )
    seen = HiddenField()
    unchecked = BooleanField(validators=[DataRequired()])
    declaration = BooleanField(
        lazy_gettext("These are the agreed answers of my authority, and I may submit them for it."),
        validators=[DataRequired(lazy_gettext("Confirm the declaration."))],
    )

    def offer(self, questionnaire: Questionnaire, *, unchecked: int) -> None:
        """Offer what the questionnaire lists; ask about answers brought over and not checked."""
        if unchecked:
            self.unchecked.label.text = ngettext(
                "Submit %(num)s answer that nobody has checked in this round.",
                "Submit %(num)s answers that nobody has checked in this round.",
                unchecked,
            )
            missing = ngettext(
                "Check the %(num)s answer brought over, or say that you submit them so.",
                "Check the %(num)s answers brought over, or say that you submit them so.",
                unchecked,
            )
            self.unchecked.validators = [DataRequired(missing)]
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
