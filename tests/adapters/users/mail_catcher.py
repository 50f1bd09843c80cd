"""Mail server for tests that keeps its messages. It listens on a free port, with optional TLS."""

import asyncio
import email
import ipaddress
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, TypedDict

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.thread_servers import stop_accepting


class MailOwner(TypedDict):
    """The user to whose address an e-mail is sent."""

    tenant_id: TenantId
    user_id: UserId


OWNER: Final[MailOwner] = {"tenant_id": DEFAULT_TENANT, "user_id": UserId("ada")}


@dataclass
class MailCatcher:
    """Received messages, and the replies to the next ones."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[Message] = field(default_factory=list[Message])
    logins: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    replies: list[str] = field(default_factory=list[str])
    recipients: list[str] = field(default_factory=list[str])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    """Replies to recipients, by address."""
    tried: int = 0
    goodbye: str = "221 Bye"
    scan_s: float = 0.0
    """Seconds between receiving a message and replying, as while it is scanned."""
    loses_replies: bool = False
    """Whether the connection is lost once a message is received."""
    encrypted: list[bool] = field(default_factory=list[bool])

    async def handle_RCPT(  # noqa: N802  aiosmtpd
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd
        self.tried += 1
        await asyncio.sleep(self.scan_s)
        if self.loses_replies:
            server.transport.abort()
        if self.replies:
            return self.replies.pop(0)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        self.messages.append(email.message_from_bytes(envelope.content))
        return "250 kept"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd
        return self.goodbye

    def authenticate(self, *arguments: Any) -> AuthResult:
        data = arguments[-1]
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret", handled=False)


@contextmanager
def mail_catcher(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False
) -> Generator[MailCatcher]:
    """Serve until the block ends; the port is set once it listens."""
    catcher = MailCatcher()
    loop, over, ready = asyncio.new_event_loop(), asyncio.Event(), Event()
    connections: list[Any] = []

    class Conversation(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            connections.append(transport)
            super().connection_made(transport)

    def connected() -> SMTP:
        return Conversation(
            catcher, hostname="mail.example", loop=loop, authenticator=catcher.authenticate,
            auth_require_tls=not implicit, tls_context=None if implicit else tls,
        )  # fmt: skip

    async def serve() -> None:
        server = await loop.create_server(connected, catcher.host, 0, ssl=tls if implicit else None)
        catcher.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        await stop_accepting([server])
        for connection in connections:
            connection.abort()
        await _others_over()

    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(timeout=60)
    try:
        yield catcher
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(timeout=60)
        loop.close()


async def _others_over() -> None:
    """Cancel all other tasks of the loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Create the TLS contexts of server and client for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    client = ssl.create_default_context()
    client.load_verify_locations(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
    return server, client
