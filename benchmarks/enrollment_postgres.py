"""Checkouts and webhooks a second on the distributed composition, compared with bare appends.

PostgreSQL, the platform, and the runner that fills the read models are all on this machine. `free`
stores an enrollment and its first workout; `paid` a pending subscription and payment as well, then
the intent of a gateway that answers at once, in this process; `webhook` completes a paid one and
numbers its invoice, until the user has access; `shown` is a free one until the read models show it.
The bare append stores as many events of one stream with the same log, and nobody
waits for read models. They take turns; times are medians, `p95_us` is that of our side, and a ratio
is the median of the rounds' ratios.

Run `python -m benchmarks.enrollment_postgres [--percent 100] [--json]`, percent of usual rounds.
"""

import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from uuid import UUID

from pydantic import SecretStr

from adapters.clock import new_id
from adapters.migrations import upgrade
from application.kernel.command_handler import Request
from application.payments.checkout import Payer
from application.platform import Platform
from benchmarks._report import Row, compare, part, print_report, row, seconds
from benchmarks.checkout import SQUATS, InstantGateway, bare, offer
from benchmarks.eventlog import ORIGIN, TENANT
from bootstrap.distributed import distributed, projection_runner
from bootstrap.settings import Settings
from bootstrap.wiring.logs import configure_logs
from domain.catalog.commands import DraftPlan, PublishPlan
from domain.catalog.events import PlanTerms
from domain.catalog.plan import PLAN
from domain.ids import PaymentId, PlanId, UserId, WorkoutId
from tools.local_services.databases import create_database
from tools.local_services.postgres import LocalPostgres

ROUNDS: Final = 200
WALKS: Final = PlanId("walks")
PATIENCE_S: Final = 60.0
"""Longest wait until the read models show an enrollment."""


def offer_for_free(platform: Platform) -> None:
    """Publish a plan without a price."""
    at = platform.clock()
    terms = PlanTerms(
        level="beginner", weeks=4, sessions_per_week=3, workouts=(WorkoutId("legs"),), prices=()
    )
    draft = DraftPlan(trainer_id=UserId("coach"), title="Walks", description="", terms=terms, at=at)
    platform.commands.execute(
        Request(PLAN, WALKS, [draft, PublishPlan(at=at)]), origin=ORIGIN, command_id=new_id()
    )


def enrollments(
    platform: Platform, name: str, first: int, paid: dict[int, PaymentId]
) -> Callable[[int], object]:
    """Return a function that enrolls one more user, and waits for the read models if shown.

    The payments that it creates are put into `paid`.
    """
    plan, payer = (SQUATS, Payer("EU")) if name == "paid" else (WALKS, None)

    def enroll(number: int) -> object:
        enrolled, appended = platform.checkout.enroll(
            UserId(f"{name}-{number}"),
            plan,
            platform.clock().date(),
            payer,
            origin=ORIGIN,
            command_id=UUID(int=first + number),
        )
        if name == "shown":
            platform.fresh(appended.position, PATIENCE_S)
        if enrolled.payment_id is not None:
            paid[number] = enrolled.payment_id
        return enrolled

    return enroll


def webhooks(platform: Platform, paid: dict[int, PaymentId]) -> Callable[[int], object]:
    """Return a function that delivers the webhook of a payment, until its user has access."""

    def deliver(number: int) -> object:
        webhook: Any = paid[number]
        delivery = platform.inbox.receive("stripe", webhook)
        if delivery is None:
            raise AssertionError("It was delivered before.")
        platform.inbox.handle(delivery)
        access = platform.entitlements.access_to_plan(TENANT, UserId(f"paid-{number}"), SQUATS)
        if not access.granted:
            raise AssertionError("Access differs from money.")
        return access

    return deliver


def figures(platform: Platform, rounds: int) -> list[Row]:
    """Return a row for each kind of enrollment, and one for webhooks."""
    rows: list[Row] = []
    paid: dict[int, PaymentId] = {}
    work = {
        name: enrollments(platform, name, 1_000_000 * index, paid)
        for index, name in enumerate(("free", "paid", "shown"), start=1)
    } | {"webhook": webhooks(platform, paid)}
    for name in ("free", "paid", "webhook", "shown"):
        before = platform.log.head()
        work[name](rounds + 1000)
        events = platform.log.head() - before
        taken: list[float] = []

        def timed(
            number: int, work: Callable[[int], object] = work[name], taken: list[float] = taken
        ) -> None:
            taken.append(seconds(lambda: work(number)))

        times = compare(timed, bare(platform, events, name), rounds)
        p95 = quantiles(taken, n=20)[-1]
        rows.append(
            row(name, events, times, ours="ours", theirs="bare")
            | {"p95_us": round(1e6 * p95, 1), "a_second": round(1 / times.ours_s, 1)}
        )
    return rows


def measure(percent: int) -> list[Row]:
    """Measure with a server, a runner and a platform, all on this machine."""
    configure_logs()  # to standard error
    with tempfile.TemporaryDirectory(prefix="kinelog-") as folder, LocalPostgres() as server:
        home = Path(folder)
        url = create_database(server.url)
        upgrade(url)
        settings = Settings(
            home=home,
            cache=home / "cache",
            postgres_url=SecretStr(url),
            read_your_writes_timeout_s=PATIENCE_S,
            redis_url=None,
        )
        stop = threading.Event()
        with projection_runner(settings) as runner, ThreadPoolExecutor(1) as thread:
            running = thread.submit(runner.run, stop)
            try:
                gateway: Any = InstantGateway()
                with distributed(settings) as opened:
                    platform = replace(opened, gateways={"stripe": gateway})
                    offer(platform)
                    offer_for_free(platform)
                    found = figures(platform, part(ROUNDS, percent))
            finally:
                stop.set()
            running.result()
        return found


if __name__ == "__main__":
    print_report(__doc__, measure, percent=100)
