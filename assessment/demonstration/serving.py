"""Serving a demonstration on one machine: database, site, workers, mailbox, ended together.

``python -m assessment.demonstration.serving`` is what `make run` runs. The application is imported
once and its processes are forked from it, while PostgreSQL starts beside the import: that halves
the start. A part that ends is started again.
"""

import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from assessment.supervisor import FAILURE_WINDOW, MAX_FAILURES, PartFailedError, Start, supervise
from assessment.web.config import MIN_LENGTHS, ConfigError, load_config

if TYPE_CHECKING:
    from flask import Flask

START_SECONDS = 60.0
ROOT = Path(__file__).parents[2]


class ServingError(Exception):
    """A step failed; the message is one sentence that says what to do."""


def main() -> None:
    """Serve until Ctrl-C; a failed step is one sentence and exit status 1."""
    try:
        _serve(dict(os.environ))
    except (ServingError, ConfigError, PartFailedError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        pass
    print("Stopped.")  # noqa: T201


def _serve(environment: dict[str, str]) -> None:
    """Prepare the installation, then run its parts."""
    for told_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told_to_end, _interrupt)
    instance = Path(environment.get("INSTANCE_FOLDER") or ROOT / "instance")
    for name in MIN_LENGTHS:
        environment[name] = environment.get(name) or _keep_secret(instance / name.lower())
    port = _require_free(load_config(environment, ROOT).port, "PORT")
    is_embedded = not environment.get("DATABASE_URL")
    with ThreadPoolExecutor(1) as starting:
        url = starting.submit(_find_database, environment, instance)
        from assessment.web.factory import create_app  # noqa: PLC0415 (PostgreSQL starts meanwhile)

        environment["DATABASE_URL"] = url.result()

    parts: dict[str, Start] = {}
    if _prepare(create_app(load_config(environment, ROOT))):
        mail_port = _choose_mail_port(environment)
        environment |= {"DEMONSTRATION": "1", "MAIL_PORT": str(mail_port)}
        parts["mailbox"] = lambda: _run_mailbox(mail_port, instance / "mailbox")
    app = create_app(load_config(environment, ROOT))
    parts["site"] = lambda: _run_site(app, port)
    from assessment.jobs import gather_surroundings, list_workers  # noqa: PLC0415

    # a connection belongs to one process, and the parts are forked from this one
    app.extensions["engine"].dispose()
    parts |= list_workers(gather_surroundings(app.config, app.extensions))
    supervise(parts, _Watch(port, instance / "postgres" if is_embedded else None))


def _find_database(environment: dict[str, str], instance: Path) -> str:
    """Return the address of the database; without one the embedded server is started."""
    from assessment.demonstration.postgres import start_embedded_server  # noqa: PLC0415

    return environment.get("DATABASE_URL") or start_embedded_server(instance / "postgres")


def _prepare(app: "Flask") -> bool:
    """Bring the tables up to date and load the demonstration into an empty installation.

    Returns whether the installation is a demonstration.
    """
    from assessment import clock  # noqa: PLC0415
    from assessment.commands.running import QUESTIONS  # noqa: PLC0415
    from assessment.content.questionnaire import load_questionnaire  # noqa: PLC0415
    from assessment.demonstration.installing import install_demonstration  # noqa: PLC0415
    from assessment.services import installing  # noqa: PLC0415

    engine = app.extensions["engine"]
    installing.migrate(engine)
    with app.extensions["database"].begin() as db:
        if not installing.is_installed(db):
            if os.environ.get("ENVIRONMENT") == "production":
                raise ServingError("Nothing is installed yet: run flask init first.")
            print("Loading the demonstration…", flush=True)  # noqa: T201
            install_demonstration(db, load_questionnaire(QUESTIONS), clock.today())
        is_demonstration = installing.is_simulated(db)
    engine.dispose()
    return is_demonstration and os.environ.get("ENVIRONMENT") != "production"


def _run_site(app: "Flask", port: int) -> None:
    """Run gunicorn, as everywhere, on the application that is imported already."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    from assessment.web import gunicorn_settings  # noqa: PLC0415

    class Site(BaseApplication):
        def load_config(self) -> None:
            for name, value in vars(gunicorn_settings).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)
            self.cfg.set("bind", f"127.0.0.1:{port}")

        def load(self) -> "Flask":
            return app

    Site().run()


def _run_mailbox(mail_port: int, folder: Path) -> None:
    """Receive mail into a folder."""
    from aiosmtpd.main import main as receive  # noqa: PLC0415

    receive(["-n", "-l", f"127.0.0.1:{mail_port}", "-c", "aiosmtpd.handlers.Mailbox", str(folder)])


def _keep_secret(path: Path) -> str:
    """Return a secret of this installation, made at its first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def _choose_mail_port(environment: dict[str, str]) -> int:
    """Return the port of the demonstration's mailbox: a free one unless a setting names it."""
    if environment.get("MAIL_PORT"):
        return _require_free(int(environment["MAIL_PORT"]), "MAIL_PORT")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _require_free(port: int, setting: str) -> int:
    """Return the port of a setting; say in one sentence what to do where it cannot be had."""
    other = f"choose another with {setting}={max(port, 1023) + 1} make run."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                message = f"Port {port} is in use: stop what uses it, or {other}"
            else:
                message = f"Port {port} cannot be had ({error.strerror}): {other}"
            raise ServingError(message) from None
    return port


class _Watch:
    """Says when the site takes connections, and keeps the embedded PostgreSQL running."""

    def __init__(self, port: int, postgres: Path | None) -> None:
        """Begin before the site answers; without a folder the database is somebody else's."""
        self._port, self._postgres = port, postgres
        self._answers_by: float | None = time.monotonic() + START_SECONDS
        self._failures: list[float] = []

    def __call__(self) -> None:
        """Look once; raises ServingError where there is no going on."""
        if self._answers_by is not None:
            self._look_at_site(self._answers_by)
        if self._postgres is not None:
            self._look_at_database(self._postgres)

    def _look_at_site(self, answers_by: float) -> None:
        """Say once that the site answers, or that it does not in time."""
        try:
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        except OSError:
            if time.monotonic() > answers_by:
                message = f"The site did not answer within {START_SECONDS:.0f} seconds."
                raise ServingError(message) from None
            return
        self._answers_by = None
        print(f"Serving at http://127.0.0.1:{self._port} (Ctrl-C stops everything)", flush=True)  # noqa: T201

    def _look_at_database(self, folder: Path) -> None:
        """Start the database again where it has ended; give up where that fails again and again."""
        from assessment.demonstration.postgres import restart_embedded_server  # noqa: PLC0415

        now = time.monotonic()
        try:
            if restart_embedded_server(folder):
                print("The database had ended and is started again.", flush=True)  # noqa: T201
        except subprocess.SubprocessError:
            # Its processes may take a moment to end.
            self._failures = [at for at in self._failures if now - at < FAILURE_WINDOW] + [now]
            if len(self._failures) >= MAX_FAILURES:
                raise ServingError(
                    f"The database cannot be started again; {folder / 'log'} says why."
                ) from None


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat being told to end like Ctrl-C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
