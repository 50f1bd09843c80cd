"""Discounts of subscriptions: which periods cost less, and that each is counted once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.coupons.commands import CreateCoupon
from domain.coupons.events import CouponTerms
from domain.discounts import Discount, Reduction
from domain.ids import CouponId, PaymentId, PlanId, SubscriptionId, UserId
from domain.money import Money
from domain.subscriptions import commands, events
from domain.subscriptions.discounts import CouponDiscount
from domain.subscriptions.plan_changes import preview_change
from domain.subscriptions.states import Active, Ended
from domain.subscriptions.subscription import SUBSCRIPTION
from domain.values import InvalidValue
from tests.domain.plan_changes import CHEAP, CHOICE
from tests.domain.subscriptions import (
    ACTIVATED,
    AT,
    CREATE,
    CREATED,
    DAY,
    FEBRUARY,
    METHOD,
    PRICE,
    STORED,
    fail,
    given,
    paid,
    renew,
    unpaid,
)

SUMMER = CouponId("SUMMER-25")
QUARTER = Reduction(basis_points=2500)
REDUCED = Money(1499, "EUR")
SUBSCRIPTION_ID = SubscriptionId("s")


def discount(periods: int | None, *plans: str) -> CouponDiscount:
    return CouponDiscount(SUMMER, QUARTER, tuple(map(PlanId, plans)), periods)


def discounted(periods: int | None, *plans: str) -> events.SubscriptionDiscounted:
    return events.SubscriptionDiscounted(
        coupon_id=SUMMER, reduction=QUARTER, plans=tuple(map(PlanId, plans)), periods=periods, at=AT
    )


def used(payment: str, left: int | None) -> events.DiscountApplied:
    return events.DiscountApplied(payment_id=PaymentId(payment), periods_left=left, at=AT)


def active(periods: int | None, *plans: str) -> tuple[events.SubscriptionEvent, ...]:
    """Return the history of a subscription whose first payment has cost less."""
    left = None if periods is None else periods - 1
    return (CREATED, discounted(periods, *plans), ACTIVATED, used("1", left), STORED)


def started(history: tuple[events.SubscriptionEvent, ...], at: Any = FEBRUARY) -> Money:
    """Return the amount of the renewal that starts, whose discount names the full price."""
    (event,) = given(*history).log_after([renew(at)])[len(history) :]
    assert isinstance(event, events.RenewalStarted)
    reduced = event.amount != PRICE.amount
    assert event.discount == (Discount(SUMMER, PRICE.amount) if reduced else None)
    return event.amount


def test_the_discount_begins_with_the_first_payment() -> None:
    """R-PAY-08: a subscription that was not paid has used nothing."""
    create = replace(CREATE, discount=discount(3, "plan"))
    given().when(create).then(CREATED, discounted(3, "plan"))
    given(CREATED, discounted(3)).when(paid(1)).then(ACTIVATED, used("1", 2))
    given(CREATED, discounted(3), ACTIVATED, used("1", 2)).when(paid(1)).then_nothing()


def test_a_trial_keeps_the_discount_for_its_first_payment() -> None:
    """R-PAY-14: a trial is no paid period, so it counts nothing."""
    end = AT + 14 * DAY
    trial = events.TrialStarted(ends_at=end, at=AT)
    given().when(replace(CREATE, trial_days=14, discount=discount(1))).then(
        CREATED, discounted(1), trial
    )
    history = (CREATED, discounted(1), trial, STORED)
    assert started(history, end) == REDUCED
    pay = commands.NotePaid(payment_id=PaymentId("s.1"), at=end)
    paid_once = tuple(given(*history).log_after([renew(end), pay]))
    assert used("s.1", 0) == replace(paid_once[-1], at=AT)
    state = SUBSCRIPTION.fold(paid_once)
    assert isinstance(state, Active)
    assert started(paid_once, state.renews_at) == PRICE.amount


@pytest.mark.parametrize("on_trial", [False, True])
def test_the_coupon_of_a_subscription_that_was_never_paid_is_unused(
    on_trial: bool,  # noqa: FBT001
) -> None:
    """R-PAY-12"""
    trial = (events.TrialStarted(ends_at=AT + 14 * DAY, at=AT),) if on_trial else ()
    unpaid_one = (CREATED, discounted(1), *trial)
    cancel = commands.CancelSubscription(at_once=True, at=AT)
    ended = SUBSCRIPTION.fold(given(*unpaid_one).log_after([cancel]))
    assert isinstance(ended, Ended)
    assert ended.unused == SUMMER
    ended = SUBSCRIPTION.fold(given(*active(1)).log_after([cancel]))
    assert isinstance(ended, Ended)
    assert ended.unused is None


@pytest.mark.parametrize(("periods", "cheaper"), [(1, 1), (2, 2), (3, 3), (None, 6)])
def test_a_repeating_discount_reduces_as_many_payments_as_it_says(
    periods: int | None, cheaper: int
) -> None:
    """R-PAY-14: `once`, `repeating` and `forever`, over six payments."""
    history = active(periods)
    amounts = [REDUCED]
    for number in range(2, 7):
        state = SUBSCRIPTION.fold(history)
        assert isinstance(state, Active)
        amounts.append(started(history, state.renews_at))
        pay = commands.NotePaid(payment_id=PaymentId(f"s.{number}"), at=state.renews_at)
        history = tuple(given(*history).log_after([renew(state.renews_at), pay]))
    assert amounts == [REDUCED] * cheaper + [PRICE.amount] * (6 - cheaper)


def test_a_failed_renewal_and_its_retries_count_one_period() -> None:
    """R-PAY-14"""
    history = fail(active(2), "s.2", FEBRUARY)
    for number, days in enumerate((2, 7), start=2):
        assert started(history, FEBRUARY + days * DAY) == REDUCED
        history = fail(history, f"s.2.{number}", FEBRUARY + days * DAY)
    at = FEBRUARY + 14 * DAY
    pay = commands.NotePaid(payment_id=PaymentId("s.2.4"), at=at)
    recovered = tuple(given(*history).log_after([renew(at), pay]))
    assert used("s.2.4", 0) == replace(recovered[-1], at=AT)
    given(*recovered).when(pay).then_nothing()
    state = SUBSCRIPTION.fold(recovered)
    assert isinstance(state, Active)
    assert started(recovered, state.renews_at) == PRICE.amount


def test_a_pause_keeps_the_periods_that_are_left() -> None:
    """R-PAY-14: the payment at its end is the second of two."""
    wait = commands.PauseSubscription(days=30, at=AT)
    history = tuple(given(*active(2)).log_after([wait, commands.EndPeriod(at=FEBRUARY)]))
    back = FEBRUARY + 30 * DAY
    assert started(history, back) == REDUCED
    pay = commands.NotePaid(payment_id=PaymentId("s.2"), at=back)
    resumed = tuple(given(*history).log_after([renew(back), pay]))
    assert used("s.2", 0) in [replace(each, at=AT) for each in resumed]


def test_another_plan_costs_less_as_well_if_the_coupon_is_valid_for_it() -> None:
    """R-PAY-14: the difference is paid with the discount, and counts a period."""
    at = AT + 14 * DAY
    for plans, price, left in (((), 3750, 0), (("plan",), 5000, None)):
        history = active(2, *plans)
        first = (commands.PaidAmount(PaymentId("1"), REDUCED),)
        terms = preview_change(SUBSCRIPTION.fold(history), CHOICE, first, at)
        assert (terms.reduced, terms.credit) == (Money(price, "EUR"), Money(750, "EUR"))
        assert terms.amount == Money(price - 750, "EUR")
        change = commands.ChangePlan(
            subscription_id=SUBSCRIPTION_ID, choice=CHOICE, paid=first, token=terms.token,
            gateways=("stripe",), session_key="key", at=at,
        )  # fmt: skip
        pay = commands.NotePaid(payment_id=PaymentId("s.plan.1"), at=at)
        changed = given(*history).log_after([change, pay])
        uses = [e.periods_left for e in changed if isinstance(e, events.DiscountApplied)]
        assert uses == ([1] if left is None else [1, left])
        state = SUBSCRIPTION.fold(changed)
        assert isinstance(state, Active)
        assert state.next_amount == (Money(5000, "EUR"), None)


def test_the_renewal_of_a_scheduled_change_uses_the_discount() -> None:
    """R-PAY-14: it is the first payment for the other plan."""
    history = active(2)
    first = (commands.PaidAmount(PaymentId("1"), REDUCED),)
    terms = preview_change(SUBSCRIPTION.fold(history), CHEAP, first, AT)
    assert (terms.amount.minor, terms.reduced.minor) == (0, 375)
    scheduled = events.PlanChangeScheduled(
        choice=CHEAP, changes_at=FEBRUARY, session_key="key", at=AT
    )
    pay = commands.NotePaid(payment_id=PaymentId("s.2"), at=FEBRUARY - DAY)
    due = given(*history, scheduled).log_after([renew(FEBRUARY - DAY), pay])
    (renewal,) = [each for each in due if isinstance(each, events.RenewalStarted)]
    assert renewal.amount == Money(375, "EUR")
    assert due[-1] == events.DiscountApplied(
        payment_id=PaymentId("s.2"), periods_left=0, at=FEBRUARY - DAY
    )


def test_a_discount_that_would_leave_nothing_is_not_applied_or_counted() -> None:
    """R-PAY-14: to a plan that costs less than the coupon."""
    ten = replace(discounted(3), reduction=Reduction(amount=Money(1000, "EUR")))
    history = (CREATED, ten, ACTIVATED, used("1", 2), STORED)
    first = (commands.PaidAmount(PaymentId("1"), Money(999, "EUR")),)
    terms = preview_change(SUBSCRIPTION.fold(history), CHEAP, first, AT + 27 * DAY)
    assert (terms.reduced, terms.discount) == (CHEAP.price.amount, None)


ACTIONS = st.sampled_from(["pay", "fail", "pause", "resume", "method", "wait"])


@for_all(st.integers(1, 4), st.lists(ACTIONS, max_size=40))
def test_no_order_of_events_reduces_more_or_fewer_payments(
    periods: int, actions: list[str]
) -> None:
    """R-PAY-14: the first N completed payments, and no others."""
    history: tuple[events.SubscriptionEvent, ...] = active(periods)
    completed = [REDUCED]
    at, methods = AT, 0
    for action in actions:
        state = SUBSCRIPTION.fold(history)
        if not isinstance(state, Active):
            break
        at += timedelta(hours=1)
        wanted: list[commands.SubscriptionCommand] = []
        match action:
            case "pay" if state.renewing is not None:
                amount = next(
                    each.amount for each in history
                    if isinstance(each, events.RenewalStarted) and each.payment_id == state.renewing
                )  # fmt: skip
                completed.append(amount)
                wanted = [commands.NotePaid(payment_id=state.renewing, at=at)]
            case "fail" if state.renewing is not None:
                wanted = [unpaid(state.renewing, at)]
            case "pause" if not (state.unpaid or state.pause or state.ends_at):
                if len(state.paused_at) < 2:
                    wanted = [commands.PauseSubscription(days=7, at=at)]
            case "resume":
                wanted = [commands.ResumeSubscription(at=at)]
            case "method":
                methods += 1
                other = replace(METHOD, method=f"method-{methods}")
                wanted = [
                    commands.StoreMethod(subscription_id=SUBSCRIPTION_ID, method=other, at=at)
                ]
            case _:
                at = max(at, state.retry_at or state.charged_at)
                wanted = [commands.EndPeriod(at=at), renew(at)]
        history = tuple(given(*history).log_after(wanted))
    cheaper = min(periods, len(completed))
    assert completed == [REDUCED] * cheaper + [PRICE.amount] * (len(completed) - cheaper)


@pytest.mark.parametrize(
    ("duration", "periods"),
    [("repeating", None), ("repeating", 0), ("repeating", 121), ("once", 2), ("forever", 2)],
)
def test_only_a_repeating_coupon_names_its_periods(duration: Any, periods: int | None) -> None:
    terms = CouponTerms(basis_points=2500, duration=duration, duration_in_periods=periods)
    with pytest.raises(InvalidValue):
        CreateCoupon(user_id=UserId("coach"), terms=terms, at=AT)
