"""Retried uploads return the same job, and nothing of an upload is stored in clear."""

import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.encryption.temporary_file import EncryptedSpool
from adapters.media.sealed import SealedMediaStore
from adapters.media.sealed_format import MAGIC
from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.people import Town
from tests.api.stage import Stage, video_content
from tests.api.stored_uploads import files_with
from tests.waiting import wait_until

pytestmark = pytest.mark.both_compositions

KEY = {"Idempotency-Key": "one-wish"}


def test_the_same_key_gives_the_same_job(driver: ApiDriver) -> None:
    """R-API-04."""
    first = driver.upload(headers=KEY)
    again = driver.upload(headers=KEY)
    assert first.status_code == again.status_code == 202
    assert first.json()["id"] == again.json()["id"]
    done = driver.over(first.json()["id"])
    assert driver.upload(headers=KEY).json()["sessionId"] == done["sessionId"]
    assert len(driver.client.get("/v1/sessions").json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (video_content(take=2), {}),
        (video_content(), {"exercise": "squat"}),
        (video_content(), {"name": "Another"}),
    ],
    ids=["video", "exercise", "name"],
)
def test_a_key_belongs_to_one_request(
    driver: ApiDriver, content: bytes, fields: dict[str, str]
) -> None:
    driver.upload(video_content(), headers=KEY)
    answer = driver.upload(content, headers=KEY, **fields)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency.payload_differs"


def test_athletes_and_tenants_have_keys_of_their_own(driver: ApiDriver) -> None:
    jobs = [
        driver.upload(headers=KEY).json()["id"],
        driver.upload(headers=KEY, athlete="ada").json()["id"],
        driver.upload(headers={**KEY, "X-Tenant-ID": "other"}).json()["id"],
    ]
    assert len(set(jobs)) == 3


def test_without_a_key_each_request_is_a_job(driver: ApiDriver) -> None:
    """The session is the same: same athlete, same exercise, same video."""
    first, second = driver.upload().json(), driver.upload().json()
    assert first["id"] != second["id"]
    assert driver.over(first["id"])["sessionId"] == driver.over(second["id"])["sessionId"]


def test_a_video_of_a_deleted_session_is_analyzed_again(driver: ApiDriver) -> None:
    """R-RPL-13: in another session; a repeat of the upload gives that one."""
    deleted = driver.analyzed("squat")
    assert driver.client.delete(f"/v1/sessions/{deleted}").status_code == 204
    again = driver.analyzed("squat")
    assert again != deleted
    assert driver.client.get(f"/v1/sessions/{again}").status_code == 200
    assert driver.analyzed("squat") == again


def test_a_video_is_not_analyzed_after_its_consent_is_withdrawn(
    platform: Platform, settings: Settings, stage: Stage
) -> None:
    """R-TEN-12: also if it was uploaded before."""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        ada = Town(client, platform, settings.home / "mail").citizen()
        ada.agrees("images_leave_device")
        stage.curtain.clear()
        video_of_ada = {"video": ("a.mp4", video_content(), "video/mp4")}
        uploaded = ada.post("/v1/sessions:analyze", files=video_of_ada, data={"exercise": "squat"})
        assert uploaded.status_code == 202, uploaded.text
        withdrawn = {"purpose": "images_leave_device", "given": False}
        assert ada.ask("PUT", "/v1/me/consents", json=withdrawn).status_code == 200
        stage.curtain.set()
        path = f"/v1/jobs/{uploaded.json()['id']}"
        wait_until(lambda: ada.get(path).json()["state"] == "failed")
        assert ada.get(path).json()["problem"]["code"] == "consent.missing"
        assert ada.get("/v1/sessions").json()["items"] == []


def test_jobs_wait_for_each_other(driver: ApiDriver, stage: Stage) -> None:
    stage.curtain.clear()
    first, second = (
        driver.upload(video_content(take=1)).json(),
        driver.upload(video_content(take=2)).json(),
    )
    assert driver.client.get(f"/v1/jobs/{second['id']}").json()["state"] == "queued"
    stage.curtain.set()
    assert driver.over(first["id"])["state"] == driver.over(second["id"])["state"] == "succeeded"


def test_uploads_beyond_the_quota_wait_and_are_not_stored(
    driver: ApiDriver, stage: Stage, settings: Settings
) -> None:
    """R-API-08: 429 with `Retry-After`; other athletes upload, and a retry finds its job."""
    limit = settings.max_waiting_videos_per_user
    stage.curtain.clear()
    accepted = [driver.upload(headers={"Idempotency-Key": f"k{n}"}).json() for n in range(limit)]
    refused = driver.upload(headers={"Idempotency-Key": "one-more"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.headers["Content-Type"] == "application/problem+json"
    stored = {each.name for each in (settings.home / "media/default/shelves").iterdir()}
    assert stored == {each["id"] for each in accepted}
    assert driver.upload(headers={"Idempotency-Key": "k0"}).json()["id"] == accepted[0]["id"]
    assert driver.upload(athlete="ada").status_code == 202
    stage.curtain.set()
    driver.over(accepted[0]["id"])


def test_an_upload_is_stored_from_the_file_that_received_it(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-09: it is not written to a second temporary file."""
    sources: list[Any] = []
    put_stream = SealedMediaStore.put_stream

    def noted(store: SealedMediaStore, *args: Any, **options: Any) -> str:
        sources.append(args[1])
        return put_stream(store, *args, **options)

    monkeypatch.setattr(SealedMediaStore, "put_stream", noted)
    assert driver.upload().status_code == 202
    assert isinstance(sources[0], EncryptedSpool)


def test_everything_stored_of_a_video_is_sealed(
    driver: ApiDriver, settings: Settings, stage: Stage
) -> None:
    """R-TEN-09: the upload, the video of the recording and its landmarks"""
    content = video_content()
    media = settings.home / "media" / "default" / "shelves"
    stage.curtain.clear()
    job = driver.upload(content).json()["id"]
    upload = media / job
    stored = [path.read_bytes() for path in upload.iterdir()]
    assert stored
    stage.curtain.set()
    done = driver.over(job)
    wait_until(lambda: not upload.exists())  # removed once the job is over
    stored += [path.read_bytes() for path in media.rglob("*") if path.is_file()]
    assert len(stored) > 3
    assert all(each.startswith(MAGIC) for each in stored)
    session = done["sessionId"]
    assert driver.client.get(f"/v1/recordings/{session}/video").content == content
    part = driver.client.get(f"/v1/recordings/{session}/video", headers={"Range": "bytes=3-7"})
    assert (part.status_code, part.content) == (206, content[3:8])


@pytest.mark.skipif(
    sys.platform != "linux", reason="memfd_create is of Linux; others use an unnamed file"
)
def test_no_clear_byte_of_a_video_is_on_disk_while_it_is_analyzed(
    driver: ApiDriver,
    settings: Settings,
    stage: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-TEN-09: neither in a folder nor in an open file that has no name"""
    marker = b"clear-bytes-of-a-video"
    content = b"video squat 3 " + marker * 40_000
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    opened, original = threading.Event(), stage.open
    paths: list[Path] = []

    @contextmanager
    def open_video(path: Path) -> Generator[Any]:
        with original(path) as video:
            paths.append(path)
            opened.set()
            yield video

    monkeypatch.setattr(stage, "open", open_video)
    stage.curtain.clear()
    job = driver.upload(content).json()["id"]
    assert opened.wait(60)
    assert paths[0].read_bytes() == content
    try:
        assert files_with(marker, settings.home, tmp_path) == []
    finally:
        stage.curtain.set()
    assert driver.over(job)["state"] == "succeeded"
