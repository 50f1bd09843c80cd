"""Strangers get nothing of another user, over any endpoint and in any tenant."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient

from adapters.sample_athlete.demonstration import demonstration
from api.app import build_app
from api.config import ApiConfig
from api.graphql.schema import schema
from api.middleware.authentication import is_public_path
from api.websocket import connection
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId
from tests.api.closed_sockets import closed_with
from tests.api.conftest import WEB
from tests.api.described import committed_openapi
from tests.api.enrolling import (
    ASSIGNED_TO_ADA,
    COACH,
    CONTENT_OF_COACH,
    COUPON_OF_COACH,
    IMPORT_OF_ADA,
    INVITATION_OF_COACH,
    INVOICED,
    PAID,
    PROGRAM_OF_ADA,
    SUBSCRIBED,
    enrolled,
)
from tests.api.paying import CALLBACKS, WEBHOOKS
from tests.api.people import Person, Town
from tests.api.pose_messages import jpeg
from tests.api.stage import video_content
from tests.api.walking import operations, steps
from tests.hostile.routes import all_routes
from tests.live.chunks import as_json, take

EVE = "eve@example.org"

EVENTS = {"Accept": "text/event-stream"}

TO_PROVIDERS = {
    "oauthBegin", "oauthCallback", "healthLinkCallback", "answerHealthChallenge", "synthesizeSpeech"
}  # fmt: skip
AT_GATEWAYS = {
    "getPaymentIntent",
    "getMethodSetup",
    "previewPlanChange",
    *CALLBACKS,
}
OF_POSE_COACH = {"getWorkoutFeedback", "getWorkoutSessionCopies"}
"""Ada has no session of the pose coach."""

OF_TRAINERS = {"getCoupon", "getPlanPrice", "getAthlete", "listAssignments"} | {
    *("followContent", "getContent", "getContentUpload", "getContentUsage"),
    *("getContentPlayback", "getContentViews", "getPublishedContent", "getPlaybackFile"),
    *("getContentLesson", "getCaptionDraft"),
}
"""Ada offers no coupon and no video, the plan is free, and she is not her own athlete."""

FOR_ADMINISTRATORS = {
    "getPoseCoachReport",
    *("exportPopulation", "getPopulation"),
    "getReconciliation",
    "getTenant",
    "getUser",
    "listReconciliations",
    "listUsers",
    "listWebhookDeliveries",
}
FOR_TRAINERS = {"listOwnPlans"}

PUBLIC_OPERATIONS = {
    "getClientSettings",
    *("getHealth", "getPublicKeys", "getReadiness"),
    *(*WEBHOOKS, *CALLBACKS),
    "answerHealthChallenge",
    *("receiveHealthWebhook", "receiveBucketNotification"),
    "reportClientError",
    "uploadContentPart",
    "getPlaybackFile",
    *("unsubscribe", "openUnsubscribePage"),
}
"""Public operations other than signing in."""


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    app = build_app(
        platform, web=WEB, config=ApiConfig(sign_in_required=True, demonstration=demonstration)
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


@dataclass
class Trained:
    """A user who has trained, with the ids of their data."""

    person: Person
    session: str
    job: str
    workout: str
    enrollment: str
    export: str
    picture: str

    @property
    def ids(self) -> dict[str, str]:
        """Their ids, by the field names of the API."""
        return {
            **dict.fromkeys(("sessionid", "executionid", "session", "recordingid"), self.session),
            "jobid": self.job,
            "exportid": self.export,
            "importid": str(IMPORT_OF_ADA),
            "userid": self.person.id,
            "athleteid": self.person.id,
            "athlete": self.person.id,
            "authorid": self.person.id,
            "workoutid": self.workout,
            "enrollmentid": self.enrollment,
            "subscriptionid": SUBSCRIBED,
            "paymentid": PAID,
            "invoiceid": INVOICED,
            "couponid": COUPON_OF_COACH,
            "contentid": CONTENT_OF_COACH,
            "invitationid": INVITATION_OF_COACH,
            "assignmentid": ASSIGNED_TO_ADA,
            "programid": PROGRAM_OF_ADA,
            "planid": "squats",
            "trainerid": COACH,
            "provider": "google",
            "source": "apple_health",
            "metric": "steps",
            "exerciseid": "squat",
            "exercise": "squat",
            "digest": self.picture,
        }

    def versions(self, platform: Platform) -> list[int]:
        """Return the number of events in each of their streams."""
        names = (
            f"session-{self.session}",
            f"recording-{self.session}",
            f"user-{self.person.id}",
            f"workout-{self.workout}",
            f"enrollment-{self.enrollment}",
            f"subscription-{SUBSCRIBED}",
            f"payment-{PAID}",
            f"invoice-{INVOICED}",
            "plan-squats",
            f"trainer-{COACH}",
            f"coupon-{COUPON_OF_COACH}",
            f"content-{CONTENT_OF_COACH}",
            f"supervision-{self.person.id}",
            f"athlete_invitation-{INVITATION_OF_COACH}",
            f"assignments-{self.person.id}",
            f"programs-{self.person.id}",
        )
        tenant = TenantId(self.person.tenant)
        return [len(platform.log.load(tenant, name)) for name in names]


def trained(town: Town) -> Trained:
    """Register Ada, analyze a video, and prescribe a workout."""
    ada = town.citizen("ada@example.org")
    ada.agrees("images_leave_device")
    files = {"video": ("secret.mp4", video_content(), "video/mp4")}
    job = ada.post("/v1/sessions:analyze", files=files, data={"name": "Ada's secret"}).json()["id"]
    seen = 0
    while True:
        done = town.platform.jobs.wait(
            TenantId(DEFAULT_TENANT), UUID(job), after=seen, timeout_s=60
        )
        seen = done.revision
        if done.is_over:
            break
    assert done.athlete_id == ada.id
    written = ada.graph(
        'mutation($author: ID!) { prescribeWorkout(input: {authorId: $author, name: "Hidden",'
        ' exercises: [{exerciseId: "squat", sets: 1, targetRepetitions: 5}]})'
        " { ... on WorkoutPayload { workout { workoutId } } } }",
        author=ada.id,
    )["data"]["prescribeWorkout"]["workout"]["workoutId"]
    assert ada.post("/v1/me/erasure", json={}).status_code == 202  # due days later
    session = str(done.session_id)
    picture = town.platform.media.put(TenantId(DEFAULT_TENANT), jpeg(), prefix=session)
    enrollment = enrolled(town, ada, written)
    return Trained(ada, session, job, written, enrollment, exported(ada), picture)


def exported(person: Person) -> str:
    """Create an export, and return its id."""
    export = person.post("/v1/me/exports").json()
    while export["state"] != "ready":
        export = person.get(f"/v1/me/exports/{export['id']}").json()
        assert export["problemCode"] is None
    return str(export["id"])


def walk(town: Town, walker: Person, found: Trained) -> Iterator[tuple[str, int, str]]:
    """Send a request to every operation; yield its name, status and content."""
    for step in steps(committed_openapi(), found.ids):
        sent = dict(step.sent)
        if step.operation.startswith("streamFrames"):
            sent["json"] = as_json(take(found.session, repetitions=1)[0])
        answer = walker.ask(step.method, step.path, **sent)
        yield f"{step.method} {step.path}", answer.status_code, answer.text
        if step.path.startswith("/v1/auth/") and walker.get("/v1/auth/me").status_code == 401:
            walker.tokens = town.log_in(walker, EVE).tokens
    for name, document in operations(schema._schema, found.ids):
        if document.startswith("subscription"):
            answer = walker.post("/graphql", json={"query": document}, headers=EVENTS)
            yield f"{name}: {document}", answer.status_code, answer.text
            continue
        answer = walker.post("/graphql", json={"query": document})
        assert '"internal"' not in answer.text, (document, answer.text)
        view = answer.json().get("data") if answer.status_code == 200 else None
        yield f"{name}: {document}", answer.status_code, json.dumps(view)


@pytest.mark.parametrize("tenant", [DEFAULT_TENANT, pytest.param("gym", marks=pytest.mark.slow)])
def test_no_endpoint_gives_strangers_access(town: Town, tenant: str) -> None:
    """R-TEN-03, R-TEN-05, C-10: a stranger calls every route and every field."""
    ada = trained(town)
    eve = town.citizen(EVE, tenant=tenant)
    before = ada.versions(town.platform)
    secret = {
        ada.session,
        ada.job,
        ada.enrollment,
        SUBSCRIBED,
        PAID,
        COUPON_OF_COACH,
        INVOICED,
        ada.person.id,
        "Hidden legs",
        "Hidden video",
        "Ada's secret",
        "ada@example.org",
    }
    if tenant != DEFAULT_TENANT:
        secret |= {ada.workout, "Hidden"}
    params = 0
    for name, status, view in walk(town, eve, ada):
        assert status < 500, (name, view)
        leaked = {word for word in secret if word in view}
        if tenant == DEFAULT_TENANT and ada.workout in view:
            leaked.discard(ada.person.id)  # members of a tenant may read the author of a workout
        assert status >= 400 or not leaked, (name, view)
        params += 1
    assert params > 50
    assert ada.versions(town.platform) == before
    assert ada.person.get("/v1/auth/me").status_code == 200


@pytest.mark.both_compositions
def test_the_walk_covers_existing_endpoints(town: Town) -> None:
    """The owner gets a response from every REST endpoint, so the walk visits existing ones.

    Except endpoints that redirect to a provider or ask or serve a gateway, as none is configured,
    and those for administrators and trainers.
    """
    ada = trained(town)
    for step in steps(committed_openapi(), ada.ids):
        staff = {*FOR_ADMINISTRATORS, *FOR_TRAINERS}
        others = {"graphqlQuery", *OF_POSE_COACH, *OF_TRAINERS, *TO_PROVIDERS, *staff, *AT_GATEWAYS}
        if step.method == "GET" and step.operation not in others:
            answer = ada.person.ask("GET", step.path, **step.sent)
            assert answer.status_code == 200, (step.path, answer.text)
    answers = [
        (name, json.dumps(ada.person.graph(document)))
        for name, document in operations(schema._schema, ada.ids)
    ]
    assert [name for name, answer in answers if '"internal"' in answer] == []
    found = {name for name, answer in answers if ada.session in answer}
    assert {"session", "sessions", "recording"} <= found


def test_without_a_token_only_what_is_for_everybody_answers(town: Town) -> None:
    """R-API-01: every route, called without a token."""
    for step in steps(committed_openapi(), {}):
        answer = town.client.request(step.method, step.path, **step.sent)
        if is_public_path(step.path):
            assert step.path.startswith("/v1/auth/") or step.operation in PUBLIC_OPERATIONS, (
                step.path
            )
            assert answer.status_code < 500, step.path
            continue
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.sign_in_required")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="kinelog"'
    assert town.client.get("/").status_code == 200
    assert town.client.get("/metrics").status_code in {200, 404}


def test_the_header_agrees_with_the_token(town: Town) -> None:
    """R-TEN-01, R-TEN-05, C-10."""
    ada = town.citizen(tenant="gym")
    assert ada.get("/v1/sessions").status_code == 200, "the claim says it"
    assert ada.get("/v1/sessions", headers={"X-Tenant-ID": "gym"}).status_code == 200
    other = ada.get("/v1/sessions", headers={"X-Tenant-ID": "default"})
    assert (other.status_code, other.json()["code"]) == (403, "auth.tenant_mismatch")


def test_the_athlete_is_the_signed_in_user(town: Town) -> None:
    """C-35: another athlete is rejected; the actor is the signed-in user."""
    ada, eve = town.citizen(), town.citizen(EVE)
    other = ada.post("/v1/sessions", json={"athleteId": eve.id})
    assert (other.status_code, other.json()["code"]) == (403, "authorization.not_allowed")
    own = ada.post("/v1/sessions", json={"athleteId": ada.id})
    assert own.status_code == 201
    (fact,) = town.platform.log.load(TenantId(DEFAULT_TENANT), f"session-{own.json()['sessionId']}")
    assert fact.origin.actor == ada.id


def test_frames_are_taken_of_ones_own_session_only(town: Town) -> None:
    """R-TEN-03."""
    ada, eve = town.citizen(), town.citizen(EVE)
    begun = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    body = {"athleteId": ada.id, "at": begun}
    session = ada.post("/v1/sessions", json=body).json()["sessionId"]
    chunk = as_json(take(session, repetitions=1)[0])
    stolen = eve.post("/v1/workouts/streaming", json=chunk)
    assert (stolen.status_code, stolen.json()["code"]) == (404, "session.unknown")


def test_one_key_of_two_people_is_two_commands(town: Town) -> None:
    """R-API-04: an `Idempotency-Key` belongs to its user."""
    ada, eve = town.citizen(), town.citizen(EVE)
    key = {"Idempotency-Key": "monday"}
    hers = ada.post("/v1/sessions", json={"athleteId": ada.id}, headers=key).json()
    again = ada.post("/v1/sessions", json={"athleteId": ada.id}, headers=key).json()
    others = eve.post("/v1/sessions", json={"athleteId": eve.id}, headers=key).json()
    assert (again["sessionId"], again["repeated"]) == (hers["sessionId"], True)
    assert others["sessionId"] != hers["sessionId"]


def test_roles_open_what_they_are_for(town: Town) -> None:
    """R-TEN-06, R-CAT-06, C-12: figures for analysts, profiles for administrators."""
    ada = trained(town)
    analyst = town.staff("analyst", "ann@example.org")
    administrator = town.staff("administrator", "root@example.org")

    def statuses(person: Person) -> list[int]:
        paths = (f"/v1/sessions/{ada.session}", f"/v1/recordings/{ada.session}/video")
        return [person.get(path).status_code for path in paths]

    assert statuses(ada.person) == [200, 200]
    assert statuses(analyst) == [200, 404]
    assert statuses(administrator) == [404, 404]
    query = "query($id: ID!) { user(id: $id) { userId } session(id: $id) { sessionId } }"
    seen = administrator.graph(query, id=ada.person.id)["data"]
    assert seen["user"] == {"userId": ada.person.id}
    params = "query($id: ID!) { session(id: $id) { sessionId recording { id } } }"
    figures: Any = analyst.graph(params, id=ada.session)["data"]["session"]
    assert figures == {"sessionId": ada.session, "recording": None}


def test_analysts_see_figures_and_never_a_person(town: Town) -> None:
    """R-TEN-06, R-LIV-17, C-12: no endpoint shows them poses or videos, live or recorded."""
    ada = trained(town)
    analyst = town.staff("analyst", EVE)
    seen = [(name, view) for name, status, view in walk(town, analyst, ada) if status < 400]
    assert any(ada.session in view for _, view in seen), "the walk visits what analysts may see"
    for name, view in seen:
        assert not {"landmarks", "worldLandmarks"} & keys_of(view), name
    sockets = {
        f"/ws/pose?watch={ada.session}",
        f"/ws/replay/{ada.session}",
    }
    for path in sockets:
        with town.client.websocket_connect(path, headers=analyst.headers) as raw:
            assert closed_with(raw) == connection.NOT_FOUND, path
    routes = all_routes(town.client.app.router.routes)  # type: ignore[attr-defined]  # our application
    paths = {each.path for each in routes if isinstance(each, WebSocketRoute)}
    checked = {"/ws/pose", "/ws/replay/{session_id}"}
    assert paths == checked | {"/graphql", "/ws/live"}, "another socket: does it show poses?"


def keys_of(view: str) -> set[str]:
    return set(re.findall(r'"(\w+)":', view))


def test_a_cached_answer_is_private_to_its_user(town: Town) -> None:
    """R-TEN-03: the cache key includes the caller."""
    ada, eve = trained(town), town.citizen(EVE)
    query = "{ sessions(first: 5) { edges { node { sessionId } } } }"
    for _ in range(2):
        assert len(ada.person.graph(query)["data"]["sessions"]["edges"]) == 1
        assert eve.graph(query)["data"]["sessions"]["edges"] == []
