"""E-mail about a requested erasure."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID, uuid5

from application.kernel.ports import EventLog
from application.users.services import UserServices
from domain.erasures.erasure import Pending
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users.events import EmailRequested
from domain.users.user import USER

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c11")
"""Namespace of the commands that request the e-mail."""

PATIENCE_S: Final = 30.0
"""Longest wait for the e-mail before the account is erased at once."""

POLL_S: Final = 0.5

ErasureEmail = Literal["erasure_requested", "account_inactive"]
"""E-mail about an erasure that somebody has requested, or retention."""


@dataclass(frozen=True)
class ErasureNotice:
    """Tells the owner of an account that its erasure was requested, once for each due time."""

    log: EventLog
    users: Callable[[], UserServices]
    wait: Callable[[float], None] = field(default=time.sleep)

    def request(
        self,
        user_id: UserId,
        pending: Pending,
        *,
        origin: Origin,
        kind: ErasureEmail = "erasure_requested",
    ) -> None:
        """Request the e-mail; a repeated request of the same erasure sends no other one."""
        due_at = pending.due_at.isoformat()
        self.users().registration.emails.request(
            user_id,
            kind,
            origin=origin,
            command_id=uuid5(NAMESPACE, f"{origin.tenant_id}\x1f{user_id}\x1f{due_at}"),
        )

    def wait_until_sent(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Wait until the e-mail was sent, as nobody knows the address of an erased account.

        Returns without it after `PATIENCE_S`, and if the mail server takes it later.
        """
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        requested = [
            each.event_id
            for each in history
            if isinstance(each.event, EmailRequested) and each.event.kind == "erasure_requested"
        ]
        delivery, left_s = self.users().email_delivery, PATIENCE_S
        while requested and left_s > 0:
            email = requested[-1]
            if delivery.sent.find(tenant_id, email) or delivery.deferred.contains(tenant_id, email):
                return
            self.wait(POLL_S)
            left_s -= POLL_S
