"""Checkouts and webhooks a second on the embedded composition, compared with bare appends.

A checkout stores enrollment, first workout, pending subscription and pending payment, then the
intent of a gateway that answers at once, in this process. A webhook completes the payment, and
numbers its invoice; it is timed until the user has access and the read models show it. The bare
append stores as many events of one stream with the same log, without read models. They take turns;
times are medians, `p95_us` is that of our side, and a ratio is the median of the rounds' ratios.

Run `python -m benchmarks.checkout [--percent 100] [--json]`; percent of the usual rounds.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from uuid import UUID

from adapters.clock import new_id
from application.kernel.command_handler import Request
from application.kernel.ports import Change
from application.payments.checkout import Payer
from application.payments.gateways import Capabilities, Intent, IntentOf, Notice
from application.platform import Platform
from benchmarks._report import Row, compare, part, print_report, row, seconds
from benchmarks.eventlog import ORIGIN, TENANT
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.catalog.commands import DraftPlan, PublishPlan
from domain.catalog.events import PlanTerms
from domain.catalog.plan import PLAN
from domain.ids import PaymentId, PlanId, UserId, WorkoutId
from domain.money import Money, Price
from domain.payments.commands import Charged, Paying
from domain.payments.events import ChargeSubmitted

ROUNDS: Final = 200
SQUATS: Final = PlanId("squats")
EVENTS: Final = {"checkout": 6, "webhook": 5}
"""Events that each of them stores."""

PRICE: Final = Price("EU", Money(1999, "EUR"), 1900)


class InstantGateway:
    """A gateway that answers at once. It replaces Stripe, so that no network is measured."""

    name = "stripe"
    capabilities = Capabilities(currencies=frozenset({"EUR"}))

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return a payable intent."""
        del amount
        return Intent(f"pi_{intent_of.payment_id}", Paying())

    def read_webhook(self, webhook: Any) -> Notice:
        """Return the report of a charge; the webhook is the id of the payment."""
        intent_of = IntentOf(TENANT, webhook, 1)
        return Notice(f"evt_{webhook}", intent_of, f"pi_{webhook}", Charged(PRICE.amount))


def offer(platform: Platform) -> None:
    """Publish a paid plan."""
    terms = PlanTerms(
        level="beginner",
        weeks=4,
        sessions_per_week=3,
        workouts=(WorkoutId("legs"),),
        prices=(PRICE,),
    )
    at = platform.clock()
    draft = DraftPlan(
        trainer_id=UserId("coach"), title="Squats", description="", terms=terms, at=at
    )
    platform.commands.execute(
        Request(PLAN, SQUATS, [draft, PublishPlan(at=at)]), origin=ORIGIN, command_id=new_id()
    )


def bare(platform: Platform, events: int, name: str = "") -> Callable[[int], object]:
    """Return the append of some events to a stream of its own, without read models.

    `name` is part of the names of the streams.
    """

    def append(number: int) -> object:
        changes = [
            Change(
                f"payment-bare-{name}-{events}-{number}",
                0,
                [ChargeSubmitted(attempt=1, at=platform.clock())] * events,
            )
        ]
        return platform.log.append(changes, origin=ORIGIN, command_id=new_id())

    return append


def measure(percent: int) -> list[Row]:
    """Return a row for checkouts, and one for webhooks."""
    rounds = part(ROUNDS, percent)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home / "home", cache=home / "cache", postgres_url=None)
        gateway: Any = InstantGateway()
        with open_platform(settings) as opened:
            platform = replace(opened, gateways={"stripe": gateway})
            offer(platform)
            paid: list[tuple[UserId, PaymentId]] = []
            taken: dict[str, list[float]] = {"checkout": [], "webhook": []}

            def check_out(number: int) -> None:
                user = UserId(f"user-{number}")
                checkout, _ = platform.checkout.enroll(
                    user,
                    SQUATS,
                    platform.clock().date(),
                    Payer("EU"),
                    origin=ORIGIN,
                    command_id=UUID(int=number + 1),
                )
                assert checkout.payment_id is not None
                paid.append((user, checkout.payment_id))

            def deliver(number: int) -> None:
                user, payment_id = paid[number]
                webhook: Any = payment_id
                delivery = platform.inbox.receive("stripe", webhook)
                assert delivery is not None
                platform.inbox.handle(delivery)
                assert platform.entitlements.access_to_plan(TENANT, user, SQUATS).granted

            def timed(name: str, work: Callable[[int], None]) -> Callable[[int], object]:
                return lambda number: taken[name].append(seconds(lambda: work(number)))

            rows: list[Row] = []
            for name, work in (("checkout", check_out), ("webhook", deliver)):
                times = compare(timed(name, work), bare(platform, EVENTS[name]), rounds)
                p95 = quantiles(taken[name], n=20)[-1]
                rows.append(
                    row(name, EVENTS[name], times, ours="ours", theirs="bare")
                    | {"p95_us": round(1e6 * p95, 1), "a_second": round(1 / times.ours_s, 1)}
                )
            return rows


if __name__ == "__main__":
    print_report(__doc__, measure, percent=100)
