"""E-mail over SMTP, as text and HTML, with TLS by default."""

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate
from typing import Final, Literal

import stamina

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from application.users.errors import MailDeferred, MailRefused, MailUndelivered
from application.users.ports import Mail
from domain.ids import TenantId, UserId

Encryption = Literal["starttls", "tls", "none"]
"""STARTTLS (port 587), implicit TLS (465), or no encryption."""

TIMEOUT_S: Final = 15.0
REPLY_S: Final = 60.0
"""Longest wait for each reply about a message, which servers scan first: RFC 5321, 4.5.3.2."""
ATTEMPTS: Final = 3
CLOSING: Final = 421
"""Reply code of a server that is not available: RFC 5321, 3.8."""
UNFOLDED: Final = "List-Unsubscribe"
"""Header that stays on one line: a folded URL would be encoded, and no mail program reads it."""
LONGEST_LINE: Final = 998
"""Characters of a line: RFC 5322, 2.1.1."""
LONGEST_ENCODED: Final = 76
"""Characters of a line of a header with encoded words: RFC 2047, 2."""
PERMANENT: Final = 500
"""Reply codes from here on are permanent failures: RFC 5321, 4.2.1."""


class ReplyLost(smtplib.SMTPServerDisconnected):
    """The connection was lost while a message was sent, so the server may have accepted it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and the sender address. `repr` hides the password."""

    host: str
    port: int
    sender: str
    encryption: Encryption = "starttls"
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


class HeaderPolicy(EmailPolicy):
    """Folds headers for encoded words, except the one with a URL."""

    def fold_binary(self, name: str, value: str) -> bytes:
        longest = LONGEST_LINE if name == UNFOLDED else LONGEST_ENCODED
        return EmailPolicy.fold_binary(self.clone(max_line_length=longest), name, value)


class SmtpMailer:
    """Implements `Mailer`. Tries an unavailable or busy server three times. Thread-safe.

    A message whose reply is lost is deferred at once, because the server may have accepted it.

    `tls` verifies certificates, by default with the system's authorities. A server that was not
    available three times in a row is left alone for `open_s` seconds: mails fail at once.
    """

    def __init__(
        self, server: MailServer, *, tls: ssl.SSLContext | None = None, open_s: float = OPEN_S
    ) -> None:
        self._guarded = circuit_breaker(open_s, (Exception, _is_reply))
        self._server = server
        self._tls = ssl.create_default_context() if tls is None else tls

    def send(self, mail: Mail, *, tenant_id: TenantId, user_id: UserId) -> None:
        del tenant_id, user_id
        sender, to = self._server.sender, with_ascii_domain(mail.to)
        message = to_mime(replace(mail, to=to), sender=sender)
        if [each.addr_spec for each in message["To"].addresses] != [to]:
            raise MailRefused("The address is not well-formed: others might get the message.")
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2].strip('>')}>"
        ready = False
        try:
            for attempt in stamina.retry_context(
                on=_is_temporary, attempts=ATTEMPTS, wait_initial=0.2
            ):
                ready = False
                with attempt, self._guarded(), self._connection() as connection:
                    ready = True
                    self._transmit(connection, message, to)
        except CircuitOpen as left_alone:
            raise MailUndelivered("The mail server is not available.") from left_alone
        except (smtplib.SMTPException, OSError) as failed:
            reason = type(failed).__name__
            if not ready or _is_closing(failed):
                raise MailUndelivered(
                    f"The mail server did not accept the message: {reason}."
                ) from failed
            if _is_refused(failed):
                raise MailRefused(f"The mail server refused the message: {reason}.") from failed
            raise MailDeferred(f"The mail server deferred the message: {reason}.") from failed

    def check(self) -> None:
        """Connect and sign in, as for a message. Raises MailUndelivered."""
        try:
            with self._connection():
                pass
        except (smtplib.SMTPException, OSError) as failed:
            reason = _describe(failed)
            raise MailUndelivered(f"The mail server takes no e-mails: {reason}.") from failed

    @staticmethod
    def _transmit(connection: smtplib.SMTP, message: EmailMessage, to: str) -> None:
        """Send a message, with more time for its replies than for others. Raises ReplyLost."""
        if connection.sock is not None:
            connection.sock.settimeout(REPLY_S)
        try:
            connection.send_message(message, to_addrs=[to])
        except smtplib.SMTPServerDisconnected as lost:
            raise ReplyLost(str(lost)) from lost
        if connection.sock is not None:
            connection.sock.settimeout(TIMEOUT_S)

    @contextmanager
    def _connection(self) -> Generator[smtplib.SMTP]:
        server, connection = self._server, self._open()
        try:
            if server.encryption == "starttls":
                connection.starttls(context=self._tls)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password)
            yield connection
            # Do not resend an accepted message because closing the connection failed.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.encryption == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=self._tls)
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)


def with_ascii_domain(address: str) -> str:
    """Return an address with its international domain as A-labels, in ASCII (RFC 5890, 2.3.2.1).

    Every mail server accepts them, but few support SMTPUTF8. Python's codec implements the older
    IDNA 2003. A domain that it would map to another one, such as one with `ß`, is not changed, nor
    is an address whose local part needs SMTPUTF8 anyway.
    """
    local_part, at, domain = address.rpartition("@")
    if not local_part.isascii() or domain.isascii():
        return address
    try:
        encoded = domain.encode("idna")
        # bytes.lower() changes only ASCII letters, whose case the codec does not preserve
        is_same = encoded.decode("idna").encode() == domain.encode().lower()
    except UnicodeError:
        return address
    return f"{local_part}{at}{encoded.decode()}" if is_same else address


def to_mime(mail: Mail, *, sender: str) -> EmailMessage:
    """Convert a mail to a MIME message with text and HTML."""
    message = EmailMessage(policy=HeaderPolicy(max_line_length=LONGEST_LINE))
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic replies
    if mail.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _describe(failed: Exception) -> str:
    """Return what failed, without the texts of the server."""
    if isinstance(failed, smtplib.SMTPAuthenticationError):
        return f"it refuses the user or the password (reply {failed.smtp_code})"
    return type(failed).__name__


def _is_refused(failed: Exception) -> bool:
    """Return whether a server that is ready refused this message or its recipient for good."""
    is_about_it = isinstance(
        failed,
        smtplib.SMTPDataError | smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError,
    )
    return is_about_it and not _is_temporary(failed)


def _is_closing(failed: Exception) -> bool:
    """Return whether the server replied that it is not available."""
    match failed:
        case smtplib.SMTPResponseException(smtp_code=int(code)):
            return code == CLOSING
        case smtplib.SMTPRecipientsRefused(recipients=dict(recipients)):
            return any(code == CLOSING for code, _ in recipients.values())
        case _:
            return False


def _is_temporary(failed: Exception) -> bool:
    """Return whether a retry may succeed."""
    match failed:
        case ssl.SSLCertVerificationError() | smtplib.SMTPNotSupportedError() | ReplyLost():
            return False
        case smtplib.SMTPResponseException(smtp_code=int(code)):
            return code < PERMANENT
        case smtplib.SMTPRecipientsRefused(recipients=dict(recipients)):
            return all(code < PERMANENT for code, _ in recipients.values())
        case _:
            return isinstance(failed, OSError)


def _is_reply(failed: BaseException) -> bool:
    """Return whether the server is available: it replied, and not that it closes."""
    match failed:
        case smtplib.SMTPServerDisconnected():
            return False
        case smtplib.SMTPException():
            return not _is_closing(failed)
        case _:
            return isinstance(failed, ssl.SSLCertVerificationError)
