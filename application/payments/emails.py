"""E-mails about enrollments, payments and subscriptions: which events cause one.

The event is the request: no other event, address or secret is stored for an e-mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from application.kernel.catalogues import shown_date, shown_money
from application.kernel.ports import EventLog
from application.payments.abandoned import is_abandoned, is_suspended
from application.payments.email_kinds import by_hand_kind, confirmation_kind, past_due_kind
from application.payments.email_texts import Kind, email_text, language_of
from application.payments.outdated_emails import is_confirmation_outdated, is_outdated
from application.payments.policy import first_payment_of
from application.users.email_notices import Notice, Recipient
from application.users.emails import compose_mail, page_url
from application.users.ports import Mail
from domain.catalog.plan import PLAN, Drafted
from domain.enrollments import events as enrollments
from domain.enrollments.enrollment import ENROLLMENT, Enrolled
from domain.ids import PaymentId, PlanId, SubscriptionId, TenantId, UserId
from domain.kernel import Recorded
from domain.money import Money
from domain.payments import events as payments
from domain.payments.payment import PAYMENT
from domain.payments.states import Started
from domain.personal import text_of
from domain.subscriptions import events as subscriptions
from domain.subscriptions.discounts import amount_of
from domain.subscriptions.states import (
    Active,
    Ended,
    NotCreated,
    Pending,
    ScheduledChange,
    Subscription,
    plan_paid_by,
)
from domain.subscriptions.subscription import SUBSCRIPTION

PLAN_PAGE: Final[frozenset[Kind]] = frozenset(
    {"enrolled", "paid", "payment_failed", "wrong_amount", "ended", "ended_unpaid"}
)
"""E-mails that link to the page of the plan."""

CHECKOUT: Final[frozenset[Kind]] = frozenset(
    {
        "bank_wants_user",
        "bank_wants_user_in_time",
        "bank_wants_user_after_trial",
        "bank_wants_user_to_resume",
        "renewal_by_hand",
        "resume_by_hand",
        "resume_trial_by_hand",
        "trial_ending_by_hand",
    }
)
"""E-mails that link to the checkout of a payment. All others link to the billing page."""

EVENTS: Final[tuple[Any, ...]] = (
    enrollments.EnrollmentActivated,
    payments.PaymentCompleted,
    payments.PaymentFailed,
    payments.ActionRequired,
    payments.PaymentRefunded,
    payments.PartiallyRefunded,
    payments.DisputeLost,
    subscriptions.RenewalAnnounced,
    subscriptions.RenewalStarted,
    subscriptions.SubscriptionPastDue,
    subscriptions.PauseScheduled,
    subscriptions.PlanChangeScheduled,
    subscriptions.PlanChangeFailed,
    subscriptions.CancellationScheduled,
    subscriptions.SubscriptionEnded,
)
"""Events that can cause an e-mail."""

NAMES: Final[frozenset[str]] = frozenset(each.event_name for each in EVENTS)


@dataclass(frozen=True)
class BillingEmails:
    """Writes an e-mail to the user whom an event concerns. Links lead to pages at `base_url`."""

    log: EventLog
    base_url: str
    names: frozenset[str] = NAMES

    def notice(self, recorded: Recorded[Any]) -> Notice | None:
        """Return the e-mail that an event causes, or None."""
        tenant_id, key = recorded.origin.tenant_id, recorded.stream.partition("-")[2]
        match recorded.event:
            case enrollments.EnrollmentActivated():
                return self._of_enrollment(tenant_id, recorded)
            case (
                payments.PaymentCompleted()
                | payments.PaymentFailed()
                | payments.ActionRequired()
                | payments.PaymentRefunded()
                | payments.PartiallyRefunded()
                | payments.DisputeLost()
            ) as event:
                return self._of_payment(tenant_id, PaymentId(key), event)
            case event:
                return self._of_subscription(tenant_id, SubscriptionId(key), recorded, event)

    def _of_enrollment(self, tenant_id: TenantId, recorded: Recorded[Any]) -> Notice | None:
        history = self.log.load(tenant_id, recorded.stream)
        enrollment = ENROLLMENT.fold(
            each.event for each in history if each.version <= recorded.version
        )
        if not isinstance(enrollment, Enrolled) or enrollment.next is None:
            return None
        moved = (  # by a payment that took days
            each.event.due_on
            for each in history
            if each.version == recorded.version + 1
            and isinstance(each.event, enrollments.WorkoutScheduled)
        )
        day = next(moved, enrollment.next.due_on)
        return self._notice("enrolled", tenant_id, enrollment.user_id, enrollment.plan_id, day=day)

    def _of_payment(self, tenant_id: TenantId, payment_id: PaymentId, event: Any) -> Notice | None:
        history = self.log.load(tenant_id, f"{PAYMENT.category}-{payment_id}")
        payment = PAYMENT.fold(each.event for each in history)
        if not isinstance(payment, Started):
            return None
        subscription_id = payment.subscription_id
        kind: Kind
        amount, day = payment.amount, None
        subscription = self._subscription(tenant_id, subscription_id)
        match event:
            case payments.PaymentCompleted():
                change = subscription.change if isinstance(subscription, Active) else None
                is_ahead = isinstance(change, ScheduledChange) and change.paid_by == payment_id
                kind = "plan_paid_ahead" if is_ahead else "paid"
                day = change.changes_at if isinstance(change, ScheduledChange) else None
            case payments.PaymentFailed(reason=reason):
                is_first = payment_id == first_payment_of(subscription_id)
                if (
                    reason == "cancelled"
                    or not is_first
                    or self._had_trial(tenant_id, subscription_id)
                ):
                    return None  # the user knows, or the subscription is past due or has ended
                kind = "wrong_amount" if reason == "wrong_amount" else "payment_failed"
            case payments.ActionRequired():
                if not payment.off_session or is_confirmation_outdated(event, payment):
                    return None  # the user is at the page, or need not confirm any more
                kind = confirmation_kind(subscription, payment_id)
            case payments.PaymentRefunded(amount=amount, at=at):
                ended = self._ended_at(tenant_id, subscription_id, at)
                kind = "refunded_and_ended" if ended else "refunded"
            case payments.DisputeLost(at=at):  # the bank has told the user about the money
                if not self._ended_at(tenant_id, subscription_id, at):
                    return None
                kind = "ended"
            case _:
                kind, amount = "partly_refunded", event.amount
        if isinstance(subscription, NotCreated):
            return None
        plan_id, _ = plan_paid_by(subscription, payment_id)
        return self._notice(
            kind,
            tenant_id,
            payment.user_id,
            plan_id,
            amount=amount,
            day=day,
            payment_id=payment_id,
        )

    def _of_subscription(
        self,
        tenant_id: TenantId,
        subscription_id: SubscriptionId,
        recorded: Recorded[Any],
        event: Any,
    ) -> Notice | None:
        history = self.log.load(tenant_id, f"{SUBSCRIPTION.category}-{subscription_id}")
        state = SUBSCRIPTION.fold(
            each.event for each in history if each.version <= recorded.version
        )
        now = SUBSCRIPTION.fold(each.event for each in history)
        if isinstance(state, NotCreated) or is_outdated(event, state, now):
            return None
        plan_id, amount = state.plan_id, state.price.amount
        if isinstance(state, Active):  # renewals before a change of plan are for the next one
            plan_id, (amount, _) = state.next_plan[0], state.next_amount
        is_paused = isinstance(state, Active) and state.is_paused
        on_trial = isinstance(state, Active) and state.on_trial
        is_paid = any(
            isinstance(each.event, subscriptions.SubscriptionActivated | subscriptions.TrialStarted)
            for each in history
        )
        kind: Kind
        at: datetime | None = None
        payment_id: PaymentId | None = None
        months: int | None = None
        match event:
            case subscriptions.RenewalStarted() | subscriptions.SubscriptionPastDue() if (
                self._is_offered_soon(tenant_id, state, event)
            ):
                return None  # another payment is offered soon
            case subscriptions.RenewalAnnounced(renews_at=at):
                kind = "trial_ending" if on_trial else "renewal_announced"
                kind = "resume_announced" if is_paused else kind
            case subscriptions.RenewalStarted(method=None, payment_id=payment_id) if isinstance(
                state, Active
            ):
                kind, at = by_hand_kind(state), state.renews_at
            case subscriptions.SubscriptionPastDue(retry_at=at) if isinstance(state, Active):
                at = state.renews_at if on_trial else at
                kind = past_due_kind(state)
            case subscriptions.PauseScheduled(resumes_at=at):
                kind = "pause_scheduled"
            case subscriptions.PlanChangeScheduled(changes_at=at, choice=choice):
                kind = "plan_change_scheduled"
                amount, months = _lasting_price(state, choice), choice.billing_months
            case subscriptions.PlanChangeFailed(payment_id=failed):
                is_wrong = self._failure(tenant_id, failed) == "wrong_amount"
                kind = "plan_change_wrong_amount" if is_wrong else "plan_change_failed"
                started = _started_change(history, failed)
                plan_id, amount = started.choice.plan_id, started.amount
            case subscriptions.CancellationScheduled(ends_at=at):
                plan_id = _cancelled_plan(state)
                kind = self._cancelled_kind(tenant_id, state, plan_id)
            case subscriptions.SubscriptionEnded(reason=reason) if is_paid and reason != "refunded":
                kind = "ended_unpaid" if reason == "payment_failed" else "ended"
            case _:
                return None  # charged without the user, or in the e-mail about the payment
        return self._notice(
            kind,
            tenant_id,
            state.user_id,
            plan_id,
            amount=amount,
            months=months,
            day=at,
            payment_id=payment_id,
        )

    def _is_offered_soon(
        self,
        tenant_id: TenantId,
        state: Subscription,
        event: subscriptions.RenewalStarted | subscriptions.SubscriptionPastDue,
    ) -> bool:
        """Return whether another payment by hand follows so soon that this one needs no e-mail."""
        if not isinstance(state, Active) or state.method is not None:
            return False
        if self._failure(tenant_id, event.payment_id) == "no_gateway":
            return True
        return (
            isinstance(event, subscriptions.SubscriptionPastDue)
            and state.must_pay_by_date
            and event.retry_at < state.renews_at
        )

    def _cancelled_kind(
        self, tenant_id: TenantId, state: Pending | Active | Ended, plan_id: PlanId
    ) -> Kind:
        """Return the e-mail about a cancellation: by the user, or why we have cancelled."""
        if isinstance(state, Active) and state.is_next_returned:
            return "ends_after_refund"
        if is_suspended(self.log, tenant_id, state.user_id):
            return "ends_while_suspended"
        return "ends_without_trainer" if is_abandoned(self.log, tenant_id, plan_id) else "cancelled"

    def _failure(self, tenant_id: TenantId, payment_id: PaymentId) -> payments.FailReason | None:
        """Return why a payment has failed, or None."""
        history = self.log.load(tenant_id, f"{PAYMENT.category}-{payment_id}")
        failures = (
            each.event for each in history if isinstance(each.event, payments.PaymentFailed)
        )
        return next((each.reason for each in failures), None)

    def _had_trial(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> bool:
        stream = f"{SUBSCRIPTION.category}-{subscription_id}"
        history = self.log.load(tenant_id, stream)
        return any(isinstance(each.event, subscriptions.TrialStarted) for each in history)

    def _subscription(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Subscription:
        history = self.log.load(tenant_id, f"{SUBSCRIPTION.category}-{subscription_id}")
        return SUBSCRIPTION.fold(each.event for each in history)

    def _ended_at(self, tenant_id: TenantId, subscription_id: SubscriptionId, at: datetime) -> bool:
        """Return whether a refund or a lost dispute at this time ended the subscription."""
        history = self.log.load(tenant_id, f"{SUBSCRIPTION.category}-{subscription_id}")
        ended = subscriptions.SubscriptionEnded(reason="refunded", at=at)
        return any(each.event == ended for each in history)

    def _notice(
        self,
        kind: Kind,
        tenant_id: TenantId,
        user_id: UserId,
        plan_id: PlanId,
        *,
        amount: Money | None = None,
        months: int | None = None,
        day: date | datetime | None = None,
        payment_id: PaymentId | None = None,
    ) -> Notice:
        """Return an e-mail about a plan. A time is shown as its day where the user lives.

        `months` are those of a period that costs the amount.
        """
        history = self.log.load(tenant_id, f"{PLAN.category}-{plan_id}")
        plan = PLAN.fold(each.event for each in history)
        offered = plan.offered if isinstance(plan, Drafted) else None
        title = text_of((offered or plan.draft).title) if isinstance(plan, Drafted) else ""
        has_ended = kind in {"ended", "ended_unpaid"}
        if has_ended and (offered is None or is_abandoned(self.log, tenant_id, plan_id)):
            kind = "ended_not_offered"
        facts: dict[str, Any] = {"plan": " ".join(title.split())}
        if amount is not None:
            facts["amount"] = shown_money(amount)
        if months is not None:
            facts["months"] = months
        page = _page(kind, plan_id, payment_id)
        return Notice(user_id, partial(self._write, kind, page, facts, day))

    def _write(
        self,
        kind: Kind,
        page: str,
        facts: Mapping[str, Any],
        day: date | datetime | None,
        email_id: UUID,
        recipient: Recipient,
    ) -> Mail:
        if isinstance(day, datetime):
            day = day.astimezone(ZoneInfo(recipient.time_zone)).date()
        dated = {} if day is None else {"date": shown_date(day)}
        subject, body, label, footer = email_text(kind, recipient.locale, {**facts, **dated})
        action = (label, page_url(self.base_url, page, recipient.tenant_id))
        language = language_of(recipient.locale)
        return compose_mail(
            email_id, recipient.address, subject, body, action, footer, language=language
        )


def _cancelled_plan(state: Pending | Active | Ended) -> PlanId:
    """Return the plan of the last period that is paid. A change that is not paid is taken back."""
    if isinstance(state, Active) and isinstance(state.change, ScheduledChange):
        return state.plan_id if state.change.paid_by is None else state.change.choice.plan_id
    return state.plan_id


def _lasting_price(state: Subscription, choice: subscriptions.PlanChoice) -> Money:
    """Return what each period costs after a scheduled change; many coupons end after some."""
    discount = state.discount if isinstance(state, Active) else None
    lasts = discount is not None and discount.periods_left is None
    return amount_of(discount if lasts else None, choice.plan_id, choice.price.amount)[0]


def _started_change(
    history: Sequence[Recorded[Any]], payment_id: PaymentId
) -> subscriptions.PlanChangeStarted:
    """Return the change of plan that a payment was for."""
    return next(
        each.event
        for each in history
        if isinstance(each.event, subscriptions.PlanChangeStarted)
        and each.event.payment_id == payment_id
    )


def _page(kind: Kind, plan_id: PlanId, payment_id: PaymentId | None) -> str:
    """Return the page that an e-mail links to."""
    if kind in PLAN_PAGE:
        return f"plan.html?{urlencode({'plan': plan_id})}"
    if kind == "ended_not_offered":
        return "plans.html"
    if kind in CHECKOUT and payment_id is not None:
        return f"checkout.html?{urlencode({'plan': plan_id, 'payment': payment_id})}"
    return "billing.html"
