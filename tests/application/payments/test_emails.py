"""E-mails about enrollments, payments and subscriptions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from application.payments.emails import NAMES
from domain.catalog import events as catalog
from domain.discounts import Reduction
from domain.enrollments import events as enrollments
from domain.ids import CouponId, SessionId, WorkoutId
from domain.money import Money
from domain.payments import events as payments
from domain.personal import Personal
from domain.subscriptions import events as subscriptions
from domain.users.commands import ChangeProfile
from tests.application.payments.email_events import (
    ACTIVATED,
    CHANGE_STARTED,
    COACH,
    FIRST,
    LATER,
    LESS,
    METHOD,
    PAUSED,
    PLAN,
    PRICE,
    SCHEDULE,
    SECOND,
    SUBSCRIPTION,
    TERMS,
    buyer,
    created,
    happen,
    shop,
    subjects,
)
from tests.application.users.users_fixture import ADDRESS, AT, UsersFixture


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with shop(tmp_path) as built:
        yield built


def test_an_enrollment_is_confirmed_once_with_its_first_workout(users: UsersFixture) -> None:
    """R-CAT-04, R-EVT-03"""
    happen(
        users,
        "enrollment-e",
        enrollments.EnrollmentCreated(
            user_id=buyer(users), trainer_id=COACH, plan_id=PLAN, plan_number=1,
            schedule=SCHEDULE, subscription_id=None, at=AT,
        ),
        enrollments.WorkoutScheduled(
            number=1, workout_id=WorkoutId("legs"), session_id=SessionId("e.1.1"),
            due_on=AT.date(),
        ),
        enrollments.EnrollmentActivated(at=AT),
    )  # fmt: skip
    (mail,) = users.mailbox.mails
    assert (mail.to, mail.subject) == (ADDRESS, "You are enrolled in First <squats>")
    assert "January 1, 2030" in mail.text
    assert "https://kinelog.example/plan.html?plan=squats" in mail.text
    assert "First &lt;squats&gt;" in mail.html


def test_an_enrollment_that_was_paid_later_names_the_new_day(users: UsersFixture) -> None:
    """R-CAT-04: the payment took a day, so the first workout is due a day later."""
    first = enrollments.WorkoutScheduled(
        number=1, workout_id=WorkoutId("legs"), session_id=SessionId("e.1.1"), due_on=AT.date()
    )
    happen(
        users,
        "enrollment-e",
        enrollments.EnrollmentCreated(
            user_id=buyer(users), trainer_id=COACH, plan_id=PLAN, plan_number=1,
            schedule=SCHEDULE, subscription_id=SUBSCRIPTION, at=AT,
        ),
        first,
        enrollments.EnrollmentActivated(at=AT + timedelta(days=1)),
        replace(first, session_id=SessionId("e.1.1.2"), due_on=AT.date() + timedelta(days=1)),
    )  # fmt: skip
    assert "January 2, 2030" in users.mailbox.mails[-1].text


def test_a_payment_is_confirmed_with_a_link_to_what_is_open_now(users: UsersFixture) -> None:
    """R-PAY-10, C-28"""
    completed = payments.PaymentCompleted(
        attempt=1, reference="pi_1", amount=PRICE.amount, source="webhook", at=AT
    )
    happen(users, f"payment-{FIRST}", *created(users), completed)
    (mail,) = users.mailbox.mails
    assert mail.subject == "Payment received for First <squats>"
    assert "€19.99" in mail.text
    assert "Open the plan and its workouts: https://kinelog.example/plan.html?plan=squats" in (
        mail.text
    )


@pytest.mark.parametrize(("reason", "sent"), [("declined", 1), ("expired", 1), ("cancelled", 0)])
def test_a_failed_payment_is_explained_unless_the_user_cancelled_it(
    users: UsersFixture, reason: payments.FailReason, sent: int
) -> None:
    """R-PAY-11"""
    failed = payments.PaymentFailed(reason=reason, at=AT)
    happen(users, f"payment-{FIRST}", *created(users), failed)
    ended = subscriptions.SubscriptionEnded(reason="payment_failed", at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ended)
    assert subjects(users) == ["Your payment for First <squats> failed"] * sent


def test_a_renewal_is_announced_and_its_failures_are_reported(users: UsersFixture) -> None:
    """R-PAY-11: an e-mail for each failure, and one for the end."""
    past_due = subscriptions.SubscriptionPastDue(payment_id=SECOND, failed=1, retry_at=LATER, at=AT)
    started = subscriptions.RenewalStarted(
        payment_id=SECOND, amount=PRICE.amount, region="EU", gateways=("stripe",), method=METHOD,
        at=AT,
    )  # fmt: skip
    for event in (
        ACTIVATED,
        subscriptions.RenewalAnnounced(renews_at=LATER, at=AT),
        started,
        past_due,
        replace(started, method=None),
        past_due,
        subscriptions.CancellationScheduled(ends_at=LATER, at=AT),
        subscriptions.SubscriptionEnded(reason="payment_failed", at=AT),
    ):
        happen(users, f"subscription-{SUBSCRIPTION}", event)
    failed = payments.PaymentFailed(reason="declined", at=AT)
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), failed)
    assert subjects(users) == [
        "First <squats> will be renewed soon",
        "The renewal of First <squats> failed",
        "Please pay to renew First <squats>",
        "The renewal of First <squats> failed",
        "Your subscription to First <squats> is canceled",
        "Your subscription to First <squats> has ended",
    ]
    assert "January 31, 2030" in users.mailbox.mails[0].text


@pytest.mark.parametrize("locale", ["en", "es", "ru"])
def test_an_end_after_a_refund_does_not_promise_resuming(users: UsersFixture, locale: str) -> None:
    """R-PAY-12: the money of the period that was paid ahead was returned."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    renewed = subscriptions.SubscriptionRenewed(
        payment_id=SECOND, renews_at=LATER + timedelta(days=31), at=AT
    )
    ends = subscriptions.CancellationScheduled(ends_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, renewed, ends)
    (mail,) = users.mailbox.mails
    words = {
        "en": ("January 31, 2030", "a new subscription", "Resume"),
        "es": ("31 de enero de 2030", "una suscripción nueva", "Reanudar"),
        "ru": ("31 января 2030", "новую подписку", "Возобновить"),
    }
    day, again, resume = words[locale]
    assert day in mail.text
    assert again in mail.text
    assert resume not in mail.text


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Los_Angeles", "January 31, 2030"), ("Asia/Tokyo", "February 1, 2030")],
)
def test_a_day_is_that_of_the_time_zone_of_the_profile(
    users: UsersFixture, zone: str, day: str
) -> None:
    """R-EVT-03: as on the billing page. At 2 in UTC, it is still January in Los Angeles."""
    change = ChangeProfile(time_zone=zone)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    ends = datetime(2030, 2, 1, 2, tzinfo=UTC)
    happen(
        users,
        f"subscription-{SUBSCRIPTION}",
        ACTIVATED,
        subscriptions.CancellationScheduled(ends_at=ends, at=AT),
    )
    assert day in users.mailbox.mails[-1].text


def test_a_pause_is_confirmed_and_its_end_announced(users: UsersFixture) -> None:
    """R-PAY-14"""
    back = LATER + timedelta(days=30)
    happen(
        users,
        f"subscription-{SUBSCRIPTION}",
        ACTIVATED,
        subscriptions.PauseScheduled(pauses_at=LATER, resumes_at=back, at=AT),
        subscriptions.SubscriptionPaused(resumes_at=back, at=LATER),
        subscriptions.RenewalAnnounced(renews_at=back, at=back),
    )
    scheduled, announced = users.mailbox.mails
    assert scheduled.subject == "Your subscription to First <squats> will be paused"
    assert announced.subject == "Your pause of First <squats> ends soon"
    for mail in (scheduled, announced):
        assert f"{back:%B %-d, %Y}" in mail.text
    assert "€19.99" in announced.text


def test_no_email_says_that_access_is_open_during_a_pause(users: UsersFixture) -> None:
    """R-PAY-05, R-PAY-11"""
    started = subscriptions.RenewalStarted(
        payment_id=SECOND, amount=PRICE.amount, region="EU", gateways=("stripe",), method=METHOD,
        at=LATER,
    )  # fmt: skip
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, *PAUSED, started)
    action = payments.ActionRequired(attempt=1, at=LATER)
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), action)
    past_due = subscriptions.SubscriptionPastDue(
        payment_id=SECOND, failed=1, retry_at=LATER + timedelta(days=2), at=LATER
    )
    happen(users, f"subscription-{SUBSCRIPTION}", past_due)
    assert subjects(users) == [
        "Your subscription to First <squats> will be paused",
        "Please confirm your payment for First <squats>",
        "The payment after your pause of First <squats> failed",
    ]
    _, confirm, failed = users.mailbox.mails
    assert "access stays open" not in confirm.text + failed.text
    assert f"checkout.html?plan={PLAN}&payment={SECOND}" in confirm.text
    assert "on the billing page now" in failed.text


def test_users_get_a_request_of_their_bank_only_when_away(users: UsersFixture) -> None:
    """R-PAY-05"""
    action = payments.ActionRequired(attempt=1, at=AT)
    happen(users, f"payment-{FIRST}", *created(users), action)
    assert subjects(users) == []
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), action)
    assert subjects(users) == ["Please confirm your payment for First <squats>"]


def test_a_request_to_pay_links_to_the_checkout_of_that_payment(users: UsersFixture) -> None:
    """R-PAY-05"""
    action = payments.ActionRequired(attempt=1, at=AT)
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), action)
    assert f"checkout.html?plan={PLAN}&payment={SECOND}" in users.mailbox.mails[0].text


def test_a_wrong_amount_is_not_called_no_charge(users: UsersFixture) -> None:
    """R-PAY-11: it was charged, and is returned."""
    failed = payments.PaymentFailed(reason="wrong_amount", at=AT)
    happen(users, f"payment-{FIRST}", *created(users), failed)
    (mail,) = users.mailbox.mails
    assert mail.subject == "Your payment for First <squats> did not match its price"
    assert "no money" not in mail.text


def test_refunds_are_reported_with_their_amounts(users: UsersFixture) -> None:
    """R-PAY-12"""
    part, rest = Money(500, "EUR"), Money(1499, "EUR")
    happen(
        users,
        f"payment-{FIRST}",
        *created(users),
        payments.PartiallyRefunded(attempt=1, amount=part, returned=part, at=AT),
        payments.PaymentRefunded(attempt=1, amount=rest, completed=True, at=AT),
    )
    assert ["€5.00" in mail.text for mail in users.mailbox.mails] == [True, False]
    assert "€14.99" in users.mailbox.mails[1].text


def test_an_end_by_a_lost_dispute_is_reported(users: UsersFixture) -> None:
    """R-PAY-12, R-EVT-03: the bank tells the user of the money, and we of the access."""
    lost = payments.DisputeLost(
        attempt=1,
        dispute="du_1",
        amount=PRICE.amount,
        returned=PRICE.amount,
        settled=True,
        completed=True,
        at=AT,
    )
    happen(users, f"payment-{FIRST}", *created(users), lost)
    assert not users.mailbox.mails
    ended = subscriptions.SubscriptionEnded(reason="refunded", at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, ended)
    happen(users, f"payment-{FIRST}", lost)
    (mail,) = users.mailbox.mails
    assert mail.subject == "Your subscription to First <squats> has ended"


def test_no_event_that_causes_an_email_has_an_address(users: UsersFixture) -> None:
    """R-EVT-03, R-TEN-09"""
    announced = subscriptions.RenewalAnnounced(renews_at=LATER, at=AT)
    completed = payments.PaymentCompleted(
        attempt=1, reference="pi_1", amount=PRICE.amount, source="webhook", at=AT
    )
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, announced)
    happen(users, f"payment-{FIRST}", *created(users), completed)
    due = [each for each in users.log.scan(after=0, limit=99) if each.event.event_name in NAMES]
    assert [type(each.event) for each in due] == [type(announced), type(completed)]
    assert [mail.to for mail in users.mailbox.mails] == [ADDRESS, ADDRESS]
    assert not [each for each in due if ADDRESS.encode() in users.codec.encode(each.event)]
    assert len(NAMES) == 15


def test_a_change_of_plan_is_confirmed_and_its_renewal_names_the_new_plan(
    users: UsersFixture,
) -> None:
    """R-PAY-14, R-EVT-03"""
    happen(
        users,
        "plan-less",
        catalog.PlanDrafted(
            trainer_id=COACH, title=Personal(COACH, "Less"), description=Personal(COACH, ""),
            terms=TERMS, at=AT,
        ),
        catalog.PlanPublished(number=1, at=AT),
    )  # fmt: skip
    happen(
        users,
        f"subscription-{SUBSCRIPTION}",
        ACTIVATED,
        CHANGE_STARTED,
        subscriptions.PlanChangeFailed(payment_id=SECOND, at=AT),
        subscriptions.PlanChangeScheduled(
            choice=LESS, changes_at=LATER, session_key="key", at=AT
        ),
        subscriptions.RenewalAnnounced(renews_at=LATER, at=AT),
    )  # fmt: skip
    failed, scheduled, announced = users.mailbox.mails
    assert failed.subject == "The payment for your change to Less failed"
    assert "Your payment of €4.00" in failed.text
    assert scheduled.subject == "Your plan changes to Less"
    assert "January 31, 2030" in scheduled.text
    assert "it costs €5.00" in scheduled.text
    assert announced.subject == "Less will be renewed soon"


@pytest.mark.parametrize(("periods", "price"), [(None, "€2.50"), (2, "€5.00")])
def test_the_price_after_a_change_of_plan_is_that_with_a_lasting_coupon(
    users: UsersFixture, periods: int | None, price: str
) -> None:
    """R-PAY-14, R-EVT-03: as it will be charged for each period."""
    half = Reduction(basis_points=5000)
    discounted = subscriptions.SubscriptionDiscounted(
        coupon_id=CouponId("HALF"), reduction=half, plans=(), periods=periods, at=AT
    )
    scheduled = subscriptions.PlanChangeScheduled(
        choice=LESS, changes_at=LATER, session_key="key", at=AT
    )
    happen(users, f"subscription-{SUBSCRIPTION}", discounted, ACTIVATED, scheduled)
    (mail,) = users.mailbox.mails
    assert f"it costs {price} a month." in mail.text


@pytest.mark.parametrize(
    ("locale", "months", "words"),
    [
        ("en", 3, "it costs €5.00 every 3 months."),
        ("en", 12, "it costs €5.00 a year."),
        ("es", 12, "al año."),
        ("ru", 12, "в год."),
        ("ru", 3, "каждые 3 месяца."),
        ("ru", 6, "каждые 6 месяцев."),
    ],
)
def test_the_email_about_a_change_of_plan_names_the_period_of_its_price(
    users: UsersFixture, locale: str, months: int, words: str
) -> None:
    """R-PAY-14, R-EVT-03"""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    scheduled = subscriptions.PlanChangeScheduled(
        choice=replace(LESS, billing_months=months), changes_at=LATER, session_key="key", at=AT
    )
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, scheduled)
    (mail,) = users.mailbox.mails
    assert words in mail.text


def test_a_change_whose_payment_had_a_wrong_amount_is_not_called_unpaid(
    users: UsersFixture,
) -> None:
    """R-PAY-12: money was taken, and is being returned."""
    failed = payments.PaymentFailed(reason="wrong_amount", at=AT)
    happen(users, f"payment-{SECOND}", *created(users), failed)
    change_failed = subscriptions.PlanChangeFailed(payment_id=SECOND, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, CHANGE_STARTED, change_failed)
    (mail,) = users.mailbox.mails
    assert "is not the €4.00 that was due, so we are returning it" in mail.text
    assert "no money was taken" not in mail.text
