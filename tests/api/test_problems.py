"""Errors over REST are Problem Details."""

import asyncio
import errno
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.app import build_app
from api.middleware.http import BODY_LIMIT, FORM_OVERHEAD
from application.kernel.encryption import KeyRefused, KmsUnavailable
from application.kernel.ports import EventUnreadable, StorageUnavailable
from application.live.chunk_codec import MEDIA_TYPE as COMPACT
from application.platform import Platform
from domain.ids import TenantId
from domain.kernel import Rejected
from tests.api.conftest import WEB
from tests.api.described import committed_openapi
from tests.api.driver import ApiDriver

UNKNOWN = "019a0000-0000-7000-8000-000000000000"
Ask = Callable[[ApiDriver], Any]

REFUSALS: dict[str, tuple[Ask, int, str]] = {
    "unknown path": (lambda driver: driver.client.get("/v2/none"), 404, "http.404"),
    "unknown method": (lambda driver: driver.client.put("/v1/sessions"), 405, "http.405"),
    "unknown session": (
        lambda driver: driver.client.get(f"/v1/sessions/{UNKNOWN}"),
        404,
        "session.unknown",
    ),
    "trace of an unknown session": (
        lambda driver: driver.client.get(f"/v1/sessions/{UNKNOWN}/trace"),
        404,
        "session.unknown",
    ),
    "trace without recorded landmarks": (
        lambda driver: driver.client.get(f"/v1/sessions/{driver.train(1)}/trace"),
        409,
        "session.not_recorded",
    ),
    "recognition without recorded landmarks": (
        lambda driver: driver.client.get(f"/v1/sessions/{driver.train(1)}/recognition"),
        409,
        "session.not_recorded",
    ),
    "unknown recording": (
        lambda driver: driver.client.get(f"/v1/recordings/{UNKNOWN}"),
        404,
        "recording.unknown",
    ),
    "recording without video": (
        lambda driver: driver.client.get(f"/v1/recordings/{driver.train(1)}/video"),
        404,
        "recording.no_video",
    ),
    "unknown job": (lambda driver: driver.client.get(f"/v1/jobs/{UNKNOWN}"), 404, "job.unknown"),
    "unknown job followed": (
        lambda driver: driver.client.get(f"/v1/jobs/{UNKNOWN}/events"),
        404,
        "job.unknown",
    ),
    "a job id that is none": (
        lambda driver: driver.client.get("/v1/jobs/seven"),
        422,
        "request.invalid",
    ),
    "bad cursor": (
        lambda driver: driver.client.get("/v1/sessions?after=nonsense"),
        422,
        "page.cursor_invalid",
    ),
    "bad cursor of frames": (
        lambda driver: driver.client.get(f"/v1/recordings/{driver.train(1)}/frames?after=Zm9v"),
        422,
        "page.cursor_invalid",
    ),
    "a page too large": (
        lambda driver: driver.client.get("/v1/sessions?first=101"),
        422,
        "request.invalid",
    ),
    "bad tenant": (
        lambda driver: driver.client.get("/v1/sessions", headers={"X-Tenant-ID": "../other"}),
        422,
        "request.invalid",
    ),
    "a body that is no form": (
        lambda driver: driver.client.post("/v1/sessions:analyze", json={}),
        415,
        "http.415",
    ),
    "a file that is no video": (
        lambda driver: driver.client.post(
            "/v1/sessions:analyze", files={"video": ("a.txt", b"text", "text/plain")}
        ),
        415,
        "http.415",
    ),
    "no file": (
        lambda driver: driver.client.post("/v1/sessions:analyze", files={"file": b"x"}),
        422,
        "request.invalid",
    ),
    "a form of another site": (
        lambda driver: driver.upload(headers={"Sec-Fetch-Site": "cross-site"}),
        403,
        "request.another_site",
    ),
    "an empty file": (lambda driver: driver.upload(b""), 422, "request.invalid"),
    "an unknown exercise": (
        lambda driver: driver.upload(exercise="levitation"),
        422,
        "request.invalid",
    ),
    "an athlete whose id means something to a key": (
        lambda driver: driver.upload(athlete="ada/2030-01-01"),
        422,
        "request.invalid",
    ),
    "a video over the limit": (
        lambda driver: driver.upload(b"x" * (driver.platform.max_upload_bytes + 1)),
        413,
        "http.413",
    ),
    "a form over the limit": (
        lambda driver: driver.upload(b"x" * (driver.platform.max_upload_bytes + FORM_OVERHEAD)),
        413,
        "http.413",
    ),
    "a document over the limit": (
        lambda driver: driver.client.post("/graphql", content=b" " * (BODY_LIMIT + 1)),
        413,
        "http.413",
    ),
    "a body that hides its length": (
        lambda driver: driver.client.post(
            "/graphql",
            content=(b" " * 65536 for _ in range(BODY_LIMIT // 65536 + 1)),
            headers={"Content-Type": "application/json"},
        ),
        413,
        "http.413",
    ),
}


@pytest.mark.parametrize(("ask", "status", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_returned_as_a_problem(
    driver: ApiDriver, ask: Ask, status: int, code: str
) -> None:
    """R-API-03, C-35."""
    answer = ask(driver)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"].endswith(code)
    assert problem["success"] is False
    assert problem["message"] == problem["detail"] != ""
    assert problem["title"]
    assert problem["instance"] == answer.request.url.path
    assert problem["correlationId"] == answer.headers["Request-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("ask", "pointers"),
    [
        (
            lambda driver: driver.client.get("/v1/sessions?first=0&athlete=/"),
            ["#/athlete", "#/first"],
        ),
        (lambda driver: driver.upload(exercise="levitation"), ["#/exercise"]),
        (lambda driver: driver.upload(b""), ["#/video"]),
        (
            lambda driver: driver.client.get("/v1/exercises", headers={"X-Tenant-ID": "A"}),
            [],
        ),
        (lambda driver: driver.client.post("/graphql", json={"variables": {}}), ["#/query"]),
    ],
    ids=["query", "exercise", "video", "tenant where none is asked for", "body"],
)
def test_a_malformed_request_gets_all_errors(
    driver: ApiDriver, ask: Ask, pointers: Sequence[str]
) -> None:
    view = ask(driver).json()
    errors = view.get("errors", []) if isinstance(view, dict) else []
    assert [error["pointer"] for error in errors] == pointers
    assert all(error["detail"].endswith(".") for error in errors)


class Broken:
    """Read models that fail unexpectedly, or that are unavailable."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def __getattr__(self, name: str) -> Any:
        def fail(*_: Any, **__: Any) -> Any:
            raise self._failure

        return fail


def broken(platform: Platform, **parts: Any) -> TestClient:
    app = build_app(replace(platform, **parts), web=WEB)
    return TestClient(app, raise_server_exceptions=False)


def test_unexpected_errors_are_logged_and_masked(platform: Platform) -> None:
    client = broken(platform, read=Broken(RuntimeError("the secret of the house")))
    identity = str(uuid4())
    with capture_logs() as logs:
        answer = client.get("/v1/sessions", headers={"Request-ID": identity})
    assert answer.status_code == 500
    assert answer.json()["correlationId"] == identity
    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text
    assert [entry["event"] for entry in logs] == ["request.failed"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_an_outage(platform: Platform, number: int) -> None:
    """R-EVT-18: as of a video that does not fit into a temporary file."""
    client = broken(platform, read=Broken(OSError(number, "the disk is full")))
    with capture_logs() as logs:
        answer = client.get("/v1/sessions")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["code"] == "storage.unavailable"
    assert [entry["event"] for entry in logs] == ["request.failed"]


def test_client_disconnect_is_not_an_error(driver: ApiDriver) -> None:
    """R-LIV-12: phones often lose their connection, which must not raise an alert."""
    view: list[Any] = []
    heard: Any = iter([{"type": "http.request", "body": b"KLF1", "more_body": True}])

    async def receive() -> Any:
        return next(heard, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        view.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/workouts/streaming",
        "query_string": b"",
        "headers": [(b"content-type", COMPACT.encode()), (b"content-length", b"100")],
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("testclient", 1),
    }

    async def sent() -> None:
        await driver.client.app(scope, receive, send)

    with capture_logs() as logs:
        asyncio.run(sent())
    assert view == []
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("request.gone", "info")]


def test_outages_return_retry_after(platform: Platform) -> None:
    client = broken(platform, read=Broken(StorageUnavailable()))
    answer = client.get("/v1/sessions")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["code"] == "storage.unavailable"


REFUSED_BY_POSTGRES = 'connection to server at "10.0.0.7", port 5432 failed: Connection refused'
PRESCRIBE = """mutation {
  prescribeWorkout(input: {
    name: "Legs", authorId: "ada",
    exercises: [{ exerciseId: "squat", sets: 1, targetRepetitions: 9, restS: 9 }]
  }) {
    ... on Problem { message }
  }
}"""
WITHOUT_DATA = "The data cannot be read or stored right now."


def test_an_outage_shows_no_addresses_of_servers(platform: Platform) -> None:
    """R-UIX-06, R-EVT-18: the log has the reason."""
    away = Broken(StorageUnavailable(REFUSED_BY_POSTGRES))
    unread, unwritten = broken(platform, read=away), broken(platform, commands=away)
    with capture_logs() as logs:
        rest = unread.get("/v1/sessions").json()
        query = unread.post("/graphql", json={"query": "{ sessions { edges { cursor } } }"}).json()
        mutation = unwritten.post("/graphql", json={"query": PRESCRIBE}).json()
    assert (rest["title"], rest["detail"], rest["message"]) == (WITHOUT_DATA,) * 3
    assert (query["code"], query["message"]) == ("storage.unavailable", WITHOUT_DATA)
    assert mutation["data"]["prescribeWorkout"] == {"message": WITHOUT_DATA}
    reasons = [entry["reason"] for entry in logs if entry["event"] == "request.unavailable"]
    assert reasons == [REFUSED_BY_POSTGRES] * 3


def test_a_damaged_event_shows_neither_its_stream_nor_the_reason(platform: Platform) -> None:
    """R-UIX-06, R-EVT-18: the log has both."""
    damaged = EventUnreadable("A stored user.created cannot be read: Expected `int`.")
    reason = damaged.at(7, "gym/user-eve", 1)
    client = broken(platform, read=Broken(reason))
    with capture_logs() as logs:
        problem = client.get("/v1/sessions").json()
    assert (problem["code"], problem["detail"]) == (
        "event.unreadable",
        "Stored data are damaged and cannot be read. Tell your administrator.",
    )
    (entry,) = [each for each in logs if each["event"] == "request.unavailable"]
    assert "version 1 of gym/user-eve, at position 7" in entry["reason"]


@pytest.mark.parametrize("refusal", [KeyRefused, KmsUnavailable])
def test_a_wrong_key_file_shows_no_path(platform: Platform, refusal: type[Rejected]) -> None:
    """R-UIX-06, C-23: only the log says which file the operator has to restore."""
    reason = "The key file /srv/kinelog/master.key is not the one that encrypted this data."
    client = broken(platform, read=Broken(refusal(reason)))
    with capture_logs() as logs:
        problem = client.get("/v1/sessions").json()
    assert problem["code"] == refusal.code
    assert problem["detail"] == problem["message"] == problem["title"]
    (entry,) = [each for each in logs if each["event"] == "request.unavailable"]
    assert entry["reason"] == reason


@pytest.mark.parametrize(
    ("part", "name"), [("log", "log"), ("tables", "readModels"), ("media", "media")]
)
def test_readiness_names_what_is_down(platform: Platform, part: str, name: str) -> None:
    client = broken(platform, **{part: Broken(StorageUnavailable())})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert f"#/{name}" in [error["pointer"] for error in answer.json()["errors"]]


def test_a_tenant_sees_nothing_of_another(driver: ApiDriver) -> None:
    key = driver.analyzed()
    job = driver.upload().json()["id"]
    other = {"X-Tenant-ID": "other"}
    for path in (
        f"/v1/sessions/{key}",
        f"/v1/sessions/{key}/trace",
        f"/v1/sessions/{key}/recognition",
        f"/v1/recordings/{key}",
        f"/v1/recordings/{key}/frames",
        f"/v1/recordings/{key}/video",
        f"/v1/jobs/{job}",
        f"/v1/jobs/{job}/events",
    ):
        assert driver.client.get(path, headers=other).status_code == 404, path
    assert driver.client.get("/v1/sessions", headers=other).json()["items"] == []
    theirs = driver.ask(
        "query($id: ID!) { session(id: $id) { id } recording(id: $id) { id } "
        "then: session(id: $id, asOf: {version: 1}) { id } sessions { edges { cursor } } }",
        tenant="other",
        id=key,
    )
    assert theirs == {
        "session": None,
        "recording": None,
        "then": None,
        "sessions": {"edges": []},
    }
    assert driver.over(job, tenant="default")["state"] == "succeeded"


def test_a_tenant_has_sessions_of_its_own(driver: ApiDriver) -> None:
    job = driver.upload(headers={"X-Tenant-ID": "other"}).json()
    done = driver.over(job["id"], tenant="other")
    recorded = driver.platform.log.load(TenantId("other"), f"session-{done['sessionId']}")
    assert {each.origin.tenant_id for each in recorded} == {"other"}


@pytest.mark.parametrize(
    "body", [b"\xff\xfe{}", b"{", b"[", b""], ids=["bytes", "open", "list", "none"]
)
def test_a_malformed_body_is_refused_as_each_operation_describes(
    driver: ApiDriver, body: bytes
) -> None:
    """R-API-02, R-API-03: every operation with a JSON body, also of paths that do not exist."""
    described = committed_openapi()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if "application/json" in operation.get("requestBody", {}).get("content", {}):
                answer = driver.client.request(
                    method,
                    re.sub(r"\{\w+\}", "x", path),
                    content=body,
                    headers={"Content-Type": "application/json", "Idempotency-Key": "x"},
                )
                assert str(answer.status_code) in operation["responses"], (method, path)
                assert answer.headers["Content-Type"] == "application/problem+json", (method, path)
