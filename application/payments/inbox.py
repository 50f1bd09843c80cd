"""Webhook inbox: stores what a gateway reports, so that it is answered first and processed after.

Only what a genuine webhook says about an intent or a method is stored, and not its raw text, which
can hold personal data. A delivery is stored once for each event of a gateway, and processed until
it succeeds, is refused for good, or has failed too often; then an administrator can redeliver it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Final, Literal, Protocol
from uuid import UUID, uuid5

import structlog

from application.kernel.outages import is_transient
from application.kernel.ports import Clock, StorageUnavailable
from application.kernel.read_models import Page, Window
from application.payments.gateways import MethodNotice, Notice, Webhook
from application.payments.process import PaymentProcess
from application.payments.webhooks import read_webhook, tenant_of
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.payments.events import Gateway

DELIVERIES: Final = UUID("019f1a9c-25b7-7c40-9d7e-5f3f6a1c8b02")
"""Namespace of the ids of deliveries, which are the ids of their commands, too."""

DeliveryState = Literal["pending", "processed", "ignored", "failed"]
"""`ignored`: it is about nothing that exists here. `failed`: no attempt has succeeded."""

LEASE: Final = timedelta(minutes=1)
"""Time for one attempt, until another process may try it."""

FIRST_PAUSE: Final = timedelta(seconds=30)
"""Pause before the second attempt; it doubles each time."""

MAX_ATTEMPTS: Final = 8
"""Attempts before a delivery has failed, an hour after the first one."""

BATCH: Final = 100

DELIVERIES_KEPT: Final = timedelta(days=30)
"""Age at which a delivery is deleted, unless it is pending."""

log: Any = structlog.get_logger()


class DeliveryNotFound(Rejected):
    """No webhook was delivered under this id."""

    code = "webhook.unknown"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A genuine webhook. `notice` is None once it has been processed.

    `reason` is the code of the refusal or the type of the error of the last attempt, without its
    text. `event_type` is the gateway's name for the event; deliveries of old versions have none.
    """

    id: UUID
    tenant_id: TenantId
    gateway: Gateway
    event_id: str
    about: str
    notice: Notice | MethodNotice | None
    received_at: datetime
    changed_at: datetime
    due_at: datetime
    state: DeliveryState = "pending"
    reason: str | None = None
    attempts: int = 0
    event_type: str | None = None


class Deliveries(Protocol):
    """Store of deliveries. Every method raises StorageUnavailable."""

    def add(self, delivery: Delivery) -> bool:
        """Store a delivery; return False if its id exists."""
        ...

    def get(self, tenant_id: TenantId, delivery_id: UUID) -> Delivery | None:
        """Return a delivery of a tenant."""
        ...

    def save(self, delivery: Delivery) -> None:
        """Replace a delivery."""
        ...

    def claim_due(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        """Return pending deliveries of all tenants that are due, and lease them for this time."""
        ...

    def page(
        self, tenant_id: TenantId, window: Window, state: DeliveryState | None
    ) -> Page[Delivery]:
        """Return a page of deliveries, newest first. Raises CursorInvalid."""
        ...


@dataclass(frozen=True)
class WebhookInbox:
    """Receives, processes and redelivers webhooks. Every step is idempotent."""

    process: PaymentProcess
    deliveries: Deliveries
    clock: Clock

    def receive(
        self, gateway: Gateway, webhook: Webhook, account_of: TenantId | None = None
    ) -> Delivery | None:
        """Store a genuine webhook, and return it if it is to be processed.

        `account_of` is the tenant whose own account has sent it.

        Returns None for one that has come before, or is about nothing of ours. Raises
        WebhookForged, GatewaySilent and StorageUnavailable.
        """
        notice = read_webhook(self.process, gateway, webhook, account_of)
        if notice is None:
            return None
        now = self.clock()
        account = gateway if account_of is None else f"{gateway}/{account_of}"
        delivery = Delivery(
            id=uuid5(DELIVERIES, f"{account}/{notice.event_id}"),
            tenant_id=tenant_of(notice),
            gateway=gateway,
            event_id=notice.event_id,
            about=(
                notice.intent_of.payment_id
                if isinstance(notice, Notice)
                else notice.subscription_id
            ),
            notice=notice,
            received_at=now,
            changed_at=now,
            due_at=now + LEASE,
            event_type=notice.event_type or None,
        )
        return delivery if self.deliveries.add(delivery) else None

    def handle(self, delivery: Delivery) -> Delivery:
        """Record what a delivery reports, carry out what is due, and return its new state.

        Raises StorageUnavailable; then the delivery stays pending.
        """
        if delivery.notice is None:
            return delivery
        now = self.clock()
        attempted = replace(delivery, attempts=delivery.attempts + 1, changed_at=now)
        about = None
        try:
            about = self.process.record_notice(delivery.notice, delivery.id)
            done = replace(attempted, state="processed", reason=None, notice=None)
        except StorageUnavailable:
            raise
        except Rejected as refused:
            if is_transient(refused):
                done = _postponed(attempted, refused.code, now)
            else:
                done = replace(attempted, state="ignored", reason=refused.code)
                log.warning("webhook.ignored", delivery=str(delivery.id), code=refused.code)
        except Exception as error:  # it is logged, and its type is stored
            log.exception("webhook.failed", delivery=str(delivery.id), attempts=attempted.attempts)
            done = _postponed(attempted, type(error).__name__, now)
        self.deliveries.save(done)
        if about is not None:
            self.process.try_to_advance(about.tenant_id, about.payment_id)
        return done

    def handle_soon(self, delivery: Delivery) -> None:
        """Handle a delivery after its webhook was answered. An outage is left to the follow-up."""
        try:
            self.handle(delivery)
        except StorageUnavailable as unavailable:
            log.warning("webhook.waits", delivery=str(delivery.id), code=unavailable.code)

    def handle_due(self, stop: Event) -> int:
        """Handle what no process has handled yet, such as after a crash. Returns how many."""
        now = self.clock()
        due = self.deliveries.claim_due(now, now + LEASE, BATCH)
        for count, delivery in enumerate(due):
            if stop.is_set():
                return count
            self.handle(delivery)
        return len(due)

    def redeliver(self, tenant_id: TenantId, delivery_id: UUID) -> Delivery:
        """Handle a delivery again; one that was processed stays so. Raises DeliveryNotFound."""
        delivery = self.deliveries.get(tenant_id, delivery_id)
        if delivery is None:
            raise DeliveryNotFound
        if delivery.state == "processed":
            return delivery
        return self.handle(replace(delivery, attempts=0))


def _postponed(delivery: Delivery, reason: str, now: datetime) -> Delivery:
    """Return a delivery that is tried again, or that has failed after its last attempt."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return replace(delivery, state="failed", reason=reason)
    pause = FIRST_PAUSE * 2 ** (delivery.attempts - 1)
    return replace(delivery, state="pending", reason=reason, due_at=now + pause)
