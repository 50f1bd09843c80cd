"""Messages leave through a mail server, as text and HTML, over TLS unless told otherwise."""

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final, Literal

import stamina

from application.users.errors import MailUndelivered
from application.users.ports import Mail

Encryption = Literal["starttls", "tls", "none"]
"""Asked for after a greeting in clear (port 587), from the first byte (465), or not at all."""

TIMEOUT_S: Final = 15.0
ATTEMPTS: Final = 3
PERMANENT: Final = 500
"""From this reply code on asking again does not help: RFC 5321, 4.2.1."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed over, and from whom they come. It does not show its password."""

    host: str
    port: int
    sender: str
    encryption: Encryption = "starttls"
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


class SmtpMailer:
    """A `Mailer`. A server that is away or busy is asked three times. Any thread may ask.

    `tls` is what certificates are checked with, by default the system's authorities.
    """

    def __init__(self, server: MailServer, *, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = ssl.create_default_context() if tls is None else tls

    def send(self, mail: Mail) -> None:
        sender = self._server.sender
        message = message_of(mail, sender=sender)
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(">"))
        try:
            for attempt in stamina.retry_context(on=_passing, attempts=ATTEMPTS, wait_initial=0.2):
                with attempt, self._connected() as connection:
                    connection.send_message(message)
        except (smtplib.SMTPException, OSError) as failed:
            raise MailUndelivered(
                f"The mail server did not take the message: {type(failed).__name__}."
            ) from failed

    @contextmanager
    def _connected(self) -> Generator[smtplib.SMTP]:
        server, connection = self._server, self._opened()
        try:
            if server.encryption == "starttls":
                connection.starttls(context=self._tls)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password)
            yield connection
            # A message that has been taken is not sent again because of a goodbye gone wrong.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

    def _opened(self) -> smtplib.SMTP:
        server = self._server
        if server.encryption == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=self._tls)
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)


def message_of(mail: Mail, *, sender: str) -> EmailMessage:
    """Write a message as text and as HTML."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from machines
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _passing(failed: Exception) -> bool:
    """Whether the same message may be taken a moment later."""
    match failed:
        case ssl.SSLCertVerificationError() | smtplib.SMTPNotSupportedError():
            return False
        case smtplib.SMTPResponseException(smtp_code=int(code)):
            return code < PERMANENT
        case smtplib.SMTPRecipientsRefused(recipients=dict(recipients)):
            return all(code < PERMANENT for code, _ in recipients.values())
        case _:
            return isinstance(failed, OSError)
