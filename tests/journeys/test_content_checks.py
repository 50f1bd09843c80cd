"""A trainer's video from its upload to its publication, on one process with a virus scanner."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.videos import making_videos
from tests.adapters.content.videos import lesson
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.journeys.content_uploads import upload
from tools.local_services.clamd import EICAR, LocalClamd

pytestmark = pytest.mark.slow

WITHIN_S = 240.0
STATE = "query($id: ID!) { contentItem(id: $id) { status rejection rejectionDetail } }"


@pytest.fixture(scope="module")
def clamd() -> Iterator[LocalClamd]:
    with LocalClamd() as clamd:
        yield clamd


@pytest.fixture
def driver(tmp_path: Path, clamd: LocalClamd) -> Iterator[ApiDriver]:
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache", clamd=clamd.address)
    with (
        embedded(settings) as platform,
        TestClient(build_app(platform, web=WEB)) as client,
        making_videos(settings, platform),
    ):
        yield ApiDriver(client, platform)


def settled(driver: ApiDriver, key: str) -> Any:
    """Return the item once it is published or rejected."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        item = driver.client.get(f"/v1/content/{key}").json()
        if item["status"] in {"ready", "rejected"}:
            return item
        assert time.monotonic() < deadline, item
        time.sleep(0.1)


def test_an_uploaded_video_is_checked_encoded_and_published(
    driver: ApiDriver, tmp_path: Path
) -> None:
    """R-CON-01, R-CON-04, R-CON-06, R-CON-08, R-EVT-05."""
    video = lesson(tmp_path / "video.mp4", size=(160, 120), seconds=1.0).read_bytes()
    item = settled(driver, upload(driver, video))
    assert (item["status"], item["liveNumber"], item["durationMs"]) == ("ready", 1, 1000)
    assert item["rejection"] is None
    assert len(item["bitrates"]) == 2


def test_malware_is_quarantined_and_its_trainer_gets_the_reason(driver: ApiDriver) -> None:
    """R-CON-01, R-TEN-15, C-25: by REST and by GraphQL."""
    key = upload(driver, EICAR)
    item = settled(driver, key)
    assert (item["status"], item["rejection"]) == ("rejected", "malware_found")
    assert item["rejectionDetail"] == "The file contains malware."
    assert driver.ask(STATE, id=key)["contentItem"] == {
        "status": "REJECTED",
        "rejection": "malware_found",
        "rejectionDetail": "The file contains malware.",
    }


def test_a_file_waits_for_current_definitions(driver: ApiDriver, clamd: LocalClamd) -> None:
    """C-25."""
    clamd.replace_definitions(datetime.now(UTC) - timedelta(days=8))
    try:
        key = upload(driver, b"This is a text file.")
        time.sleep(1.0)
        assert driver.client.get(f"/v1/content/{key}").json()["status"] == "scanning"
    finally:
        clamd.replace_definitions(datetime.now(UTC))
    item = settled(driver, key)
    assert item["rejectionDetail"] == "The file is not a video in MP4, MOV, WebM or MKV."
