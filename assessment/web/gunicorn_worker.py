"""A threaded gunicorn worker that slow clients cannot occupy.

Gunicorn gives a connection a thread with its first byte, and waits there for the rest of the
request; a few clients that never finish one keep every thread. Here the main loop waits, as long
as RECEIVE_SECONDS, and a thread begins with a whole head and, unless it is large, a whole body.
Large bodies have some threads only. A thread then has REQUEST_SECONDS to receive such a body,
answer, and be read by the client.
"""

import re
import socket
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

RECEIVE_SECONDS = 10.0
REQUEST_SECONDS = 30.0
# A longer head is refused.
MAX_HEAD = 32768
# Longer bodies, and those that do not say how long they are, are large.
MAX_BODY = 65536
MAX_DIGITS = 9
# Requests with large bodies that a process answers at a time.
MAX_LARGE = 2
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"(?im)^content-length:[ \t]*([0-9]+)[ \t]*\r?$")
OF_UNKNOWN_LENGTH = re.compile(rb"(?im)^transfer-encoding:")
BUSY = b"503 Service Unavailable\r\nRetry-After: 30"
TOO_LONG = b"431 Request Header Fields Too Large"


class Connection(TConn):
    """A connection, and how many bytes of a request are there that is not whole yet."""

    received = 0


class BufferingWorker(ThreadWorker):
    """Threads for whole requests only."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Begin without a request."""
        super().__init__(*given, **named)
        self._deadlines: dict[Connection, float] = {}
        self._large: set[Connection] = set()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait for its request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self._wait_for_request(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Wait for the whole of a further request on a connection kept alive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_request(conn)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Give a request a thread once it is whole, or is none."""
        try:
            received = client.recv(MAX_HEAD + MAX_BODY, socket.MSG_PEEK)
        except OSError:
            received = b""
        missing = count_missing(received)
        # Woken up without more, the client has ended its side: the rest never comes.
        if missing and len(received) > conn.received:
            conn.received = len(received)
            # What was peeked at stays in the socket, so the poller would report it again at once:
            # with this mark it waits until enough has arrived.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(received) + missing)
            return
        conn.received = 0
        # The thread reads a large body in whatever pieces it comes.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        if len(received) >= MAX_HEAD and END_OF_HEAD not in received:
            self._refuse(conn, client, TOO_LONG)
        elif not is_large(received):
            super().on_pending_socket_readable(conn, client)
        elif len(self._large) < MAX_LARGE:
            self._large.add(conn)
            super().on_pending_socket_readable(conn, client)
        else:
            self._refuse(conn, client, BUSY)

    def enqueue_req(self, conn: Connection) -> None:
        """Give a request a thread, and a time by which it must be over."""
        self._deadlines[conn] = time.monotonic() + REQUEST_SECONDS
        super().enqueue_req(conn)

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        """Note that a request is over."""
        self._deadlines.pop(conn, None)
        self._large.discard(conn)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Close connections whose request does not come, and those whose takes too long."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in self._deadlines.items():
            if now > deadline:
                # The thread that reads or writes wakes up with an error.
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

    def _wait_for_request(self, conn: Connection) -> None:
        """Let the main loop wait until a request is whole."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + RECEIVE_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _refuse(self, conn: Connection, client: socket.socket, status: bytes) -> None:
        """Answer a request without giving it a thread."""
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        with suppress(OSError):
            client.send(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\n\r\n")
        conn.close()


def count_missing(received: bytes) -> int:
    """Return how many bytes more, at least, make the request that begins so a whole one.

    None are missing where there is no use in waiting: the head is too long or the body large.
    """
    head, end, body = received.partition(END_OF_HEAD)
    if not end:
        return 1 if 0 < len(received) < MAX_HEAD else 0
    return 0 if is_large(received) else max(0, _read_length(head) - len(body))


def is_large(received: bytes) -> bool:
    """Return whether the request that begins so has a body that nobody waits for."""
    head = received.partition(END_OF_HEAD)[0]
    return _read_length(head) > MAX_BODY or OF_UNKNOWN_LENGTH.search(head) is not None


def _read_length(head: bytes) -> int:
    """Return how many bytes the body is said to have."""
    length = LENGTH.search(head)
    if length is None:
        return 0
    return int(length[1]) if len(length[1]) <= MAX_DIGITS else MAX_BODY + 1
