"""E-mails about subscriptions that are cancelled: which plan, and why."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.catalog import events as catalog
from domain.ids import PaymentId
from domain.payments import events as payments
from domain.personal import Personal
from domain.subscriptions import events as subscriptions
from domain.users.commands import ChangeProfile
from domain.users.events import UserErased, UserSuspended
from tests.application.payments.email_events import (
    ACTIVATED,
    COACH,
    FIRST,
    LATER,
    LESS,
    PLAN,
    PRICE,
    SECOND,
    SUBSCRIPTION,
    TERMS,
    buyer,
    created,
    happen,
    shop,
)
from tests.application.users.users_fixture import AT, UsersFixture

ENDED = subscriptions.SubscriptionEnded(reason="refunded", at=AT + timedelta(days=40))
THIRD = PaymentId(f"{SUBSCRIPTION}.3")
CHANGE = subscriptions.PlanChangeScheduled(choice=LESS, changes_at=LATER, session_key="key", at=AT)


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with shop(tmp_path) as built:
        happen(
            built,
            f"plan-{LESS.plan_id}",
            catalog.PlanDrafted(
                trainer_id=COACH, title=Personal(COACH, "Less"), description=Personal(COACH, ""),
                terms=TERMS, at=AT,
            ),
            catalog.PlanPublished(number=1, at=AT),
        )  # fmt: skip
        yield built


def test_a_cancellation_before_a_change_of_plan_names_the_present_plan(
    users: UsersFixture,
) -> None:
    """R-PAY-14, R-EVT-03: the change is taken back."""
    cancelled = subscriptions.CancellationScheduled(ends_at=LATER, at=AT)
    withdrawn = subscriptions.PlanChangeWithdrawn(payment_id=None, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, CHANGE, cancelled, withdrawn)
    mail = users.mailbox.mails[-1]
    assert mail.subject == "Your subscription to First <squats> is canceled"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Your account is suspended"),
        ("es", "Tu cuenta está suspendida"),
        ("ru", "Твой аккаунт заблокирован"),
    ],
)
def test_a_cancellation_because_of_a_suspension_says_so(
    users: UsersFixture, locale: str, words: str
) -> None:
    """R-PAY-14, R-EVT-03: the user has neither access nor a page to resume on."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    happen(users, f"user-{buyer(users)}", UserSuspended(at=AT))
    cancelled = subscriptions.CancellationScheduled(ends_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, cancelled)
    mail = users.mailbox.mails[-1]
    assert words in mail.text
    assert "You have access" not in mail.text


def test_a_cancellation_after_the_next_plan_was_paid_names_that_plan(users: UsersFixture) -> None:
    """R-PAY-14, R-EVT-03: the subscription ends with the period that is paid."""
    ends_at = LATER + timedelta(days=31)
    renewed = subscriptions.SubscriptionRenewed(payment_id=SECOND, renews_at=ends_at, at=AT)
    cancelled = subscriptions.CancellationScheduled(ends_at=ends_at, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, CHANGE, renewed, cancelled)
    assert users.mailbox.mails[-1].subject == "Your subscription to Less is canceled"


def test_a_cancellation_because_the_trainer_was_erased_says_so(users: UsersFixture) -> None:
    """C-24, R-EVT-03: the user has not cancelled, and cannot resume."""
    happen(users, f"user-{COACH}", UserErased(at=AT))
    cancelled = subscriptions.CancellationScheduled(ends_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, cancelled)
    mail = users.mailbox.mails[-1]
    assert "has left" in mail.text
    assert "January 31, 2030" in mail.text
    assert "Resume" not in mail.text


def test_a_refund_that_ends_the_subscription_says_so(users: UsersFixture) -> None:
    """R-PAY-12, R-EVT-03: a refund of another payment, before or after the end, does not."""

    def refund(payment_id: PaymentId, at: datetime) -> None:
        refunded = payments.PaymentRefunded(attempt=1, amount=PRICE.amount, completed=True, at=at)
        happen(users, f"payment-{payment_id}", *created(users), refunded)

    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED)
    refund(FIRST, AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ENDED)
    refund(SECOND, ENDED.at)
    refund(THIRD, ENDED.at + timedelta(days=1))
    before, last, after = [mail.text for mail in users.mailbox.mails]
    assert "We have returned €19.99 for First <squats>" in last
    assert "Your subscription has ended, and its workouts are closed." in last
    assert "has ended" not in before + after


@pytest.mark.parametrize(
    ("stream", "event"),
    [
        (f"user-{COACH}", UserErased(at=AT)),
        (f"plan-{PLAN}", catalog.PlanWithdrawn(at=AT)),
    ],
)
def test_the_end_of_a_plan_that_is_no_longer_offered_does_not_lead_to_it(
    users: UsersFixture, stream: str, event: UserErased | catalog.PlanWithdrawn
) -> None:
    """C-24, R-EVT-03: its page says that there is no such plan."""
    happen(users, stream, event)
    ended = subscriptions.SubscriptionEnded(reason="cancelled", at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, ended)
    mail = users.mailbox.mails[-1]
    assert mail.subject == "Your subscription to First <squats> has ended"
    assert "Find another plan: https://kinelog.example/plans.html?tenant=" in mail.text
    assert "Choose the plan again" not in mail.text
