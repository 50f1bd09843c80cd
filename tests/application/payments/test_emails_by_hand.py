"""E-mails about renewals that the user pays by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.payments import events as payments
from domain.subscriptions import events as subscriptions
from domain.users.commands import ChangeProfile
from tests.application.payments.email_events import (
    ACTIVATED,
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

STARTED = subscriptions.RenewalStarted(
    payment_id=SECOND, amount=PRICE.amount, region="EU", gateways=("stripe",), method=None, at=LATER
)
WITHHELD = subscriptions.GraceWithheld(at=AT)
PAST_DUE = subscriptions.SubscriptionPastDue(
    payment_id=SECOND, failed=1, retry_at=LATER + timedelta(days=2), at=LATER
)


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with shop(tmp_path) as built:
        yield built


@pytest.mark.parametrize(
    ("locale", "before", "words", "charge"),
    [
        ("en", (), "You can pay again from February 2, 2030", "We will try again"),
        ("es", (), "Podrás pagar de nuevo desde el 2 de febrero de 2030", "Volveremos"),
        ("ru", (), "Оплатить снова можно будет", "Следующая попытка"),
        ("en", PAUSED, "You can pay it on the billing page now", "We will try again"),
        ("es", PAUSED, "Ya puedes pagarlo", "Volveremos"),
        ("ru", PAUSED, "Оплатить её можно уже сейчас", "Следующая попытка"),
    ],
)
def test_an_unpaid_renewal_says_when_the_user_can_pay_again(
    users: UsersFixture,
    locale: str,
    before: tuple[subscriptions.SubscriptionEvent, ...],
    words: str,
    charge: str,
) -> None:
    """R-PAY-11, R-EVT-03: nothing is charged without a stored method."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, *before, STARTED, PAST_DUE)
    mail = users.mailbox.mails[-1]
    assert words in mail.text
    assert charge not in mail.text
    assert "https://kinelog.example/billing.html" in mail.text


@pytest.mark.parametrize(
    ("locale", "words", "renewal"),
    [
        ("en", "Your pause of First <squats> is over. To continue, please pay €19.99", "renew"),
        ("es", "ha terminado. Para seguir, paga 19,99", "renovar"),
        ("ru", "закончилась. Чтобы продолжить, заплати 19,99 €", "продли"),
    ],
)
def test_a_payment_by_hand_at_the_end_of_a_pause_is_not_called_a_renewal(
    users: UsersFixture, locale: str, words: str, renewal: str
) -> None:
    """R-PAY-11, R-EVT-03: the workouts are closed until it is paid."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, *PAUSED, STARTED)
    mail = users.mailbox.mails[-1]
    assert words in mail.text.replace("\N{NO-BREAK SPACE}", " ")
    assert renewal not in mail.subject + mail.text
    assert "https://kinelog.example/checkout.html?plan=squats&payment=s.2" in mail.text


def test_without_grace_the_last_unpaid_renewal_says_when_access_ends(users: UsersFixture) -> None:
    """R-PAY-11, R-EVT-03: before it, another payment is offered at once, with an e-mail."""
    failed = replace(PAST_DUE, retry_at=AT, at=AT)
    last = replace(failed, failed=5, retry_at=LATER)
    for event in (WITHHELD, ACTIVATED, STARTED, failed, last):
        happen(users, f"subscription-{SUBSCRIPTION}", event)
    assert subjects(users) == [
        "Please pay to renew First <squats>",
        "The renewal of First <squats> failed",
    ]
    text = users.mailbox.mails[-1].text
    assert "You have access until January 31, 2030" in text
    assert "pay again" not in text


def test_without_grace_a_request_of_the_bank_does_not_say_that_access_stays(
    users: UsersFixture,
) -> None:
    """R-PAY-11, R-EVT-03: a renewal that is not confirmed in time ends it."""
    started = replace(STARTED, method=METHOD)
    happen(users, f"subscription-{SUBSCRIPTION}", WITHHELD, ACTIVATED, started)
    action = payments.ActionRequired(attempt=1, at=LATER)
    happen(users, f"payment-{SECOND}", *created(users, method=METHOD), action)
    (mail,) = users.mailbox.mails
    assert mail.subject == "Please confirm your payment for First <squats>"
    assert "access stays open" not in mail.text
    assert "within a day" in mail.text
