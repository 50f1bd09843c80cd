"""Possible refunds of payments, and what can be done with a subscription."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import structlog

from application.kernel.encryption import KeyRefused, KmsUnavailable, SealBroken
from application.kernel.ports import StorageUnavailable
from application.payments.abandoned import is_abandoned
from application.payments.process import PaymentProcess
from domain.ids import PaymentId, SubscriptionId, TenantId
from domain.kernel import Rejected, value
from domain.money import Currency, Region
from domain.payment_methods import Gateway
from domain.subscriptions.ends import ends_with
from domain.subscriptions.states import Active, StartedChange, Subscription, credited_of
from domain.subscriptions.subscription import SUBSCRIPTION
from projections.payment import Payment
from projections.subscription import OVER
from projections.subscription import Subscription as SubscriptionRow

logger: Any = structlog.get_logger()

CLOSED: Final = (KmsUnavailable, KeyRefused, SealBroken, StorageUnavailable)
"""Reasons why the accounts of a tenant cannot be opened."""

DISPUTED: Final = frozenset({"needs_response", "under_review"})
"""Stages of a dispute in which nothing is returned."""


@value
class Refundable:
    """What a call to the gateway can return of a payment, in minor units, and whether in parts.

    `ends`: the subscription ends if all of that is returned.
    """

    minor: int = 0
    in_part: bool = False
    ends: bool = False


@dataclass(frozen=True)
class PaymentPossibilities:
    """Answers for rows of read models. The commands decide again.

    Rows are shown even if the keys of the tenant's accounts cannot be opened: then nothing can be
    refunded or stored.
    """

    process: PaymentProcess

    def refundable(
        self, tenant_id: TenantId, rows: Collection[Payment]
    ) -> dict[PaymentId, Refundable]:
        """Return what can be refunded of each payment."""
        refundable: dict[PaymentId, Refundable] = {row.id: Refundable() for row in rows}
        try:
            gateways = self.process.accounts(tenant_id).gateways
        except CLOSED as closed:
            _note(tenant_id, closed)
            return refundable
        paid = [row for row in rows if row.status == "succeeded" and row.dispute not in DISPUTED]
        subscriptions = self._subscriptions(tenant_id, {row.subscription_id for row in paid})
        for row in paid:
            gateway = gateways.get(row.gateway) if row.gateway else None
            if gateway is None or not gateway.capabilities.refunds:
                continue
            subscription = subscriptions[row.subscription_id]
            left = _left(row, subscription)
            in_part = gateway.capabilities.partial_refunds
            if left > 0 and (in_part or left == row.amount_minor):
                ends = isinstance(subscription, Active) and ends_with(subscription, row.id)
                refundable[row.id] = Refundable(left, in_part, ends)
        return refundable

    def can_store_method(self, tenant_id: TenantId, row: SubscriptionRow) -> bool:
        """Return whether a gateway keeps another payment method of a subscription."""
        try:
            storing = self.storing_gateway(tenant_id, row.region, row.currency, row.charged_by)
        except CLOSED as closed:
            _note(tenant_id, closed)
            return False
        return storing is not None

    def can_resume(self, tenant_id: TenantId, row: SubscriptionRow) -> bool:
        """Return whether the cancellation or the pause of a subscription can be taken back."""
        is_stopping = row.ends_at is not None or row.pauses_at is not None
        if row.status in OVER or not is_stopping:
            return False
        is_returned = row.ends_at and row.renews_at and row.ends_at < row.renews_at
        return not is_returned and not is_abandoned(self.process.log, tenant_id, row.plan_id)

    def storing_gateway(
        self, tenant_id: TenantId, region: Region, currency: Currency, present: Gateway | None
    ) -> Gateway | None:
        """Return the gateway of the present method, or the first one that keeps methods."""
        accounts = self.process.accounts(tenant_id)
        for name in (present, *accounts.usable(region, currency)):
            gateway = accounts.gateways.get(name) if name else None
            if name and gateway is not None and gateway.capabilities.stores_methods:
                return name
        return None

    def _subscriptions(
        self, tenant_id: TenantId, ids: Collection[SubscriptionId]
    ) -> dict[SubscriptionId, Subscription]:
        streams = {each: f"{SUBSCRIPTION.category}-{each}" for each in ids}
        if not streams:
            return {}
        logs = self.process.log.load_many(tenant_id, list(streams.values()))
        return {
            each: SUBSCRIPTION.fold(recorded.event for recorded in logs[stream])
            for each, stream in streams.items()
        }


def _note(tenant_id: TenantId, closed: Rejected) -> None:
    logger.warning("payments.accounts_closed", tenant_id=tenant_id, code=closed.code)


def _left(row: Payment, subscription: Subscription) -> int:
    """Return what is left of a payment less its credits; nothing while a change of plan waits."""
    if (
        isinstance(subscription, Active)
        and isinstance(subscription.change, StartedChange)
        and row.id in subscription.payments[-2:]
    ):
        return 0
    credited = credited_of(subscription, row.id)
    return max(0, row.amount_minor - row.returned_minor - (credited.minor if credited else 0))
