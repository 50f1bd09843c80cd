"""Build the delivery of e-mails: the mail server, and who follows the requests."""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog

from adapters.clock import utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.jobs.failed_events import SqlFailedEvents
from adapters.mail.folder import FolderMailer
from adapters.mail.sent_emails import (
    SCHEMA,
    SqlDeferredEmails,
    SqlEmailPosition,
    SqlSentEmails,
)
from adapters.mail.smtp import Encryption, MailServer, SmtpMailer
from adapters.sql.engines import open_engine
from adapters.sql.leader_lock import PostgresLeaderLock, SqliteLeaderLock
from application.assignments.emails import AssignmentEmails
from application.content.emails import ContentEmails
from application.kernel.cloud_events import EncodedEvent
from application.kernel.consumer import consumer_subscription
from application.kernel.encryption import FieldCipher
from application.kernel.outages import is_transient
from application.kernel.ports import LogTail
from application.kernel.subscription import LeaderLock, Subscription
from application.payments.emails import BillingEmails
from application.platform import Platform
from application.users.accounts import Accounts
from application.users.email_delivery import GROUP, EmailDelivery, email_subscription
from application.users.email_notices import JoinedNotices
from application.users.emails import EmailTemplates
from application.users.ports import Mailer, SingleUseLinks
from application.users.unsubscription import Unsubscription
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.encryption import EncryptionServices, identity_url
from bootstrap.wiring.log_queues import open_log_queue_stores
from bootstrap.wiring.threads import keep_running, running
from domain.kernel import Rejected

ENCRYPTIONS: Final[dict[str, tuple[Encryption, int]]] = {
    "smtp": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp+plain": ("none", 25),
}
"""Encryption and default port by the scheme of KINELOG_SMTP_URL."""

LOCK: Final = 7_595_438_426
"""Key of the PostgreSQL advisory lock of the process that follows the log for e-mails."""

CONNECTIONS: Final = 2

DEFERRED_S: Final = 5.0
"""Time between searches for deferred e-mails that are due."""

logger: Any = structlog.get_logger()


@contextmanager
def build_email_delivery(
    settings: Settings, encryption: EncryptionServices, accounts: Accounts, links: SingleUseLinks
) -> Generator[tuple[EmailDelivery, Subscription[EncodedEvent], Unsubscription]]:
    """Yield the handler `send_email`, a subscription that calls it without a bus, and links.

    Raises StorageUnavailable.
    """
    with ExitStack() as opened:
        engine = open_engine(identity_url(settings), schema=SCHEMA, connections=CONNECTIONS)
        opened.callback(engine.dispose)
        derive = BlindIndex(encryption.keys, encryption.kms).derive
        unsubscription = Unsubscription(accounts, derive, utc_now, settings.public_url)
        delivery = EmailDelivery(
            accounts=accounts,
            links=links,
            mailer=_mailer(settings, encryption.sealer),
            templates=EmailTemplates(settings.public_url),
            sent=SqlSentEmails(engine),
            deferred=SqlDeferredEmails(engine),
            decode=encryption.codec.decode,
            clock=utc_now,
            derive_secret=derive,
            notices=JoinedNotices(
                (
                    BillingEmails(accounts.log, settings.public_url),
                    ContentEmails(accounts.log, settings.public_url),
                    AssignmentEmails(accounts.log, settings.public_url, unsubscription),
                )
            ),
        )
        stores = opened.enter_context(open_log_queue_stores(settings))
        if settings.postgres_url is None:
            tail: LogTail = PollingTail(accounts.log)
            lock: LeaderLock = SqliteLeaderLock(settings.home / "emails.lock")
        else:
            url = settings.postgres_url.get_secret_value()
            tail = opened.enter_context(closing(NotifyTail(url)))
            lock = PostgresLeaderLock(url, lock=LOCK)
        yield (
            delivery,
            email_subscription(
                log=stores.log,
                tail=tail,
                positions=SqlEmailPosition(engine),
                failed=SqlFailedEvents(stores.engine, GROUP.name),
                delivery=delivery,
                lock=lock,
                clock=utc_now,
                draw=draw,
            ),
            unsubscription,
        )


@contextmanager
def sending_emails(settings: Settings, platform: Platform) -> Generator[None]:
    """Send requested e-mails on threads until the end of the block, unless others are to do it.

    With Kafka, the processes share the group `email-notifications`; otherwise one of them follows
    the log. All of them share the deferred e-mails.
    """
    if not settings.sends_emails:
        yield
        return
    work = {
        "e-mails": partial(keep_running, "emails", partial(_run, settings, platform)),
        "deferred e-mails": partial(keep_running, "emails", partial(_run_deferred, platform)),
    }
    with running(work, settings.shutdown_s):
        yield


def send_due_emails(settings: Settings, platform: Platform) -> None:
    """Send requested e-mails once, unless a server does: for commands without a server.

    While the mail server is away they stay due.
    """
    if settings.queues_on_bus:
        return
    try:
        services = platform.accounts()
        services.follow_email_requests.run_once()
        services.email_delivery.send_deferred()
    except Rejected as obstacle:
        if not is_transient(obstacle):
            raise
        logger.warning("emails.interrupted", code=obstacle.code, reason=obstacle.detail)


def _run(settings: Settings, platform: Platform, stop: Event) -> None:
    services = platform.accounts()
    if settings.queues_on_bus:
        _consume(settings, services.email_delivery, stop)
    else:
        services.follow_email_requests.run(stop)


def _run_deferred(platform: Platform, stop: Event) -> None:
    while not stop.is_set():
        platform.accounts().email_delivery.send_deferred()
        stop.wait(DEFERRED_S)


def _consume(settings: Settings, delivery: EmailDelivery, stop: Event) -> None:
    with build_kafka_bus(settings) as bus:
        consumer_subscription(
            bus, GROUP, delivery.handle, draw=draw, clock=utc_now, waits_for_outages=True
        ).run(stop)


def mail_folder(settings: Settings) -> Path:
    """Return the folder of e-mails, for installations without a mail server."""
    return settings.home / "mail"


def _mailer(settings: Settings, cipher: FieldCipher) -> Mailer:
    return build_smtp(settings) or FolderMailer(
        mail_folder(settings), sender=settings.mail_from, cipher=cipher
    )


def build_smtp(settings: Settings) -> SmtpMailer | None:
    """Build the client of the mail server, if one is set."""
    if settings.smtp_url is None:
        return None
    return SmtpMailer(mail_server(settings.smtp_url.get_secret_value(), settings.mail_from))


def mail_server(url: str, sender: str) -> MailServer:
    """Parse the mail server's URL, which the settings have checked."""
    parts = urlsplit(url)
    encryption, port = ENCRYPTIONS[parts.scheme]
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or port,
        sender=sender,
        encryption=encryption,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
