"""Who may see what: the sign-in library's set-up, the rule of each route, its enforcement."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import RoleMixin, Security, UserDatastore, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

from assessment.core.accounts import Account, Role
from assessment.mail import Mailer
from assessment.services import accounts

# Style sheets, scripts and fonts: everybody may fetch them.
PUBLIC_FILES = frozenset({"static", "reporting.static"})

# Forms whose typing is shown again to a person who was signed out meanwhile.
KEPT_WHEN_SIGNED_OUT = frozenset({"answering.save"})

# Called by _enforce, after it is known who asks: a page that outlived its session is no forgery.
forgery = CSRFProtect()

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


class Person(UserMixin):
    """An account as the sign-in library wants it."""

    email = ""
    password = None
    fs_uniquifier = ""
    us_totp_secrets = None

    def __init__(self, account: Account) -> None:
        """Show the account's fields under the library's names."""
        self.account = account
        self.id = account.id
        self.email = account.email
        self.active = account.active
        self.fs_uniquifier = account.session_key
        self.roles: list[RoleMixin] = []


class AccountStore(UserDatastore):
    """Finds people through the services; the request's session keeps what is changed."""

    def __init__(self) -> None:
        """Tell the library the classes in use."""
        super().__init__(Person, RoleMixin)

    def find_user(
        self,
        case_insensitive: bool = False,  # noqa: ARG002
        **kwargs: Any,
    ) -> Person | None:
        """Return the person of a session key."""
        account = accounts.find_account(g.db, session_key=kwargs["fs_uniquifier"])
        return None if account is None else Person(account)

    def put(self, model: Person) -> Person:
        """Keep nothing: the library changes no field of ours."""
        return model


def set_up_access(app: Flask) -> None:
    """Set the sign-in library up and enforce the rule of every route."""
    forgery.init_app(app)
    Security(app, AccountStore(), register_blueprint=False)
    app.before_request(_enforce)


def signed_in_account() -> Account:
    """Return the account of the person who is signed in."""
    account: Account = current_user.account
    return account


def own_authority_id() -> str:
    """Return the authority of the person who is signed in; a programme person has none."""
    authority_id = signed_in_account().authority_id
    if authority_id is None:
        abort(403)
    return authority_id


def send_sign_in_mail(email: str, next_path: str) -> None:
    """Send a code and a link to an address that has an account; say nothing of others."""
    drawn = accounts.draw_code(g.db, email)
    if drawn is None:
        return
    account, code = drawn
    token = _links().dumps({"email": account.email, "code": code, "next": next_path})
    path = url_for("accounts.follow_link", token=token)
    mailer: Mailer = current_app.extensions["mailer"]
    body = render_template(
        "mail/sign_in.txt",
        account=account,
        code=code,
        link=current_app.config["PUBLIC_URL"].rstrip("/") + path,
        minutes=accounts.CODE_MINUTES,
    )
    mailer.send(account.email, f"{code} is your sign-in code", body)


def read_link(token: str) -> dict[str, str] | None:
    """Return what a sign-in link says, or None where it is altered or too old."""
    try:
        said: dict[str, str] = _links().loads(token, max_age=accounts.CODE_MINUTES * 60)
    except BadSignature:
        return None
    return said


def _links() -> URLSafeTimedSerializer:
    """Return the signer of sign-in links."""
    secret = current_app.config["SECRET_KEY"]
    return URLSafeTimedSerializer(secret, salt=current_app.config["SIGN_IN_SALT"])


def _enforce() -> ResponseReturnValue | None:
    """Let a request through only if its route's rule says so; a route without a rule is shut."""
    if "\x00" in request.path:
        abort(404)
    if request.endpoint is None or request.endpoint in PUBLIC_FILES:
        return None
    rule: frozenset[Role] | None = getattr(
        current_app.view_functions[request.endpoint], "access", None
    )
    if rule is None:
        abort(403)
    if rule and not current_user.is_authenticated:
        return _ask_to_sign_in()
    if rule and signed_in_account().role not in rule:
        abort(403)
    forgery.protect()
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send the person to the sign-in; what was typed on our own page is shown again."""
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if not _is_from_here() or request.endpoint not in KEPT_WHEN_SIGNED_OUT:
        abort(401)
    typed = [(name, value) for name, value in request.form.items(multi=True)]
    page = render_template("pages/accounts/signed_out.html", typed=typed, path=request.path)
    return page, 401


def _is_from_here() -> bool:
    """Say whether a form was sent by one of our own pages, as the browser tells it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "") == request.host_url.rstrip("/")
