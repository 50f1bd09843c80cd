"""Videos of a distributed platform: by the queue on Kafka, or by following the log."""

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_relay
from bootstrap.wiring.videos import making_videos
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.api.driver import ApiDriver
from tests.api.recording_videos import attached, record, video_of
from tests.api.videos import make_videos
from tests.live.site import kafka_with_topics

database = config.database

WITHIN_S = 120.0


@pytest.mark.slow
def test_videos_are_made_by_the_queue_on_kafka_and_without_it(
    database: str, tmp_path: Path
) -> None:
    """R-EVT-05, R-EVT-18: a video that one of them has made, the other one does not make again."""
    with kafka_with_topics() as kafka:
        new = Settings(home=tmp_path, cache=tmp_path, kafka=kafka.bootstrap)
        with (
            cluster(database, new) as settings,
            open_platform(settings) as platform,
            TestClient(build_app(platform, web=config.WEB)) as client,
        ):
            driver = ApiDriver(client, platform)
            recording = record(driver)
            with making_videos(settings, platform), build_relay(settings) as relay:
                relay.run_once()
                deadline = time.monotonic() + WITHIN_S
                while not attached(platform, recording):
                    assert time.monotonic() < deadline, "the video was not made"
                    time.sleep(0.1)
            second = record(driver)
            make_videos(settings.model_copy(update={"kafka": None}), platform)
            assert [video_of(driver, each)[0] for each in (recording, second)] == ["ready"] * 2
            assert [len(attached(platform, each)) for each in (recording, second)] == [1, 1]
