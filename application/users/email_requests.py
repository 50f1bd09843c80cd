"""Requests of e-mails to users: events that `email_delivery` follows."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from application.kernel.ports import Clock, NewId, RateLimiter
from application.users.accounts import Accounts
from application.users.attempts import require_email_quota
from application.users.ports import Later, SingleUseLinks
from domain.ids import UserId
from domain.kernel import Origin
from domain.users.commands import RequestEmail
from domain.users.identities import EmailKind, Provider

Recipient = tuple[UserId, EmailKind]


@dataclass(frozen=True)
class EmailRequests:
    """Requests e-mails. What is requested is sent, also after a crash.

    Where an e-mail follows from a change of the account, `command` belongs to the commands of the
    change. `links` are those in the e-mails. `quota` limits requests by address. `later` runs a
    task after the response has been sent.
    """

    accounts: Accounts
    links: SingleUseLinks
    later: Later
    clock: Clock
    new_id: NewId
    quota: RateLimiter

    def require_quota(self, address: str) -> None:
        """Count an e-mail that somebody requests for an address. Raises TooManyEmails."""
        require_email_quota(self.quota, address)

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

        So the duration of the response does not reveal whether there is an account. A request that
        is lost in a crash within that moment has to be repeated.
        """

        def task() -> None:
            recipient = find()
            if recipient is not None:
                self.request(*recipient, origin=origin, command_id=command_id)

        self.later(task)
