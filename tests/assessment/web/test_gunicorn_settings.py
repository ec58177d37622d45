"""The site under gunicorn with its own settings, and clients that do it no good."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from assessment.web import gunicorn_settings, gunicorn_worker
from tests.conftest import find_free_port

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
ASK = b"GET /privacy HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SEND = b"POST /verify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
FORM = SEND + b"application/x-www-form-urlencoded\r\n"
THREADS = gunicorn_settings.workers * gunicorn_settings.threads


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """Serve the application with gunicorn, as an installation does."""
    port = find_free_port()
    environment = os.environ | {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": "s"}
    settings = ["-c", "python:assessment.web.gunicorn_settings", "-b", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", *settings, "app:app"]
    served = subprocess.Popen(command, cwd=ROOT, env=environment)
    for _ in range(600):
        try:
            request(port)
        except OSError:
            assert served.poll() is None
            time.sleep(0.1)
        else:
            break
    yield port
    served.terminate()
    served.wait(60)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def request(port: int) -> bytes:
    """Ask for a page and return the first line of the answer."""
    with connect(port) as client:
        client.sendall(ASK + b"Connection: close\r\n\r\n")
        return read_line(client)


def read_line(client: socket.socket) -> bytes:
    """Return the first line of an answer; nothing where the connection is ended."""
    try:
        return client.makefile("rb").readline()
    except ConnectionResetError:
        return b""


def test_site_answers_others_while_heads_of_requests_never_end(port: int):
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(port)) for _ in range(3 * THREADS)]
        for number, client in enumerate(slow):
            # some say nothing at all
            client.sendall(ASK if number % 2 else b"")

        started = time.monotonic()
        assert request(port) == b"HTTP/1.1 200 OK\r\n"

        # none of the slow ones was given up before it answered: nobody waited for that
        assert time.monotonic() - started < gunicorn_worker.RECEIVE_SECONDS
        slow[1].sendall(b"Connection: close\r\n\r\n")
        assert read_line(slow[1]) == b"HTTP/1.1 200 OK\r\n"
        # and then they are
        assert read_line(slow[3]) == b""


@pytest.mark.parametrize(
    "begun",
    [
        ASK + b"X: " + b"x" * 70000,
        FORM + b"Content-Length: 20\r\n\r\ncode=",
        FORM + b"Content-Length: 65536\r\n\r\n" + b"x" * 60000,
        FORM + b"Content-Length: 900000\r\n\r\ncode=",
        FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\ncode=\r\n",
    ],
    ids=["head", "short", "longest", "large", "chunked"],
)
def test_site_answers_others_while_requests_never_end(port: int, begun: bytes):
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            stack.enter_context(connect(port)).sendall(begun)

        started = time.monotonic()
        assert request(port) == b"HTTP/1.1 200 OK\r\n"

        assert time.monotonic() - started < gunicorn_worker.RECEIVE_SECONDS


def test_site_answers_others_while_nobody_reads_its_answers(port: int):
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", port))
            client.sendall(b"GET /questions HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        started = time.monotonic()
        assert request(port) == b"HTTP/1.1 200 OK\r\n"

        assert time.monotonic() - started < gunicorn_worker.REQUEST_SECONDS


def test_site_ends_a_request_that_its_client_breaks_off(port: int):
    started = time.monotonic()
    for begun in (ASK, FORM + b"Content-Length: 20\r\n\r\ncode="):
        with connect(port) as client:
            client.sendall(begun)
            client.shutdown(socket.SHUT_WR)
            client.makefile("rb").read()

    assert time.monotonic() - started < gunicorn_worker.RECEIVE_SECONDS


def test_site_body_in_small_pieces_is_read(port: int):
    body = b"code=AAAA-AAAA-AAAA"
    with connect(port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in FORM + f"Content-Length: {len(body)}\r\n\r\n".encode() + body:
            client.sendall(bytes([byte]))

        # read by the form, which lacks its token
        assert read_line(client) == b"HTTP/1.1 400 BAD REQUEST\r\n"


@pytest.mark.parametrize(
    ("received", "missing"),
    [
        (b"", 0),
        (b"G", 1),
        (b"x" * 32767, 1),
        (b"x" * 32768, 0),
        (b"GET / HTTP/1.1\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\ncontent-length: 3 \r\nHost: a\r\n\r\n", 3),
        (b"POST / HTTP/1.1\r\nContent-Length:3\r\n\r\nab", 1),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: 65536\r\n\r\n", 65536),
        (b"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nX-Content-Length: 3\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: three\r\n\r\n", 0),
        (b"GET / HTTP/1.1\r\n\r\nContent-Length: 3\r\n", 0),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 0),
    ],
)
def test_count_missing_waits_for_heads_and_small_bodies(received: bytes, missing: int):
    assert gunicorn_worker.count_missing(received) == missing


def test_site_head_in_small_pieces_and_a_second_request_are_answered(port: int):
    with connect(port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in ASK + b"\r\n":
            client.sendall(bytes([byte]))
        reader = client.makefile("rb")
        assert reader.readline() == b"HTTP/1.1 200 OK\r\n"
        length = 0
        while (line := reader.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        reader.read(length)

        client.sendall(ASK)
        client.sendall(b"Connection: close\r\n\r\n")

        assert reader.readline() == b"HTTP/1.1 200 OK\r\n"


def test_site_endless_head_is_not_answered(port: int):
    with connect(port) as client:
        client.sendall(ASK + b"X: " + b"x" * 70000)

        # the client may see its own sending fail before it can read the answer
        assert read_line(client) in {b"", b"HTTP/1.1 431 Request Header Fields Too Large\r\n"}
    assert request(port) == b"HTTP/1.1 200 OK\r\n"


def test_site_headers_that_would_change_the_address_change_nothing(port: int):
    headers = (
        *(b"SCRIPT_NAME: //evil.example", b"SCRIPT_NAME: /privacy", b"Script-Name: //evil.example"),
        *(b"PATH_INFO: /open-data", b"X-Forwarded-Proto: https", b"X-Forwarded-Ssl: on"),
    )
    plain = read_page(port, b"X-Other: x")

    assert plain[0] == "HTTP/1.1 200 OK"
    for header in headers:
        assert read_page(port, header) == plain, header


def test_site_takes_no_scheme_from_a_header_that_proxies_do_not_count(port: int):
    with connect(port) as client:
        client.sendall(b"GET /assessment HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        client.sendall(b"X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n")
        head = client.makefile("rb").read().partition(b"\r\n\r\n")[0]

    assert b"Location: http://127.0.0.1/assessment/" in head


def read_page(port: int, header: bytes) -> list[str]:
    """Return the first line and the page, as lines, that a request with a header is answered."""
    with connect(port) as client:
        client.sendall(ASK + header + b"\r\nConnection: close\r\n\r\n")
        head, _, page = client.makefile("rb").read().partition(b"\r\n\r\n")
    return [head.decode().splitlines()[0], *page.decode().splitlines()]


def test_settings_every_thread_can_have_a_connection(app: Flask):
    pool = app.extensions["engine"].pool

    # a page in a thread uses one connection, and the first also asks what data these are
    assert pool.size() > gunicorn_settings.threads
