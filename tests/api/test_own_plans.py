"""A trainer's own plans, with drafts, which nobody else may read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from adapters.sample_athlete.demonstration import demonstration
from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import UserId
from domain.tenants.roles import StaffRole
from tests.api.conftest import WEB
from tests.api.offers import TERMS
from tests.api.people import Person, Town
from tests.api.trainer_roles import by_test, grant_role, withdraw_role

QUERY = """query($trainer: ID!) { ownPlans(trainerId: $trainer) {
  edges { node { planId draft { title } offered { title } } } } }"""

REVISE = """mutation($input: RevisePlanInput!) { revisePlan(input: $input) {
  ... on Problem { code } ... on PlanPayload { plan { revision draft { title } } } } }"""

CHANGE_PROFILE = """mutation($input: ChangeTrainerProfileInput!) {
  changeTrainerProfile(input: $input) {
    ... on Problem { code } ... on TrainerPayload { trainer { name revision } } } }"""


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    app = build_app(
        platform, web=WEB, config=ApiConfig(sign_in_required=True, demonstration=demonstration)
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


def draft(trainer: Person, plan_id: str, title: str) -> None:
    workout: dict[str, Any] = {
        "name": "Legs",
        "authorId": trainer.id,
        "workoutId": f"legs-{plan_id}",
        "exercises": [{"exerciseId": "squat", "sets": 1, "targetRepetitions": 5}],
    }
    mutation = """mutation($input: PrescribeWorkoutInput!) {
      prescribeWorkout(input: $input) { ... on WorkoutPayload { workout { workoutId } } } }"""
    payload = trainer.graph(mutation, input=workout)["data"]["prescribeWorkout"]
    workout_id = payload["workout"]["workoutId"]
    terms = {**TERMS, "workouts": [workout_id], "preview": None, "title": title}
    body = {**terms, "planId": plan_id, "trainerId": trainer.id}
    written = trainer.post("/v1/plans", json=body)
    assert written.status_code == 201, written.text


def titles(page: Any) -> set[tuple[str, str]]:
    return {(plan["planId"], plan["draft"]["title"]) for plan in page}


def test_a_profile_that_somebody_else_changed_is_not_overwritten(town: Town) -> None:
    """R-CAT-01: by both transports; 0 is the revision of a trainer without a profile."""
    coach = town.staff("trainer", "coach@example.org")
    path = f"/v1/trainers/{coach.id}"
    first = {"name": "Ada", "languages": ["en"], "revision": 0}
    assert coach.ask("PUT", path, json=first).status_code == 200
    assert coach.get(path).json()["revision"] == 1
    refused = coach.ask("PUT", path, json={**first, "name": "Grace"})
    assert (refused.status_code, refused.json()["code"]) == (412, "trainer.profile_changed")
    graph = {**first, "name": "Grace", "trainerId": coach.id}
    changed = coach.graph(CHANGE_PROFILE, input=graph)["data"]["changeTrainerProfile"]
    assert changed == {"code": "trainer.profile_changed"}
    graph["revision"] = 1
    changed = coach.graph(CHANGE_PROFILE, input=graph)["data"]["changeTrainerProfile"]
    assert changed == {"trainer": {"name": "Grace", "revision": 2}}
    assert coach.ask("PUT", path, json={"name": "Ada", "languages": ["en"]}).status_code == 200
    assert coach.get(path).json()["revision"] == 3


def test_trainers_list_their_own_drafts_over_both_transports(town: Town) -> None:
    """R-CAT-01, C-53"""
    coach = town.staff("trainer", "coach@example.org")
    draft(coach, "first", "Squats")
    draft(coach, "second", "Arms")
    assert coach.post("/v1/plans/first/publish").status_code == 200
    path = f"/v1/trainers/{coach.id}/plans"
    found = coach.get(path).json()["items"]
    assert titles(found) == {("first", "Squats"), ("second", "Arms")}
    assert [plan["planId"] for plan in found] == ["first", "second"], "what is offered comes first"
    assert [plan["offered"] is None for plan in found] == [False, True]
    edges = coach.graph(QUERY, trainer=coach.id)["data"]["ownPlans"]["edges"]
    assert titles(edge["node"] for edge in edges) == titles(found)
    page = coach.get(f"{path}?first=1")
    following = page.headers["Link"].partition(">")[0].removeprefix("<")
    assert titles(coach.get(following).json()["items"]) == {("second", "Arms")}


def test_a_draft_that_somebody_else_changed_is_not_overwritten(town: Town) -> None:
    """R-CAT-01: by both transports; athletes see no revision of a draft, which is not theirs."""
    coach = town.staff("trainer", "coach@example.org")
    draft(coach, "legs", "Squats")
    plan = coach.get("/v1/plans/legs").json()
    terms = {**TERMS, "workouts": plan["draft"]["workouts"], "preview": None}
    first = {**terms, "title": "Lunges", "revision": plan["revision"]}
    second = {**first, "title": "Planks"}
    assert coach.ask("PUT", "/v1/plans/legs", json=first).status_code == 200
    refused = coach.ask("PUT", "/v1/plans/legs", json=second)
    assert (refused.status_code, refused.json()["code"]) == (412, "plan.changed")
    graph = {**second, "planId": "legs", "level": "BEGINNER", "missedDay": "SHIFT"}
    assert coach.graph(REVISE, input=graph)["data"]["revisePlan"] == {"code": "plan.changed"}
    now = coach.get("/v1/plans/legs").json()
    assert (now["draft"]["title"], now["revision"]) == ("Lunges", plan["revision"] + 1)
    graph["revision"] = now["revision"]
    revised = coach.graph(REVISE, input=graph)["data"]["revisePlan"]
    assert revised == {"plan": {"revision": now["revision"] + 1, "draft": {"title": "Planks"}}}
    assert coach.post("/v1/plans/legs/publish").status_code == 200
    assert coach.post("/v1/plans/legs/withdraw").status_code == 200
    assert coach.get("/v1/plans/legs").json()["revision"] == now["revision"] + 1
    assert coach.post("/v1/plans/legs/publish").status_code == 200
    member = town.citizen("ada@example.org")
    assert member.get("/v1/plans/legs").json()["revision"] is None
    last = {**terms, "title": "Without a revision"}
    assert coach.ask("PUT", "/v1/plans/legs", json=last).status_code == 200


def test_drafts_of_others_are_never_readable(town: Town) -> None:
    """R-CAT-01: neither for members nor for other trainers; administrators may change all plans."""
    coach = town.staff("trainer", "coach@example.org")
    draft(coach, "secret", "Unseen")
    path = f"/v1/trainers/{coach.id}/plans"
    rival, member = town.staff("trainer", "bo@example.org"), town.citizen("ada@example.org")
    for other in (rival, member):
        refused = other.get(path)
        assert (refused.status_code, refused.json()["code"]) == (
            403,
            "authorization.not_allowed",
        )
        assert other.get("/v1/plans/secret").status_code == 404
        answer = other.graph(QUERY, trainer=coach.id)
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"]["code"] == "authorization.not_allowed"
    assert rival.get(f"/v1/trainers/{rival.id}/plans").json()["items"] == []
    administrator = town.staff("administrator", "root@example.org")
    assert titles(administrator.get(path).json()["items"]) == {("secret", "Unseen")}


def test_a_draft_of_another_is_refused_like_a_plan_that_does_not_exist(town: Town) -> None:
    """R-TEN-03: the answer does not tell that it exists; once published, everybody sees it."""
    coach = town.staff("trainer", "coach@example.org")
    rival = town.staff("trainer", "bo@example.org")
    draft(coach, "arms", "Arms")
    terms = {**TERMS, "workouts": ["legs-arms"], "preview": None, "title": "Mine"}

    def refusals(plan: str) -> set[tuple[int, str]]:
        path = f"/v1/plans/{plan}"
        coupon = {"code": "SUMMER-25", "basisPoints": 2500, "plans": [plan]}
        answers = [
            rival.ask("PUT", path, json=terms),
            rival.post(f"{path}/publish"),
            rival.post(f"{path}/withdraw"),
            rival.post(f"{path}/trial", json={"days": 7}),
            rival.post("/v1/coupons", json=coupon),
        ]
        return {(each.status_code, each.json()["code"]) for each in answers}

    assert refusals("arms") == refusals("none") == {(404, "plan.unknown")}
    assert coach.post("/v1/plans/arms/publish").status_code == 200
    assert refusals("arms") == {(403, "authorization.not_allowed")}


@pytest.mark.parametrize("role", ["trainer", "administrator"])
def test_plans_are_not_offered_after_the_role_that_could_change_them(
    town: Town, role: StaffRole
) -> None:
    """R-CAT-01, R-CAT-06: enrollments continue; with the role again, a plan can be published."""
    coach, ada = town.staff(role, "coach@example.org"), town.citizen()
    bob = town.staff("administrator", "bob@example.org")
    draft(coach, "legs", "Legs")
    assert coach.post("/v1/plans/legs/publish").status_code == 200
    choice = {"planId": "legs", "startOn": f"{datetime.now(UTC):%F}"}
    enrolled = ada.post("/v1/enrollments", json={**choice, "userId": ada.id})
    assert enrolled.status_code == 201, enrolled.text
    grant_role(town, coach, "analyst")
    withdraw_role(town, coach, "analyst")
    assert [each["planId"] for each in ada.get("/v1/plans").json()["items"]] == ["legs"]
    withdraw_role(town, coach, role)
    assert ada.get("/v1/plans").json()["items"] == []
    refused = bob.post("/v1/enrollments", json={**choice, "userId": bob.id})
    assert (refused.status_code, refused.json()["code"]) == (404, "plan.unknown")
    enrollment = ada.get(f"/v1/enrollments/{enrolled.json()['enrollmentId']}").json()
    assert enrollment["status"] == "active"
    assert ada.get("/v1/plans/legs/access").json()["granted"]
    grant_role(town, coach, role)
    assert ada.get("/v1/plans").json()["items"] == []
    coach = town.log_in(coach, "coach@example.org")
    assert coach.post("/v1/plans/legs/publish").status_code == 200
    assert [each["planId"] for each in bob.get("/v1/plans").json()["items"]] == ["legs"]


def test_a_plan_that_is_published_while_the_role_is_withdrawn_is_not_offered(town: Town) -> None:
    """R-CAT-01, R-CAT-06: also while the read models are behind the log."""
    coach, ada = town.staff("trainer", "coach@example.org"), town.citizen()
    draft(coach, "legs", "Legs")
    administration = town.platform.accounts().administration
    offers = administration.plan_offers

    def by(*of: Any) -> Any:
        """Read the rows; then the plan is published."""
        rows = offers.read.by(*of)
        assert coach.post("/v1/plans/legs/publish").status_code == 200
        return rows

    read: Any = Mock(by=by)
    publishing = replace(administration, plan_offers=replace(offers, read=read))
    publishing.withdraw(UserId(coach.id), "trainer", origin=by_test(), command_id=uuid4())
    assert ada.get("/v1/plans").json()["items"] == []


def test_a_former_trainer_has_no_public_profile(town: Town) -> None:
    """R-CAT-01, R-CAT-06: without the role, they could not withdraw it themselves."""
    coach, ada = town.staff("trainer", "coach@example.org"), town.citizen()
    profile = {"name": "Zoe", "languages": ["en"]}
    assert coach.ask("PUT", f"/v1/trainers/{coach.id}", json=profile).status_code == 200
    assert [each["name"] for each in ada.get("/v1/trainers").json()["items"]] == ["Zoe"]
    withdraw_role(town, coach)
    assert ada.get("/v1/trainers").json()["items"] == []
    grant_role(town, coach)
    coach = town.log_in(coach, "coach@example.org")
    assert coach.ask("PUT", f"/v1/trainers/{coach.id}", json=profile).status_code == 200
    assert [each["name"] for each in ada.get("/v1/trainers").json()["items"]] == ["Zoe"]


def test_trainers_make_coupons_for_their_own_plans_alone(town: Town) -> None:
    """R-CAT-06: those for plans of others, or for all plans, would cut the income of others."""
    coach, rival = (town.staff("trainer", f"{name}@example.org") for name in ("coach", "bo"))
    draft(coach, "squats", "Squats")
    assert coach.post("/v1/plans/squats/publish").status_code == 200
    draft(rival, "arms", "Arms")
    off = {"code": "HALF-OFF", "basisPoints": 5000}

    def refusal(**terms: Any) -> tuple[int, str]:
        answer = rival.post("/v1/coupons", json={**off, **terms})
        return answer.status_code, answer.json()["code"]

    assert refusal(plans=["squats"]) == (403, "authorization.not_allowed")
    assert refusal(plans=["arms", "squats"]) == (403, "authorization.not_allowed")
    assert refusal() == (403, "authorization.not_allowed")
    assert refusal(plans=["nothing"]) == (404, "plan.unknown")
    assert rival.get("/v1/coupons/HALF-OFF").status_code == 404
    assert rival.post("/v1/coupons", json={**off, "plans": ["arms"]}).status_code == 201
