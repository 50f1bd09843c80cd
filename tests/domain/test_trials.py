"""Trials: access from the start, one charge at the end, and nothing for who cancels before."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from domain.catalog.commands import MAX_TRIAL_DAYS, MIN_TRIAL_DAYS, ChangeTrial
from domain.catalog.events import PlanTrialChanged
from domain.catalog.plan import PLAN
from domain.ids import PaymentId
from domain.payment_methods import StoredMethod
from domain.subscriptions import commands, events
from domain.subscriptions.states import OUTAGE_PAUSES, Active, add_months, grants_access
from domain.values import InvalidValue
from tests.domain import catalog
from tests.domain.pauses import end_period, paid
from tests.domain.subscriptions import (
    AT,
    CREATE,
    CREATED,
    DAY,
    METHOD,
    STORED,
    given,
    renew,
    renewal,
    unpaid,
)
from tests.specification import is_refused, specification

END = AT + 14 * DAY
TRIAL = events.TrialStarted(ends_at=END, at=AT)
STORE = commands.StoreMethod(subscription_id=renew(AT).subscription_id, method=METHOD, at=AT)
BY_HAND = replace(renewal(1, END - 2 * DAY), method=None)


def test_a_trial_begins_without_a_payment() -> None:
    """R-PAY-08: its first charge is announced, and made at its end."""
    given().when(replace(CREATE, trial_days=14)).then(CREATED, TRIAL)
    trial = given(CREATED, TRIAL)
    assert grants_access(trial.state)
    trial.when(STORE).then(STORED)
    with_method = given(CREATED, TRIAL, STORED)
    with_method.when(renew(END - 3 * DAY)).then_nothing()
    announced = events.RenewalAnnounced(renews_at=END, at=END - 2 * DAY)
    with_method.when(renew(END - 2 * DAY)).then(announced)
    given(CREATED, TRIAL, STORED, announced).when(renew(END - DAY)).then_nothing()
    with_method.when(renew(END)).then(renewal(1, END))
    underway = given(CREATED, TRIAL, STORED, renewal(1, END))
    month = add_months(END, 1)
    underway.when(paid("s.1", END + DAY)).then(
        events.SubscriptionRenewed(payment_id=PaymentId("s.1"), renews_at=month, at=END + DAY)
    )
    later = given(*underway.log_after([paid("s.1", END)]))
    later.when(renew(month - DAY)).then(renewal(2, month - DAY))


def test_a_cancelled_trial_costs_nothing() -> None:
    cancel = commands.CancelSubscription(at_once=False, at=END - DAY)
    log = given(CREATED, TRIAL, STORED).log_after([cancel, renew(END), end_period(END)])
    assert [type(event) for event in log[3:]] == [
        events.CancellationScheduled, events.SubscriptionEnded,
    ]  # fmt: skip


def test_a_trial_whose_first_charge_fails_ends_at_once() -> None:
    """R-PAY-11: access without money is not prolonged."""
    ended = events.SubscriptionEnded(reason="payment_failed", at=END)
    given(CREATED, TRIAL, STORED, renewal(1, END)).when(unpaid("s.1", END)).then(ended)


def test_a_trial_without_a_method_is_paid_by_hand_before_its_end() -> None:
    """R-PAY-14: a payment that fails early leaves the rest of the trial, and is tried again."""
    trial = given(CREATED, TRIAL)
    trial.when(renew(END - 3 * DAY, "stripe")).then_nothing()
    trial.when(renew(END - 2 * DAY, "stripe")).then(BY_HAND)
    trial.when(renew(END)).then(events.SubscriptionEnded(reason="expired", at=END))
    early = given(CREATED, TRIAL, BY_HAND)
    early.when(paid("s.1", END - DAY)).then(
        events.SubscriptionRenewed(
            payment_id=PaymentId("s.1"), renews_at=add_months(END, 1), at=END - DAY
        )
    )
    failed = events.SubscriptionPastDue(
        payment_id=PaymentId("s.1"), failed=1, retry_at=END - DAY, at=END - DAY
    )
    early.when(unpaid("s.1", END - DAY)).then(failed)
    given(CREATED, TRIAL, BY_HAND, failed).when(renew(END - DAY, "stripe")).then(
        replace(BY_HAND, payment_id=PaymentId("s.1.2"), at=END - DAY)
    )


def test_a_method_stored_after_a_declined_payment_is_announced_and_then_charged() -> None:
    """R-PAY-14: as any other first charge after a trial."""
    failed = events.SubscriptionPastDue(
        payment_id=PaymentId("s.1"), failed=1, retry_at=END - DAY, at=END - DAY
    )
    announced = events.RenewalAnnounced(renews_at=END, at=END - DAY)
    stored = (CREATED, TRIAL, BY_HAND, failed, STORED)
    given(*stored).when(renew(END - DAY)).then(announced)
    given(*stored, announced).when(renew(END - DAY)).then_nothing()
    given(*stored, announced).when(renew(END)).then(
        replace(renewal(1, END), payment_id=PaymentId("s.1.2"))
    )


def test_a_trial_goes_on_however_often_its_payment_fails() -> None:
    """R-PAY-11: after five failures, no other payment is offered before its end."""
    log: tuple[events.SubscriptionEvent, ...] = (CREATED, TRIAL)
    at = END - 2 * DAY
    for number in range(5):
        payment_id = f"s.1.{number + 1}" if number else "s.1"
        log = given(*log).log_after([renew(at, "stripe"), unpaid(payment_id, at)])
        assert grants_access(given(*log).state)
    given(*log).when(renew(END - DAY, "stripe")).then_nothing()
    given(*log).when(renew(END, "stripe")).then(
        events.SubscriptionEnded(reason="payment_failed", at=END)
    )


def test_an_outage_of_all_gateways_takes_no_try_of_a_trial() -> None:
    """R-PAY-11, R-PAY-14: another payment is offered some minutes later, until the end."""
    log: tuple[events.SubscriptionEvent, ...] = (CREATED, TRIAL)
    at = END - 2 * DAY
    for number, pause in enumerate((*OUTAGE_PAUSES, *[OUTAGE_PAUSES[-1]] * 5)):
        payment_id = f"s.1.{number + 1}" if number else "s.1"
        unreached = replace(unpaid(payment_id, at), no_gateway=True)
        log = given(*log).log_after([renew(at, "stripe"), unreached])
        given(*log).when(renew(at + timedelta(minutes=1), "stripe")).then_nothing()
        at += pause
    first = replace(BY_HAND, payment_id=PaymentId("s.1.9"), at=at)
    given(*log).when(renew(at, "stripe")).then(first)
    declined = events.SubscriptionPastDue(
        payment_id=PaymentId("s.1.9"), failed=1, retry_at=at, at=at
    )
    given(*log, first).when(unpaid("s.1.9", at)).then(declined)
    soon = END - timedelta(minutes=1)
    unreached = replace(unpaid("s.1.9", soon), no_gateway=True)
    given(*log, first).when(unreached).then(replace(declined, failed=0, retry_at=END, at=soon))
    over = events.SubscriptionEnded(reason="payment_failed", at=END)
    given(*log).when(renew(END, "stripe")).then(over)


def test_a_trial_that_was_not_paid_by_hand_ends_on_its_date() -> None:
    """R-PAY-12: another payment would keep it open for a day."""
    ended = events.SubscriptionEnded(reason="payment_failed", at=END)
    failed = given(CREATED, TRIAL).log_after([renew(END - 2 * DAY, "stripe"), unpaid("s.1", AT)])
    assert isinstance(failed[-1], events.SubscriptionPastDue)
    given(*failed).when(renew(END, "stripe")).then(ended)
    given(CREATED, TRIAL).when(renew(END, "stripe")).then(replace(ended, reason="expired"))
    given(*failed, STORED).when(renew(END)).then(
        replace(renewal(1, END), payment_id=PaymentId("s.1.2"))
    )


def test_a_method_that_is_stored_during_a_trial_is_not_charged_before_its_end() -> None:
    """R-PAY-14: also if a payment by hand has begun."""
    withdrawn = events.RenewalWithdrawn(payment_id=PaymentId("s.1"), at=AT)
    given(CREATED, TRIAL, BY_HAND).when(STORE).then(STORED, withdrawn)
    again = replace(renewal(1, END), payment_id=PaymentId("s.1.2"))
    given(CREATED, TRIAL, BY_HAND, STORED, withdrawn).when(renew(END)).then(again)


def test_a_trial_is_never_refunded() -> None:
    refunded = commands.NoteRefunded(payment_id=PaymentId("s.1"), at=AT)
    given(CREATED, TRIAL).when(refunded).then_nothing()


def test_a_plan_offers_one_trial() -> None:
    """R-CAT-01"""
    change = ChangeTrial(days=14, at=catalog.AT)
    changed = PlanTrialChanged(days=14, at=catalog.AT)
    of_plan = specification(PLAN)
    plan = of_plan(catalog.DRAFTED)
    plan.when(change).then(changed)
    of_plan(catalog.DRAFTED, changed).when(change).then_nothing()
    plan.when(replace(change, days=0)).then_nothing()


@pytest.mark.parametrize("days", [-1, 1, MIN_TRIAL_DAYS - 1, MAX_TRIAL_DAYS + 1])
def test_a_trial_has_a_shortest_and_a_longest_time(days: int) -> None:
    is_refused(InvalidValue, lambda: ChangeTrial(days=days, at=AT))


def test_access_after_a_trial_equals_money_in_every_order_of_commands() -> None:
    """R-PAY-12: once the trial is over, access needs its payment, which is charged once."""
    times = [AT, END - 2 * DAY, END - DAY, END, END + DAY]
    for order in product(range(5), repeat=len(times)):
        log: tuple[events.SubscriptionEvent, ...] = (CREATED, TRIAL)
        for choice, at in zip(order, times, strict=True):
            state = given(*log).state
            renewing = state.renewing if isinstance(state, Active) else None
            wanted: list[commands.SubscriptionCommand] = [end_period(at), renew(at, "stripe")]
            if choice == 1:
                wanted = [replace(STORE, at=at)]
            elif choice == 2 and renewing is not None:
                wanted = [paid(renewing, at)]
            elif choice == 3 and renewing is not None:
                wanted = [commands.NoteUnpaid(payment_id=renewing, at=at)]
            elif choice == 4:
                wanted = [commands.CancelSubscription(at_once=False, at=at), end_period(at)]
            log = given(*log).log_after(wanted)
        over = END + 2 * DAY
        log = given(*log).log_after([end_period(over), renew(over, "stripe")])
        state = given(*log).state
        if isinstance(state, Active) and state.renewing is not None:  # expires if nobody pays
            log = given(*log).log_after([commands.NoteUnpaid(payment_id=state.renewing, at=over)])
        money = [event for event in log if isinstance(event, events.SubscriptionRenewed)]
        cancelled = any(isinstance(event, events.CancellationScheduled) for event in log)
        assert grants_access(given(*log).state) == bool(money), (order, log)
        assert len(money) <= 1
        charged = [
            event.at
            for event in log
            if isinstance(event, events.RenewalStarted) and event.method is not None
        ]
        assert all(at >= END for at in charged), (order, log)
        assert cancelled or money or isinstance(log[-1], events.SubscriptionEnded)


def test_other_methods_do_not_prolong_a_trial() -> None:
    """R-PAY-11: the charge that is under way at its end decides."""
    underway = (CREATED, TRIAL, STORED, renewal(1, END))
    other = StoredMethod("stripe", "customer", "other")
    stored = events.MethodStored(method=other, at=END + DAY)
    given(*underway).when(replace(STORE, method=other, at=END + DAY)).then(stored)
    ended = events.SubscriptionEnded(reason="payment_failed", at=END + DAY)
    given(*underway, stored).when(unpaid("s.1", END + DAY)).then(ended)
