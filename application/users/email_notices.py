"""Notices: e-mails that other events than `user.email_requested` cause."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from application.users.ports import Mail
from domain.ids import TenantId, UserId
from domain.kernel import Recorded
from domain.users.preferences import EmailTopic


@dataclass(frozen=True, slots=True)
class Recipient:
    """Tenant, address, locale and time zone of an account."""

    tenant_id: TenantId
    address: str
    locale: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An e-mail to a user. `write` gets its id and the recipient.

    One with a `topic` is not sent to a user who is suspended or unsubscribed from the topic.
    """

    user_id: UserId
    write: Callable[[UUID, Recipient], Mail]
    topic: EmailTopic | None = None


class Notices(Protocol):
    """E-mails that other events than `user.email_requested` cause, by the names of the events."""

    @property
    def names(self) -> frozenset[str]: ...

    def notice(self, recorded: Recorded[Any]) -> Notice | None:
        """Return the e-mail that an event causes, or None if nobody needs it."""
        ...


@dataclass(frozen=True)
class JoinedNotices:
    """Notices of several contexts, whose events differ."""

    parts: tuple[Notices, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.names for part in self.parts))

    def notice(self, recorded: Recorded[Any]) -> Notice | None:
        """Return the e-mail of the context that the event is of."""
        name = recorded.event.event_name
        part = next((each for each in self.parts if name in each.names), None)
        return None if part is None else part.notice(recorded)
