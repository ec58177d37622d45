"""The forms of the improvement plan."""

import re
from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Regexp, ValidationError

from assessment.core.plans.plans import (
    MAX_ACTION_LENGTH,
    MAX_OWNER_LENGTH,
    Plan,
    PlannedAction,
    SavedAction,
    is_target,
)
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext, lazy_gettext, lazy_ngettext
from assessment.web.forms.questions import strip_text
from assessment.web.lengths import AtMost
from reports.words import say_targets

# Before and after these a year is a slip of the pen.
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
TARGET = "target-"
ACTION_TOO_LONG = lazy_ngettext(
    "What will be done is %(num)s character too long. Shorten it to %(limit)s characters or fewer.",
    "What will be done is %(num)s characters too long. "
    "Shorten it to %(limit)s characters or fewer.",
)
OWNER_TOO_LONG = lazy_ngettext(
    "Who leads it is %(num)s character too long. Shorten it to %(limit)s characters or fewer.",
    "Who leads it is %(num)s characters too long. Shorten it to %(limit)s characters or fewer.",
)
# A year of two digits is of this century.
CENTURY = 2000
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def read_month(typed: str) -> int:
    """Return the month of a number, a name or the first letters of one; 0 where it is none."""
    if re.fullmatch(r"[0-9]{1,2}", typed):
        return int(typed)
    begun = typed.casefold().rstrip(".")
    named = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(begun)]
    return named[0] if len(begun) >= 3 and named else 0


class TargetsForm(FlaskForm):
    """One field for each principle; empty where there is no target."""

    seen = HiddenField()

    def targets(self) -> dict[str, float]:
        """Return the targets by principle id."""
        typed = {f.name.removeprefix(TARGET): f.data for f in self if f.name.startswith(TARGET)}
        return {principle_id: float(text) for principle_id, text in typed.items() if text}


class ActionForm(FlaskForm):
    """One action: for which question, what, who leads it, by when, and whether it is done."""

    question_id = SelectField(lazy_gettext("Question it is for"), validate_choice=False)
    text = TextAreaField(
        lazy_gettext("What will be done"),
        filters=[strip_text],
        validators=[
            DataRequired(lazy_gettext("Say what will be done.")),
            AtMost(MAX_ACTION_LENGTH, ACTION_TOO_LONG),
        ],
    )
    owner = StringField(
        lazy_gettext("Who leads it"),
        filters=[strip_text],
        validators=[
            DataRequired(lazy_gettext("Say who leads it.")),
            AtMost(MAX_OWNER_LENGTH, OWNER_TOO_LONG),
        ],
    )
    day = StringField(lazy_gettext("Day"), filters=[strip_text])
    month = StringField(lazy_gettext("Month"), filters=[strip_text])
    year = StringField(lazy_gettext("Year"), filters=[strip_text])
    is_done = BooleanField(lazy_gettext("This is done"))
    revision = HiddenField(
        default="0", validators=[Regexp(r"\d{1,9}$", message=lazy_gettext("Open the page again."))]
    )

    def validate_question_id(self, field: Field) -> None:
        """Require one of the questions."""
        if not field.data or field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose the question it is for."))

    def due_on(self) -> date | None:
        """Return the date that was typed; None where there is no such date."""
        day, month, year = self.day.data or "", self.month.data or "", self.year.data or ""
        if not (re.fullmatch(r"[0-9]{1,2}", day) and re.fullmatch(r"[0-9]{2}|[0-9]{4}", year)):
            return None
        try:
            return date(int(year) + (CENTURY if len(year) == 2 else 0), read_month(month), int(day))
        except ValueError:
            return None

    def validate_day(self, _: Field) -> None:
        """Require a real date; its errors stand at its first field."""
        due_on = self.due_on()
        if due_on is None:
            typed = " ".join(field.data or "" for field in (self.day, self.month, self.year))
            is_date = re.fullmatch(r"[0-9]{1,2} [0-9]{1,2} [0-9]{4}", typed)
            no_such = gettext("There is no %(date)s.", date=typed) + " " if is_date else ""
            how = gettext("Give the date it is due as day, month and year, as 31 3 2027.")
            raise ValidationError(no_such + how)
        if not EARLIEST <= due_on <= LATEST:
            raise ValidationError(
                gettext(
                    "Give a date from %(earliest)s to %(latest)s, with the year in full.",
                    earliest=EARLIEST.year,
                    latest=LATEST.year,
                )
            )

    def action(self) -> PlannedAction:
        """Return the action that was written."""
        due_on = self.due_on()
        if due_on is None:
            raise ValueError
        return PlannedAction(
            self.question_id.data, self.text.data, self.owner.data, due_on, self.is_done.data
        )


def build_targets_form(questionnaire: Questionnaire, plan: Plan) -> TargetsForm:
    """Return the form of the targets, filled with those that are saved."""

    def check(_: FlaskForm, field: Field) -> None:
        """Require a place on the scale, or nothing."""
        if field.data:
            is_number = re.fullmatch(r"[0-9]{1,2}(\.[0-9])?", field.data)
            if not is_number or not is_target(questionnaire, float(field.data)):
                raise ValidationError(say_targets(questionnaire.levels))

    fields = {
        f"{TARGET}{principle.id}": StringField(
            principle.name, filters=[strip_text], validators=[check]
        )
        for principle in questionnaire.principles
    }
    saved = {f"{TARGET}{principle_id}": f"{score}" for principle_id, score in plan.targets.items()}
    form: TargetsForm = type("TargetsForm", (TargetsForm,), fields)(
        data=saved | {"seen": plan.seen}
    )
    return form


def build_action_form(questionnaire: Questionnaire, saved: SavedAction | None) -> ActionForm:
    """Return the form of an action, filled with what is saved."""
    form = ActionForm(data=_fill(saved) if saved else None)
    form.question_id.choices = [
        SelectChoice(value="", label=gettext("Choose a question")),
        *(
            SelectChoice(value=question.id, label=f"{question.id} {question.title}")
            for question in questionnaire.questions
        ),
    ]
    return form


def begin_action(form: ActionForm, text: str, owner: str, due_on: date | None) -> None:
    """Fill a new action with a suggestion."""
    form.text.data, form.owner.data = text, owner
    if due_on is not None:
        form.day.data, form.month.data = str(due_on.day), str(due_on.month)
        form.year.data = str(due_on.year)


def _fill(saved: SavedAction) -> dict[str, object]:
    """Return the fields of a saved action."""
    action = saved.action
    return {
        "question_id": action.question_id,
        "text": action.text,
        "owner": action.owner,
        "day": str(action.due_on.day),
        "month": str(action.due_on.month),
        "year": str(action.due_on.year),
        "is_done": action.is_done,
        "revision": str(saved.revision),
    }
