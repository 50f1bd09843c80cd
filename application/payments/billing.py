"""Billing: refunds by administrators, and other payment methods for renewals."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from application.invoices.issuing import after_states
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult
from application.payments.gateways import (
    GatewayAnswerError,
    GatewayUnavailableError,
    Setup,
    SetupOf,
)
from application.payments.policy import subscription_request
from application.payments.possible import PaymentPossibilities
from application.payments.process import GatewaySilent, Payable, PaymentProcess
from domain.ids import PaymentId, SubscriptionId, TenantId
from domain.kernel import Origin, Rejected
from domain.payment_methods import StoredMethod
from domain.payments.commands import NoteManualRefund, PaymentNotCompleted, RefundPayment
from domain.payments.events import Gateway
from domain.payments.states import Payment, Started
from domain.subscriptions.commands import StoreMethod, SubscriptionNotActive
from domain.subscriptions.states import Active, StartedChange, Subscription, credited_of
from domain.subscriptions.subscription import SUBSCRIPTION

MAX_SETUPS: Final = 10
"""Setups of one method that are begun: a gateway repeats its answers for about a day."""


class RefundByHand(Rejected):
    """This gateway cannot make this refund by a call. Refund it at the gateway."""

    code = "payment.refund_by_hand"


class MethodsNotStored(Rejected):
    """No gateway of your region keeps payment methods. Pay each renewal by hand."""

    code = "payment.method_not_stored"


class PaymentCredited(Rejected):
    """A change of plan that credits this payment waits for its own payment. Take it back first."""

    code = "payment.credited"


class MethodPending(Rejected):
    """The gateway does not have your new method yet. Give it there, or ask again in a moment."""

    code = "payment.method_pending"


class SetupUnknown(Rejected):
    """This is not how the method of this subscription is changed now. Begin again."""

    code = "payment.setup_unknown"
    kind = "not_found"


@dataclass(frozen=True)
class BillingService:
    """Refunds payments, and prepares other methods, for callers who are authorized."""

    process: PaymentProcess

    @property
    def possible(self) -> PaymentPossibilities:
        """What can be done now, for views of payments and subscriptions."""
        return PaymentPossibilities(self.process)

    def refund(
        self,
        payment_id: PaymentId,
        command: RefundPayment,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Return a payment or a part of it. Withdraws access if nothing is left of the payment.

        Raises PaymentNotFound, PaymentNotCompleted, PaymentCredited, RefundTooLarge, RefundUnderway
        and RefundByHand.
        """
        done = self.process.log.done(origin.tenant_id, command_id)
        payment = self.process.state(origin.tenant_id, payment_id)
        if done is None:
            self._check_gateway(origin.tenant_id, payment_id, payment, command)
        request = self.process.request(origin.tenant_id, payment_id, command)
        if isinstance(payment, Started):
            request = self._less_credits(
                origin.tenant_id, payment_id, payment.subscription_id, command
            )
        appended = self.process.handler.execute(request, origin=origin, command_id=command_id)
        self.process.try_to_advance(origin.tenant_id, payment_id)
        return appended

    def note_manual_refund(
        self,
        payment_id: PaymentId,
        command: NoteManualRefund,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Record money that a person has returned by hand, such as after a failed refund.

        Raises PaymentNotFound, PaymentNotCompleted, RefundTooLarge and RefundUnderway.
        """
        return self.process.handler.execute(
            self.process.request(origin.tenant_id, payment_id, command),
            origin=origin,
            command_id=command_id,
        )

    def _check_gateway(
        self,
        tenant_id: TenantId,
        payment_id: PaymentId,
        payment: Payment,
        command: RefundPayment,
    ) -> None:
        if not isinstance(payment, Started):
            return  # the decider refuses it
        if payment.completed_by is None:
            raise PaymentNotCompleted
        name = payment.attempt(payment.completed_by).gateway
        gateway = self.process.find_gateway(tenant_id, name)
        subscription = self.process.subscription(tenant_id, payment.subscription_id)
        is_credited = credited_of(subscription, payment_id) is not None
        is_part = is_credited or command.amount not in {None, payment.amount}
        can = gateway is not None and (
            gateway.capabilities.partial_refunds if is_part else gateway.capabilities.refunds
        )
        if not can:
            raise RefundByHand

    def method_setup(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Payable:
        """Return what the browser needs to store another method, until one has been stored.

        Raises SubscriptionNotActive, MethodsNotStored, MethodPending after too many setups, and
        GatewaySilent.
        """
        subscription = self._active(tenant_id, subscription_id)
        name = self._gateway_of(tenant_id, subscription)
        for setup in self._setups(tenant_id, subscription_id, subscription, name):
            if setup.pay_by is not None:
                return Payable(name, setup.reference, setup.pay_by)
        raise MethodPending

    def store_method(
        self,
        subscription_id: SubscriptionId,
        reference: str,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Charge renewals to the method of a setup that is done, also if no webhook reports it.

        Only a setup that `method_setup` has returned is taken, so no reference of another user is.
        Raises SubscriptionNotActive, MethodsNotStored, MethodPending, SetupUnknown and
        GatewaySilent.
        """
        tenant_id = origin.tenant_id
        done = self.process.log.done(tenant_id, command_id)
        if done is not None:
            return done
        subscription = self._active(tenant_id, subscription_id)
        name = self._gateway_of(tenant_id, subscription)
        method = self._given(tenant_id, subscription_id, subscription, name, reference)
        store = StoreMethod(
            subscription_id=subscription_id,
            method=method,
            keeps_renewal=self.process.is_renewal_processing(tenant_id, subscription),
            at=self.process.clock(),
        )
        stored = self.process.handler.execute(
            subscription_request(subscription_id, [store]), origin=origin, command_id=command_id
        )
        self.process.advance_underway(tenant_id, subscription_id, subscription)
        return stored

    def _active(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Active:
        subscription = self.process.subscription(tenant_id, subscription_id)
        if not isinstance(subscription, Active):
            raise SubscriptionNotActive
        return subscription

    def _given(
        self,
        tenant_id: TenantId,
        subscription_id: SubscriptionId,
        subscription: Active,
        name: Gateway,
        reference: str,
    ) -> StoredMethod:
        """Return the method that the user has given in a setup of this subscription.

        Raises MethodPending, SetupUnknown and GatewaySilent.
        """
        for setup in self._setups(tenant_id, subscription_id, subscription, name):
            if setup.reference == reference:
                if setup.method is None:
                    raise MethodPending
                return setup.method
        try:
            gateway = self.process.accounts(tenant_id).gateways[name]
            method = gateway.look_up_setup(reference).method
        except GatewayUnavailableError:
            raise GatewaySilent from None
        except GatewayAnswerError:
            raise SetupUnknown from None
        if method is None or method != subscription.method:
            raise SetupUnknown
        return method  # a webhook has stored it already

    def _setups(
        self,
        tenant_id: TenantId,
        subscription_id: SubscriptionId,
        subscription: Active,
        name: Gateway,
    ) -> Iterator[Setup]:
        """Yield the setups of another method, up to the first one that the user can use.

        They are the same until a method is stored. Raises GatewaySilent.
        """
        gateway = self.process.accounts(tenant_id).gateways[name]
        customer = None
        if subscription.method is not None and subscription.method.gateway == name:
            customer = subscription.method.customer
        present = "none" if subscription.method is None else subscription.method.method
        for number in range(1, MAX_SETUPS + 1):
            key = present if number == 1 else f"{present}:{number}"
            setup_of = SetupOf(tenant_id, subscription_id, key)
            try:
                begun = gateway.begin_setup(setup_of, customer)
                setup = gateway.look_up_setup(begun.reference)  # begin_setup repeats old answers
            except (GatewayUnavailableError, GatewayAnswerError):
                raise GatewaySilent from None
            yield setup
            if setup.pay_by is not None:
                return

    def _gateway_of(self, tenant_id: TenantId, subscription: Active) -> Gateway:
        """Return the gateway of the present method, or the first one that keeps methods."""
        present = subscription.method.gateway if subscription.method else None
        price = subscription.price
        name = self.possible.storing_gateway(
            tenant_id, price.region, price.amount.currency, present
        )
        if name is None:
            raise MethodsNotStored
        return name

    def _less_credits(
        self,
        tenant_id: TenantId,
        payment_id: PaymentId,
        subscription_id: SubscriptionId,
        command: RefundPayment,
    ) -> Request:
        """Return the refund of what changes of plan have not credited of a payment.

        It is refused while a change waits whose price is reduced by this payment. A change credits
        at most the last two payments: of the present period, and of the next one.
        """

        def checked(subscription: Subscription) -> Request:
            if (
                isinstance(subscription, Active)
                and isinstance(subscription.change, StartedChange)
                and payment_id in subscription.payments[-2:]
            ):
                raise PaymentCredited
            credited = credited_of(subscription, payment_id)
            return self.process.request(tenant_id, payment_id, replace(command, credited=credited))

        return after_states([(SUBSCRIPTION, subscription_id)], checked)
