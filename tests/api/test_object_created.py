"""`object.created`: the bucket reports uploads, also if the completing request was lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from application.content.upload_store import UploadKey
from bootstrap.cli.media import NotificationsNotSet, app
from domain.ids import DEFAULT_TENANT, ContentId, TenantId
from tests.api.content_uploads import DECLARED, VIDEO
from tests.api.driver import ApiDriver
from tests.plugins.object_storage import NewBucket
from tests.waiting import wait_until
from tests.web.server import PlatformServer, opened

SECRET = "sixteen-or-more/letters+9"  # noqa: S105  of these tests
PATH = "/v1/webhooks/object-storage"


@pytest.fixture
def bucket_settings(new_bucket: NewBucket) -> dict[str, Any]:
    address = new_bucket()
    return {
        "s3_bucket": address.bucket,
        "s3_endpoint": address.endpoint,
        "s3_region": address.region,
        "s3_key_id": address.key_id,
        "s3_secret": SecretStr(address.secret or ""),
        "s3_notification_secret": SecretStr(SECRET),
    }


@pytest.fixture
def server(tmp_path: Path, bucket_settings: dict[str, Any]) -> Iterator[PlatformServer]:
    with opened(tmp_path / "home", tmp_path / "none.mp4", more=bucket_settings) as server:
        yield server


def ask(server: PlatformServer, method: str, path: str, **what: Any) -> httpx2.Response:
    return httpx2.request(method, f"{server.url}{path}", timeout=60, **what)


def begin(server: PlatformServer) -> UploadKey:
    """Begin an upload and send all of its parts."""
    begun = ask(server, "POST", "/v1/content", json={"title": "Squats", **DECLARED})
    key = begun.json()["contentId"]
    for part in ask(server, "GET", f"/v1/content/{key}/upload").json()["parts"]:
        start, size = int(part["offset"]), int(part["bytes"])
        content = VIDEO[start : start + size]
        assert httpx2.put(part["url"], content=content, timeout=60).status_code == 200
    return UploadKey(DEFAULT_TENANT, ContentId(key), 1)


def join(server: PlatformServer, key: UploadKey) -> None:
    """Do what a process does that is lost before it records the upload."""
    server.platform.content_uploads.store.complete(key)


def notify(
    server: PlatformServer, key: UploadKey, settings: dict[str, Any], secret: str = SECRET
) -> httpx2.Response:
    name = f"{key.tenant_id}/uploads/{key.content_id}/{key.number}"
    place = {"bucket": {"name": settings["s3_bucket"]}, "object": {"key": name}}
    record = {"eventName": "ObjectCreated:CompleteMultipartUpload", "s3": place}
    body = json.dumps({"Records": [{**record, "opaqueData": secret}]})
    return ask(server, "POST", PATH, content=body)


def events(server: PlatformServer, key: UploadKey) -> list[str]:
    history = server.platform.log.load(key.tenant_id, f"content-{key.content_id}")
    return [each.event.event_name for each in history]


def test_an_upload_is_recorded_once(
    server: PlatformServer, bucket_settings: dict[str, Any]
) -> None:
    """R-CON-03, C-25, R-EVT-16: by the notification; repetitions change nothing."""
    key = begin(server)
    assert notify(server, key, bucket_settings).status_code == 204
    assert events(server, key) == ["content.upload_requested"], "its parts were not joined yet"
    join(server, key)
    for _ in range(2):
        assert notify(server, key, bucket_settings).status_code == 204
    completed = ask(server, "POST", f"/v1/content/{key.content_id}/upload/complete")
    assert completed.status_code == 200
    assert events(server, key) == ["content.upload_requested", "content.uploaded"]
    *_, recorded = server.platform.log.load(key.tenant_id, f"content-{key.content_id}")
    assert recorded.origin.actor == "object-storage"
    assert server.platform.content_uploads.store.size(key) == len(VIDEO)


def test_the_secret_may_come_in_the_header(
    server: PlatformServer, bucket_settings: dict[str, Any]
) -> None:
    """R-CON-03: as MinIO sends it; it is no token of a person."""
    body = json.dumps({"Records": []})
    bearer = {"Authorization": f"Bearer {SECRET}"}
    assert ask(server, "POST", PATH, content=body, headers=bearer).status_code == 204
    name = bucket_settings["s3_bucket"]
    place = {"bucket": {"name": name}, "object": {"key": "default/uploads/other/1"}}
    records = json.dumps({"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": place}]})
    assert ask(server, "POST", PATH, content=records, headers=bearer).status_code == 204
    guess = {"Authorization": "Bearer guessed-of-some-letters"}
    assert ask(server, "POST", PATH, content=records, headers=guess).status_code == 401


def test_false_notifications_change_nothing(
    server: PlatformServer, bucket_settings: dict[str, Any]
) -> None:
    """R-CON-03: the platform believes its log and the bucket alone."""
    key = begin(server)
    join(server, key)
    forged = notify(server, key, bucket_settings, "guessed-of-some-letters")
    assert (forged.status_code, forged.json()["code"]) == (401, "content.notification_forged")
    for other in (
        UploadKey(TenantId("gym"), key.content_id, 1),
        UploadKey(key.tenant_id, ContentId("other"), 1),
        UploadKey(key.tenant_id, key.content_id, 2),
    ):
        assert notify(server, other, bucket_settings).status_code == 204
    assert events(server, key) == ["content.upload_requested"]
    assert events(server, UploadKey(TenantId("gym"), key.content_id, 1)) == []


def test_a_cancelled_upload_stays_cancelled(
    server: PlatformServer, bucket_settings: dict[str, Any]
) -> None:
    """R-CON-02, R-CON-03"""
    key = begin(server)
    join(server, key)
    cancelled = ask(server, "POST", f"/v1/content/{key.content_id}/upload/cancel")
    assert cancelled.status_code == 200
    assert notify(server, key, bucket_settings).status_code == 204
    assert events(server, key) == ["content.upload_requested", "content.upload_ended"]


def test_notifications_are_off_without_a_secret(driver: ApiDriver) -> None:
    """R-CON-03: they are off by default."""
    refused = driver.client.post(PATH, content=b'{"Records": []}')
    assert (refused.status_code, refused.json()["code"]) == (404, "content.notifications_off")
    ran = CliRunner().invoke(app, ["notify"])
    assert isinstance(ran.exception, NotificationsNotSet)


@pytest.mark.slow
def test_the_bucket_reports_an_upload_by_itself(
    server: PlatformServer, bucket_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-CON-03: a real gateway of Ceph, which sends what it keeps about twice a minute."""
    for name, value in bucket_settings.items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        monkeypatch.setenv(f"KINELOG_{name.upper()}", text)
    for _ in range(2):
        ran = CliRunner().invoke(app, ["notify", "--url", server.url, "--json"])
        assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["url"] == f"{server.url}{PATH}"
    key = begin(server)
    join(server, key)
    wait_until(lambda: events(server, key)[1:] == ["content.uploaded"])
