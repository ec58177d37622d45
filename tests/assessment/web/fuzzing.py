"""Odd requests: what they are drawn from, and a site that takes them and keeps nothing."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from hypothesis import strategies as st
from sqlalchemy import Connection
from werkzeug.test import create_environ, run_wsgi_app

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
ARGUMENT = re.compile(r"<(?:[^:>]+:)?(\w+)>")

NUMBERS = [
    *("-1", "0", "1", "3", "007", "+1", " 1 ", "1_000", "1,5", "1.5", "1e5", "1e999", "0x10"),
    *("nan", "NaN", "inf", "-Infinity", "²", "½", "１２３", "٣", "999999999", "1" * 11),
    *("2147483647", "2147483648", "-2147483649", "9223372036854775808", "9" * 20),
    *("9" * 400, "9" * 4300, "9" * 5000, "-" + "9" * 5000, "０" * 5000),
]
TEXTS = [
    *("", " ", "\n", "\r\nSet-Cookie: a=b", "\0", "1\0", "a\0b", "\x1b[0m", "\x85", "\u2028"),
    *("\u202e\u2066txt", "\ufeff", "\ufffe", "\U0010ffff", "\ud800", "a\udfff", "é", "e\u0301"),
    *("🦄", "👩\u200d🔬", "ﬃ", "ẞ", "\u0130", "\u1e9e" * 300, "a" * 300, "\u0301" * 1001),
    *("long " * 4000, "x" * 100_000, "𝟙", "<b>", "{{ 7*7 }}", "{% x %}", "%s%n", "%", "%zz"),
    *("%00", "' OR 1=1 --", '"', "\\", "/", "//a", "..", "../../etc/passwd", "a;b=c", "a&b"),
    *("[", "[" * 1000, "{}", "null", "true", "on", "y", "yes", "no", "na", "dk", "all"),
    *("http://[", "http://[::1", "https://a:99999/", "https://\u2100/", "javascript:a", "www.a b"),
    *("//[", "mailto:a@b", "https://a.example/" + "a/" * 2000, "\n".join(["https://a.a"] * 99)),
    *("a@b", "é@é.example", "a@" + "b." * 130 + "c", "@", "a@b@c", '"a b"@c.d', "a@[1.2.3.4]"),
    *("=", "1.1=", "1.1=99999999999", "1.1=-1", "1.1=1=1", "9.9=1", "2027-02-30", "31", "february"),
    *("00000000-0000-4000-8000-000000000001", "{}1", "principle", "csv", "xlsx", "scorecard"),
]
BYTES = [b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", bytes(range(256))]


def encode(text: str) -> bytes:
    """Return a text in UTF-8, surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def odd_values() -> st.SearchStrategy[bytes]:
    """Return odd values of every type."""
    return st.one_of(
        st.sampled_from([encode(number) for number in NUMBERS]),
        st.sampled_from([encode(text) for text in TEXTS]),
        st.sampled_from(BYTES),
        st.text(st.characters(exclude_categories=()), max_size=20).map(encode),
        st.integers().map(lambda number: encode(str(number))),
        st.floats().map(lambda number: encode(str(number))),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it comes from the wire; the path and the query are percent-encoded."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    kind: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def fill_path(rule: str, values: Mapping[str, bytes]) -> str:
    """Put a value in the place of each argument of a rule."""
    return ARGUMENT.sub(lambda found: quote_from_bytes(values[found[1]], safe=""), rule)


def arguments_of(rule: str) -> list[str]:
    """List the arguments of a rule."""
    return ARGUMENT.findall(rule)


# How a field is put into a body: the form's other fields, its name, an odd value.
Pairs = list[tuple[str, bytes]]
Body = tuple[bytes, str | None]


def send_text(others: Pairs, name: str, odd: bytes) -> Body:
    return encode_form([*others, (name, odd)])


def send_as_part(others: Pairs, name: str, odd: bytes) -> Body:
    return encode_parts([_part(*pair) for pair in [*others, (name, odd)]])


def send_as_file(others: Pairs, name: str, odd: bytes) -> Body:
    file = _part(name, odd, b'; filename="a.pdf"\r\nContent-Type: application/pdf')
    return encode_parts([*(_part(*pair) for pair in others), file])


def send_under_odd_filename(others: Pairs, name: str, odd: bytes) -> Body:
    file = _part(name, b"1", b'; filename="' + _in_line(odd) + b'"')
    return encode_parts([*(_part(*pair) for pair in others), file])


def send_in_odd_charset(others: Pairs, name: str, odd: bytes) -> Body:
    text = _part(name, odd, b"\r\nContent-Type: text/plain; charset=" + _in_line(odd)[:40])
    return encode_parts([*(_part(*pair) for pair in others), text])


def send_nowhere(others: Pairs, name: str, odd: bytes) -> Body:
    return encode_form(others)


def send_first_of_two(others: Pairs, name: str, odd: bytes) -> Body:
    return encode_form([(name, odd), *others, (name, b"1")])


def send_second_of_two(others: Pairs, name: str, odd: bytes) -> Body:
    return encode_form([(name, b"1"), *others, (name, odd)])


def send_as_name(others: Pairs, name: str, odd: bytes) -> Body:
    return encode_form([*others, (f"{name}{odd.decode('latin-1')}"[:2000], odd)])


WAYS: list[Callable[[Pairs, str, bytes], Body]] = [
    *(send_text, send_as_part, send_as_file, send_under_odd_filename, send_in_odd_charset),
    *(send_nowhere, send_first_of_two, send_second_of_two, send_as_name),
]


def encode_form(pairs: Pairs) -> Body:
    """Return a body of pairs as a browser encodes a form."""
    return b"&".join(
        quote(name, safe="").encode() + b"=" + quote_from_bytes(value, safe="").encode()
        for name, value in pairs
    ), URLENCODED


def encode_parts(parts: list[bytes]) -> Body:
    """Return a body of parts."""
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n", MULTIPART


def _part(name: str, value: bytes, more: bytes = b"") -> bytes:
    disposition = b'Content-Disposition: form-data; name="' + name.encode() + b'"'
    return disposition + more + b"\r\n\r\n" + value


def _in_line(value: bytes) -> bytes:
    return value.replace(b"\r", b"").replace(b"\n", b"").replace(b'"', b"")


# Bodies that are no form, or a broken one.
BODIES: list[Body] = [
    (b"", None),
    (b"", URLENCODED),
    (b"[" * 1000, "application/json"),
    (b'{"a":' * 500 + b"1" + b"}" * 500, "application/json"),
    (b'{"csrf_token": [{}], "email": null, "code": 1e999}', "application/json; charset=utf-7"),
    (b"\xff\xfe\x00", "application/problem+json"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/xml"),
    (b"email=a", "text/plain; charset=utf-16"),
    (b"email=a", URLENCODED + "; charset=utf-7"),
    (b"email=%ff%fe&=&&==&%=%", URLENCODED + "; charset=\xff"),
    (b"&".join(b"a=1" for _ in range(5000)), URLENCODED),
    (b"a" * 1_000_001, URLENCODED),
    (b"=" * 100_000, URLENCODED),
    encode_parts([_part("a", b"1")] * 1001),
    encode_parts([b'Content-Disposition: form-data; filename="a"\r\n\r\nb']),
    encode_parts([b"Content-Disposition: form-data\r\n\r\nb"]),
    encode_parts([b"\r\n\r\nb"]),
    encode_parts([b"X" * 70_000 + b": a\r\n\r\nb"]),
    encode_parts([b"Content-Disposition: form-data; name*=utf-16''%ff%fe\r\n\r\nb"]),
    encode_parts([b'Content-Disposition: form-data; name="\xff\xfe"\r\n\r\nb']),
    encode_parts([b'Content-Disposition: attachment; name="\xed\xa0\x80"; filename=""\r\n\r\nb']),
    (encode_parts([_part("a", b"1")])[0][:-8], MULTIPART),
    (b"--x\r\nContent-Disp", MULTIPART),
    (b"--x--", "multipart/form-data"),
    (b"--x--", "multipart/form-data; boundary=" + "b" * 5000),
    (b"--x--", 'multipart/form-data; boundary="\xe9"'),
    (b"--x--", "multipart/mixed; boundary=x"),
    (b"a", "\xff/\xff; =;;"),
]
# What a request says of itself: each alone is allowed, and odd.
HEADERS: list[dict[str, str]] = [
    {},
    {"HTTP_RANGE": "bytes=0-0,1-1,-9999999999999999999999"},
    {"HTTP_RANGE": "bytes=" + "9" * 5000 + "-"},
    {"HTTP_IF_NONE_MATCH": 'W/"\xff", *, "'},
    {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 99999999999 99:99:99 GMT"},
    {"HTTP_IF_RANGE": "x"},
    {"HTTP_ACCEPT": "\xff;q=nan, */*;q=1e999"},
    {"HTTP_ACCEPT_LANGUAGE": "x" * 3000},
    {"HTTP_AUTHORIZATION": "Basic \xff"},
    {"HTTP_AUTHENTICATION_TOKEN": "x.y.z"},
    {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "null"},
    {"HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_X_CSRFTOKEN": "\xff"},
    {"HTTP_X_FORWARDED_FOR": "\xff, ,::1", "HTTP_X_FORWARDED_PROTO": "x"},
    {"HTTP_COOKIE": "session=\xff\xfe; session=; =; remember_token=1|a; session"},
    {"HTTP_COOKIE": "session=.eJw" + "A" * 3000 + "; remember_token=\xff|\xff"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_HOST": "\xff:99999999"},
    {"HTTP_EXPECT": "100-continue", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    {"REMOTE_ADDR": "fe80::1%eth0"},
]


class Errors(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Site:
    """The application, to which anything can be sent, by people who are signed in."""

    def __init__(self, app: Flask, connection: Connection) -> None:
        self.app, self.connection, self.errors = app, connection, Errors()
        self.count = 0

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo whatever the requests change."""
        sessions = self.app.extensions["database"]
        with self.connection.begin() as transaction:
            sessions.configure(bind=self.connection, join_transaction_mode="create_savepoint")
            yield
            transaction.rollback()
            sessions.configure(bind=self.app.extensions["engine"])

    def make_cookie(self, session_key: str | None) -> tuple[str, str]:
        """Return a browser's cookie, of a person who is signed in if a key is given, and token."""
        with self.app.test_request_context():
            token = generate_csrf()
            kept = dict(session) | {"sign_in_email": "a@b.test", "sign_in_browser": "x"}
        if session_key:
            kept |= {"_user_id": session_key, "_fresh": True}
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return f"session={signer.dumps(kept)}", token

    def send(self, sent: Sent, cookie: str) -> tuple[int, str]:
        """Send a request as it is; return status and page. No client ever comes twice."""
        self.count += 1
        environ = create_environ(method=sent.method, input_stream=BytesIO(sent.body))
        number = self.count
        environ |= {
            "PATH_INFO": _unquote(sent.path),
            "QUERY_STRING": sent.query,
            "REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
            "HTTP_COOKIE": cookie,
            "CONTENT_LENGTH": str(len(sent.body)),
            **({"CONTENT_TYPE": sent.kind} if sent.kind else {}),
            **sent.headers,
        }
        answer, status, _ = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
        return int(status.split()[0]), b"".join(answer).decode("utf-8", "replace")

    def find_faults(self, sent: Sent, cookie: str) -> list[str]:
        """Send a request; list what is said of it that should never be said."""
        self.errors.lines.clear()
        status, page = self.send(sent, cookie)
        faults = [line[-3000:] for line in self.errors.lines]
        if status >= 500 or "Traceback (most recent call last)" in page:
            faults.append(f"{status} {page[:300]}")
        return faults


def _unquote(path: str) -> str:
    """Return a path as a server hands it on: its bytes, as Latin-1."""
    return unquote_to_bytes(path).decode("latin-1")
