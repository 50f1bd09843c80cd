"""E-mails about payments that are sent late, such as after an outage of the mail server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.ids import PaymentId
from domain.payments import events as payments
from domain.subscriptions import events as subscriptions
from tests.application.payments.email_events import (
    ACTIVATED,
    LATER,
    LESS,
    METHOD,
    PRICE,
    SECOND,
    SUBSCRIPTION,
    created,
    happen,
    shop,
    subjects,
)
from tests.application.users.users_fixture import AT, UsersFixture

ANNOUNCED = subscriptions.RenewalAnnounced(renews_at=LATER, at=AT)
STARTED = subscriptions.RenewalStarted(
    payment_id=SECOND, amount=PRICE.amount, region="EU", gateways=("stripe",), method=METHOD, at=AT
)
BY_HAND = replace(STARTED, method=None)
PAST_DUE = subscriptions.SubscriptionPastDue(payment_id=SECOND, failed=1, retry_at=LATER, at=AT)
THIRD = PaymentId("s.2.2")
AGAIN_PAST_DUE = replace(PAST_DUE, payment_id=THIRD, failed=2)
RENEWED = subscriptions.SubscriptionRenewed(
    payment_id=SECOND, renews_at=LATER + timedelta(days=31), at=AT
)
CHANGE = subscriptions.PlanChangeScheduled(choice=LESS, changes_at=LATER, session_key="key", at=AT)
CANCELLED = subscriptions.CancellationScheduled(ends_at=LATER, at=AT)
PAUSE = subscriptions.PauseScheduled(pauses_at=LATER, resumes_at=LATER, at=AT)
ENDED = subscriptions.SubscriptionEnded(reason="payment_failed", at=AT)


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with shop(tmp_path) as built:
        yield built


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [
        (
            payments.PaymentCompleted(
                attempt=1, reference="pi_1", amount=PRICE.amount, source="webhook", at=AT
            ),
            ["Payment received for First <squats>"],
        ),
        (payments.PaymentFailed(reason="declined", at=AT), []),
    ],
)
def test_no_email_requests_the_confirmation_of_a_payment_that_is_over(
    users: UsersFixture, outcome: Any, subject: list[str]
) -> None:
    """R-PAY-05, R-EVT-03: confirmed in the bank's app, before the e-mail could be sent."""
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, STARTED)
    action = payments.ActionRequired(attempt=1, at=AT)
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), action, outcome)
    assert subjects(users) == subject


@pytest.mark.parametrize(
    ("events", "subject"),
    [
        ((ANNOUNCED, CANCELLED), ["Your subscription to First <squats> is canceled"]),
        ((ANNOUNCED, PAUSE), ["Your subscription to First <squats> will be paused"]),
        ((ANNOUNCED, STARTED, RENEWED), []),
        (
            (ANNOUNCED, CHANGE, ANNOUNCED),  # the other plan has no title here
            ["Your plan changes to your plan", "your plan will be renewed soon"],
        ),
        ((BY_HAND, RENEWED), []),
        ((BY_HAND, subscriptions.RenewalWithdrawn(payment_id=SECOND, at=AT)), []),
        ((STARTED, PAST_DUE, RENEWED), []),
        ((STARTED, PAST_DUE, ENDED), ["Your subscription to First <squats> has ended"]),
        (
            (STARTED, PAST_DUE, replace(STARTED, payment_id=THIRD), AGAIN_PAST_DUE),
            ["The renewal of First <squats> failed"],
        ),
    ],
)
def test_no_email_announces_what_will_not_happen(
    users: UsersFixture, events: tuple[Any, ...], subject: list[str]
) -> None:
    """R-PAY-11, R-EVT-03: the events happened before the first e-mail could be sent."""
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, *events)
    assert subjects(users) == subject
