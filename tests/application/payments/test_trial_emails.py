"""E-mails about payments that are announced or offered again: trials, and outages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from domain.payments import events as payments
from domain.subscriptions import events as subscriptions
from domain.users.commands import ChangeProfile
from tests.application.payments.email_events import (
    ACTIVATED,
    FIRST,
    LATER,
    METHOD,
    PAUSED,
    PRICE,
    SECOND,
    SUBSCRIPTION,
    buyer,
    created,
    happen,
    shop,
    subjects,
)
from tests.application.users.users_fixture import AT, UsersFixture

OFFERED = subscriptions.RenewalStarted(
    payment_id=SECOND, amount=PRICE.amount, region="EU", gateways=("stripe",), method=None, at=AT
)


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with shop(tmp_path) as built:
        yield built


def test_the_end_of_a_paused_trial_is_announced_as_the_end_of_the_pause(
    users: UsersFixture,
) -> None:
    """R-PAY-14"""
    trial = subscriptions.TrialStarted(ends_at=LATER, at=AT)
    announced = subscriptions.RenewalAnnounced(renews_at=LATER, at=LATER)
    happen(users, f"subscription-{SUBSCRIPTION}", trial, *PAUSED, announced)
    assert subjects(users)[-1] == "Your pause of First <squats> ends soon"


def test_the_first_charge_after_a_trial_is_announced(users: UsersFixture) -> None:
    """R-PAY-14: and its failure is reported once."""
    for event in (
        subscriptions.TrialStarted(ends_at=LATER, at=AT),
        subscriptions.RenewalAnnounced(renews_at=LATER, at=AT),
        subscriptions.SubscriptionEnded(reason="payment_failed", at=LATER),
    ):
        happen(users, f"subscription-{SUBSCRIPTION}", event)
    failed = payments.PaymentFailed(reason="declined", at=AT)
    happen(users, f"payment-{FIRST}", *created(users, method=METHOD), failed)
    announced, ended = users.mailbox.mails
    assert announced.subject == "Your trial of First <squats> ends soon"
    assert "January 31, 2030" in announced.text
    assert "€19.99" in announced.text
    assert ended.subject == "Your subscription to First <squats> has ended"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Please pay within a day: if it is not paid, your subscription ends."),
        ("es", "Paga en el plazo de un día: si no se paga, tu suscripción termina."),
        ("ru", "Оплати её в течение суток: без оплаты подписка закончится."),
    ],
)
def test_a_payment_by_hand_after_a_paused_trial_names_the_time_for_it(
    users: UsersFixture, locale: str, words: str
) -> None:
    """R-PAY-11: nothing is tried again after a trial. After other pauses, it can be paid later."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    trial = subscriptions.TrialStarted(ends_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", trial, *PAUSED, OFFERED)
    assert words in users.mailbox.mails[-1].text
    assert "/checkout.html?plan=squats&payment=s.2" in users.mailbox.mails[-1].text


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Please confirm it within a day: if it is not paid, your subscription ends."),
        ("es", "Confírmalo en el plazo de un día: si no se paga, tu suscripción termina."),
        ("ru", "в течение суток: без оплаты подписка закончится."),
    ],
)
@pytest.mark.parametrize("pause", [(), PAUSED], ids=["trial", "paused trial"])
def test_a_request_of_the_bank_after_a_trial_names_the_time_for_it(
    users: UsersFixture,
    pause: tuple[subscriptions.SubscriptionEvent, ...],
    locale: str,
    words: str,
) -> None:
    """R-PAY-11: a charge at the end of a trial that is not confirmed ends the subscription."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    trial = subscriptions.TrialStarted(ends_at=LATER, at=AT)
    charged = replace(OFFERED, method=METHOD, at=LATER)
    happen(users, f"subscription-{SUBSCRIPTION}", trial, *pause, charged)
    action = payments.ActionRequired(attempt=1, at=LATER)
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), action)
    mail = users.mailbox.mails[-1]
    assert words in mail.text
    assert "/checkout.html?plan=squats&payment=s.2" in mail.text


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "has ended because its last payment did not succeed"),
        ("es", "ha terminado porque el último pago no se ha completado"),
        ("ru", "закончилась, потому что последний платёж не прошёл"),
    ],
)
@pytest.mark.parametrize("begun", [subscriptions.TrialStarted(ends_at=LATER, at=AT), ACTIVATED])
def test_an_end_because_of_a_failed_payment_says_so(
    users: UsersFixture, begun: subscriptions.SubscriptionEvent, locale: str, words: str
) -> None:
    """R-PAY-11: the end of a trial is the only e-mail about the charge that failed."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    ended = subscriptions.SubscriptionEnded(reason="payment_failed", at=LATER)
    happen(users, f"subscription-{SUBSCRIPTION}", begun, ended)
    mail = users.mailbox.mails[-1]
    assert words in mail.text
    assert "https://kinelog.example/plan.html?plan=squats" in mail.text


@pytest.mark.parametrize(
    ("locale", "words", "renewal"),
    [
        ("en", "ends on January 31, 2030. To go on after it, please pay €19.99 by then", "renew"),
        ("es", "termina el 31 de enero de 2030. Para seguir después, paga antes", "renovar"),
        ("ru", "31 января 2030", "продли"),
    ],
)
def test_a_payment_by_hand_at_the_end_of_a_trial_is_not_called_a_renewal(
    users: UsersFixture, locale: str, words: str, renewal: str
) -> None:
    """R-PAY-14, R-EVT-03: it names the day until which it can be paid."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    trial = subscriptions.TrialStarted(ends_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", trial, OFFERED)
    (mail,) = users.mailbox.mails
    assert words in mail.text.replace("\N{NO-BREAK SPACE}", " ")
    assert renewal not in mail.subject + mail.text
    assert "https://kinelog.example/checkout.html?plan=squats&payment=s.2" in mail.text


@pytest.mark.parametrize(
    ("locale", "words", "paid"),
    [
        ("en", "pauses at the end of its current period", "paid"),
        ("es", "al final del periodo actual", "pagado"),
        ("ru", "в конце текущего срока", "оплаченн"),
    ],
)
def test_a_pause_after_a_trial_does_not_say_that_something_was_paid(
    users: UsersFixture, locale: str, words: str, paid: str
) -> None:
    """R-PAY-14"""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    trial = subscriptions.TrialStarted(ends_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", trial, PAUSED[0])
    mail = users.mailbox.mails[-1]
    assert words in mail.text
    assert paid not in mail.text


def test_a_payment_that_fails_during_a_trial_is_not_called_a_renewal(users: UsersFixture) -> None:
    """R-PAY-11: access stays until the end of the trial. An outage of gateways is not mentioned."""
    outage = payments.PaymentFailed(reason="no_gateway", at=AT)
    happen(users, f"payment-{SECOND}", *created(users), outage)
    happen(
        users,
        f"subscription-{SUBSCRIPTION}",
        subscriptions.TrialStarted(ends_at=LATER, at=AT),
        subscriptions.SubscriptionPastDue(payment_id=SECOND, failed=0, retry_at=LATER, at=AT),
        subscriptions.SubscriptionPastDue(payment_id=FIRST, failed=1, retry_at=LATER, at=AT),
    )
    (mail,) = users.mailbox.mails
    assert mail.subject == "Your payment for First <squats> failed"
    assert "renew" not in mail.text
    assert "trial goes on until January 31, 2030" in mail.text


def test_a_renewal_by_hand_that_no_gateway_could_take_is_not_called_a_failure(
    users: UsersFixture,
) -> None:
    """R-PAY-11: another payment is offered soon. With a stored method, it was a try."""
    outage = payments.PaymentFailed(reason="no_gateway", at=AT)
    happen(users, f"payment-{SECOND}", *created(users), outage)
    past_due = subscriptions.SubscriptionPastDue(payment_id=SECOND, failed=0, retry_at=LATER, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, OFFERED, past_due)
    assert subjects(users) == []
    stored = subscriptions.MethodStored(method=METHOD, at=AT)
    happen(users, f"subscription-{SUBSCRIPTION}", stored, replace(past_due, failed=1))
    assert len(subjects(users)) == 1
