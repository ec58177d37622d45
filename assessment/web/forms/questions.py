"""The form of one question, built from the questionnaire."""

from time import time

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Regexp, ValidationError

from assessment.core.answers.answers import MAX_LINKS, MAX_TEXT_LENGTH, Answer, Standing
from assessment.core.answers.assessments import SavedAnswer
from assessment.core.questionnaire.questionnaire import Question, Questionnaire
from assessment.locale import gettext, lazy_gettext, lazy_ngettext
from assessment.web.lengths import AtMost
from assessment.web.links import MAX_LINK_LENGTH, list_link_mistakes, read_links

# More than ten links of the greatest length are not read one by one. [characters]
MAX_LINKS_LENGTH = MAX_LINKS * MAX_LINK_LENGTH

REASON_TOO_LONG = lazy_ngettext(
    "The reason is %(num)s character too long. Shorten it to %(limit)s characters or fewer.",
    "The reason is %(num)s characters too long. Shorten it to %(limit)s characters or fewer.",
)
NOTE_TOO_LONG = lazy_ngettext(
    "The note is %(num)s character too long. Shorten it to %(limit)s characters or fewer.",
    "The note is %(num)s characters too long. Shorten it to %(limit)s characters or fewer.",
)
LINKS_TOO_LONG = lazy_ngettext(
    "The list of links is %(num)s character too long. Shorten it to %(limit)s characters or fewer.",
    "The list of links is %(num)s characters too long. "
    "Shorten it to %(limit)s characters or fewer.",
)
CHOOSE = lazy_gettext("Choose a level, Don't know or Does not apply.")


def strip_text(text: str | None) -> str:
    """Return a text without white space around it, with plain line ends."""
    return (text or "").replace("\r\n", "\n").strip()


class QuestionForm(FlaskForm):
    """One question: a level, Don't know or Does not apply; a note; evidence links."""

    choice = RadioField(
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
    )
    reason = StringField(
        lazy_gettext("If it does not apply, say why"),
        filters=[strip_text],
        validators=[AtMost(MAX_TEXT_LENGTH, REASON_TOO_LONG)],
    )
    note = TextAreaField(
        lazy_gettext("Note for your colleagues (optional)"),
        filters=[strip_text],
        validators=[AtMost(MAX_TEXT_LENGTH, NOTE_TOO_LONG)],
    )
    evidence = TextAreaField(lazy_gettext("Links to evidence (optional)"), filters=[strip_text])
    round_id = HiddenField()
    revision = HiddenField(
        default="0", validators=[Regexp(r"\d{1,9}$", message=lazy_gettext("Open the page again."))]
    )
    opened = HiddenField(
        default=lambda: str(int(time())),
        validators=[Regexp(r"\d{1,11}$", message=lazy_gettext("Open the page again."))],
    )

    def seconds(self) -> int:
        """Return how long the page has been open, by the clock of the server."""
        return int(time()) - int(self.opened.data)

    def validate_reason(self, field: Field) -> None:
        """Require a reason where the question does not apply."""
        if self.choice.data == Standing.DOES_NOT_APPLY.value and not field.data:
            raise ValidationError(gettext("Say why this question does not apply."))

    def validate_evidence(self, field: Field) -> None:
        """Require web addresses; every one that is none is named."""
        AtMost(MAX_LINKS_LENGTH, LINKS_TOO_LONG)(self, field)
        links = read_links(field.data)
        if len(links) > MAX_LINKS:
            raise ValidationError(
                gettext(
                    "You gave %(count)s links. Give %(limit)s or fewer.",
                    count=len(links),
                    limit=MAX_LINKS,
                )
            )
        field.errors.extend(list_link_mistakes(links))

    def answer(self, question: Question) -> Answer:
        """Return the answer that was given."""
        is_level = self.choice.data not in {s.value for s in Standing}
        standing = Standing.LEVEL if is_level else Standing(self.choice.data)
        return Answer(
            question_id=question.id,
            standing=standing,
            level=int(self.choice.data) if is_level else None,
            reason=self.reason.data if standing is Standing.DOES_NOT_APPLY else "",
            note=self.note.data,
            evidence=tuple(read_links(self.evidence.data)),
        )


def build_question_form(
    questionnaire: Questionnaire, saved: SavedAnswer | None, *, round_id: str, revision: int = 0
) -> QuestionForm:
    """Return the form of a question in a round, filled with what is saved.

    ``revision`` goes on from an answer that was cleared.
    """
    filled = _fill(saved) if saved else {"revision": str(revision)}
    form = QuestionForm(data=filled | {"round_id": round_id})
    form.choice.choices = [
        *(
            SelectChoice(value=str(level.number), label=f"{level.number} {level.name}")
            for level in questionnaire.levels
        ),
        SelectChoice(value=Standing.DONT_KNOW.value, label=gettext("Don’t know")),
        SelectChoice(value=Standing.DOES_NOT_APPLY.value, label=gettext("Does not apply")),
    ]
    return form


def _fill(saved: SavedAnswer) -> dict[str, str]:
    """Return the fields of a saved answer."""
    answer = saved.answer
    is_level = answer.standing is Standing.LEVEL
    return {
        "choice": str(answer.level) if is_level else answer.standing.value,
        "reason": answer.reason,
        "note": answer.note,
        "evidence": "\n".join(answer.evidence),
        "revision": str(saved.revision),
    }
