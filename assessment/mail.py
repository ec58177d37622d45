"""Mail: the world outside behind one small class."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

from assessment import clock
from assessment.core.errors import RefusedError, UnavailableError

# From here on a mail server's answer is final (RFC 5321).
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Mailer:
    """Sends plain text mail through one SMTP server."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    start_tls: bool = False
    timeout: float = 10.0

    def send(self, recipient: str, subject: str, body: str) -> None:
        """Send one message.

        Raises RefusedError where the server refuses the recipient for good, UnavailableError
        where it does not take the message now.
        """
        message = self._write(recipient, subject, body)
        try:
            self._deliver(message)
        except smtplib.SMTPRecipientsRefused as error:
            status, _ = error.recipients[recipient]
            if status >= PERMANENT:
                raise RefusedError(f"The mail server answered {status}.") from error
            raise UnavailableError("The e-mail could not be sent.") from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnavailableError("The e-mail could not be sent.") from error

    def _write(self, recipient: str, subject: str, body: str) -> EmailMessage:
        """Return a message that a machine sent to one person who asked for it.

        It says so (RFC 3834), so that nothing answers it. It is no list's, and has nothing to
        unsubscribe from (RFC 8058).
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, recipient, subject
        message["Date"] = clock.now()
        _, address = parseaddr(self.sender)
        message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(body)
        return message

    def _deliver(self, message: EmailMessage) -> None:
        """Hand a message to the server."""
        with smtplib.SMTP(self.host, self.port, timeout=self.timeout) as server:
            if self.start_tls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)
