"""Steps of a payment: carries out the calls to gateways that it demands, and records the results.

Every call and every record can be repeated: after a crash, `advance` continues.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any
from uuid import UUID, uuid5

import structlog

from application.invoices.issuing import find_invoice
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.payments.accounts import GatewayAccounts, NoTenantAccounts, TenantAccounts
from application.payments.gateways import (
    GATEWAYS,
    GatewayAnswerError,
    GatewayCannotError,
    GatewayRefusedError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    MethodRefusedError,
    PaymentGateway,
    RefundRefusedError,
)
from application.payments.policy import payment_request
from domain.ids import PaymentId, TenantId
from domain.kernel import Origin
from domain.money import Currency, Region
from domain.payments import commands, events, states
from domain.payments.events import Gateway, Source
from domain.payments.payment import PAYMENT

log: Any = structlog.get_logger()


@dataclass(frozen=True)
class PaymentSteps:
    """Calls to gateways. `origin_of` is for events without a user.

    `gateways` and `regions` are those of the installation, for tenants without accounts of their
    own.
    """

    log: EventLog
    handler: CommandHandler
    clock: Clock
    new_id: Callable[[], UUID]
    origin_of: Callable[[TenantId], Origin]
    gateways: Mapping[Gateway, PaymentGateway]
    regions: Mapping[Region, tuple[Gateway, ...]] = field(default_factory=lambda: GATEWAYS)
    tenant_accounts: TenantAccounts = field(default_factory=NoTenantAccounts)

    def accounts(self, tenant_id: TenantId) -> GatewayAccounts:
        """Return the accounts of a tenant: its own, or those of the installation."""
        own = self.tenant_accounts.find(tenant_id)
        return GatewayAccounts(self.gateways, self.regions) if own is None else own

    def find_gateway(self, tenant_id: TenantId, name: Gateway) -> PaymentGateway | None:
        """Return a gateway that is set up for a tenant, or None."""
        return self.accounts(tenant_id).gateways.get(name)

    def usable_gateways(
        self, tenant_id: TenantId, region: Region, currency: Currency
    ) -> tuple[Gateway, ...]:
        """Return the gateways of a region that are set up for a currency, in their order."""
        return self.accounts(tenant_id).usable(region, currency)

    def state(self, tenant_id: TenantId, payment_id: PaymentId) -> states.Payment:
        """Return the state of a payment."""
        history = self.log.load(tenant_id, f"{PAYMENT.category}-{payment_id}")
        return PAYMENT.fold(recorded.event for recorded in history)

    def request(
        self, tenant_id: TenantId, payment_id: PaymentId, command: commands.PaymentCommand
    ) -> Request:
        """Return a command for a payment, with what follows for its subscription."""
        # The command is built again after a conflict: the invoice is searched for once.
        find = cache(partial(find_invoice, self.log, tenant_id))
        return payment_request(payment_id, command, find)

    def advance(self, tenant_id: TenantId, payment_id: PaymentId) -> states.Payment:
        """Carry out the calls that are due, until one must be repeated later or none is left.

        Raises GatewayAnswerError, with everything before it recorded.
        """
        while steps := states.next_steps(payment := self.state(tenant_id, payment_id)):
            for step in steps:
                done = self._carry_out(tenant_id, payment_id, step)
                if done is not None:
                    self._record_change(tenant_id, payment_id, done)
            if self.state(tenant_id, payment_id) == payment:
                return payment
        return payment

    def try_to_advance(self, tenant_id: TenantId, payment_id: PaymentId) -> None:
        """Advance; an error of the gateway is logged, and the follow-up tries again."""
        try:
            self.advance(tenant_id, payment_id)
        except GatewayAnswerError as error:
            log.warning("payment.stuck", tenant=tenant_id, payment=payment_id, answer=str(error))

    def execute(
        self, tenant_id: TenantId, payment_id: PaymentId, command: commands.PaymentCommand
    ) -> states.Payment:
        """Execute a command such as a refund, and carry out what it demands."""
        self.record(tenant_id, payment_id, command, self.new_id())
        return self.advance(tenant_id, payment_id)

    def record(
        self,
        tenant_id: TenantId,
        payment_id: PaymentId,
        command: commands.PaymentCommand,
        command_id: UUID,
    ) -> AppendResult:
        """Execute a command for a payment, with what follows for its subscription.

        An invoice and a credit note are issued one after the other. So a charge that was returned
        in part or disputed is reported again: the first time completes the payment.
        """
        request = self.request(tenant_id, payment_id, command)
        origin = self.origin_of(tenant_id)
        appended = self.handler.execute(request, origin=origin, command_id=command_id)
        if isinstance(command, commands.NoteOutcome):
            for again in _repeats(command):
                repeated = uuid5(command_id, again)
                appended = self.handler.execute(request, origin=origin, command_id=repeated)
        return appended

    def _record_change(
        self, tenant_id: TenantId, payment_id: PaymentId, command: commands.PaymentCommand
    ) -> bool:
        """Execute a command that may be repeated, unless it changes nothing.

        Returns whether it was executed. The log keeps the id of every command, also of one without
        events.
        """
        payment = self.state(tenant_id, payment_id)
        if not PAYMENT.decide(command, payment):
            return False
        self.record(tenant_id, payment_id, command, self.new_id())
        if isinstance(command, commands.NoteAttention) and isinstance(payment, states.Started):
            log.warning(
                "payment.attention_needed",
                tenant=tenant_id,
                payment=payment_id,
                gateway=payment.attempt(command.attempt).gateway,
                reason=command.reason,
            )
        return True

    def _carry_out(
        self, tenant_id: TenantId, payment_id: PaymentId, step: states.Step
    ) -> commands.PaymentCommand | None:
        """Return what a step has changed, or None if it must be repeated later."""
        gateway = self.find_gateway(tenant_id, step.gateway)
        creates = isinstance(step, states.CreateIntent | states.ChargeStoredMethod)
        if gateway is None:
            return self._obstacle(step, "unsupported") if creates else self._by_hand(step, None)
        if isinstance(step, states.ChargeStoredMethod) and step.submitted_at is None:
            return commands.SubmitCharge(attempt=step.attempt, at=self.clock())
        submitted_at = (
            step.submitted_at
            if isinstance(step, states.ChargeStoredMethod | states.FindCharge)
            else None
        )
        try:
            intent = _call(
                gateway, IntentOf(tenant_id, payment_id, step.attempt, submitted_at), step
            )
        except GatewayUnavailableError as error:
            if creates:
                return self._obstacle(step, error.obstacle)
            log.warning("payment.step_waits", payment=payment_id, obstacle=error.obstacle)
            return None
        except GatewayCannotError:
            return self._by_hand(step, gateway)
        except GatewayRefusedError as error:
            if not isinstance(step, states.CreateIntent | states.RefundCharge):
                raise
            log.warning(
                "payment.gateway_refused",
                tenant=tenant_id,
                payment=payment_id,
                gateway=step.gateway,
                answer=str(error),
            )
            if isinstance(step, states.CreateIntent):
                return self._obstacle(step, "refused")
            return self._not_refunded(tenant_id, payment_id, step, error)
        except MethodRefusedError as error:
            return commands.NoteNoCharge(attempt=step.attempt, reason=error.reason, at=self.clock())
        if intent is None:
            return commands.NoteNoCharge(attempt=step.attempt, at=self.clock())
        return self._noted(step.attempt, intent, "reply")

    def _not_refunded(
        self,
        tenant_id: TenantId,
        payment_id: PaymentId,
        step: states.RefundCharge,
        refused: GatewayRefusedError,
    ) -> commands.PaymentCommand:
        """Return what explains the refusal of a refund, or else that a person must act.

        After a failed refund, the amounts of the gateway do not tell what a person has returned.
        """
        intent = refused.intent if isinstance(refused, RefundRefusedError) else None
        payment = self.state(tenant_id, payment_id)
        has_failed = (
            isinstance(payment, states.Started) and payment.attempt(step.attempt).failed is not None
        )
        if intent is not None and not has_failed:
            note = self._noted(step.attempt, intent, "reply")
            if PAYMENT.decide(note, payment):
                return note
        return commands.NoteAttention(attempt=step.attempt, reason="refused", at=self.clock())

    def _by_hand(self, step: states.Step, gateway: PaymentGateway | None) -> commands.NoteAttention:
        """Return that a person must do a step at the gateway."""
        reason: events.AttentionReason = "not_set_up" if gateway is None else "no_such_call"
        return commands.NoteAttention(attempt=step.attempt, reason=reason, at=self.clock())

    def _obstacle(self, step: states.Step, obstacle: commands.Obstacle) -> commands.NoteObstacle:
        return commands.NoteObstacle(attempt=step.attempt, obstacle=obstacle, at=self.clock())

    def can_expire(self, tenant_id: TenantId, payment_id: PaymentId) -> bool:
        """Return whether an old payment can be given up, after its gateway was asked.

        It cannot while the bank carries out a debit, which takes days. What else the gateway says
        is recorded, so that a refusal is the reason of the failure.
        """
        payment = self.state(tenant_id, payment_id)
        try:
            intent = self._look_up(tenant_id, payment_id, states.payable_intent(payment))
        except GatewayUnavailableError:
            return False
        if intent is None or not isinstance(payment, states.Started):
            return True
        note = self._noted(payment.current, intent, "poll")
        self._record_change(tenant_id, payment_id, note)
        noted = self.state(tenant_id, payment_id)
        return not intent.is_processing and not states.is_ending(noted)

    def is_processing(self, tenant_id: TenantId, payment_id: PaymentId) -> bool:
        """Return whether a payment may still be charged, although the user does nothing.

        That is so while the bank processes a debit, which goes on after the payment is given up,
        and until the gateway has replied to the charge of a stored method. It is not so if the
        gateway is no longer set up, or does not know the debit. Raises GatewayUnavailableError.
        """
        payment = self.state(tenant_id, payment_id)
        attempt = states.unpaid_attempt(payment)
        if attempt is None or self.find_gateway(tenant_id, attempt.gateway) is None:
            return False
        if attempt.reference is None:
            return attempt.submitted_at is not None
        intent = self._look_up(tenant_id, payment_id, attempt)
        return intent is not None and intent.is_processing

    def _look_up(
        self, tenant_id: TenantId, payment_id: PaymentId, attempt: states.Attempt | None
    ) -> Intent | None:
        """Return the intent of an attempt, as its gateway has it.

        Returns None if there is no attempt or no intent yet, or if the gateway is no longer set up
        or does not know the intent. Raises GatewayUnavailableError.
        """
        gateway = None if attempt is None else self.find_gateway(tenant_id, attempt.gateway)
        if attempt is None or attempt.reference is None or gateway is None:
            return None
        try:
            return gateway.look_up(attempt.reference)
        except GatewayAnswerError as error:
            log.warning("payment.not_looked_up", payment=payment_id, answer=str(error))
            return None

    def find_intent(self, tenant_id: TenantId, gateway: Gateway, reference: str) -> Intent | None:
        """Return an intent, or None if its gateway is unavailable or no longer set up.

        Raises GatewayAnswerError.
        """
        configured = self.find_gateway(tenant_id, gateway)
        if configured is None:
            return None
        try:
            return configured.look_up(reference)
        except GatewayUnavailableError:
            return None

    def _noted(self, attempt: int, intent: Intent, source: Source) -> commands.NoteOutcome:
        return commands.NoteOutcome(
            attempt=attempt,
            reference=intent.reference,
            outcome=intent.outcome,
            source=source,
            at=self.clock(),
            method=intent.method,
            disputes=intent.disputes,
        )


def _call(gateway: PaymentGateway, intent_of: IntentOf, step: states.Step) -> Intent | None:
    """Carry out a step at its gateway."""
    match step:
        case states.CreateIntent(amount=amount):
            return gateway.create_intent(intent_of, amount)
        case states.ChargeStoredMethod(amount=amount, method=method):
            return gateway.charge_stored(intent_of, amount, method)
        case states.FindCharge(method=method):
            return gateway.find_charge(intent_of, method)
        case states.VoidIntent(reference=reference):
            return gateway.void(reference)
        case states.RefundCharge(reference=reference, amount=amount, number=number):
            return gateway.refund(intent_of, reference, amount, number)


def _repeats(command: commands.NoteOutcome) -> Iterator[str]:
    """Yield a name for each time that a report is to be recorded again, in their order."""
    outcome = command.outcome
    if isinstance(outcome, commands.Charged) and outcome.returned is not None:
        yield "returned"
    for number in range(len(command.disputes)):
        yield f"disputed {number + 1}"
