"""Mail over a real SMTP server on loopback."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from assessment import clock
from assessment.core.errors import RefusedError, UnavailableError
from assessment.mail import Mailer
from tests.conftest import find_free_port


class Inbox:
    """Keeps what the server receives; answers recipients as it is told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mailer(inbox: Inbox) -> Iterator[Mailer]:
    controller = Controller(inbox, hostname="127.0.0.1", port=find_free_port())
    controller.start()
    yield Mailer("127.0.0.1", controller.port, "Self-assessment <noreply@catapult.example>")
    controller.stop()


def test_send_says_when_by_whom_and_that_a_machine_sent_it(mailer: Mailer, inbox: Inbox):
    before = clock.now() - timedelta(seconds=1)

    mailer.send("jo@council.example", "Your code", "Hello")

    [message] = inbox.messages
    assert before <= message["Date"].datetime <= clock.now()
    assert message["Message-ID"].endswith("@catapult.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe"] is None
    assert message["From"] == "Self-assessment <noreply@catapult.example>"
    assert message["To"] == "jo@council.example"


def test_send_two_messages_have_different_ids(mailer: Mailer, inbox: Inbox):
    mailer.send("jo@council.example", "Your code", "Hello")
    mailer.send("jo@council.example", "Your code", "Hello")

    first, second = inbox.messages
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("550 No such mailbox", RefusedError),
        ("450 Greylisted, try again later", UnavailableError),
    ],
)
def test_send_refused_recipient_is_for_good_or_for_now(
    mailer: Mailer, inbox: Inbox, answer: str, error: type[Exception]
):
    inbox.answer = answer

    with pytest.raises(error) as raised:
        mailer.send("jo@council.example", "Your code", "Hello")

    assert "jo@council.example" not in str(raised.value)
    assert inbox.messages == []


def test_send_without_a_server_is_for_now():
    mailer = Mailer("127.0.0.1", find_free_port(), "noreply@catapult.example")

    with pytest.raises(UnavailableError):
        mailer.send("jo@council.example", "Your code", "Hello")
