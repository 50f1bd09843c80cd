"""Rows of subscriptions: when there is something to do."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.ids import PaymentId, SubscriptionId
from domain.subscriptions import commands, events
from projections.subscription import SUBSCRIPTION
from tests.domain.plan_changes import CHANGE, CHEAP, CHOICE, changed, scheduled, started
from tests.domain.subscriptions import ACTIVATED, AT, CREATED, DAY, FEBRUARY, STORED, given
from tests.projections.histories import row_after

TRIAL = events.TrialStarted(ends_at=FEBRUARY, at=AT)
BACK = FEBRUARY + 30 * DAY
PAUSED = (
    events.PauseScheduled(pauses_at=FEBRUARY, resumes_at=BACK, at=AT),
    events.SubscriptionPaused(resumes_at=BACK, at=FEBRUARY),
)

UNPAID = events.SubscriptionPastDue(
    payment_id=PaymentId("s.2"), failed=1, retry_at=FEBRUARY + DAY, at=FEBRUARY - DAY
)
UNPAID_BY_HAND = events.SubscriptionPastDue(
    payment_id=PaymentId("s.1.5"), failed=5, retry_at=FEBRUARY, at=FEBRUARY - DAY
)
RESUMED = events.SubscriptionResumed(at=FEBRUARY - DAY)
CANCELLED = events.CancellationScheduled(ends_at=FEBRUARY, at=FEBRUARY - DAY)


def ended(at: datetime, reason: events.EndReason = "payment_failed") -> events.SubscriptionEnded:
    return events.SubscriptionEnded(reason=reason, at=at)


def due_at(*history: Any) -> datetime | None:
    return row_after(SUBSCRIPTION, "subscription-s", *history).due_at


def first_change(*history: Any) -> datetime:
    """Return the time from which the domain has something to do."""
    at = FEBRUARY
    state = given(*history)
    while state.log_after([renew(at)]) == history:
        at += timedelta(hours=1)
    return at


def renew(at: datetime) -> commands.Renew:
    return commands.Renew(subscription_id=SubscriptionId("s"), gateways=("stripe",), at=at)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("cancelled", "canceled"),
        ("refunded", "canceled"),
        ("payment_failed", "expired"),
        ("expired", "expired"),
    ],
)
def test_the_status_of_a_subscription_is_one_of_a_closed_set(
    reason: events.EndReason, status: str
) -> None:
    """C-45: `endReason` says more."""
    ended = events.SubscriptionEnded(reason=reason, at=FEBRUARY)
    row = row_after(SUBSCRIPTION, "subscription-s", CREATED, ACTIVATED, ended)
    assert row.status == status


@pytest.mark.parametrize(
    ("history", "days"),
    [
        ((CREATED, ACTIVATED, STORED, *PAUSED), 7),
        ((CREATED, ACTIVATED, *PAUSED), 0),
        ((CREATED, ACTIVATED, *PAUSED, STORED), 7),
        ((CREATED, TRIAL, STORED, *PAUSED), 2),
        ((CREATED, TRIAL, *PAUSED), 0),
        ((CREATED, TRIAL, *PAUSED, STORED), 2),
    ],
)
def test_a_paused_subscription_is_due_when_there_is_something_to_do(
    history: tuple[Any, ...], days: int
) -> None:
    """R-PAY-14: the announcement of a charge, or else the payment by hand."""
    assert due_at(*history) == BACK - days * DAY == first_change(*history)


def test_a_method_that_is_stored_after_a_failed_payment_does_not_delay_the_retry() -> None:
    failed = events.SubscriptionPastDue(
        payment_id=PaymentId("s.2"), failed=1, retry_at=BACK + 2 * DAY, at=BACK
    )
    assert due_at(CREATED, ACTIVATED, *PAUSED, failed, STORED) == BACK + 2 * DAY


def test_a_method_that_is_stored_while_the_user_may_pay_by_hand_is_announced_and_charged() -> None:
    """R-PAY-14: the payment by hand is withdrawn, and the renewal is due again."""
    log = given(CREATED, ACTIVATED).log_after([renew(FEBRUARY - 7 * DAY)])
    store = commands.StoreMethod(
        subscription_id=SubscriptionId("s"), method=STORED.method, at=FEBRUARY - 6 * DAY
    )
    log = given(*log).log_after([store])
    assert due_at(*log) == FEBRUARY - 7 * DAY
    log = given(*log).log_after([renew(store.at)])
    assert due_at(*log) == FEBRUARY - DAY


@pytest.mark.parametrize(
    "history",
    [
        (UNPAID_BY_HAND, STORED),
        (UNPAID_BY_HAND, CANCELLED, STORED, RESUMED),
    ],
)
def test_a_method_that_is_stored_after_a_failed_trial_payment_is_announced(
    history: tuple[Any, ...],
) -> None:
    """R-PAY-14: at once, and not only when it is charged."""
    due = due_at(CREATED, TRIAL, *history)
    assert due == FEBRUARY - 2 * DAY
    announced = events.RenewalAnnounced(renews_at=FEBRUARY, at=FEBRUARY - DAY)
    assert given(CREATED, TRIAL, *history).log_after([renew(announced.at)])[-1] == announced
    assert due_at(CREATED, TRIAL, *history, announced) == FEBRUARY


NEW = (CREATED, ACTIVATED, STORED)
FAILED = events.PlanChangeFailed(payment_id=CHANGE, at=AT)
WITHDRAWN = events.PlanChangeWithdrawn(payment_id=None, at=AT)
ANNOUNCED = events.RenewalAnnounced(renews_at=FEBRUARY, at=FEBRUARY - 7 * DAY)
RENEWING = events.RenewalStarted(
    payment_id=PaymentId("s.2"), amount=CHEAP.price.amount, region="EU", gateways=("stripe",),
    method=STORED.method, at=FEBRUARY - DAY,
)  # fmt: skip
RENEWED = events.SubscriptionRenewed(
    payment_id=PaymentId("s.2"), renews_at=FEBRUARY + 28 * DAY, at=FEBRUARY - DAY
)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((*NEW, started(AT, 0)), None),
        ((*NEW, started(AT, 0), FAILED), FEBRUARY - 7 * DAY),
        ((*NEW, started(AT, 0), changed(CHOICE, AT)), FEBRUARY - 7 * DAY),
        ((*NEW, scheduled()), FEBRUARY - 7 * DAY),
        ((*NEW, scheduled(), ANNOUNCED), FEBRUARY - DAY),
        ((*NEW, scheduled(), ANNOUNCED, WITHDRAWN), FEBRUARY - 7 * DAY),
        ((*NEW, scheduled(), RENEWING), FEBRUARY),
        ((*NEW, scheduled(), RENEWING, RENEWED), FEBRUARY),
    ],
)  # fmt: skip
def test_a_subscription_whose_plan_changes_is_due_when_there_is_something_to_do(
    history: tuple[Any, ...], expected: datetime | None
) -> None:
    """R-PAY-14: the announcement, the charge, or the change itself."""
    assert due_at(*history) == expected


def test_a_method_that_is_stored_before_a_change_of_plan_is_announced_and_charged() -> None:
    """R-PAY-14: the payment by hand is withdrawn, and the renewal is due before the change."""
    by_hand = replace(RENEWING, method=None, at=FEBRUARY - 7 * DAY)
    stored = replace(STORED, at=by_hand.at)
    withdrawn = events.RenewalWithdrawn(payment_id=by_hand.payment_id, at=by_hand.at)
    history = (CREATED, ACTIVATED, scheduled(), by_hand, stored, withdrawn)
    assert given(*history).log_after([renew(by_hand.at)])[-1] == ANNOUNCED
    assert due_at(*history) == by_hand.at
    assert due_at(*history, ANNOUNCED) == FEBRUARY - DAY


def test_a_row_shows_the_change_and_then_the_new_plan() -> None:
    """R-PAY-14"""
    waiting = row_after(SUBSCRIPTION, "subscription-s", *NEW, scheduled())
    assert (waiting.plan_id, waiting.change_plan_id, waiting.changes_at) == (
        "plan", "less", FEBRUARY,
    )  # fmt: skip
    march = FEBRUARY + 28 * DAY
    switch = changed(CHEAP, FEBRUARY, payment_id=None, renews_at=march)
    row = row_after(
        SUBSCRIPTION, "subscription-s", *NEW, scheduled(), RENEWING, RENEWED, switch
    )  # fmt: skip
    assert (row.plan_id, row.amount_minor, row.change_plan_id) == ("less", 500, None)
    assert row.due_at == march - 7 * DAY


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((UNPAID, ended(FEBRUARY + DAY)), True),
        ((UNPAID, ended(FEBRUARY + DAY, "cancelled")), True),
        ((UNPAID, ended(FEBRUARY - DAY, "cancelled")), False),
        ((UNPAID, CANCELLED, ended(FEBRUARY + DAY, "cancelled")), False),
        ((*PAUSED, UNPAID, ended(BACK + DAY)), False),
        ((ended(FEBRUARY + DAY, "expired"),), False),
        ((UNPAID, ended(FEBRUARY + DAY, "refunded")), False),
    ],
)
def test_a_row_says_whether_access_was_given_after_an_unpaid_date(
    history: tuple[Any, ...], *, expected: bool
) -> None:
    """R-PAY-11"""
    log = (CREATED, ACTIVATED, STORED, *history)
    assert row_after(SUBSCRIPTION, "subscription-s", *log).has_ended_in_grace is expected
    strict = (CREATED, events.GraceWithheld(at=AT), ACTIVATED, STORED, *history)
    assert not row_after(SUBSCRIPTION, "subscription-s", *strict).has_ended_in_grace


def test_an_unpaid_trial_has_no_grace() -> None:
    """R-PAY-11"""
    row = row_after(SUBSCRIPTION, "subscription-s", CREATED, TRIAL, UNPAID, ended(FEBRUARY + DAY))
    assert not row.has_ended_in_grace


def test_a_pending_change_of_plan_says_how_many_months_its_period_has() -> None:
    """R-PAY-14: whether it is scheduled or waits for its payment."""

    def months(*history: Any) -> int | None:
        return row_after(SUBSCRIPTION, "subscription-s", *NEW, *history).change_billing_months

    assert months(started(AT, 0)) == months(scheduled()) == 1
    assert months(started(AT, 0), changed(CHOICE, AT)) is None
    assert months(scheduled(), WITHDRAWN) is None
    assert months(scheduled(), ended(FEBRUARY)) is None
