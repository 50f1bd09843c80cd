"""Money of a period that was paid ahead and is returned before that period begins."""

from datetime import datetime

from domain.ids import PaymentId
from domain.subscriptions import commands, events
from domain.subscriptions.states import grants_access
from tests.domain.subscriptions import (
    ACTIVE,
    AT,
    CREATED,
    DAY,
    FEBRUARY,
    MARCH,
    STORED,
    given,
    paid,
    renew,
)

EARLY = FEBRUARY - DAY
RENEWED = events.SubscriptionRenewed(payment_id=PaymentId("2"), renews_at=MARCH, at=EARLY)
AHEAD = (*ACTIVE, RENEWED)
LAST = events.CancellationScheduled(ends_at=FEBRUARY, at=EARLY)
RETURNED = (*AHEAD, LAST)


def refunded(payment_id: str, at: datetime = EARLY) -> commands.NoteRefunded:
    return commands.NoteRefunded(payment_id=PaymentId(payment_id), at=at)


def ended(at: datetime, reason: events.EndReason = "refunded") -> events.SubscriptionEnded:
    return events.SubscriptionEnded(reason=reason, at=at)


def test_the_period_before_is_used_to_its_end() -> None:
    """R-PAY-11, R-PAY-12: its money is kept; from its date on, no period is paid."""
    given(*AHEAD).when(refunded("2")).then(LAST)
    assert grants_access(given(*RETURNED).state)
    given(*RETURNED).when(commands.EndPeriod(at=FEBRUARY)).then(ended(FEBRUARY, "cancelled"))
    given(*AHEAD).when(refunded("2", FEBRUARY)).then(ended(FEBRUARY))
    given(*AHEAD).when(refunded("1")).then_nothing()


def test_nothing_is_charged_for_it_and_it_is_not_resumed() -> None:
    """R-PAY-12: access would go on to a date whose money was returned."""
    returned = given(*RETURNED)
    for at in (EARLY, FEBRUARY, MARCH):
        returned.when(renew(at)).then_nothing()
    returned.when(commands.ResumeSubscription(at=EARLY)).then_rejected(commands.MoneyReturned)
    pause = commands.PauseSubscription(days=14, at=EARLY)
    returned.when(pause).then_rejected(commands.SubscriptionCancelled)
    returned.when(commands.CancelSubscription(at_once=False, at=EARLY)).then_nothing()


def test_it_ends_at_once_if_the_period_under_way_is_returned_as_well() -> None:
    """R-PAY-12"""
    given(*RETURNED).when(refunded("1")).then(ended(EARLY))
    given(*RETURNED).when(refunded("2")).then_nothing()
    part = commands.NotePartReturned(payment_id=PaymentId("1"), at=EARLY)
    given(*RETURNED).when(part).then_nothing()


def test_a_trial_that_was_paid_ahead_is_used_to_its_end() -> None:
    """R-PAY-12: the trial had no price."""
    trial = (CREATED, events.TrialStarted(ends_at=FEBRUARY, at=AT), STORED)
    (renewed, *_) = given(*trial).log_after([paid(1, EARLY)])[-1:]
    given(*trial, renewed).when(refunded("1")).then(LAST)


def test_a_cancelled_subscription_ends_a_period_earlier() -> None:
    """R-PAY-12"""
    cancelled = events.CancellationScheduled(ends_at=MARCH, at=EARLY)
    given(*AHEAD, cancelled).when(refunded("2")).then(LAST)
