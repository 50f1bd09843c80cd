"""Idempotency keys: a request is executed once, whether or not its response arrives."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from starlette.testclient import TestClient

from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from api.app import build_app
from api.idempotency import NAMESPACE
from application.kernel.encryption import KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Origin, Rejected
from tests.api.conftest import WEB
from tests.api.people import PASSWORD, Town

pytestmark = pytest.mark.both_compositions

KEY = {"Idempotency-Key": "monday"}
ADA = {"athleteId": "ada"}


@pytest.fixture
def client(platform: Platform) -> TestClient:
    return TestClient(build_app(platform, web=WEB), raise_server_exceptions=False)


def begin(client: TestClient, body: Any, key: dict[str, str] = KEY, **query: str) -> Any:
    return client.post("/v1/sessions", json=body, headers=key, params=query)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_same_request_gets_what_was_done_then(client: TestClient) -> None:
    """R-API-04: the same session, not a second one."""
    first, second = begin(client, ADA), begin(client, ADA)
    assert first.status_code == second.status_code == 201
    assert first.headers["Location"] == second.headers["Location"]
    assert first.json() | {"repeated": True} == second.json()
    other = begin(client, ADA, {"Idempotency-Key": "tuesday"})
    assert other.json()["sessionId"] != first.json()["sessionId"]


def test_another_payload_under_the_same_key_is_refused(client: TestClient) -> None:
    """R-API-04: 422."""
    assert begin(client, ADA).status_code == 201
    differs = (422, "idempotency.payload_differs")
    assert code(begin(client, {"athleteId": "ada", "timeZone": "Europe/Rome"})) == differs
    assert code(begin(client, {"athleteId": "bob"})) == differs
    assert code(begin(client, ADA, sent="otherwise")) == differs
    assert begin(client, ADA).status_code == 201


def test_a_key_whose_request_was_refused_can_be_used_again(client: TestClient) -> None:
    """R-API-04: a rejected request has no effect."""
    assert begin(client, {"athleteId": "ada", "timeZone": "Mars/Olympus"}).status_code == 422
    assert begin(client, ADA).status_code == 201


def test_stored_ids_do_not_allow_guessing_the_payload(
    client: TestClient, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18, R-API-04: a payload may contain a password. Its digest is keyed."""
    stored: list[UUID] = []
    append = platform.log.append

    def spy(changes: Any, *, origin: Origin, command_id: UUID) -> Any:
        stored.append(command_id)
        return append(changes, origin=origin, command_id=command_id)

    monkeypatch.setattr(platform.log, "append", spy)
    sent = {"email": "ada@example.org", "password": PASSWORD}
    answer = client.post("/v1/auth/register", json=sent, headers=KEY)
    assert answer.status_code == 202
    assert len(stored) >= 2, "of the key and of the account"
    assert not {unkeyed("/v1/auth/register", answer.request.content)} & {*stored}


def unkeyed(path: str, body: bytes) -> UUID:
    """Return what was stored of a payload before its digest was keyed."""
    command_id = uuid5(NAMESPACE, f"default\x1fanonymous\x1f{path}\x1fmonday")
    return uuid5(command_id, sha256(b"\x1f".join((b"POST", b"", body))).hexdigest())


def test_a_key_that_an_earlier_version_stored_is_recognized(
    client: TestClient, platform: Platform
) -> None:
    """R-EVT-16: the platform was updated between a request and its retry."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="anonymous", correlation_id=uuid4())
    body = client.build_request("POST", "/v1/sessions", json=ADA).content
    platform.log.append((), origin=origin, command_id=unkeyed("/v1/sessions", body))
    command_id = uuid5(NAMESPACE, "default\x1fanonymous\x1f/v1/sessions\x1fmonday")
    platform.log.append((), origin=origin, command_id=command_id)
    differs = (422, "idempotency.payload_differs")
    assert code(begin(client, {"athleteId": "bob"})) == differs
    assert begin(client, ADA).status_code != 422


def test_while_a_request_is_carried_out_its_key_is_taken(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-04: 409; and the first request gets its response."""
    begun, go_on = Event(), Event()
    real = platform.commands.execute

    def slow(*sent: Any, **how: Any) -> Any:
        begun.set()
        assert go_on.wait(timeout=60)
        return real(*sent, **how)

    monkeypatch.setattr(platform.commands, "execute", slow)
    with (
        TestClient(build_app(platform, web=WEB)) as client,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        first = elsewhere.submit(begin, client, ADA)
        assert begun.wait(timeout=60)
        taken = begin(client, ADA)
        go_on.set()
        assert first.result(timeout=60).status_code == 201
        assert code(taken) == (409, "idempotency.in_progress")
        assert begin(client, ADA).json()["repeated"] is True


def test_the_same_request_at_two_servers_is_no_other_one(
    platform: Platform, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-04: one server carries it out while the other looks for its key."""
    other = TestClient(build_app(platform, web=WEB), raise_server_exceptions=False)
    done, first = platform.log.done, list[Any]()

    def carried_out_meanwhile(tenant_id: TenantId, command_id: UUID) -> Any:
        found = done(tenant_id, command_id)
        if not first:
            first.append(None)
            first.append(begin(other, ADA))
        return found

    monkeypatch.setattr(platform.log, "done", carried_out_meanwhile)
    second = begin(client, ADA)
    assert (first[1].status_code, second.status_code) == (201, 201), second.text
    assert second.json() == first[1].json() | {"repeated": True}
    assert code(begin(client, {"athleteId": "bob"})) == (422, "idempotency.payload_differs")


KEYLESS = pytest.mark.parametrize(
    ("part", "name", "obstacle"),
    [
        (KeyFileKms, "wrap", KmsUnavailable),
        (SqlSubjectKeyStore, "find_or_add", StorageUnavailable),
    ],
    ids=["kms", "identity-database"],
)
"""The first use of a key of a tenant or a person needs both of them."""


@KEYLESS
@pytest.mark.parametrize("missing", ["tenant", "person"])
def test_a_keyed_write_without_keys_is_refused_for_now_and_works_later(
    client: TestClient,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    part: type,
    name: str,
    obstacle: type[Rejected],
    missing: str,
) -> None:
    """R-API-04, R-EVT-20: 503 with `Retry-After`; nothing is stored, and nothing is lost."""
    if missing == "person":  # the key of the tenant has been loaded
        assert begin(client, ADA, {"Idempotency-Key": "before"}).status_code == 201
    squats = {"exerciseId": "squat", "sets": 3, "targetRepetitions": 8}
    plan = {"authorId": "ada", "name": "Legs", "exercises": [squats]}

    def prescribe() -> Any:
        return client.post("/v1/workout-plans", json=plan, headers=KEY)

    def away(*_: Any, **__: Any) -> Any:
        raise obstacle

    before = platform.log.head()
    with monkeypatch.context() as outage:
        outage.setattr(part, name, away)
        for _ in range(2):
            refused = prescribe()
            assert (refused.status_code, refused.json()["code"]) == (503, obstacle.code)
            assert int(refused.headers["Retry-After"]) > 0
    assert platform.log.head() == before
    first, again = prescribe(), prescribe()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    position = {"After-Position": str(again.json()["position"])}
    assert len(client.get("/v1/workout-plans", headers=position).json()["items"]) == 1


def test_a_missing_required_idempotency_key_returns_400(client: TestClient) -> None:
    """R-API-04: 400."""
    sent = {"email": "bob@example.org"}
    assert code(client.post("/v1/invitations", json=sent)) == (400, "http.400")
    assert client.post("/v1/invitations", json=sent, headers=KEY).status_code != 400


@pytest.mark.parametrize(
    "other", [{"format": "pdf"}, {"format": "csv", "since": "2026-01-01"}, {"format": "archive"}]
)
def test_the_key_of_an_export_belongs_to_its_content(town: Town, other: dict[str, str]) -> None:
    """R-API-04: of REST, and of GraphQL; nobody gets a file other than the one they asked for."""
    ada = town.citizen("ada@example.org")
    wanted, headers = {"format": "csv"}, {"Idempotency-Key": "k1"}
    first = ada.post("/v1/me/exports", json=wanted, headers=headers)
    assert first.status_code == 202
    answer = ada.post("/v1/me/exports", json=other, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.payload_differs")
    again = ada.post("/v1/me/exports", json=wanted, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    document = """mutation ($input: RequestExportInput!) { requestExport(input: $input) {
      __typename ... on Problem { code } } }"""
    named = {"commandId": str(uuid4())}
    spelled = {**other, "format": other["format"].upper()}
    begun = ada.graph(document, input={"format": "CSV", **named})["data"]["requestExport"]
    assert begun == {"__typename": "ExportPayload"}
    refused = ada.graph(document, input={**spelled, **named})["data"]["requestExport"]
    assert refused == {"__typename": "Problem", "code": "idempotency.payload_differs"}
