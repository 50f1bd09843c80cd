"""Payment process: intents that users pay, polls, what webhooks report, and renewals.

A payment and its subscription change in one transaction. Everything can be repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog

from application.kernel.ports import AppendResult
from application.payments.abandoned import is_abandoned, leave_abandoned
from application.payments.gateways import (
    GatewayAnswerError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    MethodNotice,
    Notice,
    PayBy,
)
from application.payments.policy import subscription_request
from application.payments.steps import PaymentSteps
from domain.catalog.commands import PlanNotFound
from domain.catalog.events import PlanTerms
from domain.catalog.plan import PLAN, Drafted
from domain.ids import PaymentId, PlanId, SubscriptionId, TenantId
from domain.kernel import Rejected
from domain.payment_methods import StoredMethod
from domain.payments import commands, states
from domain.payments.events import Gateway
from domain.subscriptions import commands as subscriptions
from domain.subscriptions.states import Active, Ended, Subscription, payments_underway
from domain.subscriptions.subscription import SUBSCRIPTION

log: Any = structlog.get_logger()

PAYMENTS: Final = "payments"
"""Actor of events that gateways cause."""


class PaymentsUnavailable(Rejected):
    """Payments in this region, or at this gateway, are not set up here."""

    code = "payment.unavailable"
    kind = "unavailable"


class NotPayable(Rejected):
    """This payment cannot be paid now: it is over, or its intent has not been created yet."""

    code = "payment.not_payable"


class PaymentProcessing(Rejected):
    """Your bank is processing this payment, which takes up to 14 days. You need not do anything."""

    code = "payment.processing"


class GatewaySilent(Rejected):
    """The payment gateway does not answer. Try again."""

    code = "payment.gateway_silent"
    kind = "unavailable"


@dataclass(frozen=True)
class Payable:
    """What the browser of a user needs to pay. It is for that user alone."""

    gateway: Gateway
    reference: str
    pay_by: PayBy = field(repr=False)


@dataclass(frozen=True)
class PaymentProcess(PaymentSteps):
    """Payments and renewals at the gateways."""

    def poll(self, tenant_id: TenantId, payment_id: PaymentId) -> states.Payment:
        """Ask the gateway about each intent that can still change, then advance.

        It replaces webhooks that never came. Raises GatewayAnswerError.
        """
        payment = self.state(tenant_id, payment_id)
        attempts = payment.attempts if isinstance(payment, states.Started) else ()
        for number, attempt in enumerate(attempts, start=1):
            can_change = attempt.state in states.UNPAID or attempt.has_open_dispute
            if attempt.reference is None or not can_change:
                continue
            intent = self.find_intent(tenant_id, attempt.gateway, attempt.reference)
            if intent is not None:
                note = self._noted(number, intent, "poll")
                self._record_change(tenant_id, payment_id, note)
        return self.advance(tenant_id, payment_id)

    def payable(self, tenant_id: TenantId, payment_id: PaymentId) -> Payable:
        """Return the intent that the user may pay now, with what the browser needs.

        If the intent has expired at its gateway, another one is created. Raises NotPayable if there
        is none, PaymentProcessing while the bank carries out a debit, and GatewaySilent if its
        gateway does not answer.
        """
        payment = self.state(tenant_id, payment_id)
        attempt, intent = self._payable_intent(tenant_id, payment)
        has_expired = intent is None or intent.outcome == commands.Voided()
        if has_expired and self._replace_expired(tenant_id, payment_id, payment, intent):
            payment = self.state(tenant_id, payment_id)
            attempt, intent = self._payable_intent(tenant_id, payment)
        if attempt is None or intent is None:
            raise NotPayable
        if intent.is_processing:
            raise PaymentProcessing
        if intent.pay_by is None and intent.outcome == commands.Paying():
            intent = self._created_again(tenant_id, payment_id, attempt.gateway)
        if intent.pay_by is None or intent.reference != attempt.reference:
            raise NotPayable
        return Payable(attempt.gateway, intent.reference, intent.pay_by)

    def is_renewal_processing(self, tenant_id: TenantId, subscription: Subscription) -> bool:
        """Return whether the renewal under way, or a withdrawn one, may still be charged.

        Raises GatewaySilent.
        """
        if not isinstance(subscription, Active):
            return False
        renewals = (subscription.renewing, subscription.withdrawn_renewal)
        try:
            return any(each and self.is_processing(tenant_id, each) for each in renewals)
        except GatewayUnavailableError:
            raise GatewaySilent from None

    def _payable_intent(
        self, tenant_id: TenantId, payment: states.Payment
    ) -> tuple[states.Attempt, Intent] | tuple[None, None]:
        """Return the attempt that the user may pay, and its intent, if there is one.

        Raises GatewaySilent, also if the gateway does not know the intent.
        """
        attempt = states.payable_intent(payment)
        if attempt is None or attempt.reference is None:
            return None, None
        try:
            intent = self.find_intent(tenant_id, attempt.gateway, attempt.reference)
        except GatewayAnswerError as error:
            log.warning("payment.not_looked_up", tenant=tenant_id, answer=str(error))
            raise GatewaySilent from None
        if intent is None:
            raise GatewaySilent
        return attempt, intent

    def _replace_expired(
        self,
        tenant_id: TenantId,
        payment_id: PaymentId,
        payment: states.Payment,
        expired: Intent | None,
    ) -> bool:
        """Create another intent if the latest one has expired, and return whether it had.

        `expired` is the latest one, unless its end is recorded already. Another request may replace
        it at the same moment.
        """
        if not isinstance(payment, states.Started):
            return False
        number = payment.current
        if expired is not None:
            self._record_change(tenant_id, payment_id, self._noted(number, expired, "poll"))
        again = commands.ReplaceIntent(attempt=number, at=self.clock())
        if not self._record_change(tenant_id, payment_id, again):
            latest = self.state(tenant_id, payment_id)
            if not isinstance(latest, states.Started) or latest.current == number:
                return False
        self.try_to_advance(tenant_id, payment_id)
        return True

    def _created_again(
        self, tenant_id: TenantId, payment_id: PaymentId, gateway: Gateway
    ) -> Intent:
        """Return the current intent of a gateway that does not keep how it is paid."""
        payment = self.state(tenant_id, payment_id)
        if not isinstance(payment, states.Started):
            raise NotPayable
        intent_of = IntentOf(tenant_id, payment_id, payment.current)
        try:
            return (
                self.accounts(tenant_id).gateways[gateway].create_intent(intent_of, payment.amount)
            )
        except GatewayUnavailableError:
            raise GatewaySilent from None

    def record_notice(self, notice: Notice | MethodNotice, command_id: UUID) -> IntentOf | None:
        """Record what a webhook reports, once however often it comes.

        Returns the payment that may have calls to gateways that are due. Raises PaymentNotFound,
        IntentUnknown and SubscriptionNotFound.
        """
        if isinstance(notice, MethodNotice):
            return self._store_method(notice, command_id)
        intent_of = notice.intent_of
        if notice.failed_refund is not None:
            self._note_failed_refund(notice, notice.failed_refund, command_id)
            return intent_of
        intent = Intent(
            notice.reference, notice.outcome, method=notice.method, disputes=notice.disputes
        )
        note = self._noted(intent_of.attempt, intent, "webhook")
        self.record(intent_of.tenant_id, intent_of.payment_id, note, command_id)
        return intent_of

    def _note_failed_refund(
        self, notice: Notice, refund: commands.FailedRefund, command_id: UUID
    ) -> None:
        """Record a refund that has failed, and warn that a person must return the money."""
        of = notice.intent_of
        failed = commands.NoteFailedRefund(
            attempt=of.attempt, reference=notice.reference, refund=refund, at=self.clock()
        )
        appended = self.record(of.tenant_id, of.payment_id, failed, command_id)
        if appended.event_ids:
            log.warning("payment.refund_failed", tenant=of.tenant_id, payment=of.payment_id)

    def _store_method(self, notice: MethodNotice, command_id: UUID) -> IntentOf | None:
        """Charge renewals to a new method, and return the payment that is tried with it now.

        Each setup has a method of its own, so one that was stored before is reported late. One that
        comes after the end is deleted: no event has it, so an erasure would not find it. Raises
        GatewaySilent.
        """
        tenant_id, subscription_id = notice.tenant_id, notice.subscription_id
        before = self.subscription(tenant_id, subscription_id)
        store = subscriptions.StoreMethod(
            subscription_id=subscription_id,
            method=notice.method,
            only_new=True,
            keeps_renewal=self.is_renewal_processing(tenant_id, before),
            at=self.clock(),
        )
        self.change_subscription(tenant_id, subscription_id, [store], command_id)
        subscription = self.subscription(tenant_id, subscription_id)
        if isinstance(subscription, Ended):
            self._forget(tenant_id, notice.method)
        renewing = subscription.renewing if isinstance(subscription, Active) else None
        return None if renewing is None else IntentOf(tenant_id, renewing, 1)

    def _forget(self, tenant_id: TenantId, method: StoredMethod) -> None:
        """Delete a method at its gateway. Raises GatewaySilent."""
        gateway = self.find_gateway(tenant_id, method.gateway)
        if gateway is None:
            return
        try:
            gateway.forget(method)
        except GatewayUnavailableError:
            raise GatewaySilent from None
        except GatewayAnswerError as error:
            log.warning("method.not_deleted", tenant=tenant_id, answer=str(error))

    def renew(
        self, tenant_id: TenantId, subscription_id: SubscriptionId, by_hand: tuple[Gateway, ...]
    ) -> None:
        """Announce, start or end what is due, and charge the stored method.

        Without one, the user pays at one of the gateways `by_hand`. No renewal is started while a
        withdrawn one may still be charged: the period would be paid twice, until the first payment
        is returned.
        """
        at = self.clock()
        before = self.subscription(tenant_id, subscription_id)
        due: list[subscriptions.SubscriptionCommand] = [
            *leave_abandoned(self.log, tenant_id, before, at),
            subscriptions.EndPeriod(at=at),
        ]
        if not self._is_withdrawn_processing(tenant_id, before):
            due.append(
                subscriptions.Renew(subscription_id=subscription_id, gateways=by_hand, at=at)
            )
        if any(SUBSCRIPTION.decide(command, before) for command in due):
            self.change_subscription(tenant_id, subscription_id, due, self.new_id())
            self.advance_underway(tenant_id, subscription_id, before)
        elif isinstance(before, Active) and before.renewing is not None:
            self.try_to_advance(tenant_id, before.renewing)

    def _is_withdrawn_processing(self, tenant_id: TenantId, subscription: Subscription) -> bool:
        """Return whether a withdrawn renewal may still be charged, also if that is unknown."""
        if not isinstance(subscription, Active) or subscription.withdrawn_renewal is None:
            return False
        try:
            return self.is_processing(tenant_id, subscription.withdrawn_renewal)
        except GatewayUnavailableError:
            return True

    def advance_underway(
        self, tenant_id: TenantId, subscription_id: SubscriptionId, before: Subscription
    ) -> None:
        """Charge the payments that a change of a subscription began, and void those that it ended.

        `before` is the subscription before the change.
        """
        after = self.subscription(tenant_id, subscription_id)
        payments = [*payments_underway(before), *payments_underway(after)]
        for payment_id in dict.fromkeys(payments):
            self.try_to_advance(tenant_id, payment_id)

    def offered_plan(self, tenant_id: TenantId, plan_id: PlanId) -> tuple[Drafted, PlanTerms]:
        """Return a plan that can be bought, and its terms. Raises PlanNotFound."""
        history = self.log.load(tenant_id, f"{PLAN.category}-{plan_id}")
        plan = PLAN.fold(recorded.event for recorded in history)
        if (
            not isinstance(plan, Drafted)
            or plan.offered is None
            or is_abandoned(self.log, tenant_id, plan_id)
        ):
            raise PlanNotFound
        return plan, plan.offered.terms

    def subscription(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Subscription:
        """Return the state of a subscription."""
        history = self.log.load(tenant_id, f"{SUBSCRIPTION.category}-{subscription_id}")
        return SUBSCRIPTION.fold(recorded.event for recorded in history)

    def change_subscription(
        self,
        tenant_id: TenantId,
        subscription_id: SubscriptionId,
        wanted: Sequence[subscriptions.SubscriptionCommand],
        command_id: UUID,
    ) -> AppendResult:
        """Execute commands of a subscription that no user has sent. Raises refusals."""
        return self.handler.execute(
            subscription_request(subscription_id, wanted),
            origin=self.origin_of(tenant_id),
            command_id=command_id,
        )
