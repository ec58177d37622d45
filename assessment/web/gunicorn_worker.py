"""A threaded gunicorn worker that slow clients cannot occupy.

Gunicorn gives a connection a thread with its first byte, and waits there for the rest of the
request's head; a few clients that never finish it keep every thread. Here the main loop waits,
as long as HEAD_SECONDS, and a thread begins with a whole head. A thread then has REQUEST_SECONDS
to read the body, answer, and be read by the client.
"""

import socket
import time
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10.0
REQUEST_SECONDS = 30.0
# A longer head is refused by the thread, which knows the limits.
MAX_HEAD = 32768
END_OF_HEAD = b"\r\n\r\n"


class BufferingWorker(ThreadWorker):
    """Threads for whole requests only."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Begin without a request."""
        super().__init__(*given, **named)
        self._deadlines: dict[TConn, float] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait for its request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self._wait_for_head(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Wait for the whole head of a further request on a connection kept alive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_head(conn)

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Give a request a thread once its head is whole, or is none."""
        try:
            head = client.recv(MAX_HEAD, socket.MSG_PEEK)
        except OSError:
            head = b""
        if head and END_OF_HEAD not in head and len(head) < MAX_HEAD:
            # Wake up again only for more than what is there.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(head) + 1)
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        super().on_pending_socket_readable(conn, client)

    def enqueue_req(self, conn: TConn) -> None:
        """Give a request a thread, and a time by which it must be over."""
        self._deadlines[conn] = time.monotonic() + REQUEST_SECONDS
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Note that a request is over."""
        self._deadlines.pop(conn, None)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Close connections whose head does not come, and those whose request takes too long."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in self._deadlines.items():
            if now > deadline:
                # The thread that reads or writes wakes up with an error.
                try:
                    conn.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def _wait_for_head(self, conn: TConn) -> None:
        """Let the main loop wait until a request's head is whole."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))
