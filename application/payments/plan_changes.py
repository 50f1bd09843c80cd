"""Changes of the plan of a subscription: their preview, the change itself, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from application.capacities.places import take_place
from application.enrollments.service import enrollment_id_of
from application.invoices.issuing import after_states
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult
from application.kernel.read_models import ReadModels
from application.payments.limits import OPEN_PAYMENTS, payment_place
from application.payments.other_subscriptions import refuse_change_to, subscriptions_of
from application.payments.policy import subscription_request
from application.payments.pricing import NotSoldInRegion
from application.payments.process import PaymentProcess, PaymentsUnavailable
from domain.catalog.commands import PlanNotFound
from domain.catalog.plan import PLAN, Drafted, Plan
from domain.enrollments.commands import AlreadyEnrolled
from domain.enrollments.enrollment import ENROLLMENT, Ended, Enrolled, Enrollment
from domain.ids import PaymentId, PlanId, SubscriptionId, TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.money import Money
from domain.payments.events import Gateway
from domain.payments.payment import PAYMENT
from domain.payments.states import Payment, Started
from domain.subscriptions import commands
from domain.subscriptions.events import PlanChoice
from domain.subscriptions.plan_changes import (
    ChangePreview,
    counted_payments,
    paid_periods,
    payment_of_change,
    preview_change,
    worth_of,
)
from domain.subscriptions.states import Active, ScheduledChange, Subscription
from domain.subscriptions.subscription import SUBSCRIPTION


class OtherCurrency(Rejected):
    """The price of this plan is in another currency. Subscribe to it instead."""

    code = "subscription.other_currency"


class RefundUnderway(Rejected):
    """A payment of this subscription is being returned or disputed. Wait until that is over."""

    code = "subscription.refund_underway"


@dataclass(frozen=True)
class PlanChangeService:
    """Changes plans of subscriptions of callers who are authorized."""

    process: PaymentProcess
    read: ReadModels

    def preview(
        self, tenant_id: TenantId, subscription_id: SubscriptionId, plan_id: PlanId
    ) -> tuple[ChangePreview, Active]:
        """Return the terms of a change to the offered version of a plan now, and the subscription.

        Raises SubscriptionNotActive, PlanNotFound, NotSoldInRegion, OtherCurrency, AlreadyEnrolled,
        ChangesToPlan, RefundUnderway, PaymentsUnavailable, RenewalProcessing, GatewaySilent, and
        the refusals of a change.
        """
        at = self.process.clock()
        active = self._active(tenant_id, subscription_id)
        log = self.process.log
        plan = PLAN.fold(each.event for each in log.load(tenant_id, f"{PLAN.category}-{plan_id}"))
        enrollment = self._enrollment(tenant_id, active.user_id, plan_id)
        others = [
            self.process.subscription(tenant_id, each)
            for each in self._others(tenant_id, subscription_id, active.user_id, enrollment)
        ]
        paid = {each: self.process.state(tenant_id, each) for each in counted_payments(active, at)}
        choice = _choice(plan_id, plan, active)
        terms = preview_change(active, choice, _paid_amounts(active, paid, at), at)
        _check_enrollment(enrollment)
        _check_others(plan_id, others)
        if self.process.is_renewal_processing(tenant_id, active):
            raise commands.RenewalProcessing
        is_by_hand = terms.amount.minor > 0 and active.method is None
        if is_by_hand and not self._usable_gateways(tenant_id, active):
            raise PaymentsUnavailable
        return terms, active

    def change(
        self,
        subscription_id: SubscriptionId,
        plan_id: PlanId,
        token: str,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Change to another plan on the terms that the token of a preview names.

        Plan, payments and subscription are those of one moment. Raises the refusals of `preview`,
        PreviewOutdated and TooManyOpenPayments.
        """
        tenant_id = origin.tenant_id
        done = self.process.log.done(tenant_id, command_id)
        if done is not None:  # the plan has changed by now, so it has no such preview
            return done
        at = self.process.clock()
        terms, active = self.preview(tenant_id, subscription_id, plan_id)
        enrollment = self._enrollment(tenant_id, active.user_id, plan_id)
        gateways = self._usable_gateways(tenant_id, active)

        others = self._others(tenant_id, subscription_id, active.user_id, enrollment)
        counted = counted_payments(active, at)

        def request(plan: Plan, enrolled: Enrollment, *states: Any) -> Request:
            paid = dict(zip(counted, states[: len(counted)], strict=True))
            _check_enrollment(enrolled)
            _check_others(plan_id, states[len(counted) :])
            change = commands.ChangePlan(
                subscription_id=subscription_id,
                choice=_choice(plan_id, plan, active),
                paid=_paid_amounts(active, paid, at),
                token=token,
                gateways=gateways,
                session_key=command_id.hex,
                at=at,
            )
            return subscription_request(subscription_id, [change])

        def execute(*places: Request) -> AppendResult:
            changing = after_states(
                [
                    (PLAN, plan_id),
                    (ENROLLMENT, enrollment_id_of(active.user_id, plan_id)),
                    *((PAYMENT, each) for each in counted),
                    *((SUBSCRIPTION, each) for each in others),
                ],
                request,
            )
            return self.process.handler.execute(
                changing, *places, origin=origin, command_id=command_id
            )

        if terms.amount.minor > 0:
            payment_id = payment_of_change(subscription_id, active)
            unpaid = payment_place(
                self.read, tenant_id, active.user_id, payment_id, at, completed=counted
            )
            changed = take_place(self.process.log, tenant_id, OPEN_PAYMENTS, unpaid, execute)
        else:
            changed = execute()
        self.process.advance_underway(tenant_id, subscription_id, active)
        return changed

    def withdraw(
        self, subscription_id: SubscriptionId, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Take back a change before it takes effect.

        A payment that succeeds at this moment is not lost: either the change takes effect, or the
        money is returned. Raises SubscriptionNotFound, ChangePaid, GatewaySilent, and
        RenewalProcessing while the bank carries out the debit of the renewal for the new plan.
        """
        tenant_id = origin.tenant_id
        done = self.process.log.done(tenant_id, command_id)
        if done is not None:  # a renewal that has begun since then is for the present plan
            return done
        before = self.process.subscription(tenant_id, subscription_id)
        is_scheduled = isinstance(before, Active) and isinstance(before.change, ScheduledChange)
        if is_scheduled and self.process.is_renewal_processing(tenant_id, before):
            raise commands.RenewalProcessing
        withdraw = commands.WithdrawPlanChange(at=self.process.clock())
        request = subscription_request(subscription_id, [withdraw])
        withdrawn = self.process.handler.execute(request, origin=origin, command_id=command_id)
        self.process.advance_underway(tenant_id, subscription_id, before)
        return withdrawn

    def _enrollment(self, tenant_id: TenantId, user_id: UserId, plan_id: PlanId) -> Enrollment:
        """Return the enrollment of a user in a plan."""
        stream = f"{ENROLLMENT.category}-{enrollment_id_of(user_id, plan_id)}"
        return ENROLLMENT.fold(each.event for each in self.process.log.load(tenant_id, stream))

    def _others(
        self,
        tenant_id: TenantId,
        subscription_id: SubscriptionId,
        user_id: UserId,
        enrollment: Enrollment,
    ) -> tuple[SubscriptionId, ...]:
        """Return the other subscriptions of the user, with that of an enrollment that has ended.

        It can go on although they have left the plan.
        """
        found = subscriptions_of(self.read, tenant_id, user_id)
        if isinstance(enrollment, Ended) and enrollment.subscription_id is not None:
            found = (*found, enrollment.subscription_id)
        return tuple(each for each in dict.fromkeys(found) if each != subscription_id)

    def _active(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Active:
        subscription = self.process.subscription(tenant_id, subscription_id)
        if not isinstance(subscription, Active):
            raise commands.SubscriptionNotActive
        return subscription

    def _usable_gateways(self, tenant_id: TenantId, active: Active) -> tuple[Gateway, ...]:
        """Return the gateways at which the user can pay by hand."""
        price = active.price
        return self.process.usable_gateways(tenant_id, price.region, price.amount.currency)


def _choice(plan_id: PlanId, plan: Plan, active: Active) -> PlanChoice:
    """Return the offered version with its price. Raises PlanNotFound and other refusals."""
    if not isinstance(plan, Drafted) or plan.offered is None:
        raise PlanNotFound
    terms = plan.offered.terms
    price = next((each for each in terms.prices if each.region == active.price.region), None)
    if price is None:
        raise NotSoldInRegion
    if price.amount.currency != active.price.amount.currency:
        raise OtherCurrency
    return PlanChoice(
        plan_id=plan_id,
        plan_number=plan.number,
        trainer_id=plan.trainer_id,
        price=price,
        billing_months=terms.billing_months,
        weeks=terms.weeks,
        sessions_per_week=terms.sessions_per_week,
        workouts=terms.workouts,
        missed_day=terms.missed_day,
    )


def _check_enrollment(enrollment: Enrollment) -> None:
    """Raise AlreadyEnrolled if the user is enrolled in the new plan already."""
    if isinstance(enrollment, Enrolled):
        raise AlreadyEnrolled


def _check_others(plan_id: PlanId, others: Sequence[Subscription]) -> None:
    """Raise PlanUnchanged or ChangesToPlan if another subscription is, or will be, for the plan."""
    if any(isinstance(each, Active) and each.plan_id == plan_id for each in others):
        raise commands.PlanUnchanged
    refuse_change_to(plan_id, *others)


def _paid_amounts(
    active: Active, payments: Mapping[PaymentId, Payment], at: datetime
) -> tuple[commands.PaidAmount, ...]:
    """Return what the payments of the periods that are not over are worth.

    `payments` also has those whose credit is in them. Raises RefundUnderway.
    """
    left = {each: _left_of(active, each, payment) for each, payment in payments.items()}
    return tuple(
        commands.PaidAmount(each.payment_id, worth_of(each.payment_id, left, active.credited))
        for each in paid_periods(active, at)
    )


def _left_of(active: Active, payment_id: PaymentId, payment: Payment) -> Money:
    """Return what was paid and not returned. Raises PreviewOutdated and RefundUnderway."""
    if not isinstance(payment, Started) or payment.completed_by is None:
        raise commands.PreviewOutdated
    attempt = payment.attempt(payment.completed_by)
    if attempt.refund is not None or attempt.is_disputed:
        raise RefundUnderway
    nothing = Money(0, payment.amount.currency)
    if payment.status == "refunded":
        return nothing
    left = attempt.left or nothing
    is_listed = any(each.paid_with == payment_id for each in active.credited)
    if payment.credit is None or is_listed:
        return left
    return left.plus(payment.credit)  # of the first version of the event, which names no parts
