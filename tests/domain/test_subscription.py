from dataclasses import replace

import pytest

from domain.ids import PaymentId
from domain.subscriptions import commands, events
from domain.subscriptions.states import add_months, grants_access
from tests.domain.subscriptions import (
    ACTIVATED,
    AT,
    CREATE,
    CREATED,
    ENDED,
    FEBRUARY,
    MARCH,
    given,
    paid,
    renew,
    unpaid,
)


def test_a_subscription_is_created_pending_once() -> None:
    """R-PAY-01"""
    given().when(CREATE).then(CREATED)
    given(CREATED).when(CREATE).then_rejected(commands.SubscriptionExists)
    assert not grants_access(given(CREATED).state)


def test_the_first_payment_activates_and_sets_the_renewal_date() -> None:
    """R-PAY-08, R-EVT-01"""
    given(CREATED).when(paid(1)).then(ACTIVATED)
    given(CREATED, ACTIVATED).when(paid(1)).then_nothing()
    assert grants_access(given(CREATED, ACTIVATED).state)


def test_each_payment_moves_the_renewal_date_on() -> None:
    """R-PAY-14: to the day of the activation, however long the payment took."""
    renewed = events.SubscriptionRenewed(payment_id=PaymentId("2"), renews_at=MARCH, at=FEBRUARY)
    given(CREATED, ACTIVATED).when(paid(2, FEBRUARY)).then(renewed)
    given(CREATED, ACTIVATED, renewed).when(paid(2, FEBRUARY)).then_nothing()
    given(CREATED, ACTIVATED, renewed).when(paid(1, FEBRUARY)).then_nothing()


def test_an_unpaid_subscription_is_cancelled() -> None:
    """R-PAY-11"""
    failed = events.SubscriptionEnded(reason="payment_failed", at=AT)
    given(CREATED).when(unpaid("1", AT)).then(failed)
    given(CREATED, failed).when(unpaid("1", AT)).then_nothing()


def test_refunding_the_latest_payment_withdraws_access() -> None:
    """R-PAY-12"""
    refunded = commands.NoteRefunded(payment_id=PaymentId("1"), at=AT)
    given(CREATED, ACTIVATED).when(refunded).then(
        events.SubscriptionEnded(reason="refunded", at=AT)
    )
    other = replace(refunded, payment_id=PaymentId("0"))
    given(CREATED, ACTIVATED).when(other).then_nothing()


def test_a_cancellation_takes_effect_at_the_end_of_the_period_or_at_once() -> None:
    at_end = commands.CancelSubscription(at_once=False, at=AT)
    scheduled = events.CancellationScheduled(ends_at=FEBRUARY, at=AT)
    given(CREATED, ACTIVATED).when(at_end).then(scheduled)
    given(CREATED, ACTIVATED, scheduled).when(at_end).then_nothing()
    given(CREATED, ACTIVATED).when(replace(at_end, at_once=True)).then(ENDED)
    cancelled = given(CREATED, ACTIVATED, scheduled)
    cancelled.when(commands.EndPeriod(at=AT)).then_nothing()
    cancelled.when(renew(FEBRUARY, "stripe")).then_nothing()
    cancelled.when(commands.EndPeriod(at=FEBRUARY)).then(replace(ENDED, at=FEBRUARY))
    given(CREATED, ACTIVATED).when(commands.EndPeriod(at=FEBRUARY)).then_nothing()


def test_a_cancellation_can_be_taken_back() -> None:
    resume = commands.ResumeSubscription(at=AT)
    scheduled = events.CancellationScheduled(ends_at=FEBRUARY, at=AT)
    resumed = events.SubscriptionResumed(at=AT)
    given(CREATED, ACTIVATED, scheduled).when(resume).then(resumed)
    given(CREATED, ACTIVATED).when(resume).then_nothing()
    renewed = given(CREATED, ACTIVATED, scheduled, resumed).log_after([paid(2, FEBRUARY)])
    given(*renewed).when(commands.EndPeriod(at=FEBRUARY)).then_nothing()
    given(CREATED).when(resume).then_rejected(commands.SubscriptionNotActive)
    given(CREATED, ACTIVATED, ENDED).when(resume).then_rejected(commands.SubscriptionNotActive)


@pytest.mark.parametrize("command", [paid(1), unpaid("1"), commands.EndPeriod(at=AT)])
def test_an_unknown_subscription_is_refused(command: commands.SubscriptionCommand) -> None:
    given().when(command).then_rejected(commands.SubscriptionNotFound)


@pytest.mark.parametrize(
    ("months", "day"),
    [(1, "2030-02-28"), (2, "2030-03-31"), (12, "2031-01-31"), (25, "2032-02-29")],
)
def test_months_end_with_their_last_day(months: int, day: str) -> None:
    """R-PAY-14"""
    assert add_months(AT, months).date().isoformat() == day
