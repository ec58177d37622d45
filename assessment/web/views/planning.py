"""The improvement plan: targets, and actions with owner and date."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment.core.people.memberships import AUTHORITY_ROLES, PLANNING_ROLES
from assessment.core.plans.plans import (
    MAX_ACTION_LENGTH,
    MAX_OWNER_LENGTH,
    ActionConflictError,
    Plan,
    SavedAction,
    TargetConflictError,
)
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.services.answering import surveys
from assessment.services.plans import planning, queries
from assessment.services.reports import reporting
from assessment.web.access import current_actor, may, own_authority_id, requires
from assessment.web.forms.planning import (
    ActionForm,
    TargetsForm,
    begin_action,
    build_action_form,
    build_targets_form,
)
from reports.formats import format_date, format_level

bp = Blueprint("planning", __name__, url_prefix="/plan")


@bp.get("/")
@requires(*AUTHORITY_ROLES)
def plan() -> ResponseReturnValue:
    """Show the targets, the actions, and what could be added."""
    saved = queries.read_plan(g.db, own_authority_id())
    return _plan_page(saved, build_targets_form(_questionnaire(), saved))


@bp.post("/targets")
@requires(*PLANNING_ROLES)
def save_targets() -> ResponseReturnValue:
    """Save the targets."""
    questionnaire = _questionnaire()
    saved = queries.read_plan(g.db, own_authority_id())
    form = build_targets_form(questionnaire, saved)
    if not form.validate_on_submit():
        return _plan_page(saved, form)
    try:
        planning.save_targets(
            g.db,
            own_authority_id(),
            questionnaire,
            form.targets(),
            seen=form.seen.data,
            by=current_actor(),
        )
    except TargetConflictError as conflict:
        form.seen.data = conflict.plan.seen
        return _plan_page(conflict.plan, form, differing=_list_differing(form, conflict.plan))
    flash(gettext("The targets are saved."), "success")
    return redirect(url_for(".plan"))


@bp.get("/actions/new")
@requires(*PLANNING_ROLES)
def new_action() -> ResponseReturnValue:
    """Show the form of an action that is not in the plan yet, begun by the suggested next step."""
    form = build_action_form(_questionnaire(), None)
    asked = request.args.get("question", "")
    saved = queries.read_plan(g.db, own_authority_id())
    standing = reporting.read_standing(g.db, own_authority_id(), g.today, saved)
    step = standing.steps.get(asked) if standing else None
    form.question_id.data = asked
    if step is not None:
        begin_action(form, step.text, step.owner, step.by)
    return _action_page(uuid4(), form)


@bp.get("/actions/<uuid:action_id>")
@requires(*PLANNING_ROLES)
def action(action_id: UUID) -> ResponseReturnValue:
    """Show one action of the plan, to be changed."""
    saved = queries.read_action(g.db, own_authority_id(), action_id)
    return _action_page(action_id, build_action_form(_questionnaire(), saved))


@bp.post("/actions/<uuid:action_id>")
@requires(*PLANNING_ROLES)
def save_action(action_id: UUID) -> ResponseReturnValue:
    """Save an action under its id."""
    questionnaire = _questionnaire()
    form = build_action_form(questionnaire, None)
    if not form.validate_on_submit():
        return _action_page(action_id, form)
    try:
        planning.save_action(
            g.db,
            own_authority_id(),
            questionnaire,
            action_id,
            form.action(),
            revision=int(form.revision.data),
            by=current_actor(),
        )
    except ActionConflictError as conflict:
        form.revision.data = str(conflict.saved.revision) if conflict.saved else "0"
        return _action_page(action_id, form, conflict)
    due_on = form.action().due_on
    is_overdue = due_on < g.today and not form.action().is_done
    late = gettext(
        "The action is saved. It was due on %(date)s, so the plan shows it as overdue.",
        date=format_date(due_on),
    )
    flash(late if is_overdue else gettext("The action is saved."), "success")
    return redirect(url_for(".plan"))


@bp.post("/actions/<uuid:action_id>/remove")
@requires(*PLANNING_ROLES)
def remove_action(action_id: UUID) -> ResponseReturnValue:
    """Remove an action from the plan, unless a colleague has changed it meanwhile."""
    revision = request.form.get("revision", default=0, type=int)
    try:
        planning.remove_action(
            g.db, own_authority_id(), action_id, revision=revision, by=current_actor()
        )
    except ActionConflictError:
        flash(
            gettext("A colleague changed this action meanwhile. Here it is as it stands now."),
            "important",
        )
        return redirect(url_for(".action", action_id=action_id))
    flash(gettext("The action is removed from the plan."), "success")
    return redirect(url_for(".plan"))


def _questionnaire() -> Questionnaire:
    """Return the questionnaire that the authority answered or is answering."""
    return surveys.read_survey(g.db, own_authority_id(), g.today).questionnaire


def _list_differing(form: TargetsForm, theirs: Plan) -> list[tuple[str, str, str]]:
    """List the targets in which two people differ: principle, theirs and the form's."""
    yours = form.targets()
    return [
        (one.name, format_level(theirs.targets.get(one.id)), format_level(yours.get(one.id)))
        for one in _questionnaire().principles
        if theirs.targets.get(one.id) != yours.get(one.id)
    ]


def _plan_page(
    saved: Plan, form: TargetsForm, *, differing: Sequence[tuple[str, str, str]] = ()
) -> ResponseReturnValue:
    standing = reporting.read_standing(g.db, own_authority_id(), g.today, saved)
    planned = {one.action.question_id for one in saved.actions}
    suggested = standing.suggested if standing else ()
    return render_template(
        "pages/planning/plan.html",
        is_submitted=standing is not None,
        reported=standing.scores if standing else {},
        questionnaire=_questionnaire(),
        plan=saved,
        form=form,
        differing=differing,
        suggested=[step for step in suggested if step.question_id not in planned],
        may_plan=may("planning.save_action"),
        today=g.today,
    )


def _action_page(
    action_id: UUID, form: ActionForm, conflict: ActionConflictError | None = None
) -> ResponseReturnValue:
    """Return the page of one action; a conflict shows what a colleague left."""
    saved: SavedAction | None = conflict.saved if conflict else None
    return render_template(
        "pages/planning/action.html",
        longest_action=MAX_ACTION_LENGTH,
        longest_owner=MAX_OWNER_LENGTH,
        action_id=action_id,
        form=form,
        conflict=conflict,
        saved=saved,
        is_new=form.revision.data == "0" and conflict is None,
    )
