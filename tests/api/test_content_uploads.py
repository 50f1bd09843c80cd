"""Uploads of trainers' videos: declared, sent in parts, resumed, completed or cancelled."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import build_app
from application.content.quotas import VIDEO_TYPES, ContentLimits
from application.content.upload_store import UploadKey
from application.content.uploads import MAX_UNFINISHED
from application.kernel.command_handler import Request
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.content import takes_uploads
from domain.content import commands
from domain.content.events import DeclaredFile
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, ContentId, TenantId, UserId
from domain.kernel import Origin
from tests.api.conftest import WEB
from tests.api.content_uploads import DECLARED, VIDEO, begin, progress, send, state
from tests.api.driver import ApiDriver
from tests.api.people import Person, Town

USAGE = "{ contentUsage { usedBytes limitBytes maxFileBytes mediaTypes } }"


def execute(driver: ApiDriver, content_id: str, command: commands.ContentCommand) -> None:
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    request = Request(CONTENT, content_id, [command])
    driver.platform.commands.execute(request, origin=origin, command_id=uuid4())


def arrive(driver: ApiDriver, content_id: str) -> None:
    at = driver.platform.clock()
    execute(driver, content_id, commands.NoteUploaded(number=1, size=len(VIDEO), at=at))


def reject(driver: ApiDriver, content_id: str) -> None:
    at = driver.platform.clock()
    execute(driver, content_id, commands.RejectFile(number=1, reason="damaged", at=at))


def test_an_upload_goes_on_after_a_reload_and_completes_once(driver: ApiDriver) -> None:
    """R-CON-02, R-CON-08: parts in any order; a part that is sent again replaces itself."""
    begun = begin(driver)
    assert begun.status_code == 201
    key = begun.json()["contentId"]
    assert f"/v1/content/{key}/upload" in begun.headers["Link"]
    first, last = progress(driver, key)["parts"]
    assert send(driver, last) == send(driver, last) == 204
    resumed = progress(driver, key)
    assert [part["number"] for part in resumed["parts"]] == [first["number"]]
    assert resumed["arrivedBytes"] == len(b"the end")
    early = driver.client.post(f"/v1/content/{key}/upload/complete")
    assert (early.status_code, early.json()["code"]) == (409, "content.upload_incomplete")
    assert send(driver, resumed["parts"][0]) == 204
    for _ in range(2):
        assert driver.client.post(f"/v1/content/{key}/upload/complete").status_code == 200
    names = [
        each.event.event_name for each in driver.platform.log.load(DEFAULT_TENANT, f"content-{key}")
    ]
    assert names == ["content.upload_requested", "content.uploaded"]
    assert state(driver, key)["status"] == "scanning"
    place = UploadKey(DEFAULT_TENANT, ContentId(key), 1)
    with driver.platform.content_uploads.store.local(place) as path:
        assert path.read_bytes() == VIDEO
    refused = driver.client.post(f"/v1/content/{key}/upload/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "content.upload_complete")


def test_a_retried_request_begins_one_upload(driver: ApiDriver) -> None:
    """R-API-04."""
    key = {"Idempotency-Key": str(uuid4())}
    answers = [
        driver.client.post("/v1/content", json={"title": "Squats", **DECLARED}, headers=key)
        for _ in range(2)
    ]
    assert len({answer.json()["contentId"] for answer in answers}) == 1


def test_a_cancelled_upload_leaves_nothing(driver: ApiDriver) -> None:
    """R-CON-02."""
    key = begin(driver).json()["contentId"]
    first, last = progress(driver, key)["parts"]
    assert send(driver, last) == 204
    for _ in range(2):
        assert driver.client.post(f"/v1/content/{key}/upload/cancel").status_code == 200
    assert (state(driver, key)["status"], state(driver, key)["endedReason"]) == (
        "failed",
        "cancelled",
    )
    assert send(driver, first) == 403
    over = driver.client.get(f"/v1/content/{key}/upload")
    assert (over.status_code, over.json()["code"]) == (409, "content.upload_over")
    assert list(driver.platform.content_uploads.store.unfinished(DEFAULT_TENANT)) == []


def test_a_retry_after_the_end_begins_nothing(driver: ApiDriver) -> None:
    """R-CON-02, R-API-04: no parts are stored that nobody would remove."""
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"title": "Squats", **DECLARED}
    key = driver.client.post("/v1/content", json=body, headers=headers).json()["contentId"]
    driver.client.post(f"/v1/content/{key}/upload/cancel")
    again = driver.client.post("/v1/content", json=body, headers=headers)
    assert (again.status_code, again.json()["contentId"]) == (201, key)
    assert list(driver.platform.content_uploads.store.unfinished(DEFAULT_TENANT)) == []


@pytest.mark.parametrize("completed", [False, True])
def test_a_repeated_cancellation_keeps_the_file_of_the_next_upload(
    driver: ApiDriver, *, completed: bool
) -> None:
    """R-CON-02, R-API-04: a retry whose first answer was lost."""
    headers = {"Idempotency-Key": str(uuid4())}
    key = begin(driver).json()["contentId"]
    cancel = f"/v1/content/{key}/upload/cancel"
    assert driver.client.post(cancel, headers=headers).status_code == 200
    assert driver.client.post(f"/v1/content/{key}/replace", json=DECLARED).status_code == 200
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    complete = f"/v1/content/{key}/upload/complete"
    if completed:
        assert driver.client.post(complete).status_code == 200
    assert driver.client.post(cancel, headers=headers).json()["repeated"]
    if not completed:
        assert progress(driver, key)["arrivedBytes"] == len(VIDEO)
        assert driver.client.post(complete).status_code == 200
    place = UploadKey(DEFAULT_TENANT, ContentId(key), 2)
    assert driver.platform.content_uploads.store.size(place) == len(VIDEO)


def test_a_repeated_completion_leaves_the_next_upload_alone(driver: ApiDriver) -> None:
    """R-CON-02, R-API-04: its answer is that of the upload which it completed."""
    headers = {"Idempotency-Key": str(uuid4())}
    key = begin(driver).json()["contentId"]
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    complete = f"/v1/content/{key}/upload/complete"
    first = driver.client.post(complete, headers=headers)
    reject(driver, key)
    assert driver.client.post(f"/v1/content/{key}/replace", json=DECLARED).status_code == 200
    again = driver.client.post(complete, headers=headers)
    assert (again.status_code, again.json()) == (200, {**first.json(), "repeated": True})
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    assert driver.client.post(complete, headers=headers).status_code == 200
    place = UploadKey(DEFAULT_TENANT, ContentId(key), 2)
    assert driver.platform.content_uploads.store.size(place) is None


@pytest.mark.parametrize("replaced", [False, True])
def test_an_upload_that_is_cancelled_while_it_is_completed_leaves_nothing(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch, *, replaced: bool
) -> None:
    """R-CON-02: no orphan file, even if the upload of the next version begins at once."""
    store = driver.platform.content_uploads.store
    key = begin(driver).json()["contentId"]
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    complete = store.complete

    def cancel_meanwhile(place: UploadKey) -> int:
        size = complete(place)
        with monkeypatch.context() as patch:
            patch.setattr(store, "remove", lambda _: None)  # it came before the parts were joined
            driver.client.post(f"/v1/content/{key}/upload/cancel")
            if replaced:
                driver.client.post(f"/v1/content/{key}/replace", json=DECLARED)
        return size

    monkeypatch.setattr(store, "complete", cancel_meanwhile)
    over = driver.client.post(f"/v1/content/{key}/upload/complete")
    problem = "content.version_unknown" if replaced else "content.upload_over"
    assert (over.status_code, over.json()["code"]) == (409, problem)
    assert store.size(UploadKey(DEFAULT_TENANT, ContentId(key), 1)) is None


def test_a_complete_file_misses_no_part(driver: ApiDriver) -> None:
    """R-CON-02: the process ended after it joined the parts, and before it recorded that."""
    key = begin(driver).json()["contentId"]
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    driver.platform.content_uploads.store.complete(UploadKey(DEFAULT_TENANT, ContentId(key), 1))
    resumed = progress(driver, key)
    assert (resumed["missingParts"], resumed["parts"]) == (0, [])
    assert resumed["arrivedBytes"] == len(VIDEO)
    assert driver.client.post(f"/v1/content/{key}/upload/complete").status_code == 200


def test_a_trainer_has_a_limited_number_of_unfinished_uploads(driver: ApiDriver) -> None:
    """R-CON-01: requests at the same moment cannot exceed the quota by more than these."""
    keys = [begin(driver).json()["contentId"] for _ in range(MAX_UNFINISHED)]
    refused = begin(driver)
    assert (refused.status_code, refused.json()["code"]) == (409, "content.too_many_uploads")
    driver.client.post(f"/v1/content/{keys[0]}/upload/cancel")
    again = driver.client.post(f"/v1/content/{keys[0]}/replace", json=DECLARED)
    assert again.status_code == 200
    assert begin(driver).json()["code"] == "content.too_many_uploads"


def test_a_new_version_is_another_upload(driver: ApiDriver) -> None:
    """R-CON-06."""
    key = begin(driver).json()["contentId"]
    busy = driver.client.post(f"/v1/content/{key}/replace", json=DECLARED)
    assert (busy.status_code, busy.json()["code"]) == (409, "content.version_underway")
    driver.client.post(f"/v1/content/{key}/upload/cancel")
    assert driver.client.post(f"/v1/content/{key}/replace", json=DECLARED).status_code == 200
    assert progress(driver, key)["number"] == 2
    assert state(driver, key)["status"] == "uploading"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"title": "Squats\x07"}, 422, "value.invalid"),
        ({"title": "Squats\x00"}, 422, "request.invalid"),
        ({"title": "Squats\x1b[31m"}, 422, "value.invalid"),
        ({"title": "Squats\u0085"}, 422, "value.invalid"),
        ({"title": ""}, 422, "value.invalid"),
        ({"mediaType": "application/zip"}, 422, "content.format_not_supported"),
        ({"mediaType": "video/mp4; rm -rf"}, 422, "content.format_not_supported"),
        ({"bytes": 0}, 422, "value.invalid"),
        ({"bytes": 1e300}, 422, "value.invalid"),
        ({"bytes": 2**40}, 422, "content.too_large"),
        ({"sha256": "ab"}, 422, "value.invalid"),
    ],
)
def test_a_declaration_that_is_not_acceptable_gets_no_url(
    driver: ApiDriver, changes: dict[str, Any], status: int, code: str
) -> None:
    """R-CON-01, C-25: the first check comes before the URL."""
    refused = begin(driver, **changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert list(driver.platform.content_uploads.store.unfinished(DEFAULT_TENANT)) == []


def test_an_item_of_another_tenant_is_unknown(driver: ApiDriver) -> None:
    """R-CON-02, R-TEN-01: nobody of this tenant sees, sends or completes its upload."""
    uploads, theirs = driver.platform.content_uploads, ContentId("theirs")
    origin = Origin(tenant_id=TenantId("gym"), actor="coach", correlation_id=uuid4())
    command = commands.RequestUpload(
        trainer_id=UserId("coach"),
        title="Squats",
        description="",
        file=DeclaredFile(len(VIDEO), "video/mp4", sha256(VIDEO).hexdigest()),
        at=driver.platform.clock(),
    )
    uploads.request(theirs, command, origin, uuid4())
    for method, path in (
        ("GET", ""),
        ("GET", "/upload"),
        ("POST", "/upload/complete"),
        ("POST", "/upload/cancel"),
        ("DELETE", ""),
    ):
        answer = driver.client.request(method, f"/v1/content/{theirs}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "content.unknown"), path
    body = {"mediaType": "video/mp4", "bytes": 4, "sha256": "ab" * 32}
    replaced = driver.client.post(f"/v1/content/{theirs}/replace", json=body)
    assert (replaced.status_code, replaced.json()["code"]) == (404, "content.unknown")
    assert uploads.item(origin.tenant_id, theirs).newest.stage == "uploading"


def test_two_completions_at_once_record_one_file(driver: ApiDriver) -> None:
    """R-CON-02, R-API-04."""
    key = begin(driver).json()["contentId"]
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    with ThreadPoolExecutor(4) as clients:
        sent = [
            clients.submit(driver.client.post, f"/v1/content/{key}/upload/complete")
            for _ in range(4)
        ]
    assert {each.result().status_code for each in sent} == {200}
    history = driver.platform.log.load(DEFAULT_TENANT, f"content-{key}")
    assert [each.event.event_name for each in history].count("content.uploaded") == 1
    place = UploadKey(DEFAULT_TENANT, ContentId(key), 1)
    with driver.platform.content_uploads.store.local(place) as path:
        assert path.read_bytes() == VIDEO


def test_other_bytes_than_signed_are_refused(driver: ApiDriver) -> None:
    """R-CON-02: a part with another size, or a signature that was changed."""
    key = begin(driver).json()["contentId"]
    last = progress(driver, key)["parts"][1]
    assert send(driver, last, b"the end and more") == 403
    assert send(driver, last, b"the") == 403
    assert send(driver, {**last, "url": last["url"][:-4] + "AAAA"}) == 403
    for forged in ("é.e", "é", "é."):
        assert send(driver, {**last, "url": f"/v1/content-uploads/{forged}"}) == 403


def test_a_trainer_over_quota_is_refused_until_there_is_room(platform: Platform) -> None:
    """R-CON-01: the quota counts what is being uploaded, and not what was cancelled."""
    limits = ContentLimits(file=2**30, trainer=len(VIDEO) + 10, tenant=2**40)
    small = replace(platform.content_uploads, limits=limits)
    app = build_app(replace(platform, content_uploads=small), web=WEB)
    with TestClient(app) as client:
        driver = ApiDriver(client, platform)
        key = begin(driver).json()["contentId"]
        full = begin(driver)
        assert (full.status_code, full.json()["code"]) == (409, "content.quota_exceeded")
        usage = client.get("/v1/content/usage").json()
        assert usage == {
            "usedBytes": len(VIDEO),
            "limitBytes": limits.trainer,
            "maxFileBytes": limits.file,
            "mediaTypes": list(VIDEO_TYPES),
        }
        assert driver.ask(USAGE)["contentUsage"] == usage
        client.post(f"/v1/content/{key}/upload/cancel")
        assert begin(driver).status_code == 201


def test_rejected_files_have_a_quota_also_after_their_videos_were_deleted(
    platform: Platform,
) -> None:
    """R-CON-01: else a trainer could fill the store with files that are rejected."""
    limits = ContentLimits(file=2**30, trainer=2 * len(VIDEO), tenant=2**40)
    small = replace(platform.content_uploads, limits=limits)
    with TestClient(build_app(replace(platform, content_uploads=small), web=WEB)) as client:
        driver = ApiDriver(client, platform)
        for _ in range(2):
            rejected = begin(driver).json()["contentId"]
            arrive(driver, rejected)
            reject(driver, rejected)
            assert client.delete(f"/v1/content/{rejected}").status_code == 200
        full = begin(driver)
    assert (full.status_code, full.json()["code"]) == (409, "content.quota_exceeded")


def test_uploads_are_refused_where_no_file_could_pass_its_checks(platform: Platform) -> None:
    """R-TEN-15."""
    closed = replace(platform.content_uploads, is_open=False)
    with TestClient(build_app(replace(platform, content_uploads=closed), web=WEB)) as client:
        refused = begin(ApiDriver(client, platform))
    assert (refused.status_code, refused.json()["code"]) == (409, "content.uploads_closed")


def test_a_server_with_postgresql_takes_uploads_if_it_has_a_scanner(settings: Settings) -> None:
    """R-TEN-15."""
    url = SecretStr("postgresql://127.0.0.1:1/kinelog")
    alone = settings.model_copy(update={"postgres_url": None, "clamd": None})
    several = alone.model_copy(update={"postgres_url": url})
    scanning = several.model_copy(update={"clamd": "127.0.0.1:3310"})
    assert [takes_uploads(each) for each in (alone, several, scanning)] == [True, False, True]


def listed(person: Person) -> list[str]:
    return [each["contentId"] for each in person.get("/v1/content").json()["items"]]


def test_only_trainers_upload_and_see_their_own_uploads(town: Town) -> None:
    """R-CAT-06, C-25: what is not published is visible to nobody else."""
    member = town.citizen("eve@example.org")
    ada = town.staff("trainer", "ada@example.org")
    other = town.staff("trainer", "bob@example.org")
    body = {"title": "Squats", **DECLARED}
    assert member.post("/v1/content", json=body).status_code == 403
    key = ada.post("/v1/content", json=body).json()["contentId"]
    assert listed(ada) == [key]
    for stranger in (member, other):
        assert listed(stranger) == []
        for method, path in (
            ("GET", ""),
            ("GET", "/upload"),
            ("POST", "/upload/complete"),
            ("POST", "/upload/cancel"),
        ):
            answer = stranger.ask(method, f"/v1/content/{key}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "content.unknown"), path
        found = stranger.graph("query($id: ID!) { contentItem(id: $id) { title } }", id=key)
        assert found["data"]["contentItem"] is None
