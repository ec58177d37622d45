"""The demonstration's mailbox: the mail it has sent, for everybody who tries it to read."""

import mailbox
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from assessment.clock import localise


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One message of the demonstration's mailbox."""

    sent_at: str
    recipient: str
    subject: str
    body: str


def read_mailbox(folder: Path) -> list[ReceivedMail]:
    """Return the messages of a mail folder, newest first; none where there is no folder."""
    if not folder.exists():
        return []
    box = mailbox.Maildir(folder, factory=None, create=False)
    newest_first = sorted(box.items(), key=lambda item: item[1].get_date(), reverse=True)
    return [_received(message) for _, message in newest_first]


def _received(message: mailbox.MaildirMessage) -> ReceivedMail:
    """Return a stored message as text."""
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    body = parsed.get_body(("plain",))
    sent_at = localise(datetime.fromtimestamp(message.get_date(), UTC))
    return ReceivedMail(
        sent_at=sent_at.strftime("%-d %B %Y, %H:%M"),
        recipient=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        body=body.get_content() if body else "",
    )
