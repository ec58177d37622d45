"""Serving on one machine: database, site, worker and mailbox, ended together.

``python -m assessment.web.serving`` is what `make run` runs. The application is imported once and
its processes are forked from it, while PostgreSQL starts beside the import: that halves the start.
"""

import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

WEB_WORKERS = 2
STOP_SECONDS = 10.0
START_SECONDS = 60.0
ROOT = Path(__file__).parents[2]

Start = Callable[[], Any]


class ServingError(Exception):
    """A step failed; the message is one sentence that says what to do."""


def main() -> None:
    """Serve until Ctrl-C; a failed step is one sentence and exit status 1."""
    try:
        _serve(dict(os.environ))
    except ServingError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("Stopped.")  # noqa: T201


def _serve(environment: dict[str, str]) -> None:
    """Prepare the installation, then run its parts."""
    for told_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told_to_end, _interrupt)
    instance = Path(environment.get("INSTANCE_FOLDER") or ROOT / "instance")
    port, mail_port = (_require_free(environment, name) for name in ("PORT", "MAIL_PORT"))
    with ThreadPoolExecutor(1) as starting:
        url = starting.submit(_find_database, environment, instance)
        from assessment.web.factory import create_app  # noqa: PLC0415 (PostgreSQL starts meanwhile)

        environment |= {
            "DATABASE_URL": url.result(),
            "MAIL_PORT": str(mail_port),
            "PUBLIC_URL": environment.get("PUBLIC_URL", f"http://127.0.0.1:{port}"),
            "SECRET_KEY": environment.get("SECRET_KEY") or _keep_secret(instance),
        }
    from assessment.web.config import load_config  # noqa: PLC0415

    if _prepare(create_app(load_config(environment, ROOT))):
        environment["DEMONSTRATION"] = "1"
    app = create_app(load_config(environment, ROOT))
    parts: dict[str, Start] = {
        "site": lambda: _run_site(app, port),
        "worker": lambda: _run_worker(app),
    }
    if environment.get("DEMONSTRATION") == "1":
        parts["mailbox"] = lambda: _run_mailbox(mail_port, instance / "mailbox")
    _run(parts, port)


def _find_database(environment: dict[str, str], instance: Path) -> str:
    """Return the address of the database; without one the embedded server is started."""
    from assessment.storage.database import start_embedded_server  # noqa: PLC0415

    return environment.get("DATABASE_URL") or start_embedded_server(instance / "postgres")


def _prepare(app: "Flask") -> bool:
    """Bring the tables up to date and load the demonstration into an empty installation.

    Returns whether the installation is a demonstration.
    """
    from assessment import clock  # noqa: PLC0415
    from assessment.commands.running import QUESTIONS  # noqa: PLC0415
    from assessment.content import load_questionnaire  # noqa: PLC0415
    from assessment.services import installing  # noqa: PLC0415

    engine = app.extensions["engine"]
    installing.migrate(engine)
    with app.extensions["database"].begin() as db:
        if not installing.is_installed(db):
            if os.environ.get("ENVIRONMENT") == "production":
                raise ServingError("Nothing is installed yet: run flask init first.")
            print("Loading the demonstration…", flush=True)  # noqa: T201
            installing.install_demonstration(db, load_questionnaire(QUESTIONS), clock.today())
        is_demonstration = installing.is_simulated(db)
    engine.dispose()
    return is_demonstration and os.environ.get("ENVIRONMENT") != "production"


def _run_site(app: "Flask", port: int) -> None:
    """Run gunicorn on the application that is imported already."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Site(BaseApplication):
        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("workers", WEB_WORKERS)
            self.cfg.set("loglevel", "warning")
            self.cfg.set("control_socket_disable", True)

        def load(self) -> "Flask":
            return app

    Site().run()


def _run_worker(app: "Flask") -> None:
    """Run background jobs."""
    from assessment.jobs import run_worker  # noqa: PLC0415

    parts = app.extensions
    run_worker(
        app.config["DATABASE_URL"], parts["database"], parts["send_sign_in"], parts["verify_page"]
    )


def _run_mailbox(mail_port: int, folder: Path) -> None:
    """Receive mail into a folder, in the place of this process."""
    handler = ["-c", "aiosmtpd.handlers.Mailbox", str(folder)]
    listen = ["-n", "-l", f"127.0.0.1:{mail_port}"]
    os.execv(sys.executable, [sys.executable, "-m", "aiosmtpd", *listen, *handler])  # noqa: S606


def _keep_secret(instance: Path) -> str:
    """Return the secret of this installation, made at its first start."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def _require_free(environment: dict[str, str], setting: str) -> int:
    """Return the port of a setting; say in one sentence what to do where it is taken."""
    port = int(environment.get(setting, {"PORT": "5000", "MAIL_PORT": "8025"}[setting]))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServingError(
                f"Port {port} is in use: stop what uses it, or choose another with "
                f"{setting}={port + 1} make run."
            ) from None
    return port


def _run(parts: dict[str, Start], port: int) -> None:
    """Run the parts until one ends or somebody stops us, then stop them all."""
    context = get_context("fork")
    children = {
        name: context.Process(target=_lead, args=(start,), name=name)
        for name, start in parts.items()
    }
    try:
        for child in children.values():
            child.start()
        _wait_until_served(port, children)
        print(f"Serving at http://127.0.0.1:{port} (Ctrl-C stops everything)", flush=True)  # noqa: T201
        while True:
            _require_running(children)
            time.sleep(0.5)
    finally:
        for child in children.values():
            if child.is_alive():
                child.terminate()
        for child in children.values():
            child.join(STOP_SECONDS)
            child.kill()


def _lead(start: Start) -> None:
    """Run a part in a session of its own, so that Ctrl-C reaches only the process above it."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    start()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat being told to end like Ctrl-C."""
    raise KeyboardInterrupt


def _require_running(children: dict[str, Any]) -> None:
    """Stop with one sentence when a part has ended."""
    for name, child in children.items():
        if not child.is_alive():
            raise ServingError(
                f"The {name} ended with status {child.exitcode}; its message stands above."
            )


def _wait_until_served(port: int, children: dict[str, Any]) -> None:
    """Wait until the site takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _require_running(children)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise ServingError(f"The site did not answer within {START_SECONDS:.0f} seconds.")


if __name__ == "__main__":
    main()
