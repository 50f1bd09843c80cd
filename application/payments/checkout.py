"""Checkout: enroll in a plan, and pay for it if it is not free."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from application.enrollments.service import enrollment_id_of
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult, RateLimiter
from application.kernel.read_models import ReadModels
from application.payments.grace import has_grace
from application.payments.limits import Taker, take_checkout_places
from application.payments.other_subscriptions import subscriptions_of, unless_changed_to
from application.payments.policy import first_payment_of, subscription_request
from application.payments.pricing import (
    PriceChanged,
    Pricing,
    Quote,
    TooManyPrices,
    redeem_requests,
)
from application.payments.process import PaymentProcess, PaymentsUnavailable
from application.payments.trials import SUBSCRIPTION_IDS, NoTrial, check_trial, trial_of
from domain.catalog.plan import Drafted
from domain.enrollments.commands import Cancel, EndSubscription, Enroll
from domain.enrollments.enrollment import ENROLLMENT, Ended, Enrolled, Enrollment
from domain.enrollments.events import Schedule
from domain.ids import EnrollmentId, PaymentId, PlanId, SubscriptionId, TenantId, UserId
from domain.invoices.billing_details import BILLING_DETAILS, ChangeBillingDetails
from domain.kernel import Origin, Rejected, value
from domain.money import Currency, Money, Region
from domain.payments.commands import CancelPayment, CreatePayment
from domain.payments.events import Gateway
from domain.payments.payment import PAYMENT
from domain.subscriptions import commands as subscriptions
from domain.subscriptions.states import Active, NotCreated, Pending, Subscription, grants_access
from domain.subscriptions.subscription import SUBSCRIPTION


class RegionRequired(Rejected):
    """This plan is paid. Name the region in which you pay."""

    code = "plan.region_required"
    kind = "invalid"


@value
class BillingName:
    """The name and country that invoices show."""

    name: str
    country: str


@value
class Payer:
    """The region in which a user pays, and what they have chosen at checkout.

    `shown` is the amount that they were shown. With a `trial`, nothing is paid before its end.
    """

    region: Region
    gateway: Gateway | None = None
    billing: BillingName | None = None
    coupon: str | None = None
    shown: Money | None = None
    trial: bool = False


@value
class Checkout:
    """What an enrollment consists of. Free ones have no subscription, and trials no payment."""

    enrollment_id: EnrollmentId
    subscription_id: SubscriptionId | None = None
    payment_id: PaymentId | None = None


@dataclass(frozen=True)
class CheckoutService:
    """Enrolls callers who are authorized, and cancels what they no longer want.

    `price_limit` limits the prices that a user may ask for: a coupon has many uses to search.
    """

    process: PaymentProcess
    read: ReadModels
    price_limit: RateLimiter | None = field(default=None, kw_only=True)

    def enroll(
        self,
        user_id: UserId,
        plan_id: PlanId,
        start_on: date,
        payer: Payer | None,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[Checkout, AppendResult]:
        """Choose the offered version of a plan. A free one begins at once.

        A paid one begins with its first payment, for which `payer` is needed. Enrollment, first
        workout, pending subscription and pending payment are stored together. A user whose
        subscription to the plan is still active enrolls again without another payment. With a
        trial, a paid plan begins at once, and its first payment is due at the end of the trial. Its
        coupon is taken at once, and reduces that payment.

        Raises PlanNotFound, AlreadyEnrolled, RegionRequired, NotSoldInRegion, PriceChanged,
        PaymentsUnavailable, ChangesToPlan, AlreadyPaused, NoTrial, TrialUsed, TrialWithheld,
        InvalidValue, TooManyEnrollments, TooManyOpenPayments, TooManyPrices, and the refusals of
        the coupon.
        """
        enrollment_id = enrollment_id_of(user_id, plan_id)
        new = SubscriptionId(str(uuid5(SUBSCRIPTION_IDS, f"{origin.tenant_id}/{command_id}")))
        on_trial = payer is not None and payer.trial
        if on_trial:
            new = trial_of(origin.tenant_id, user_id, plan_id)
        first_payment = None if on_trial else first_payment_of(new)
        free, paid = Checkout(enrollment_id), Checkout(enrollment_id, new, first_payment)
        done = self.process.log.done(origin.tenant_id, command_id)
        if done is not None:  # the plan may be withdrawn or changed by now
            repeated = self._repeated(origin.tenant_id, free, paid)
            if repeated.payment_id is not None:  # a crash may have left it without an intent
                self.process.try_to_advance(origin.tenant_id, repeated.payment_id)
            return repeated, done
        plan, terms = self.process.offered_plan(origin.tenant_id, plan_id)
        active = (
            self._active_subscription(origin.tenant_id, enrollment_id, plan_id)
            if terms.prices
            else None
        )
        costs = bool(terms.prices) and active is None
        enroll = Enroll(
            enrollment_id=enrollment_id,
            session_key=command_id.hex,
            user_id=user_id,
            trainer_id=plan.trainer_id,
            plan_id=plan_id,
            plan_number=plan.number,
            schedule=Schedule(
                start_on=start_on,
                weeks=terms.weeks,
                sessions_per_week=terms.sessions_per_week,
                workouts=terms.workouts,
                missed_day=terms.missed_day,
            ),
            subscription_id=new if costs else active,
            is_paid=active is not None or (costs and on_trial),
            at=self.process.clock(),
        )
        if on_trial and not terms.prices:
            raise NoTrial
        others = subscriptions_of(self.read, origin.tenant_id, user_id) if costs else ()
        begin = Request(ENROLLMENT, enrollment_id, [enroll])
        requests = [
            unless_changed_to(plan_id, others, begin) if others else begin,
            *(
                self._payment_requests(origin.tenant_id, user_id, plan_id, plan, new, payer)
                if costs
                else ()
            ),
        ]
        appended = take_checkout_places(
            self.process.log,
            self.read,
            origin.tenant_id,
            Taker(user_id, enrollment_id, first_payment if costs else None, enroll.at),
            lambda *places: self.process.handler.execute(
                *requests, *places, origin=origin, command_id=command_id
            ),
        )
        if active is not None:
            self._check_access(enrollment_id, active, origin, command_id)
        if not costs:
            return free, appended
        if first_payment is not None:
            self.process.try_to_advance(origin.tenant_id, first_payment)
        return paid, appended

    def _repeated(self, tenant_id: TenantId, free: Checkout, paid: Checkout) -> Checkout:
        """Return what this command has created before."""
        created = self.subscription(tenant_id, SubscriptionId(str(paid.subscription_id)))
        return free if isinstance(created, NotCreated) else paid

    def leave(
        self, enrollment_id: EnrollmentId, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Cancel an enrollment, or its first payment if that is still under way.

        An active subscription goes on until it is cancelled itself. Raises EnrollmentNotFound.
        """
        enrollment = self._enrollment(origin.tenant_id, enrollment_id)
        if isinstance(enrollment, Enrolled) and enrollment.waits_for_payment:
            subscription_id = enrollment.subscription_id
            if subscription_id is not None:  # it ends with the payment, once no money can move
                cancelled = self._cancel_first_payment(subscription_id, origin, command_id)
                enrollment = self._enrollment(origin.tenant_id, enrollment_id)
                if not (isinstance(enrollment, Enrolled) and enrollment.active):
                    return cancelled
                command_id = uuid5(command_id, "active")  # the payment was completed before
        cancel = Cancel(reason="athlete", at=self.process.clock())
        request = Request(ENROLLMENT, enrollment_id, [cancel])
        return self.process.handler.execute(request, origin=origin, command_id=command_id)

    def cancel_subscription(
        self,
        subscription_id: SubscriptionId,
        *,
        at_once: bool,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Cancel at the end of the paid period or at once; before, cancel the first payment.

        A first payment that is completed at this moment is not lost: what it paid for goes on to
        the end of its period. Raises SubscriptionNotFound.
        """
        if isinstance(self.subscription(origin.tenant_id, subscription_id), Pending):
            cancelled = self._cancel_first_payment(subscription_id, origin, command_id)
            if not grants_access(self.subscription(origin.tenant_id, subscription_id)):
                return cancelled
            command_id, at_once = uuid5(command_id, "active"), False  # it was completed before
        before = self.subscription(origin.tenant_id, subscription_id)
        cancel = subscriptions.CancelSubscription(at_once=at_once, at=self.process.clock())
        request = subscription_request(subscription_id, [cancel])
        cancelled = self.process.handler.execute(request, origin=origin, command_id=command_id)
        self.process.advance_underway(origin.tenant_id, subscription_id, before)
        return cancelled

    def subscription(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Subscription:
        """Return the state of a subscription."""
        return self.process.subscription(tenant_id, subscription_id)

    def _check_access(
        self,
        enrollment_id: EnrollmentId,
        subscription_id: SubscriptionId,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Cancel an enrollment whose subscription ended at the same moment."""
        if grants_access(self.subscription(origin.tenant_id, subscription_id)):
            return
        end = EndSubscription(
            subscription_id=subscription_id, reason="subscription_ended", at=self.process.clock()
        )
        self.process.handler.execute(
            Request(ENROLLMENT, enrollment_id, [end]),
            origin=origin,
            command_id=uuid5(command_id, "ended"),
        )

    def _cancel_first_payment(
        self, subscription_id: SubscriptionId, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Cancel the payment that would activate a subscription; nothing if it is completed."""
        payment_id = first_payment_of(subscription_id)
        cancel = CancelPayment(at=self.process.clock())
        cancelled = self.process.handler.execute(
            self.process.request(origin.tenant_id, payment_id, cancel),
            origin=origin,
            command_id=command_id,
        )
        self.process.try_to_advance(origin.tenant_id, payment_id)
        return cancelled

    def _enrollment(self, tenant_id: TenantId, enrollment_id: EnrollmentId) -> Enrollment:
        history = self.process.log.load(tenant_id, f"{ENROLLMENT.category}-{enrollment_id}")
        return ENROLLMENT.fold(recorded.event for recorded in history)

    def _active_subscription(
        self, tenant_id: TenantId, enrollment_id: EnrollmentId, plan_id: PlanId
    ) -> SubscriptionId | None:
        """Return the subscription of an earlier enrollment if it still grants access to the plan.

        Raises AlreadyPaused: another subscription would be paid beside the paused one.
        """
        enrollment = self._enrollment(tenant_id, enrollment_id)
        if not isinstance(enrollment, Ended) or enrollment.subscription_id is None:
            return None
        found = self.subscription(tenant_id, enrollment.subscription_id)
        if not isinstance(found, Active) or found.plan_id != plan_id:
            return None
        if found.is_paused:
            raise subscriptions.AlreadyPaused
        return enrollment.subscription_id

    def _payment_requests(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        plan_id: PlanId,
        plan: Drafted,
        subscription_id: SubscriptionId,
        payer: Payer | None,
    ) -> list[Request]:
        """Return the pending subscription and its pending first payment. Raises refusals."""
        if payer is None:
            raise RegionRequired
        at = self.process.clock()
        with_grace = has_grace(self.read, tenant_id, user_id, at)
        if payer.trial:
            before = self.subscription(tenant_id, subscription_id)
            check_trial(plan, before, has_grace=with_grace)
        terms = plan.offered.terms if plan.offered else plan.draft.terms
        if payer.coupon is not None:
            self._count_price(tenant_id, user_id)
        quote = Pricing(self.process.log).quote(
            tenant_id, user_id, plan_id, terms, region=payer.region, coupon=payer.coupon, at=at
        )
        if payer.shown not in {None, quote.amount}:
            raise PriceChanged
        gateways = self._gateways(tenant_id, payer, quote.price.amount.currency)
        payment_id = first_payment_of(subscription_id)
        subscribe = subscriptions.CreateSubscription(
            user_id=user_id,
            plan_id=plan_id,
            plan_number=plan.number,
            price=quote.price,
            billing_months=terms.billing_months,
            trial_days=plan.trial_days if payer.trial else 0,
            discount=quote.coupon_discount,
            has_grace=with_grace,
            at=at,
        )
        following = [
            *redeem_requests(quote, user_id, plan_id, payment_id, at),
            *_billing_requests(user_id, payer, at),
        ]
        if payer.trial:
            return [Request(SUBSCRIPTION, subscription_id, [subscribe]), *following]
        pay = CreatePayment(
            user_id=user_id,
            subscription_id=subscription_id,
            amount=quote.amount,
            region=payer.region,
            gateways=gateways,
            preferred=payer.gateway is not None,
            discount=quote.discount,
            at=at,
        )
        return [
            Request(SUBSCRIPTION, subscription_id, [subscribe]),
            Request(PAYMENT, payment_id, [pay]),
            *following,
        ]

    def quote(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        plan_id: PlanId,
        region: Region,
        coupon: str | None,
    ) -> tuple[Drafted, Quote]:
        """Return the offered plan, and what the user would pay for it in a region.

        Raises PlanNotFound, NotSoldInRegion, TooManyPrices, and the refusals of the coupon.
        """
        self._count_price(tenant_id, user_id)
        plan, terms = self.process.offered_plan(tenant_id, plan_id)
        at = self.process.clock()
        pricing = Pricing(self.process.log)
        return plan, pricing.quote(
            tenant_id, user_id, plan_id, terms, region=region, coupon=coupon, at=at
        )

    def _count_price(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Count a price that a user asks for. Raises TooManyPrices."""
        if self.price_limit is None:
            return
        left = self.price_limit.consume(f"{tenant_id}/{user_id}")
        if not left.granted:
            raise TooManyPrices(left.resets_in_s)

    def _gateways(
        self, tenant_id: TenantId, payer: Payer, currency: Currency
    ) -> tuple[Gateway, ...]:
        """Return the usable gateways of the region, the preferred one first."""
        usable = self.process.usable_gateways(tenant_id, payer.region, currency)
        if not usable or payer.gateway not in {None, *usable}:
            raise PaymentsUnavailable
        if payer.gateway is None:
            return usable
        return (payer.gateway, *(each for each in usable if each != payer.gateway))


def _billing_requests(user_id: UserId, payer: Payer, at: datetime) -> list[Request]:
    if payer.billing is None:
        return []
    change = ChangeBillingDetails(
        user_id=user_id, name=payer.billing.name, country=payer.billing.country, at=at
    )
    return [Request(BILLING_DETAILS, user_id, [change])]
