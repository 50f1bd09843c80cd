"""Videos of recordings are made by jobs, after the recording is complete."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any, BinaryIO
from uuid import uuid4

import pytest

from application.kernel import leased_jobs
from application.kernel.encryption import KeyDisabled
from application.kernel.ports import StorageUnavailable
from application.kernel.subscription import Stopped
from application.kernel.video import VideoUnwritable
from application.platform import Platform
from bootstrap.settings import Settings
from tests.api.content_queue import deliver
from tests.api.driver import ApiDriver
from tests.api.recording_videos import attached, record, video_of
from tests.api.videos import add_jobs, expire_leases, make_videos, run_next_job


class Encoder:
    """Encoder that fails, or does something before it encodes."""

    def __init__(self, real: Any, before: Any) -> None:
        self._real = real
        self._before = before

    @contextmanager
    def encode(self, pictures: Any) -> Iterator[BinaryIO]:
        self._before()
        with self._real.encode(pictures) as video:
            yield video


def with_encoder(platform: Platform, before: Any) -> Platform:
    encoder = Encoder(platform.videos.encoder, before)
    return replace(platform, videos=replace(platform.videos, encoder=encoder))


def failing(error: Exception) -> Any:
    def fail() -> None:
        raise error

    return fail


def test_a_recording_is_complete_before_its_video_and_gets_exactly_one(
    driver: ApiDriver, platform: Platform, settings: Settings
) -> None:
    """R-EVT-05, R-EVT-18, C-33: it can be replayed and shared without the video."""
    recording = record(driver)
    assert video_of(driver, recording) == ("pending", None)
    assert driver.client.get(f"/v1/recordings/{recording}/video").status_code == 404
    assert driver.client.get(f"/v1/recordings/{recording}/frames").json()["items"]
    with driver.client.websocket_connect(f"/ws/replay/{recording}") as line:
        hello = line.receive_json()
    assert (hello["recording"]["videoStatus"], hello["video"]) == ("pending", None)
    assert driver.client.post(f"/v1/recordings/{recording}/share-links", json={}).is_success
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("ready", None)
    assert driver.client.get(f"/v1/recordings/{recording}/video").status_code == 200
    make_videos(settings, platform)
    assert len(attached(platform, recording)) == 1


def test_a_request_that_is_delivered_again_makes_no_second_video(
    driver: ApiDriver, platform: Platform, settings: Settings
) -> None:
    """R-EVT-16, R-EVT-18: also if its job is run again."""
    recording = record(driver)
    for _ in range(2):
        deliver(platform)
    make_videos(settings, platform)
    deliver(platform)
    make_videos(settings, platform)
    assert len(attached(platform, recording)) == 1
    assert video_of(driver, recording) == ("ready", None)


def test_a_recording_holds_up_no_uploaded_video(driver: ApiDriver, platform: Platform) -> None:
    """R-EVT-05: the queue only adds a job, as encoding takes minutes."""
    recording = record(driver)
    busy = with_encoder(platform, failing(AssertionError("encoded by the queue")))
    deliver(busy)
    assert video_of(driver, recording) == ("pending", None)
    job = platform.video_queue.jobs.claim(uuid4(), 3600.0)
    assert job is not None
    assert job.recording_id == recording


def test_a_video_that_cannot_be_made_says_why_and_can_be_requested_again(
    driver: ApiDriver, platform: Platform, settings: Settings
) -> None:
    """R-EVT-18"""
    recording = record(driver)
    make_videos(settings, with_encoder(platform, failing(VideoUnwritable())))
    assert video_of(driver, recording) == ("failed", "video.unwritable")
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("failed", "video.unwritable")
    again = driver.client.post(f"/v1/recordings/{recording}:complete").json()
    assert (again["status"], again["video_status"]) == ("completed", "pending")
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("ready", None)


def test_an_internal_error_is_tried_again_before_the_video_is_given_up(
    driver: ApiDriver, platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-18, R-EVT-19"""
    monkeypatch.setattr(leased_jobs, "RETRY_S", 0.0)
    recording, encodings = record(driver), [0]

    def fail() -> None:
        assert video_of(driver, recording) == ("pending", None)
        encodings[0] += 1
        raise ZeroDivisionError

    make_videos(settings, with_encoder(platform, fail))
    assert encodings == [leased_jobs.MAX_ATTEMPTS]
    assert video_of(driver, recording) == ("failed", "internal")
    driver.client.post(f"/v1/recordings/{recording}:complete")
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("ready", None)


def test_a_job_that_cannot_be_given_up_holds_up_no_other_one(
    driver: ApiDriver, platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-19, C-24: as while the key of its tenant is disabled."""
    monkeypatch.setattr(leased_jobs, "MAX_ATTEMPTS", 0)
    recording = record(driver)
    add_jobs(settings, platform)
    refusing: Any = Refusing()
    maker = replace(platform.videos, commands=refusing)
    assert maker.worker(platform.video_queue.jobs).run_next(Event())
    assert video_of(driver, recording) == ("pending", None)
    expire_leases(settings)
    assert run_next_job(platform)
    assert video_of(driver, recording) == ("failed", "internal")


class Refusing:
    """Refuses commands, as while the key of their tenant is disabled."""

    def execute(self, *_: Any, **__: Any) -> None:
        raise KeyDisabled


@pytest.mark.parametrize("obstacle", [StorageUnavailable(), Stopped()])
def test_an_outage_or_the_end_of_the_process_leaves_the_video_pending(
    driver: ApiDriver,
    platform: Platform,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    obstacle: Exception,
) -> None:
    """R-EVT-18, R-EVT-19: such an attempt does not count."""
    monkeypatch.setattr(leased_jobs, "RETRY_S", 0.0)
    recording = record(driver)
    add_jobs(settings, platform)
    for _ in range(leased_jobs.MAX_ATTEMPTS + 1):
        run_next_job(with_encoder(platform, failing(obstacle)))
        assert video_of(driver, recording) == ("pending", None)
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("ready", None)


def test_a_recording_deleted_meanwhile_gets_its_video_once_it_is_restored(
    driver: ApiDriver, platform: Platform, settings: Settings
) -> None:
    """R-EVT-18, R-RPL-13"""
    recording = record(driver)
    path = f"/v1/recordings/{recording}"

    def delete() -> None:
        assert driver.client.delete(path).status_code == 204

    make_videos(settings, with_encoder(platform, delete))
    assert attached(platform, recording) == []
    assert driver.client.post(f"{path}:restore").status_code == 200
    assert video_of(driver, recording) == ("pending", None)
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("ready", None)
    assert len(attached(platform, recording)) == 1


KILLED = """
import sys, time
from pathlib import Path
from dataclasses import replace
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.videos import make_videos

class Endless:
    def encode(self, pictures):
        with encoder.encode(slow(pictures)) as video:
            raise AssertionError("killed before")

def slow(pictures):
    yield next(iter(pictures))
    print("encoding", flush=True)
    time.sleep(600)

home, cache, postgres = sys.argv[1:]
settings = Settings(home=Path(home), cache=Path(cache), postgres_url=postgres or None, kafka=None)
with open_platform(settings) as platform:
    encoder = platform.videos.encoder
    make_videos(settings, replace(platform, videos=replace(platform.videos, encoder=Endless())))
"""


@pytest.mark.slow
def test_a_process_killed_while_it_encodes_leaves_the_video_to_the_next_one(
    driver: ApiDriver, platform: Platform, settings: Settings
) -> None:
    """R-EVT-18, R-EVT-16: exactly one video, and no file of half a video."""
    recording = record(driver)
    postgres = settings.postgres_url.get_secret_value() if settings.postgres_url else ""
    command = [sys.executable, "-c", KILLED, str(settings.home), str(settings.cache), postgres]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "encoding\n"
        os.kill(process.pid, signal.SIGKILL)
    assert video_of(driver, recording) == ("pending", None)
    expire_leases(settings)
    make_videos(settings, platform)
    assert video_of(driver, recording) == ("ready", None)
    assert len(attached(platform, recording)) == 1
