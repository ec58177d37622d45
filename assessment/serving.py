"""Serving on one machine: site, worker and mailbox as children of one process."""

import contextlib
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

WORKERS = 2
STOP_SECONDS = 10.0
START_SECONDS = 60.0


def serve_everything(
    database_url: str, instance: Path, environment: dict[str, str], *, simulated: bool
) -> None:
    """Start the site and what it needs, and stop all of it at Ctrl-C or when a part ends."""
    port = int(environment.get("PORT", "5000"))
    mail_port = int(environment.get("MAIL_PORT", "8025"))
    environment = environment | {
        "DATABASE_URL": database_url,
        "MAIL_PORT": str(mail_port),
        "PUBLIC_URL": environment.get("PUBLIC_URL", f"http://127.0.0.1:{port}"),
        "SECRET_KEY": environment.get("SECRET_KEY") or _keep_secret(instance),
    }
    demonstration = simulated and environment.get("ENVIRONMENT") != "production"
    commands = {
        "site": [
            *_python("gunicorn"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)),
            *("--log-level", "warning", "app:app"),
        ],
        "worker": [*_python("flask"), "worker"],
    }
    if demonstration:
        environment["DEMONSTRATION"] = "1"
        mailbox = str(instance / "mailbox")
        handler = ["-c", "aiosmtpd.handlers.Mailbox", mailbox]
        commands["mailbox"] = [*_python("aiosmtpd"), "-n", "-l", f"127.0.0.1:{mail_port}", *handler]
        _require_free(mail_port, "MAIL_PORT")
    _require_free(port, "PORT")
    _run(commands, environment, port)


def _python(module: str) -> list[str]:
    """Return the beginning of a command that runs a module of this environment."""
    return [sys.executable, "-m", module]


def _keep_secret(instance: Path) -> str:
    """Return the secret of this installation, made at its first start."""
    path = instance / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_hex(32))
        path.chmod(0o600)
    return path.read_text()


def _require_free(port: int, setting: str) -> None:
    """Say in one sentence what to do where a port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is in use: stop what uses it, or choose another with "
                f"{setting}={port + 1} make run."
            ) from None


def _run(commands: dict[str, list[str]], environment: dict[str, str], port: int) -> None:
    """Run the commands until one ends or somebody stops us, then stop them all."""
    signal.signal(signal.SIGTERM, _interrupt)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = subprocess.Popen(  # noqa: S603
                command, env=environment, start_new_session=True
            )
        _wait_until_served(port, children)
        click.echo(f"Serving at http://127.0.0.1:{port} (Ctrl-C stops everything)")
        while True:
            _require_running(children)
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("Stopping…")
    finally:
        for child in children.values():
            child.terminate()
        for child in children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)
            child.kill()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat being told to end like Ctrl-C."""
    raise KeyboardInterrupt


def _require_running(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Stop with one sentence when a part has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            raise click.ClickException(
                f"The {name} ended with status {child.returncode}; its message stands above."
            )


def _wait_until_served(port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until the site takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _require_running(children)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise click.ClickException(f"The site did not answer within {START_SECONDS:.0f} seconds.")
