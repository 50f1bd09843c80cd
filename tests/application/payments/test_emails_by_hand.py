"""E-mails about renewals that the user pays by hand."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.subscriptions import events as subscriptions
from domain.users.commands import ChangeProfile
from tests.application.payments.email_events import (
    ACTIVATED,
    LATER,
    PAUSED,
    PRICE,
    SECOND,
    SUBSCRIPTION,
    buyer,
    happen,
    shop,
)
from tests.application.users.users_fixture import UsersFixture

STARTED = subscriptions.RenewalStarted(
    payment_id=SECOND, amount=PRICE.amount, region="EU", gateways=("stripe",), method=None, at=LATER
)
PAST_DUE = subscriptions.SubscriptionPastDue(
    payment_id=SECOND, failed=1, retry_at=LATER + timedelta(days=2), at=LATER
)


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with shop(tmp_path) as built:
        yield built


@pytest.mark.parametrize("before", [(), PAUSED], ids=["renewal", "pause"])
@pytest.mark.parametrize(
    ("locale", "words", "charge"),
    [
        ("en", "You can pay again from February 2, 2030", "We will try again"),
        ("es", "Podrás pagar de nuevo desde el 2 de febrero de 2030", "Volveremos a intentarlo"),
        ("ru", "Оплатить снова можно будет", "Следующая попытка"),
    ],
)
def test_an_unpaid_renewal_says_when_the_user_can_pay_again(
    users: UsersFixture,
    locale: str,
    words: str,
    charge: str,
    before: tuple[subscriptions.SubscriptionEvent, ...],
) -> None:
    """R-PAY-11, R-EVT-03: nothing is charged without a stored method."""
    change = ChangeProfile(locale=locale)
    users.accounts.execute(buyer(users), [change], origin=users.origin, command_id=uuid4())
    happen(users, f"subscription-{SUBSCRIPTION}", ACTIVATED, *before, STARTED, PAST_DUE)
    mail = users.mailbox.mails[-1]
    assert words in mail.text
    assert charge not in mail.text
    assert "https://kinelog.example/billing.html" in mail.text
