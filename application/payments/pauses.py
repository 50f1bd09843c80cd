"""Pauses of subscriptions, and taking back pauses and cancellations."""

from dataclasses import dataclass
from uuid import UUID

from application.kernel.ports import AppendResult
from application.payments.abandoned import is_abandoned
from application.payments.policy import subscription_request
from application.payments.process import PaymentProcess, PaymentsUnavailable
from domain.ids import SubscriptionId
from domain.kernel import Origin
from domain.subscriptions import commands
from domain.subscriptions.states import Active


@dataclass(frozen=True)
class PauseService:
    """Pauses and resumes subscriptions of callers who are authorized."""

    process: PaymentProcess

    def resume(
        self, subscription_id: SubscriptionId, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Take back a cancellation or a pause before it takes effect.

        A pause under way ends with a payment, which begins now: by the stored method, or without
        one by hand. Raises SubscriptionNotActive, PlanAbandoned, and PaymentsUnavailable if nobody
        can be paid.
        """
        at = self.process.clock()
        wanted: list[commands.SubscriptionCommand] = [commands.ResumeSubscription(at=at)]
        state = self.process.subscription(origin.tenant_id, subscription_id)
        if isinstance(state, Active) and is_abandoned(
            self.process.log, origin.tenant_id, state.plan_id
        ):
            raise commands.PlanAbandoned
        if isinstance(state, Active) and state.is_paused:
            price = state.price
            gateways = self.process.usable_gateways(
                origin.tenant_id, price.region, price.amount.currency
            )
            if state.method is None and not gateways:
                raise PaymentsUnavailable
            wanted.append(commands.Renew(subscription_id=subscription_id, gateways=gateways, at=at))
        request = subscription_request(subscription_id, wanted)
        resumed = self.process.handler.execute(request, origin=origin, command_id=command_id)
        self.process.advance_underway(origin.tenant_id, subscription_id, state)
        return resumed

    def pause(
        self, subscription_id: SubscriptionId, days: int, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Pause for some days from the end of the paid period.

        Raises InvalidValue, SubscriptionNotActive, SubscriptionCancelled, RenewalUnpaid,
        AlreadyPaused and TooManyPauses.
        """
        before = self.process.subscription(origin.tenant_id, subscription_id)
        pause = commands.PauseSubscription(days=days, at=self.process.clock())
        request = subscription_request(subscription_id, [pause])
        paused = self.process.handler.execute(request, origin=origin, command_id=command_id)
        self.process.advance_underway(origin.tenant_id, subscription_id, before)
        return paused
