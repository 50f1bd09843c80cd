"""Follow payments that are under way, and renew or end subscriptions.

Payments are followed after a crash, and when a webhook never came (R-PAY-07).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any, Final, TypeVar

import structlog

from application.kernel.pagination import window
from application.kernel.ports import Clock, StorageUnavailable
from application.kernel.read_models import Between, ReadModels, Where
from application.payments.gateways import GatewayAnswerError
from application.payments.inbox import WebhookInbox
from application.payments.process import PaymentProcess
from domain.ids import PaymentId, TenantId
from domain.kernel import Projection, Rejected
from domain.payments.commands import ExpirePayment
from domain.subscriptions.states import Active
from projections.payment import PAYMENT, UNPAID, Payment
from projections.subscription import SUBSCRIPTION, Subscription

POLL_S: Final = 15.0
"""Pause between two rounds, in seconds."""

PATIENCE: Final = timedelta(seconds=30)
"""Time without news after which a payment is polled. Webhooks usually come within seconds."""

BACK_OFF: Final = 4
"""The next poll comes after this part of the time without news: after 4 minutes, each minute."""

MAX_PAUSE: Final = timedelta(hours=1)
"""Longest pause between polls, so that what has expired does not stay open for hours."""

EXPIRES: Final = timedelta(hours=24)
"""Age from which the next poll gives up an unpaid payment."""

PAGE: Final = 100

Row = TypeVar("Row")

log: Any = structlog.get_logger()


@dataclass(frozen=True)
class PaymentFollowUp:
    """Follows payments and subscriptions of all tenants, on one thread.

    Several processes may do it at once: each step is idempotent. `polled` has the times of the last
    polls of payments that are open.
    """

    read: ReadModels
    tenants: Callable[[], Iterable[TenantId]]
    process: PaymentProcess
    clock: Clock
    inbox: WebhookInbox
    polled: dict[tuple[TenantId, PaymentId], datetime] = field(
        default_factory=dict[tuple[TenantId, PaymentId], datetime]
    )

    def run(self, stop: Event) -> None:
        """Handle webhooks, and follow payments, until stopped.

        Errors are logged, and tried again in the next round.
        """
        while not stop.wait(POLL_S):
            try:
                self.inbox.handle_due(stop)
                for tenant_id in self.tenants():
                    self.follow(tenant_id, stop)
            except Rejected as unavailable:
                log.warning(
                    "payments.interrupted", code=unavailable.code, reason=unavailable.detail
                )
            except Exception:
                log.exception("payments.interrupted")

    def follow(self, tenant_id: TenantId, stop: Event) -> int:
        """Renew or end subscriptions; expire, poll and advance open payments.

        An error of one does not delay the others. Returns how many there were until `stop`. Raises
        StorageUnavailable.
        """
        followed = 0
        for subscription in self._due_subscriptions(tenant_id):
            if stop.is_set():
                return followed
            followed += 1
            self._try(tenant_id, subscription.id, partial(self._renew, subscription))
        for payment in self._due(tenant_id):
            if stop.is_set():
                return followed
            followed += 1
            self._try(tenant_id, payment.id, partial(self._expire, payment))
            self._try(tenant_id, payment.id, partial(self._poll, payment))
        return followed

    def _try(self, tenant_id: TenantId, key: str, step: Callable[[TenantId], object]) -> None:
        try:
            step(tenant_id)
        except StorageUnavailable:
            raise
        except GatewayAnswerError as error:
            log.warning("payment.stuck", tenant=tenant_id, payment=key, answer=str(error))
        except Exception:
            log.exception("payment.stuck", tenant=tenant_id, payment=key)

    def _renew(self, subscription: Subscription, tenant_id: TenantId) -> None:
        region, currency = subscription.region, subscription.currency
        by_hand = self.process.usable_gateways(tenant_id, region, currency)
        self.process.renew(tenant_id, subscription.id, by_hand)

    def _expire(self, payment: Payment, tenant_id: TenantId) -> None:
        """Give up an old payment. If it was charged after all, the poll completes it.

        The bank may take days for a debit. A renewal can be paid until its date. A trial that is
        paid by hand, and a subscription without grace, end on their date. The payment of a change
        of plan has a day, as its terms are those of the day of the change.
        """
        now = self.clock()
        if payment.status not in UNPAID:
            return
        is_old = now - payment.created_at >= EXPIRES
        subscription = self.process.subscription(tenant_id, payment.subscription_id)
        if isinstance(subscription, Active) and payment.id == subscription.renewing:
            is_old = now >= subscription.renews_at and (
                is_old or subscription.is_paid_by_hand_until_date
            )
        if not is_old or not self.process.can_expire(tenant_id, payment.id):
            return
        self.process.execute(tenant_id, payment.id, ExpirePayment(at=now))

    def _poll(self, payment: Payment, tenant_id: TenantId) -> None:
        self.process.poll(tenant_id, payment.id)

    def _due_subscriptions(self, tenant_id: TenantId) -> tuple[Subscription, ...]:
        where: Where = {"due_at": Between(None, self.clock())}
        return tuple(self._rows(SUBSCRIPTION, tenant_id, where))

    def _due(self, tenant_id: TenantId) -> list[Payment]:
        """Return the open payments to poll now, the newest first."""
        rows = tuple(self._rows(PAYMENT, tenant_id, {"is_open": True}))
        open_now = {(tenant_id, row.id) for row in rows}
        for key in [key for key in self.polled if key[0] == tenant_id and key not in open_now]:
            del self.polled[key]
        now = self.clock()
        due = [row for row in rows if self._is_due(tenant_id, row, now)]
        self.polled.update({(tenant_id, row.id): now for row in due})
        return due

    def _is_due(self, tenant_id: TenantId, payment: Payment, now: datetime) -> bool:
        polled_at = self.polled.get((tenant_id, payment.id), payment.changed_at)
        pause = min(max(PATIENCE, (now - payment.changed_at) / BACK_OFF), MAX_PAUSE)
        return now - max(polled_at, payment.changed_at) >= pause

    def _rows(
        self, projection: Projection[Row], tenant_id: TenantId, where: Where
    ) -> Iterator[Row]:
        cursor: str | None = None
        while True:
            page = self.read.page(
                projection,
                tenant_id,
                window=window(PAGE, cursor),
                where=where,
                order_by="created_at",
                descending=True,
            )
            yield from [edge.row for edge in page.edges]
            if not page.has_next:
                return
            cursor = page.edges[-1].cursor
