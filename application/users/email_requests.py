"""Requests of e-mails to users: events that `email_delivery` follows."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts, reveal
from application.users.attempts import EmailQuota, TooManyEmails
from application.users.ports import Later, SingleUseLinks
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import RequestEmail
from domain.users.identities import EmailKind, Provider
from domain.users.user import Registered

log = structlog.get_logger()

Recipient = tuple[UserId, EmailKind]


@dataclass(frozen=True)
class EmailRequests:
    """Requests e-mails. What is requested is sent, also after a crash.

    If a change of the account causes an e-mail, the result of `command` is executed together with
    the change. `links` are those in the e-mails. `quota` limits those that anybody can request.
    `later` runs a task after the response has been sent.
    """

    accounts: Accounts
    links: SingleUseLinks
    later: Later
    clock: Clock
    new_id: NewId
    quota: EmailQuota

    def require_quota(self, tenant_id: TenantId, kind: EmailKind, address: str) -> None:
        """Count an e-mail to an unverified address. Raises TooManyEmails."""
        left = self.quota.consume(tenant_id, kind, address, verified=False)
        if not left.granted:
            raise TooManyEmails(left.resets_in_s)

    def has_quota(
        self, tenant_id: TenantId, kind: EmailKind, address: str, *, verified: bool = False
    ) -> bool:
        """Count an e-mail that is about to be requested; False, and a log line, beyond the quota.

        For requests of clients that are not signed in: they do not learn what has been sent.
        """
        left = self.quota.consume(tenant_id, kind, address, verified=verified)
        if not left.granted:
            log.info("email.over_quota", tenant=tenant_id, kind=kind)
        return left.granted

    def command(self, kind: EmailKind, provider: Provider | None = None) -> RequestEmail:
        """Return the command that requests an e-mail."""
        return RequestEmail(kind=kind, provider=provider, at=self.clock())

    def request(
        self,
        user_id: UserId,
        kind: EmailKind,
        provider: Provider | None = None,
        *,
        origin: Origin,
        command_id: UUID | None = None,
    ) -> None:
        """Request an e-mail to an account's own address, once per command. Raises UserUnknown."""
        command, command_id = self.command(kind, provider), command_id or self.new_id()
        self.accounts.execute(user_id, [command], origin=origin, command_id=command_id)

    def request_later(
        self,
        find: Callable[[], Recipient | None],
        *,
        origin: Origin,
        command_id: UUID | None = None,
    ) -> None:
        """Find a recipient and request an e-mail after the response, once per command.

        Beyond the quota nothing is requested. Neither the response nor its duration reveals whether
        there is an account. A request that is lost in a crash within that moment has to be
        repeated.
        """

        def task() -> None:
            recipient = find()
            if recipient is not None and self._has_quota_for(*recipient, origin.tenant_id):
                self.request(*recipient, origin=origin, command_id=command_id)

        self.later(task)

    def _has_quota_for(self, user_id: UserId, kind: EmailKind, tenant_id: TenantId) -> bool:
        user = self.accounts.user(tenant_id, user_id)
        address = reveal(user.email) if isinstance(user, Registered) else None
        if not isinstance(user, Registered) or address is None:
            return False
        return self.has_quota(tenant_id, kind, address, verified=user.email_verified)
