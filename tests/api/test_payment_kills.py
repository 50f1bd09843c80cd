"""Processes killed between each two steps of a trial, a pause and a change of plan."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SubscriptionId
from domain.subscriptions.states import Active
from tests.api.driver import ApiDriver
from tests.api.killed_payments import KEPT, LATER, Order, Processes, carry_out, opened
from tests.api.offers import EU, offer, send
from tests.api.paying import deliver, enroll, paying
from tests.api.renewing import renews_at
from tests.data_folders import prepared
from tools.payments.stripe_simulator import StripeSimulator

pytestmark = pytest.mark.slow

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Outcome:
    """What a subscription has cost and brought, and the events that say so."""

    events: Counter[str]
    charged: tuple[int, ...]
    plan: str
    periods: int
    is_paused: bool


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    with closing(Processes()) as running:
        yield running


def on_trial(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to charge the first period at the end of a trial."""
    send(driver, "POST", "/v1/plans/squats/trial", days=14)
    written = enroll(driver, trial=True)
    key = written["subscriptionId"]
    setup = send(driver, "GET", f"/v1/subscriptions/{key}/method-setup")
    stripe.set_up(setup["reference"], "pm_card_visa")
    assert deliver(driver, stripe) == 204
    end = renews_at(driver, written) + SECOND
    return replace(order, subscription=key, times=(end.isoformat(),))


def bought(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    assert deliver(driver, stripe) == 204
    return written


def pausing(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to begin a pause, and to end it with a charge."""
    written = bought(driver, stripe)
    key = written["subscriptionId"]
    send(driver, "POST", f"/v1/subscriptions/{key}/pause", days=30)
    end = renews_at(driver, written) + SECOND
    back = end + 30 * DAY
    return replace(order, subscription=key, times=(end.isoformat(), back.isoformat()))


def changing(driver: ApiDriver, stripe: StripeSimulator, order: Order) -> Order:
    """Return the order to change to a dearer plan, which charges the difference."""
    offer(driver, "more", title="More", prices=[{**EU, "amountMinor": 5000}])
    key = bought(driver, stripe)["subscriptionId"]
    return replace(order, subscription=key, client="change", plan="more")


def outcome(order: Order, stripe: StripeSimulator, head: int) -> Outcome:
    with opened(order) as platform:
        found = platform.payments.subscription(DEFAULT_TENANT, SubscriptionId(order.subscription))
        assert isinstance(found, Active)
        assert found.renewing is None
        assert found.change is None
        return Outcome(
            events=Counter(
                each.event.event_name for each in platform.log.scan(after=head, limit=999)
            ),
            charged=tuple(each["amount_captured"] for each in stripe.charges),
            plan=found.plan_id,
            periods=len(found.payments),
            is_paused=found.is_paused,
        )


def repeat_later(order: Order, at: str) -> None:
    """Carry out an order again, as its client and another process do, and once more later."""
    with opened(order) as platform:
        carry_out(platform, order)
        for _ in range(2):
            carry_out(platform, replace(order, client="", times=(at,)))


@pytest.mark.parametrize(
    ("prepare", "charges"),
    [(on_trial, 1), (pausing, 2), (changing, 2)],
    ids=["trial", "pause", "change"],
)
def test_a_process_killed_before_any_step_has_one_effect(
    processes: Processes,
    stripe: StripeSimulator,
    tmp_path: Path,
    prepare: Callable[[ApiDriver, StripeSimulator, Order], Order],
    charges: int,
) -> None:
    """R-PAY-12, R-PAY-14: a restart does what is missing; nothing is charged or granted twice."""
    home = prepared(tmp_path / "home")
    settings = Settings(home=home, cache=home, postgres_url=None)
    with open_platform(settings) as platform, paying(platform, stripe) as driver:
        order = prepare(driver, stripe, Order(str(home), stripe.url, ""))
        head = platform.log.head()
        now = platform.clock()
    at = order.times[-1] if order.times else now.isoformat()
    before = deepcopy({name: getattr(stripe, name) for name in KEPT})

    def outcome_after(step: int) -> tuple[Outcome, list[str]]:
        for name, kept in deepcopy(before).items():
            setattr(stripe, name, kept)
        again = replace(order, home=str(copytree(home, tmp_path / f"home-{step}")))
        steps = processes.run(again.killed_before(step))
        later = now.fromisoformat(at) + LATER
        repeat_later(again, later.isoformat())
        return outcome(again, stripe, head), steps

    expected, steps = outcome_after(0)
    assert len(expected.charged) == charges
    assert steps.count("charge_stored") == 1
    assert len(steps) >= 3
    for number in range(1, len(steps) + 1):
        assert outcome_after(number) == (expected, steps[: number - 1]), steps[number - 1]
