"""Delivery of requested e-mails (R-EVT-03): the queue `email-notifications` and its handler.

An e-mail is sent until the mail server has accepted or refused it, and that is stored. If a process
is lost in between, the next one sends it again, with the same Message-ID. While the server is away
all e-mails wait. One that it takes later, or whose tenant's key is disabled, is stored, and tried
again without delaying others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol
from uuid import UUID

import structlog

from application.kernel.bus import Delivery
from application.kernel.cloud_events import Decode, EncodedEvent, from_message, to_recorded
from application.kernel.encryption import KeyDisabled
from application.kernel.log_queue import (
    RETRY,
    FailedEvents,
    LogQueueProcessor,
    Positions,
    report_refusal,
)
from application.kernel.outages import is_transient
from application.kernel.ports import Clock, LogTail
from application.kernel.relay import EncodedLog
from application.kernel.subscription import (
    POLL_S,
    Draw,
    LeaderLock,
    LogSource,
    Policy,
    Subscription,
)
from application.kernel.topics import QUEUES, Group
from application.users.accounts import Accounts, reveal
from application.users.email_notices import Notices, Recipient
from application.users.emails import EmailTemplates
from application.users.errors import MailDeferred
from application.users.ports import (
    DeriveSecret,
    Link,
    LinkPurpose,
    Mail,
    Mailer,
    SingleUseLinks,
)
from application.users.registration import VERIFICATION_LIFETIME
from application.users.tokens import digest_of, format_token
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from domain.users.events import EmailRequested, PasswordSet
from domain.users.identities import EmailKind, Provider
from domain.users.user import USER, Registered

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "email-notifications")

LINK: Final = "email_link"
"""Purpose of the secrets of links, which are derived from the ids of their e-mails."""

RESET_LIFETIME: Final = timedelta(hours=1)
"""Validity of the link in a password reset e-mail."""
INVITATION_LIFETIME: Final = timedelta(days=7)
"""Validity of the link in an invitation."""

MAX_AGE: Final = timedelta(days=7)
"""Older requests are not sent: nobody expects the e-mail by then."""

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=4)
"""Pauses before the next attempt of a deferred e-mail: each one is twice as long."""

LEASE: Final = timedelta(minutes=5)
"""Time for one attempt of a deferred e-mail, until another process may try it."""

BATCH: Final = 5000

REQUESTED: Final[str] = EmailRequested.event_name  # type: ignore[attr-defined]  # by its decorator

Outcome = Literal["accepted", "refused", "obsolete"]
"""Result of an e-mail: accepted or refused by the mail server, or no longer needed."""

logger: Any = structlog.get_logger()


class SentEmails(Protocol):
    """Store of the results of e-mails. Every method may raise StorageUnavailable."""

    def find(self, tenant_id: TenantId, email_id: UUID) -> Outcome | None: ...

    def add(self, tenant_id: TenantId, email_id: UUID, outcome: Outcome, at: datetime) -> None:
        """Store an outcome, and delete those that are much older than any request."""
        ...


@dataclass(frozen=True, slots=True)
class DeferredEmail:
    """A requested e-mail that the mail server takes later, if at all."""

    event: EncodedEvent
    attempts: int
    due_at: datetime


class DeferredEmails(Protocol):
    """Store of deferred e-mails. Every method may raise StorageUnavailable."""

    def contains(self, tenant_id: TenantId, email_id: UUID) -> bool: ...

    def put(self, email: DeferredEmail) -> None:
        """Store an e-mail, or replace its attempts and time."""
        ...

    def claim(self, at: datetime, until: datetime) -> DeferredEmail | None:
        """Return an e-mail that is due, the longest due first, and let none claim it meanwhile."""
        ...

    def remove(self, tenant_id: TenantId, email_id: UUID) -> None: ...


@dataclass(frozen=True)
class EmailDelivery:
    """Sends requested e-mails, and those that other events cause (`notices`)."""

    accounts: Accounts
    links: SingleUseLinks
    mailer: Mailer
    templates: EmailTemplates
    sent: SentEmails
    deferred: DeferredEmails
    decode: Decode
    clock: Clock
    derive_secret: DeriveSecret
    notices: Notices

    def send_email(self, event: EncodedEvent) -> None:
        """Send the e-mail that an event requests, unless it was sent; ignore other events.

        One that the mail server takes later, or whose tenant's key is disabled, is left to
        `send_deferred`.

        Its link is made now, so that no event and no message contains a secret. It is the same if
        the e-mail is sent again, as mail systems may drop the second one. Raises
        StorageUnavailable, MailUndelivered if a retry may succeed, and, once, MailRefused. After an
        unexpected error, nothing is stored, so that a later attempt sends the e-mail.
        """
        if event.name != REQUESTED and event.name not in self.notices.names:
            return
        tenant_id = TenantId(event.tenant_id)
        if self.sent.find(tenant_id, event.event_id) is not None:
            return
        if self.deferred.contains(tenant_id, event.event_id):
            return
        try:
            self._send(event)
        except (MailDeferred, KeyDisabled) as obstacle:
            self._defer(event, 1, obstacle)

    def send_deferred(self) -> None:
        """Try the deferred e-mails that are due again.

        Raises StorageUnavailable and MailUndelivered; then the rest stays due.
        """
        while (due := self.deferred.claim(self.clock(), self.clock() + LEASE)) is not None:
            event, tenant_id = due.event, TenantId(due.event.tenant_id)
            try:
                if self.sent.find(tenant_id, event.event_id) is None:
                    self._send(event)
            except (MailDeferred, KeyDisabled) as obstacle:
                self._defer(event, due.attempts + 1, obstacle)
                continue
            except Rejected as obstacle:
                report_refusal(GROUP.name, event, obstacle)
            self.deferred.remove(tenant_id, event.event_id)

    def _defer(
        self, event: EncodedEvent, attempts: int, obstacle: MailDeferred | KeyDisabled
    ) -> None:
        """Store when to try an e-mail again."""
        doublings = min(attempts - 1, 16)  # more would overflow in the end
        due_at = self.clock() + min(LONGEST_PAUSE, FIRST_PAUSE * 2**doublings)
        self.deferred.put(DeferredEmail(event, attempts, due_at))
        logger.warning(
            "email.deferred",
            event_id=str(event.event_id),
            attempts=attempts,
            due_at=due_at.isoformat(),
            reason=obstacle.detail,
        )

    def _send(self, event: EncodedEvent) -> None:
        """Send an e-mail and store its outcome, unless a retry may succeed."""
        tenant_id = TenantId(event.tenant_id)
        outcome: Outcome = "refused"
        try:
            composed = self._compose(event)
            if composed is None:
                outcome = "obsolete"
            else:
                user_id, mail = composed
                self.mailer.send(mail, tenant_id=tenant_id, user_id=user_id)
                outcome = "accepted"
        except Rejected as obstacle:
            if not is_transient(obstacle):
                self.sent.add(tenant_id, event.event_id, outcome, self.clock())
            raise
        self.sent.add(tenant_id, event.event_id, outcome, self.clock())
        logger.info("email.sent", event_id=str(event.event_id), outcome=outcome)

    def handle(self, delivery: Delivery) -> None:
        """Handle a message of the queue. Raises what `send_email` raises, and MessageUnreadable."""
        self.send_email(from_message(delivery.message))

    def _compose(self, event: EncodedEvent) -> tuple[UserId, Mail] | None:
        """Write the e-mail to the address of an account; None if it is no longer needed."""
        if self.clock() - event.recorded_at > MAX_AGE:
            return None
        if event.name != REQUESTED:
            return self._compose_notice(event)
        requested: EmailRequested = to_recorded(event, self.decode).event
        tenant_id = TenantId(event.tenant_id)
        user_id = UserId(event.stream.removeprefix(f"{USER.category}-"))
        user = self.accounts.user(tenant_id, user_id)
        address = reveal(user.email) if isinstance(user, Registered) else None
        if not isinstance(user, Registered) or address is None:
            return None
        if requested.kind in {"verification", "invitation"} and user.email_verified:
            return None
        if requested.kind in {"reset", "invitation"} and self._is_superseded(event, requested.kind):
            return None
        templates = self.templates.for_user(tenant_id, user.locale)
        mail = self._mail(event.event_id, tenant_id, user_id, address, requested, templates)
        return user_id, mail

    def _is_superseded(self, event: EncodedEvent, kind: EmailKind) -> bool:
        """Return whether a link is obsolete: a password was set since, or the user invited again.

        An e-mail whose reply from the server was lost may have arrived, and its link been used.
        """
        later = self.accounts.log.load(
            TenantId(event.tenant_id), event.stream, after_version=event.version
        )
        return any(
            isinstance(fact, PasswordSet)
            or (isinstance(fact, EmailRequested) and kind == fact.kind == "invitation")
            for fact in (each.event for each in later)
        )

    def _compose_notice(self, event: EncodedEvent) -> tuple[UserId, Mail] | None:
        notice = self.notices.notice(to_recorded(event, self.decode))
        if notice is None:
            return None
        user = self.accounts.user(TenantId(event.tenant_id), notice.user_id)
        address = reveal(user.email) if isinstance(user, Registered) else None
        if not isinstance(user, Registered) or address is None:
            return None
        if notice.topic is not None and (user.suspended or not user.emails.includes(notice.topic)):
            return None
        recipient = Recipient(TenantId(event.tenant_id), address, user.locale, user.time_zone)
        return notice.user_id, notice.write(event.event_id, recipient)

    def _mail(
        self,
        email_id: UUID,
        tenant_id: TenantId,
        user_id: UserId,
        to: str,
        requested: EmailRequested,
        templates: EmailTemplates,
    ) -> Mail:
        def link(purpose: LinkPurpose, lifetime: timedelta) -> str:
            return self._issue(email_id, tenant_id, user_id, purpose, lifetime)

        provider = requested.provider or Provider("")
        match requested.kind:
            case "verification":
                token = link("verify_email", VERIFICATION_LIFETIME)
                return templates.verification(email_id, to, token)
            case "already_registered":
                return templates.already_registered(email_id, to)
            case "reset":
                return templates.reset(email_id, to, link("reset_password", RESET_LIFETIME))
            case "invitation":
                self.links.withdraw(tenant_id, user_id, "reset_password")  # and earlier invitations
                token = link("reset_password", INVITATION_LIFETIME)
                return templates.invitation(email_id, to, token)
            case "password_changed":
                return templates.password_changed(email_id, to)
            case "identity_linked":
                return templates.identity_linked(email_id, to, provider)
            case "identity_unlinked":
                return templates.identity_unlinked(email_id, to, provider)
            case "linking_refused":
                return templates.linking_refused(email_id, to, provider)
            case (
                "second_factor_added"
                | "second_factor_removed"
                | "recovery_code_used"
                | "recovery_codes_replaced"
                | "second_factors_reset"
                | "erasure_requested"
            ):
                return templates.security_notice(email_id, to, requested.kind)
            case "account_inactive":
                return templates.account_inactive(email_id, to)

    def _issue(
        self,
        email_id: UUID,
        tenant_id: TenantId,
        user_id: UserId,
        purpose: LinkPurpose,
        lifetime: timedelta,
    ) -> str:
        """Issue the single-use link of an e-mail and return its token, which is not stored."""
        secret, now = self.derive_secret(tenant_id, LINK, str(email_id)), self.clock()
        link = Link(
            tenant_id=tenant_id,
            digest=digest_of(secret),
            purpose=purpose,
            user_id=user_id,
            expires_at=now + lifetime,
        )
        self.links.issue(link, now)
        return format_token(tenant_id, secret)


def email_subscription(
    *,
    log: EncodedLog,
    tail: LogTail,
    positions: Positions,
    failed: FailedEvents,
    delivery: EmailDelivery,
    lock: LeaderLock,
    clock: Clock,
    draw: Draw,
) -> Subscription[EncodedEvent]:
    """Return the subscription that sends e-mails without a bus."""
    processor = LogQueueProcessor(
        GROUP.name,
        positions,
        delivery.send_email,
        failed=failed,
        log=log,
        clock=clock,
    )
    policy = Policy(batch_size=BATCH, poll_s=POLL_S, retry=RETRY)
    return Subscription(LogSource(log, tail), processor, lock, policy, draw=draw)
