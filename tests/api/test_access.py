"""Access to plans and their workouts: the answer, its facts, and where it is checked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.enrollments.service import enrollment_id_of
from application.kernel.command_handler import Request
from application.payments.policy import subscription_request
from domain.enrollments.commands import Enroll
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import Schedule
from domain.ids import DEFAULT_TENANT, PaymentId, PlanId, SubscriptionId, UserId, WorkoutId
from domain.kernel import Origin
from domain.money import Money, Price
from domain.subscriptions.commands import CreateSubscription, NotePaid
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.api.driver import ApiDriver
from tests.api.offers import EU, TERMS, offer, refused, send
from tests.api.paying import deliver, enroll
from tests.api.people import Person, Town
from tests.api.workouts import prescribe
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def access(driver: ApiDriver, plan: str = "squats", **query: Any) -> Any:
    answer = driver.client.get(f"/v1/plans/{plan}/access", params={"user": "ada", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def outcome(view: Any) -> tuple[bool, str]:
    return view["granted"], view["reason"]


def events(view: Any) -> list[str]:
    return [fact["event"] for fact in view["facts"]]


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_access_is_explained_by_its_facts_at_any_time(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-08, R-PAY-12: the answer of a moment in the past comes from the log."""
    assert outcome(access(driver)) == (False, "not_enrolled")
    before = now()
    written = enroll(driver)
    pending = access(driver)
    assert outcome(pending) == (False, "payment_pending")
    assert events(pending) == ["enrollment.created", "subscription.created", "payment.created"]
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    paid = access(driver)
    assert outcome(paid) == (True, "subscription")
    assert events(paid)[-2:] == ["payment.completed", "subscription.activated"]
    assert paid["until"] == paid["facts"][-1]["until"]
    assert {fact["id"] for fact in paid["facts"]} == {
        written["enrollmentId"], written["subscriptionId"], written["paymentId"],
    }  # fmt: skip
    during = now()
    stripe.refund("pi_1")
    deliver(driver, stripe)
    refunded = access(driver)
    assert outcome(refunded) == (False, "refunded")
    assert refunded["until"] is None
    assert {"payment.refunded", "subscription.ended"} <= set(events(refunded))
    assert outcome(access(driver, asOf=during)) == (True, "subscription")
    assert outcome(access(driver, asOf=before)) == (False, "not_enrolled")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    query = {"user": "ada", "asOf": tomorrow}
    future = driver.client.get("/v1/plans/squats/access", params=query)
    assert (future.status_code, future.json()["code"]) == (422, "value.invalid")
    assert refused(driver, "GET", "/v1/plans/none/access") == (404, "plan.unknown")


def test_rest_and_graphql_explain_access_alike(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """C-53"""
    enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    rest = access(driver)
    graph = driver.ask(
        """{ hasAccess(planId: "squats", userId: "ada") {
          planId userId granted reason until facts { event id at until reason } } }"""
    )["hasAccess"]
    assert graph["reason"].lower() == rest["reason"]
    assert [fact["event"] for fact in graph["facts"]] == events(rest)
    assert {name: graph[name] for name in ("planId", "userId", "granted")} == {
        name: rest[name] for name in ("planId", "userId", "granted")
    }


def test_a_free_plan_is_open_to_all_and_its_trainer_needs_no_access(driver: ApiDriver) -> None:
    offer(driver, "free")
    assert outcome(access(driver, "free")) == (True, "free_plan")
    assert outcome(access(driver, "squats", user="coach")) == (True, "own_plan")
    enroll(driver, planId="free", region=None)
    send(driver, "PUT", "/v1/plans/free", **TERMS, prices=[EU])
    send(driver, "POST", "/v1/plans/free/publish")
    assert outcome(access(driver, "free")) == (True, "enrollment")
    assert outcome(access(driver, "free", user="bo")) == (False, "not_enrolled")
    left = send(
        driver, "DELETE", f"/v1/enrollments/{enrollment_id_of(UserId('ada'), PlanId('free'))}"
    )
    assert left["position"]
    assert outcome(access(driver, "free")) == (False, "cancelled")


def test_a_workout_of_a_paid_plan_starts_once_it_is_paid(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-10, C-28"""
    prescribe(driver, workout_id="arms")
    offer(driver, "both", workouts=["arms", "legs"], prices=[EU])
    enrollment = enroll(driver, planId="both")["enrollmentId"]
    first = driver.client.get(f"/v1/enrollments/{enrollment}").json()["next"]["sessionId"]
    start = {"workoutId": "arms", "athleteId": "ada", "sessionId": first}
    assert refused(driver, "POST", "/v1/workouts", **start) == (403, "access.required")
    preview = {**start, "workoutId": "legs", "sessionId": "preview"}
    send(driver, "POST", "/v1/workouts", 201, **preview)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    key = {"Idempotency-Key": str(uuid4())}
    assert driver.client.post("/v1/workouts", json=start, headers=key).status_code == 201
    stripe.refund("pi_1")
    deliver(driver, stripe)
    again = driver.client.post("/v1/workouts", json=start, headers=key)
    assert again.json()["repeated"], "a retry is answered as it was"
    other = {**start, "sessionId": "another"}
    assert refused(driver, "POST", "/v1/workouts", **other) == (403, "access.required")


def read(person: Person, workout: str) -> tuple[bool, int]:
    """Return whether a workout is locked, and the number of its exercises, on both transports."""
    rest = person.get(f"/v1/workout-plans/{workout}").json()
    query = "query($id: ID!) { workout(id: $id) { locked exercises { sets } } }"
    graph = person.graph(query, id=workout)["data"]["workout"]
    listed = {item["workoutId"]: item for item in person.get("/v1/workout-plans").json()["items"]}[
        workout
    ]
    found = (rest["locked"], len(rest["exercises"]))
    assert found == (graph["locked"], len(graph["exercises"]))
    assert found == (listed["locked"], len(listed["exercises"]))
    return found


def test_workouts_of_a_paid_plan_are_read_by_those_who_paid(town: Town) -> None:
    """R-PAY-10, C-28: others read the preview, and the names of the rest."""
    coach = town.staff("trainer", "coach@example.org")
    ada, bo = town.citizen(), town.citizen("bo@example.org")
    line = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5}
    for workout in ("preview", "sold", "other"):
        body = {"workoutId": workout, "authorId": coach.id, "name": "Legs", "exercises": [line]}
        assert coach.post("/v1/workout-plans", json=body).status_code == 201
    plan = {
        **TERMS, "planId": "paid", "trainerId": coach.id, "workouts": ["preview", "sold"],
        "preview": "preview", "prices": [EU],
    }  # fmt: skip
    assert coach.post("/v1/plans", json=plan).status_code == 201
    assert read(ada, "sold") == (False, 1), "it is not published yet"
    assert coach.post("/v1/plans/paid/publish").status_code == 200
    pay(town, ada, coach, "sold")
    town.platform.fresh(town.platform.log.head(), 30)
    assert [read(bo, each) for each in ("preview", "sold", "other")] == [
        (False, 1), (True, 0), (False, 1),
    ]  # fmt: skip
    assert read(ada, "sold") == read(coach, "sold") == (False, 1)
    others = bo.get("/v1/plans/paid/access", params={"user": ada.id})
    assert (others.status_code, others.json()["code"]) == (403, "authorization.not_allowed")


def pay(town: Town, person: Person, coach: Person, workout: str) -> None:
    """Enroll a person in the paid plan with a subscription that is paid."""
    user, plan, subscription = UserId(person.id), PlanId("paid"), SubscriptionId("s1")
    at = town.platform.clock()
    schedule = Schedule(at.date(), 1, 1, (WorkoutId(workout),), "shift")
    enroll = Enroll(
        enrollment_id=enrollment_id_of(user, plan), session_key="k", user_id=user,
        trainer_id=UserId(coach.id), plan_id=plan, plan_number=1, schedule=schedule,
        subscription_id=subscription, at=at,
    )  # fmt: skip
    create = CreateSubscription(
        user_id=user, plan_id=plan, plan_number=1, price=Price("EU", Money(1999, "EUR")),
        billing_months=1, at=at,
    )  # fmt: skip
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
    town.platform.commands.execute(
        Request(ENROLLMENT, enroll.enrollment_id, [enroll]),
        Request(SUBSCRIPTION, subscription, [create]),
        origin=origin,
        command_id=uuid4(),
    )
    paid = NotePaid(payment_id=PaymentId("p1"), at=at)
    town.platform.commands.execute(
        subscription_request(subscription, [paid]), origin=origin, command_id=uuid4()
    )
