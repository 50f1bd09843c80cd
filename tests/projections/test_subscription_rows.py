"""Rows of subscriptions: when there is something to do."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.ids import PaymentId, SubscriptionId
from domain.subscriptions import commands, events
from projections.subscription import SUBSCRIPTION
from tests.domain.test_subscription import ACTIVATED, AT, CREATED, DAY, FEBRUARY, STORED, given
from tests.projections.histories import row_after

TRIAL = events.TrialStarted(ends_at=FEBRUARY, at=AT)
BACK = FEBRUARY + 30 * DAY
PAUSED = (
    events.PauseScheduled(pauses_at=FEBRUARY, resumes_at=BACK, at=AT),
    events.SubscriptionPaused(resumes_at=BACK, at=FEBRUARY),
)


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
