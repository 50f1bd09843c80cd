"""Links by which users unsubscribe from e-mails about a topic, without signing in."""

import hmac
from dataclasses import dataclass
from typing import Final, get_args
from urllib.parse import urlencode
from uuid import UUID

from application.kernel.ports import Clock
from application.users.accounts import Accounts
from application.users.email_texts import unsubscribe_label
from application.users.emails import UnsubscribeLink
from application.users.errors import UnsubscribeLinkRefused
from application.users.ports import DeriveSecret
from application.users.tokens import MAX_TOKEN_LENGTH, SEPARATOR
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import Unsubscribe
from domain.users.preferences import EmailTopic
from domain.users.user import Registered

PURPOSE: Final = "unsubscribe"

PATH: Final = "/v1/emails/unsubscribe"
"""Endpoint that mail programs call: RFC 8058."""


@dataclass(frozen=True)
class Unsubscription:
    """Makes and redeems links, which are signed with a key of the tenant and do not expire."""

    accounts: Accounts
    derive_secret: DeriveSecret
    clock: Clock
    base_url: str

    def link(
        self, tenant_id: TenantId, user_id: UserId, topic: EmailTopic, language: str
    ) -> UnsubscribeLink:
        """Return the link of a user. Raises KmsUnavailable, KeyRefused and StorageUnavailable."""
        signature = self._signature(tenant_id, user_id, topic)
        query = urlencode({"token": SEPARATOR.join((tenant_id, topic, user_id, signature))})
        return UnsubscribeLink(
            label=unsubscribe_label(language),
            page=f"{self.base_url}/unsubscribe.html#{query}",
            one_click=f"{self.base_url}{PATH}?{query}",
        )

    def unsubscribe(self, token: str, *, correlation_id: UUID, command_id: UUID) -> EmailTopic:
        """Unsubscribe the user of a link, and return the topic. A repetition changes nothing.

        Raises UnsubscribeLinkRefused.
        """
        tenant_id, user_id, topic = self._verified(token)
        origin = Origin(tenant_id=tenant_id, actor=user_id, correlation_id=correlation_id)
        command = Unsubscribe(topic=topic, at=self.clock())
        self.accounts.execute(user_id, [command], origin=origin, command_id=command_id)
        return topic

    def _verified(self, token: str) -> tuple[TenantId, UserId, EmailTopic]:
        """Return what a token is for. No key is made for a tenant without this user."""
        tenant, _, rest = token.partition(SEPARATOR)
        name, _, rest = rest.partition(SEPARATOR)
        user, _, signature = rest.rpartition(SEPARATOR)
        names: tuple[str, ...] = get_args(EmailTopic)
        topics: tuple[EmailTopic, ...] = get_args(EmailTopic)
        topic = topics[names.index(name)] if name in names else None
        is_complete = tenant and user and len(token) <= MAX_TOKEN_LENGTH and token.isascii()
        if not is_complete or topic is None:
            raise UnsubscribeLinkRefused
        tenant_id, user_id = TenantId(tenant), UserId(user)
        if not isinstance(self.accounts.user(tenant_id, user_id), Registered):
            raise UnsubscribeLinkRefused
        expected = self._signature(tenant_id, user_id, topic)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise UnsubscribeLinkRefused
        return tenant_id, user_id, topic

    def _signature(self, tenant_id: TenantId, user_id: UserId, topic: EmailTopic) -> str:
        return self.derive_secret(tenant_id, PURPOSE, f"{topic}{SEPARATOR}{user_id}")
