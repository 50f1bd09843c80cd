"""Close the payments and subscriptions of a person whose account is erased (C-24)."""

from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from application.kernel.command_handler import Request
from application.kernel.read_models import ReadModels
from application.payments.abandoned import leave_abandoned
from application.payments.gateways import (
    GatewayAnswerError,
    GatewayUnavailableError,
    PaymentGateway,
)
from application.payments.policy import first_payment_of, subscription_request
from application.payments.process import PaymentProcess
from domain.catalog.commands import WithdrawPlan
from domain.catalog.plan import PLAN
from domain.enrollments.commands import Cancel
from domain.enrollments.enrollment import ENROLLMENT
from domain.ids import EnrollmentId, PaymentId, PlanId, SubscriptionId, TenantId
from domain.kernel import Rejected
from domain.payment_methods import Gateway
from domain.payments.commands import CancelPayment
from domain.payments.payment import PAYMENT
from domain.payments.states import Started, is_open, waits_for_gateway
from domain.subscriptions.commands import CancelSubscription
from domain.subscriptions.events import MethodStored
from domain.subscriptions.states import Active
from domain.subscriptions.subscription import SUBSCRIPTION
from projections.enrollment import ENROLLMENT as ENROLLMENTS
from projections.subscription import SUBSCRIPTION as ROWS

log: Any = structlog.get_logger()


class PaymentsOpen(Rejected):
    """A payment or payment method of this person is still open at its gateway. Try again later."""

    code = "erasure.payments_open"
    kind = "unavailable"


@dataclass(frozen=True)
class PaymentClosing:
    """Ends what would cost a person money, or would be sold in their name, after their erasure."""

    process: PaymentProcess
    read: ReadModels

    def close(self, tenant_id: TenantId, streams: Sequence[str]) -> None:
        """Withdraw plans, end subscriptions, cancel open payments, and delete stored methods.

        Other streams are left alone. Open payments of others for these plans are cancelled, and
        their subscriptions before the next renewal. Their enrollments end if the plan is free.

        Raises PaymentsOpen while a gateway has to void, refund or delete something; then call it
        again. It does not wait for a person who must act at a gateway: the payment shows that.
        """
        keys = defaultdict[str, list[str]](list)
        for stream in streams:
            category, _, key = stream.partition("-")
            keys[category].append(key)
        for key in keys[PLAN.category]:
            self._withdraw_plan(tenant_id, PlanId(key))
        for key in keys[SUBSCRIPTION.category]:
            self._stop_renewals(tenant_id, SubscriptionId(key))
        for key in keys[PAYMENT.category]:
            self._close_payment(tenant_id, PaymentId(key))
        for key in keys[SUBSCRIPTION.category]:
            self._end_subscription(tenant_id, SubscriptionId(key))
            self._forget_methods(tenant_id, SubscriptionId(key))

    def _withdraw_plan(self, tenant_id: TenantId, plan_id: PlanId) -> None:
        self.process.handler.execute(
            Request(PLAN, plan_id, [WithdrawPlan(at=self.process.clock())]),
            origin=self.process.origin_of(tenant_id),
            command_id=self.process.new_id(),
        )
        for enrollment in self.read.by(ENROLLMENTS, tenant_id, "plan_id", [plan_id])[plan_id]:
            if enrollment.status == "active" and enrollment.subscription_id is None:
                self._end_enrollment(tenant_id, enrollment.id)
        for column in ("plan_id", "change_plan_id"):
            for row in self.read.by(ROWS, tenant_id, column, [plan_id])[plan_id]:
                if row.status == "pending_payment":
                    self._cancel_payment(tenant_id, first_payment_of(row.id))
                elif row.renewal_payment_id or row.change_payment_id or row.retry_at:
                    self._leave_plan(tenant_id, row.id)

    def _end_enrollment(self, tenant_id: TenantId, enrollment_id: EnrollmentId) -> None:
        cancel = Cancel(reason="trainer_erased", at=self.process.clock())
        self.process.handler.execute(
            Request(ENROLLMENT, enrollment_id, [cancel]),
            origin=self.process.origin_of(tenant_id),
            command_id=self.process.new_id(),
        )

    def _leave_plan(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> None:
        """Keep a subscription of somebody else from being paid, once the trainer is erased."""
        subscription = self.process.subscription(tenant_id, subscription_id)
        at = self.process.clock()
        leave = [*leave_abandoned(self.process.log, tenant_id, subscription, at)]
        if not leave:
            return
        new_id = self.process.new_id()
        self.process.change_subscription(tenant_id, subscription_id, leave, new_id)
        self.process.advance_underway(tenant_id, subscription_id, subscription)

    def _cancel_payment(self, tenant_id: TenantId, payment_id: PaymentId) -> None:
        """Cancel a payment that is open, and have its intents voided."""
        if is_open(self.process.state(tenant_id, payment_id)):
            cancel = CancelPayment(at=self.process.clock())
            self.process.record(tenant_id, payment_id, cancel, self.process.new_id())
            self.process.try_to_advance(tenant_id, payment_id)

    def _close_payment(self, tenant_id: TenantId, payment_id: PaymentId) -> None:
        self._cancel_payment(tenant_id, payment_id)
        payment = self.process.state(tenant_id, payment_id)
        if waits_for_gateway(payment):
            raise PaymentsOpen
        if isinstance(payment, Started):
            self._forget_returned(tenant_id, payment)

    def _forget_returned(self, tenant_id: TenantId, payment: Started) -> None:
        """Delete the methods of charges that did not complete the payment: no event has them."""
        for number, attempt in enumerate(payment.attempts, start=1):
            is_returned = attempt.state == "refunded" and number != payment.completed_by
            if not is_returned or attempt.reference is None:
                continue
            gateway = self._gateway(tenant_id, attempt.gateway)
            if gateway is None or not gateway.capabilities.stores_methods:
                continue
            with _calls(tenant_id):
                method = gateway.look_up(attempt.reference).method
                if method is not None:
                    gateway.forget(method)

    def _stop_renewals(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> None:
        """End an active subscription, which could begin another payment while one is being voided.

        A subscription whose first payment is open ends after that payment is cancelled: its end
        would not cancel it.
        """
        if isinstance(self.process.subscription(tenant_id, subscription_id), Active):
            self._end_subscription(tenant_id, subscription_id)

    def _end_subscription(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> None:
        cancel = CancelSubscription(at_once=True, at=self.process.clock())
        self.process.handler.execute(
            subscription_request(subscription_id, [cancel]),
            origin=self.process.origin_of(tenant_id),
            command_id=self.process.new_id(),
        )

    def _forget_methods(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> None:
        """Delete the methods that a subscription has ever stored, at their gateways."""
        stream = f"{SUBSCRIPTION.category}-{subscription_id}"
        history = self.process.log.load(tenant_id, stream)
        methods = {each.event.method for each in history if isinstance(each.event, MethodStored)}
        for method in methods:
            gateway = self._gateway(tenant_id, method.gateway)
            if gateway is not None:
                with _calls(tenant_id):
                    gateway.forget(method)

    def _gateway(self, tenant_id: TenantId, name: Gateway) -> PaymentGateway | None:
        gateway = self.process.find_gateway(tenant_id, name)
        if gateway is None:
            log.warning("method.gateway_not_set_up", tenant=tenant_id, gateway=name)
        return gateway


@contextmanager
def _calls(tenant_id: TenantId) -> Generator[None]:
    """Convert the failure of a call to a gateway to PaymentsOpen."""
    try:
        yield
    except GatewayUnavailableError:
        raise PaymentsOpen from None
    except GatewayAnswerError as error:
        log.warning("method.not_deleted", tenant=tenant_id, answer=str(error))
        raise PaymentsOpen from None
