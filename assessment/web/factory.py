"""Makes the web application: settings, database, pages, commands."""

import os
import sys
from functools import partial
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from flask_security import current_user
from jinja2 import FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from assessment import clock
from assessment.commands import register_commands
from assessment.demonstration.postgres import start_embedded_server
from assessment.locale import set_up_messages
from assessment.mail import Mailer
from assessment.services import installing
from assessment.services.people.signing_in import SESSION_LIFETIME
from assessment.storage.database import open_engine
from assessment.web.access import (
    PUBLIC_FILES,
    may,
    own_authority_id,
    send_sign_in_mail,
    set_up_access,
)
from assessment.web.bodies import FormRequest
from assessment.web.config import Config, ConfigError, load_config
from assessment.web.errors import set_up_errors
from assessment.web.instants import FILTERS as INSTANT_FILTERS
from assessment.web.limits import set_up_limits
from assessment.web.navigation import build_navigation
from reports.formats import FILTERS
from reports.words import FILTERS as WORD_FILTERS

ROOT = Path(__file__).parents[2]
MAX_REQUEST_BYTES = 1_000_000
WORKER_BOOT_ERROR = 3

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(config: Config | None = None) -> Flask:
    """Make the application from the environment, or from settings that are handed in."""
    config = config or _read_config()
    clock.set_zone(config.time_zone)
    app = Flask("assessment", static_folder=str(ROOT / "assessment" / "web" / "static"))
    app.request_class = FormRequest
    app.config.update(_settings(config))
    _set_up_database(app, config)
    _set_up_templates(app, config)
    app.extensions["mailer"] = Mailer(
        host=config.mail_host,
        port=config.mail_port,
        sender=config.mail_sender,
        user=config.mail_user,
        password=config.mail_password,
        start_tls=config.mail_start_tls,
    )
    app.extensions["verify_page"] = f"{config.public_url.rstrip('/')}/verify"
    app.extensions["send_sign_in"] = partial(send_sign_in_mail, app)
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=0
    )
    set_up_access(app)
    set_up_errors(app)
    _register_views(app, config)
    register_commands(app)
    app.after_request(_finish)
    return app


def _read_config() -> Config:
    """Make the settings from the environment; mistakes are told in plain words, and end it all.

    The status is the one at which gunicorn gives up instead of starting another worker.
    """
    try:
        return load_config(os.environ, ROOT)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WORKER_BOOT_ERROR)


def _settings(config: Config) -> dict[str, object]:
    """Return Flask's and its extensions' settings."""
    return {
        "SECRET_KEY": config.secret_key,
        "SIGN_IN_SALT": config.sign_in_salt,
        "PUBLIC_URL": config.public_url,
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFETIME,
        "SESSION_REFRESH_EACH_REQUEST": False,
        # Browsers take a __Host- cookie from this host alone, over TLS alone.
        "SESSION_COOKIE_NAME": "__Host-session" if config.is_secure else "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.is_secure,
        # Another Host header would be taken over into redirects.
        "TRUSTED_HOSTS": [config.host] if config.production else None,
        "SECURITY_CONTACT": config.security_contact,
        "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "SECURITY_PASSWORD_SALT": config.sign_in_salt,
        # The library's own commands know nothing of our accounts.
        "SECURITY_CLI_USERS_NAME": "",
        "SECURITY_CLI_ROLES_NAME": "",
        "RATELIMIT_STORAGE_URI": "memory://",
    }


def _set_up_database(app: Flask, config: Config) -> None:
    """Open the database, and give every request a session of its own."""
    url = config.database_url or start_embedded_server(config.instance / "postgres")
    engine = open_engine(url)
    sessions = sessionmaker(engine, expire_on_commit=False)
    app.extensions["engine"] = engine
    app.extensions["database"] = sessions
    app.config.update(DATABASE_URL=url, INSTANCE=str(config.instance))

    @app.before_request
    def open_session() -> None:
        g.db = sessions()
        g.now = clock.now()
        g.today = clock.today()

    @app.teardown_appcontext
    def close_session(_: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()


def _set_up_templates(app: Flask, config: Config) -> None:
    """Set templates up: strict, with the reports' filters and the catalogue of messages."""
    app.jinja_loader = FileSystemLoader(ROOT / "templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    set_up_messages(app.jinja_env)
    app.jinja_env.filters.update(FILTERS | WORD_FILTERS | INSTANT_FILTERS)
    app.jinja_env.globals |= {"may": may, "own_authority_id": own_authority_id}

    @app.context_processor
    def describe_page() -> dict[str, object]:
        person = current_user if current_user and current_user.is_authenticated else None
        membership = person.membership if person else None
        return {
            "demonstration": config.demonstration,
            "simulated": _is_simulated(app),
            "membership": membership,
            "navigation": build_navigation(membership, request.path),
        }


def _is_simulated(app: Flask) -> bool:
    """Return whether the data are simulated, whatever the settings are; cached once known."""
    if "simulated" not in app.extensions:
        with app.extensions["database"]() as db:
            if not installing.is_installed(db):
                return False
            app.extensions["simulated"] = installing.is_simulated(db)
    return bool(app.extensions["simulated"])


def _register_views(app: Flask, config: Config) -> None:
    """Register one blueprint for each journey."""
    from assessment.web.views import (  # noqa: PLC0415
        accounts,
        answering,
        demonstration,
        home,
        library,
        open_data,
        planning,
        programme,
        reporting,
        verifying,
    )

    set_up_limits(app, accounts.bp, verifying.bp, open_data.bp)
    for view in (home, library, open_data, accounts, verifying):
        app.register_blueprint(view.bp)
    for view in (answering, reporting, planning, programme):
        app.register_blueprint(view.bp)
    if config.demonstration:
        app.register_blueprint(demonstration.bp)


def _finish(response: Response) -> Response:
    """Commit what a successful request changed, and send the security headers."""
    session: Session | None = g.get("db")
    if session is not None:
        if response.status_code < 400:
            session.commit()
        else:
            session.rollback()
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in PUBLIC_FILES:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
