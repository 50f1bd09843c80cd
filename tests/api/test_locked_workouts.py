"""Workouts of paid plans that are open to some users: by whose plans, and in which state."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from application.entitlements.service import EntitlementService
from application.kernel.command_handler import Request
from application.platform import Platform
from domain.catalog import commands
from domain.catalog.events import PlanTerms
from domain.catalog.plan import PLAN
from domain.ids import DEFAULT_TENANT, UserId, WorkoutId
from domain.kernel import Origin
from domain.money import Money, Price
from tests.api.driver import ApiDriver
from tests.api.offers import EU, TERMS, offer, send
from tests.api.paying import KEY, deliver, enroll, paying
from tests.api.workouts import prescribe
from tools.payments.stripe_simulator import StripeSimulator

ARMS, LEGS = WorkoutId("arms"), WorkoutId("legs")
SOLD: dict[str, Any] = {"workouts": ["legs", "arms"], "prices": [EU]}
"""A paid plan that sells `arms`; its preview is `legs`."""


@pytest.fixture
def stripe() -> Iterator[StripeSimulator]:
    with StripeSimulator(KEY.get_secret_value()) as running:
        yield running


@pytest.fixture
def driver(platform: Platform, stripe: StripeSimulator) -> Iterator[ApiDriver]:
    with paying(platform, stripe) as driver:
        prescribe(driver, workout_id="arms")
        yield driver


def locked(driver: ApiDriver, user: str) -> set[str]:
    """Return the workouts of `coach` that are locked, in lists and when they are started."""
    platform = driver.platform
    platform.fresh(platform.log.head(), 30)
    authors = {each: UserId("coach") for each in (ARMS, LEGS)}
    listed = platform.entitlements.locked_workouts(DEFAULT_TENANT, UserId(user), authors)
    answers = {each: start(driver, user, each) for each in authors}
    assert {each for each, status in answers.items() if status == 403} == listed
    return set(listed)


def start(driver: ApiDriver, user: str, workout: str) -> int:
    body = {"workoutId": workout, "athleteId": user, "sessionId": str(uuid4())}
    return driver.client.post("/v1/workouts", json=body).status_code


def offer_directly(driver: ApiDriver, plan: str, trainer: str, **terms: Any) -> None:
    """Publish a plan as it was possible before plans were limited to workouts of their trainers."""
    at = driver.platform.clock()
    content = PlanTerms(level="beginner", weeks=1, sessions_per_week=1, **terms)
    draft = commands.DraftPlan(
        trainer_id=UserId(trainer), title=plan, description="", terms=content, at=at
    )
    driver.platform.commands.execute(
        Request(PLAN, plan, [draft, commands.PublishPlan(at=at)]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4()),
        command_id=uuid4(),
    )


def test_plans_of_others_neither_open_nor_lock_a_workout(driver: ApiDriver) -> None:
    """C-28: only its author sells a workout."""
    offer(driver, "paid", **SOLD)
    offer_directly(driver, "copied", "bo", workouts=(ARMS,))
    assert locked(driver, "ada") == {"arms"}
    enroll(driver, planId="copied", region=None)
    assert locked(driver, "ada") == {"arms"}, "nor does an enrollment in such a plan"
    price = Price("EU", Money(1999, "EUR"))
    offer_directly(driver, "grabbed", "bo", workouts=(LEGS,), prices=(price,))
    assert locked(driver, "ada") == {"arms"}


def test_an_enrollment_keeps_its_workouts_open(driver: ApiDriver) -> None:
    """R-CAT-03: also once another plan sells them, and its own plan is changed or withdrawn."""
    offer(driver, "free", workouts=["arms"], preview=None)
    enroll(driver, planId="free", region=None)
    offer(driver, "paid", **SOLD)
    assert locked(driver, "bo") == set(), "a free plan has it"
    send(driver, "PUT", "/v1/plans/free", **TERMS)
    send(driver, "POST", "/v1/plans/free/publish")
    assert (locked(driver, "ada"), locked(driver, "bo")) == (set(), {"arms"})
    send(driver, "POST", "/v1/plans/free/withdraw")
    assert (locked(driver, "ada"), locked(driver, "bo")) == (set(), {"arms"})


def test_a_withdrawn_plan_locks_its_workouts_while_somebody_pays_for_it(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-10"""
    offer(driver, "paid", **SOLD)
    enroll(driver, planId="paid")
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    send(driver, "POST", "/v1/plans/paid/withdraw")
    assert (locked(driver, "ada"), locked(driver, "bo")) == (set(), {"arms"})
    stripe.refund("pi_1")
    deliver(driver, stripe)
    assert (locked(driver, "ada"), locked(driver, "bo")) == (set(), set())


class CountingReads:
    """Read models that note which of them are read."""

    def __init__(self, read: Any) -> None:
        self._read = read
        self.names: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def counted(projection: Any, *values: Any, **options: Any) -> Any:
            self.names.append(projection.name)
            return getattr(self._read, name)(projection, *values, **options)

        return counted


def test_a_list_reads_the_plans_of_its_authors_alone_and_no_stream(driver: ApiDriver) -> None:
    for number in range(3):
        offer(driver, f"paid-{number}", **SOLD)
    platform = driver.platform
    platform.fresh(platform.log.head(), 30)
    reads: Any = CountingReads(platform.read)
    no_log: Any = None
    service = EntitlementService(no_log, reads, platform.clock)
    authors = {ARMS: UserId("coach"), LEGS: UserId("coach")}
    assert service.locked_workouts(DEFAULT_TENANT, UserId("ada"), authors) == {ARMS}
    assert reads.names == ["plan_workouts", "enrollment", "subscription"]
