"""Processes killed between each two steps of a purchase, a cancellation and a refund."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from uuid import uuid5

import pytest

from application.payments.policy import first_payment_of
from application.payments.trials import SUBSCRIPTION_IDS
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, UserId
from domain.payments.states import Started
from domain.subscriptions.states import grants_access
from tests.api.driver import ApiDriver
from tests.api.killed_payments import COMMAND, KEPT, LATER, Order, Processes, carry_out, opened
from tests.api.paying import KEY, deliver, enroll, paying
from tests.data_folders import prepared
from tools.payments.stripe_simulator import StripeSimulator

pytestmark = pytest.mark.slow

PRICE = 1999


@dataclass(frozen=True)
class Outcome:
    """Where the money and the access are, and the events that say so."""

    events: Counter[str]
    payment: str
    charged: tuple[int, ...]
    returned: tuple[int, ...]
    intents: tuple[str, ...]
    has_access: bool


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    with closing(Processes()) as running:
        yield running


@pytest.fixture
def stripe() -> Iterator[StripeSimulator]:
    with StripeSimulator(KEY.get_secret_value()) as running:
        yield running


def buying(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to buy a plan. The user pays, and the webhook is lost."""
    del driver, stripe
    key = str(uuid5(SUBSCRIPTION_IDS, f"{DEFAULT_TENANT}/{COMMAND}"))
    return replace(order, subscription=key, client="buy", plan="squats")


def completing(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to take the webhook of a charge."""
    key = enroll(driver)["subscriptionId"]
    stripe.pay("pi_1", "pm_card_visa")
    return replace(order, subscription=key, webhook=stripe.webhooks[-1].body.decode())


def cancelling(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to cancel an unpaid purchase."""
    del stripe
    return replace(order, subscription=enroll(driver)["subscriptionId"], client="cancel")


def refunding(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to refund a purchase."""
    key = enroll(driver)["subscriptionId"]
    stripe.pay("pi_1", "pm_card_visa")
    assert deliver(driver, stripe) == 204
    return replace(order, subscription=key, client="refund")


def outcome(order: Order, stripe: StripeSimulator, head: int) -> Outcome:
    key = SubscriptionId(order.subscription)
    with opened(order) as platform:
        payment = platform.payments.state(DEFAULT_TENANT, first_payment_of(key))
        assert isinstance(payment, Started)
        subscription = platform.payments.subscription(DEFAULT_TENANT, key)
        granted = platform.entitlements.access_to_plan(
            DEFAULT_TENANT, UserId("ada"), PlanId("squats")
        ).granted
        assert granted == grants_access(subscription)
        return Outcome(
            events=Counter(
                each.event.event_name for each in platform.log.scan(after=head, limit=999)
            ),
            payment=payment.status,
            charged=tuple(each["amount_captured"] for each in stripe.charges),
            returned=tuple(each["amount"] for each in stripe.refunds),
            intents=tuple(each["status"] for each in stripe.intents.values()),
            has_access=granted,
        )


def repeat_later(order: Order, stripe: StripeSimulator, at: str) -> None:
    """Order again, as a client or the gateway does, pay what is open, and follow it up."""
    with opened(order) as platform:
        carry_out(platform, order)
        if order.client == "buy":
            stripe.pay("pi_1", "pm_card_visa")
        for _ in range(2):
            carry_out(platform, replace(order, client="", webhook="", times=(at,)))


@pytest.mark.parametrize(
    ("prepare", "step", "expected"),
    [
        (buying, "create_intent", ("completed", (PRICE,), (), ("succeeded",), True)),
        (completing, "add", ("completed", (PRICE,), (), ("succeeded",), True)),
        (cancelling, "void", ("failed", (), (), ("canceled",), False)),
        (refunding, "refund", ("refunded", (PRICE,), (PRICE,), ("succeeded",), False)),
    ],
    ids=["purchase", "webhook", "cancellation", "refund"],
)
def test_a_process_killed_before_any_step_leaves_access_equal_to_money(
    processes: Processes,
    stripe: StripeSimulator,
    tmp_path: Path,
    prepare: Callable[[ApiDriver, StripeSimulator, Order], Order],
    step: str,
    expected: tuple[object, ...],
) -> None:
    """R-PAY-07, R-PAY-12, R-PAY-13: one charge or one refund, and one of each event."""
    home = prepared(tmp_path / "home")
    settings = Settings(home=home, cache=home, postgres_url=None)
    with open_platform(settings) as platform, paying(platform, stripe) as driver:
        order = prepare(driver, stripe, Order(str(home), stripe.url, ""))
        head = platform.log.head()
        later = (platform.clock() + LATER).isoformat()
    before = deepcopy({name: getattr(stripe, name) for name in KEPT})

    def outcome_after(number: int) -> tuple[Outcome, list[str]]:
        for name, kept in deepcopy(before).items():
            setattr(stripe, name, kept)
        again = replace(order, home=str(copytree(home, tmp_path / f"home-{number}")))
        steps = processes.run(again.killed_before(number))
        repeat_later(again, stripe, later)
        return outcome(again, stripe, head), steps

    done, steps = outcome_after(0)
    assert (done.payment, done.charged, done.returned, done.intents, done.has_access) == expected
    assert steps.count(step) == 1
    assert len(steps) >= 3
    for number in range(1, len(steps) + 1):
        assert outcome_after(number) == (done, steps[: number - 1]), steps[number - 1]
