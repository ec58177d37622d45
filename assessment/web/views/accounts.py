"""Signing in by a link or code in an e-mail, and signing out."""

import secrets
from datetime import timedelta

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from assessment.core.people.memberships import (
    ANSWERING_ROLES,
    AUTHORITY_ROLES,
    PROGRAMME_ROLES,
    Membership,
)
from assessment.locale import gettext, lazy_gettext
from assessment.services.answering import surveys
from assessment.services.people import queries, signing_in
from assessment.web.access import (
    begin_session,
    current_membership,
    end_session,
    may,
    own_authority_id,
    public,
    read_link,
    requires,
    session_key,
)
from assessment.web.forms.accounts import CodeForm, ConfirmForm, EmailForm
from assessment.web.limits import client_network

bp = Blueprint("accounts", __name__)

WRONG_CODE = lazy_gettext("That code is not right, or too old. Ask for a new one if need be.")
DEAD_CODE = lazy_gettext(
    "That code is not right. After %(count)s wrong codes the one that was sent no longer works: "
    "use the link in the message, or ask for a new one.",
    count=signing_in.MAX_WRONG_CODES,
)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for the address and send a link; say the same whether it has an account or not."""
    form = EmailForm()
    if form.validate_on_submit():
        session["sign_in_email"] = form.email.data
        session["wrong_codes"] = 0
        browser = session.setdefault("sign_in_browser", secrets.token_hex(32))
        next_path = _own_path(request.args.get("next", ""))
        signing_in.ask_sign_in(
            g.db,
            form.email.data,
            browser,
            next_path,
            client=client_network(),
            salt=current_app.config["SIGN_IN_SALT"],
            now=g.now,
        )
        return redirect(url_for(".enter_code"))
    return render_template("pages/accounts/sign_in.html", form=form)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    email, browser = session.get("sign_in_email"), session.get("sign_in_browser")
    if email is None or browser is None:
        return redirect(url_for(".sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        salt = current_app.config["SIGN_IN_SALT"]
        entering = signing_in.take_code(g.db, email, browser, form.code.data, salt=salt, now=g.now)
        if entering is not None:
            return _enter(*entering)
        session["wrong_codes"] = session.get("wrong_codes", 0) + 1
        form.code.errors = [DEAD_CODE if _is_code_dead() else WRONG_CODE]
    is_dead = _is_code_dead()
    return render_template("pages/accounts/code.html", form=form, email=email, is_dead=is_dead)


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
def follow_link(token: str) -> ResponseReturnValue:
    """Show a button; only pressing it signs in, since mail filters follow links."""
    claims = read_link(token)
    form = ConfirmForm()
    if claims is not None and form.validate_on_submit():
        salt = current_app.config["SIGN_IN_SALT"]
        entering = signing_in.take_link(g.db, claims["request"], salt=salt, now=g.now)
        if entering is not None:
            return _enter(*entering)
        claims = None
    return render_template("pages/accounts/link.html", form=form, claims=claims, token=token)


@bp.post("/sign-out")
@requires(*AUTHORITY_ROLES, *PROGRAMME_ROLES)
def sign_out() -> ResponseReturnValue:
    """Sign the person out in this browser."""
    end_session()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("home.index"))


@bp.get("/account")
@requires(*AUTHORITY_ROLES, *PROGRAMME_ROLES)
def account() -> ResponseReturnValue:
    """Show who a person is here, and where they are signed in."""
    membership = current_membership()
    return render_template(
        "pages/accounts/account.html",
        authority=queries.name_authority(g.db, membership.authority_id or ""),
        sessions=queries.read_sessions(g.db, membership.person.id, g.now),
        own_id=queries.identify_session(session_key()),
        session_hours=signing_in.SESSION_LIFETIME // timedelta(hours=1),
    )


@bp.post("/account/sessions")
@requires(*AUTHORITY_ROLES, *PROGRAMME_ROLES)
def end_sessions() -> ResponseReturnValue:
    """Sign a person out in one other browser, or in all others; again changes nothing."""
    person_id, chosen = current_membership().person.id, request.form.get("session", "")
    if chosen == queries.identify_session(session_key()):
        return sign_out()
    if chosen:
        signing_in.delete_session_of(g.db, person_id, chosen)
        flash(gettext("You are signed out there."), "success")
    else:
        signing_in.delete_other_sessions(g.db, person_id, session_key())
        flash(gettext("You are signed out everywhere else."), "success")
    return redirect(url_for(".account"))


@bp.get("/start")
@requires(*AUTHORITY_ROLES, *PROGRAMME_ROLES)
def start() -> ResponseReturnValue:
    """Lead a person to the page their role begins with."""
    if current_membership().role in PROGRAMME_ROLES:
        return redirect(url_for("programme.participation"))
    if current_membership().role in ANSWERING_ROLES:
        return redirect(url_for("answering.tasks"))
    survey = surveys.read_survey(g.db, own_authority_id(), g.today)
    if may("answering.submit") and survey.is_open and not survey.unanswered:
        return redirect(url_for("answering.check"))
    return redirect(url_for("reporting.results"))


def _enter(membership: Membership, next_path: str) -> ResponseReturnValue:
    """Sign a person in and lead them to where they wanted to go."""
    begin_session(membership, "email")
    return redirect(next_path or url_for(".start"))


def _is_code_dead() -> bool:
    """Return whether so many wrong codes were tried that the one that was sent has ended.

    The tries of this browser are counted, so that the answer is the same for every address.
    """
    return int(session.get("wrong_codes", 0)) >= signing_in.MAX_WRONG_CODES


def _own_path(path: str) -> str:
    """Return a path of this site, or nothing: never an address elsewhere."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() else ""
