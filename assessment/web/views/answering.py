"""Answering: task list, questions, checking, submitting."""

import re

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment.core.answers.answers import MAX_TEXT_LENGTH
from assessment.core.answers.assessments import (
    AnswerClearedError,
    AnswerConflictError,
    ClearedAnswer,
    SavedAnswer,
)
from assessment.core.answers.barriers import MAX_CHOICES
from assessment.core.errors import NotAllowedError
from assessment.core.people.memberships import ANSWERING_ROLES, AUTHORITY_ROLES, SUBMITTING_ROLES
from assessment.core.questionnaire.questionnaire import Question
from assessment.locale import gettext, lazy_gettext
from assessment.services.answering import (
    answering,
    carry_forward,
    clearing,
    earlier_rounds,
    submitting,
    surveys,
)
from assessment.services.answering.carry_forward import Shown
from assessment.services.answering.submitting import AlreadySubmittedError, AnswersChangedError
from assessment.services.answering.surveys import Survey
from assessment.services.people import queries
from assessment.web.access import current_actor, may, own_authority_id, requires
from assessment.web.activity import describe_event, name_actor
from assessment.web.forms.answering import SubmitForm
from assessment.web.forms.questions import QuestionForm, build_question_form, strip_text
from assessment.web.notices import (
    say_brought_over,
    say_changed,
    say_cleared,
    say_confirmed,
    say_not_cleared,
    say_submitted,
)
from reports.words import name_respondent

bp = Blueprint("answering", __name__, url_prefix="/assessment")

# What people call the parts of a question that may change between two versions.
PART_NAMES = {
    "title": lazy_gettext("its title"),
    "text": lazy_gettext("its wording"),
    "why": lazy_gettext("why it is question"),
    "ask": lazy_gettext("who usually knows"),
    "descriptors": lazy_gettext("the descriptions of its levels"),
    "evidence": lazy_gettext("the evidence to point to"),
    "actions": lazy_gettext("its next steps"),
    "sources": lazy_gettext("its sources"),
    "legal": lazy_gettext("the law beside it"),
    "cases": lazy_gettext("its cases"),
    "crosswalk": lazy_gettext("where else you answer it"),
    "weight": lazy_gettext("its weight in the score"),
}


@bp.get("/")
@requires(*AUTHORITY_ROLES)
def tasks() -> ResponseReturnValue:
    """Show the principles and how far each is answered."""
    survey = _survey()
    earlier = earlier_rounds.read_earlier_rounds(g.db, survey) if survey.is_open else []
    last = earlier_rounds.find_offer(survey, earlier)
    past = surveys.read_past_surveys(g.db, own_authority_id(), g.today)
    return render_template(
        "pages/answering/tasks.html",
        survey=survey,
        past=[one for one in past if one.round.id != survey.round.id],
        last=last,
        offered=earlier_rounds.list_offered(survey, last) if last else [],
        second_looks=earlier_rounds.list_second_looks(survey, last) if last else [],
        may_answer=survey.is_open and may("answering.save"),
    )


@bp.post("/bring-over")
@requires(*ANSWERING_ROLES)
def bring_over() -> ResponseReturnValue:
    """Start from last round's answers."""
    survey = _survey_of_form()
    from_id = request.form.get("from_id", "")
    try:
        count = carry_forward.bring_over(g.db, survey, by=current_actor(), from_id=from_id)
    except NotAllowedError as refusal:
        flash(gettext("Nothing is brought over. %(reason)s", reason=refusal), "important")
        return redirect(url_for(".tasks"))
    if count:
        flash(say_brought_over(count), "success")
    else:
        flash(gettext("There was nothing more to bring over."), "important")
    return redirect(url_for(".review"))


@bp.get("/review")
@requires(*AUTHORITY_ROLES)
def review() -> ResponseReturnValue:
    """Show the answers that were brought over and nobody has confirmed."""
    survey = _survey()
    if not (survey.is_open and survey.unchecked):
        return redirect(url_for(".check"))
    earlier = earlier_rounds.read_earlier_rounds(g.db, survey)
    return render_template(
        "pages/answering/review.html",
        survey=survey,
        changed=earlier_rounds.list_changed_parts(g.db, survey),
        second_looks=earlier_rounds.list_second_looks(survey, earlier[0]) if earlier else [],
        part_names=PART_NAMES,
        may_answer=survey.is_open and may("answering.save"),
    )


@bp.post("/confirm")
@requires(*ANSWERING_ROLES)
def confirm() -> ResponseReturnValue:
    """Confirm answers that were brought over, and go back to where the button stood."""
    survey = _survey_of_form()
    seen = dict(_read_seen(part) for part in request.form.getlist("answer"))
    for question_id in seen:
        survey.questionnaire.question(question_id)
    try:
        confirmed, changed = carry_forward.confirm(g.db, survey, seen, by=current_actor())
    except NotAllowedError as refusal:
        flash(gettext("Nothing is confirmed. %(reason)s", reason=refusal), "important")
        return redirect(url_for(".check"))
    if changed:
        flash(f"{say_changed(changed)} {say_confirmed(len(confirmed))}", "important")
    elif confirmed:
        flash(say_confirmed(len(confirmed)), "success")
    return _back_to(request.form.get("back", ""), survey, seen)


def _read_seen(part: str) -> tuple[str, Shown]:
    """Return the question and what a button showed of its answer, such as ``1.1=2=2025``."""
    found = re.fullmatch(r"([^=]*)=([0-9]{1,9})=(.+)", part)
    if found is None:
        abort(400)
    return found[1], Shown(int(found[2]), brought_from=found[3])


def _back_to(back: str, survey: Survey, seen: dict[str, Shown]) -> ResponseReturnValue:
    """Lead back to the list that a button stood in, or from a question to the next."""
    if back == "question" and seen:
        return _next_page(survey, next(iter(seen)))
    return redirect(url_for(".review" if back == "review" else ".check"))


def _next_page(survey: Survey, question_id: str) -> ResponseReturnValue:
    """Lead to the question after this one, or from the last to all answers."""
    following = survey.question_after(question_id)
    if following is None:
        return redirect(url_for(".check"))
    return redirect(url_for(".question", question_id=following.id))


@bp.route("/questions/<question_id>", methods=["GET"])
@requires(*AUTHORITY_ROLES)
def question(question_id: str) -> ResponseReturnValue:
    """Show one question with what is saved."""
    survey = _survey()
    question = survey.questionnaire.question(question_id)
    form = _question_form(survey, question_id)
    return _question_page(survey, question, form)


@bp.post("/questions/<question_id>")
@requires(*ANSWERING_ROLES)
def save(question_id: str) -> ResponseReturnValue:
    """Save an answer and go on to the next question."""
    survey = _survey_of_form()
    question = survey.questionnaire.question(question_id)
    form = _question_form(survey, question_id)
    if not form.validate_on_submit():
        return _question_page(survey, question, form)
    revision = int(form.revision.data)
    try:
        answering.answer_together(
            g.db,
            survey,
            form.answer(question),
            revision=revision,
            by=current_actor(),
            seconds=form.seconds(),
        )
    except AnswerConflictError as conflict:
        form.revision.data = str(conflict.saved.revision)
        return _question_page(survey, question, form, conflict.saved)
    except AnswerClearedError as gone:
        form.revision.data = str(gone.cleared.revision)
        return _question_page(survey, question, form, cleared=gone.cleared)
    except NotAllowedError as refusal:
        form.form_errors.append(str(refusal))
        return _question_page(survey, question, form, keep_typing=True)
    flash(
        gettext("Your answer to %(id)s %(title)s is saved.", id=question.id, title=question.title),
        "success",
    )
    return _next_page(survey, question_id)


@bp.post("/questions/<question_id>/clear")
@requires(*ANSWERING_ROLES)
def clear(question_id: str) -> ResponseReturnValue:
    """Clear an answer, unless a colleague has changed it meanwhile."""
    survey = _survey_of_form()
    revision = request.form.get("revision", default=0, type=int)
    try:
        is_cleared = clearing.clear_answer(
            g.db, survey, question_id, revision=revision, by=current_actor()
        )
    except AnswerConflictError as conflict:
        flash(say_not_cleared(name_respondent(conflict.saved.changed_by)), "important")
    except NotAllowedError as refusal:
        flash(gettext("Not cleared. %(reason)s", reason=refusal), "important")
    else:
        # A colleague, or the same button, may have cleared it before.
        flash(
            say_cleared(question_id, is_cleared=is_cleared),
            "success" if is_cleared else "important",
        )
    return redirect(url_for(".question", question_id=question_id))


@bp.get("/check")
@requires(*AUTHORITY_ROLES)
def check() -> ResponseReturnValue:
    """Show all answers with links to change them."""
    survey = _survey()
    named = request.args.getlist("changed")
    changed = [q for q in survey.questionnaire.questions if q.id in named]
    asked_back = surveys.list_plausibility_queries(survey) if survey.is_open else ()
    return render_template(
        "pages/answering/check.html",
        survey=survey,
        changed=changed,
        asked_back=asked_back,
        submitters=queries.list_submitters(g.db, own_authority_id()),
        may_answer=survey.is_open and may("answering.save"),
    )


@bp.get("/submit")
@requires(*SUBMITTING_ROLES)
def submit() -> ResponseReturnValue:
    """Ask for the declaration."""
    survey = _survey()
    if survey.assessment.is_submitted:
        return redirect(url_for("reporting.results"))
    if survey.unanswered or not survey.is_open:
        return redirect(url_for(".check"))
    if request.args.get("seen", survey.seen_digest) != survey.seen_digest:
        flash(
            gettext("Answers were changed since you opened this page. Check them again."),
            "important",
        )
        return redirect(url_for(".check"))
    return _submit_page(survey, _submit_form(survey))


@bp.post("/submit")
@requires(*SUBMITTING_ROLES)
def send_submission() -> ResponseReturnValue:
    """Submit what the form says, or say why it is not what is submitted."""
    survey = _survey_of_form()
    form = _submit_form(survey)
    if not form.validate_on_submit():
        return _submit_page(survey, form)
    try:
        submitting.submit(
            g.db,
            survey,
            seen=form.seen.data,
            counted=form.counted.data == "yes",
            needs=form.needs(),
            by=current_actor(),
        )
    except AnswersChangedError as changes:
        return redirect(url_for(".check", changed=changes.question_ids))
    except AlreadySubmittedError as already:
        flash(say_submitted(already.assessment), "important")
        return redirect(url_for("reporting.results"))
    except NotAllowedError as refusal:
        form.form_errors.append(gettext("Nothing is submitted. %(reason)s", reason=refusal))
        return _submit_page(survey, form)
    flash(gettext("The self-assessment is submitted. Nobody can change it now."), "success")
    return redirect(url_for("reporting.results"))


def _submit_form(survey: Survey) -> SubmitForm:
    form = SubmitForm(seen=survey.seen)
    form.offer(survey.questionnaire, unchecked=len(survey.unchecked))
    return form


def _submit_page(survey: Survey, form: SubmitForm) -> ResponseReturnValue:
    """Return the page of the declaration."""
    return render_template(
        "pages/answering/submit.html", survey=survey, form=form, most_chosen=MAX_CHOICES
    )


@bp.get("/rounds/<round_id>")
@requires(*AUTHORITY_ROLES)
def round_answers(round_id: str) -> ResponseReturnValue:
    """Show what the authority answered in a round, submitted or not; an open one is answered."""
    survey = surveys.read_past_survey(g.db, own_authority_id(), g.today, round_id)
    if survey.is_open:
        return redirect(url_for(".check"))
    return render_template(
        "pages/answering/round.html",
        survey=survey,
        own_answers=surveys.group_own_answers(g.db, survey),
    )


@bp.get("/activity")
@requires(*AUTHORITY_ROLES)
def activity() -> ResponseReturnValue:
    """Show who did what."""
    survey = _survey()
    names = {principle.id: principle.name for principle in survey.questionnaire.principles}
    events = surveys.read_activity(g.db, own_authority_id())
    return render_template(
        "pages/answering/activity.html",
        survey=survey,
        events=[(event, name_actor(event), describe_event(event, names)) for event in events],
    )


def _survey() -> Survey:
    """Return the survey of the person's own authority."""
    return surveys.read_survey(g.db, own_authority_id(), g.today)


def _survey_of_form() -> Survey:
    """Return the survey of the round that a form was drawn for: another may be current by now."""
    round_id = strip_text(request.form.get("round_id"))
    return surveys.read_survey(g.db, own_authority_id(), g.today, round_id)


def _question_form(survey: Survey, question_id: str) -> QuestionForm:
    """Return the form of a question, filled with what is saved."""
    saved = survey.saved.get(question_id)
    cleared = surveys.read_cleared(g.db, survey).get(question_id)
    return build_question_form(
        survey.questionnaire,
        saved,
        round_id=survey.round.id,
        revision=cleared.revision if cleared else 0,
    )


def _question_page(
    survey: Survey,
    question: Question,
    form: QuestionForm,
    conflict: SavedAnswer | None = None,
    *,
    cleared: ClearedAnswer | None = None,
    keep_typing: bool = False,
) -> ResponseReturnValue:
    may_answer = survey.is_open and may("answering.save")
    is_new = may_answer and question.id not in survey.saved
    earlier = earlier_rounds.read_earlier_rounds(g.db, survey) if is_new else []
    return render_template(
        "pages/answering/question.html",
        survey=survey,
        question=question,
        principle=survey.questionnaire.principle_of(question.id),
        form=form,
        conflict=conflict,
        cleared=cleared,
        may_answer=may_answer or keep_typing,
        last=earlier_rounds.find_answered(earlier, question.id),
        own_answers=surveys.read_own_answers(g.db, survey, question.id),
        longest_text=MAX_TEXT_LENGTH,
    )
