"""Who may see what: the sign-in library's set-up, the rule of each route, its enforcement."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_security import (
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

from assessment.core.people.actors import Actor, Person
from assessment.core.people.memberships import AUTHORITY_ROLES, Membership, Role
from assessment.locale import gettext
from assessment.mail import Mailer
from assessment.services.people import queries, signing_in
from assessment.web.bodies import check_body

# Style sheets, scripts and fonts: everybody may fetch them.
PUBLIC_FILES = frozenset({"static", "reporting.static"})

# Forms whose typing is shown again to a person who was signed out, or in again, meanwhile.
KEPT_WHEN_REFUSED = frozenset({"answering.save", "planning.save_targets", "planning.save_action"})

# The hidden field that says which authority a form was drawn for.
AUTHORITY_FIELD = "authority_id"

csrf = CSRFProtect()

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view that everybody may see."""
    view.access = frozenset()  # type: ignore[attr-defined]
    return view


def requires(*roles: Role) -> Callable[[View], View]:
    """Mark a view that only people with one of these roles may see."""

    def mark(view: View) -> View:
        view.access = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


class SignedIn(UserMixin):
    """A person who is signed in, as the sign-in library wants it."""

    email = ""
    password = None
    fs_uniquifier = ""

    def __init__(self, membership: Membership, session_key: str) -> None:
        """Show the person's fields under the library's names, for one browser's session."""
        self.membership = membership
        self.id = membership.person.id
        self.email = membership.person.email
        self.active = membership.is_current
        self.fs_uniquifier = session_key
        self.roles: list[RoleMixin] = []


class AccountStore(UserDatastore):
    """Finds people through the services; the request's session keeps what is changed."""

    def __init__(self) -> None:
        """Tell the library the classes in use."""
        super().__init__(SignedIn, RoleMixin)

    def find_user(
        self,
        case_insensitive: bool = False,  # noqa: ARG002
        **kwargs: Any,
    ) -> SignedIn | None:
        """Return the person that a browser's session is of."""
        key: str = kwargs["fs_uniquifier"]
        membership = queries.find_session(g.db, key, g.now)
        return None if membership is None else SignedIn(membership, key)

    def put(self, model: SignedIn) -> SignedIn:
        """Keep nothing: the library changes no field of ours."""
        return model


class SessionCookies(SecureCookieSessionInterface):
    """Leaves the session out of responses that shared caches may keep."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, and Vary by it, only where the response depends on it."""
        if not response.cache_control.public and request.endpoint not in PUBLIC_FILES:
            super().save_session(app, session, response)


def set_up_access(app: Flask) -> None:
    """Set the sign-in library up and enforce the rule of every route."""
    app.session_interface = SessionCookies()
    csrf.init_app(app)
    Security(app, AccountStore(), register_blueprint=False)
    # The library would look for a token in the address, the headers and a body of JSON.
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    app.before_request(_enforce)


def current_membership() -> Membership:
    """Return the membership by which the person who is signed in acts."""
    membership: Membership = current_user.membership
    return membership


def current_actor() -> Actor:
    """Return the person who is signed in as somebody who does something."""
    return current_membership().actor


def own_authority_id() -> str:
    """Return the authority of the person who is signed in; a programme person has none."""
    authority_id = current_membership().authority_id
    if authority_id is None:
        abort(403)
    return authority_id


def begin_session(membership: Membership, how: str) -> None:
    """Sign a person in in this browser: nothing of what was before it is taken over.

    A cookie or form token that somebody had before, or had planted, is worth nothing after.
    """
    end_session()
    key = signing_in.begin_session(g.db, membership.person, now=g.now)
    login_user(SignedIn(membership, key), authn_via=[how])
    session.permanent = True


def session_key() -> str:
    """Return the key of this browser's session; only where somebody is signed in."""
    return str(current_user.fs_uniquifier)


def end_session() -> None:
    """End this browser's session, so that a copy of its cookie ends too."""
    if current_user.is_authenticated:
        signing_in.delete_session(g.db, session_key())
        logout_user()
    session.clear()


def send_sign_in_mail(app: Flask, person: Person, request_id: int, code: str) -> None:
    """Send a code and a link; the worker does so, outside any request."""
    token = _links(app).dumps({"email": person.email, "request": request_id})
    path = app.url_map.bind("").build("accounts.follow_link", {"token": token})
    body = app.jinja_env.get_template("mail/sign_in.txt").render(
        person=person,
        code=code,
        link=app.config["PUBLIC_URL"].rstrip("/") + path,
        minutes=signing_in.CODE_MINUTES,
    )
    mailer: Mailer = app.extensions["mailer"]
    mailer.send(person.email, gettext("%(code)s is your sign-in code", code=code), body)


def read_link(token: str) -> dict[str, Any] | None:
    """Return what a sign-in link says, or None where it is altered or too old."""
    try:
        claims: dict[str, Any] = _links(current_app).loads(
            token, max_age=signing_in.CODE_MINUTES * 60
        )
    except BadSignature:
        return None
    return claims


def _links(app: Flask) -> URLSafeTimedSerializer:
    """Return the signer of sign-in links."""
    return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt=app.config["SIGN_IN_SALT"])


def _enforce() -> ResponseReturnValue | None:
    """Let a request through only if its route's rule says so: deny by default."""
    # Parts of a path reach queries, and PostgreSQL accepts no null character in a text.
    if "\x00" in request.path:
        abort(404)
    if request.endpoint is None or request.endpoint in PUBLIC_FILES:
        return None
    # Before anything reads the form: it sets how large the request may be.
    check_body(current_app.view_functions[request.endpoint])
    rule = _rule_of(request.endpoint)
    if rule is None:
        abort(403)
    if rule and not current_user.is_authenticated:
        return _ask_to_sign_in()
    if rule and current_membership().role not in rule:
        abort(403)
    # Only now, for the token is kept in the session: a form that outlived its session is answered
    # by asking to sign in, not as forged.
    try:
        csrf.protect()
    except CSRFError:
        if not _may_show_again():
            raise
        return _refuse_other_authority(rule) or _show_again(400)
    return _refuse_other_authority(rule)


def may(endpoint: str) -> bool:
    """Return whether the person's role lets them in at a route; pages show nothing they may not."""
    rule = _rule_of(endpoint)
    if rule is None:
        return False
    return not rule or (current_user.is_authenticated and current_membership().role in rule)


def _rule_of(endpoint: str) -> frozenset[Role] | None:
    """Return whom a route lets in: nobody in particular where empty, and nobody for None."""
    rule: frozenset[Role] | None = getattr(current_app.view_functions[endpoint], "access", None)
    return rule


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send the person to the sign-in; what was typed on our own page is shown again."""
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if not _may_show_again():
        abort(401)
    return _show_again(401)


def _may_show_again() -> bool:
    """Return whether what was typed may be shown with a button: never what others made up."""
    return request.endpoint in KEPT_WHEN_REFUSED and _is_from_here()


def _refuse_other_authority(rule: frozenset[Role]) -> ResponseReturnValue | None:
    """Refuse a form of an authority's pages that was drawn for another than the person's own.

    Somebody may be moved, or sign in as somebody else, while an older tab is open.
    """
    if request.method != "POST" or not rule or not rule <= AUTHORITY_ROLES:
        return None
    drawn_for = request.form.get(AUTHORITY_FIELD, "")
    if drawn_for == own_authority_id():
        return None
    page = render_template(
        "pages/accounts/other_authority.html",
        typed=_list_typed(),
        drawn_for=queries.name_authority(g.db, drawn_for),
        own=queries.name_authority(g.db, own_authority_id()),
    )
    return page, 409


def _list_typed() -> list[tuple[str, str]]:
    """List the fields of the form that was sent, and what stood in each."""
    return [(name, value) for name, value in request.form.items(multi=True)]


def _show_again(status: int) -> ResponseReturnValue:
    """Show what was typed and not saved, to be saved by a button."""
    page = render_template("pages/accounts/not_saved.html", typed=_list_typed(), path=request.path)
    return page, status


def _is_from_here() -> bool:
    """Return whether a form was sent by one of our own pages, as the browser tells it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return f"{request.origin or request.referrer}/".startswith(request.host_url)
