"""`kinelog worker analyses`: videos uploaded to one machine are analyzed on others."""

import json
import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.media.s3 import BucketAddress
from adapters.sample_athlete.performance import Performance
from api.app import build_app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.values import Tempo
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.api.driver import ApiDriver
from tests.commands import Command
from tools.film_studio.video import render_video

SQUAT = Performance(
    exercise="squat",
    repetitions=1,
    tempo=Tempo(0.8, 0.2, 0.8, 0.4),
    azimuth_deg=60,
    width=320,
    height=240,
    fps=24,
)
database = config.database


@pytest.fixture
def settings(tmp_path: Path, bucket: BucketAddress, database: str) -> Iterator[Settings]:
    """An API process that accepts videos and does not analyze them."""
    laptop = Settings(home=tmp_path / "api", postgres_url=None, kafka=None, analyzes=False)
    its_own = {
        "s3_bucket": bucket.bucket,
        "s3_endpoint": bucket.endpoint,
        "s3_key_id": bucket.key_id,
        "s3_secret": SecretStr(bucket.secret or ""),
    }
    with cluster(database, laptop.model_copy(update=its_own)) as distributed:
        yield distributed


@contextmanager
def working(settings: Settings, home: Path) -> Generator[None]:
    """Run the command with the folders of another machine until the block ends."""
    assert settings.postgres_url is not None
    assert settings.s3_secret is not None
    environment = {
        **os.environ,
        "KINELOG_HOME": str(home),
        "KINELOG_KEY_FILE": str(settings.home / "master.key"),
        "KINELOG_POSTGRES_URL": settings.postgres_url.get_secret_value(),
        "KINELOG_S3_BUCKET": str(settings.s3_bucket),
        "KINELOG_S3_ENDPOINT": str(settings.s3_endpoint),
        "KINELOG_S3_KEY_ID": str(settings.s3_key_id),
        "KINELOG_S3_SECRET": settings.s3_secret.get_secret_value(),
        "KINELOG_POSE_DELEGATE": "gpu",
    }
    words, errors = ("worker", "analyses", "--json"), settings.home / "analyses.stderr"
    with Command(*words, environment=environment, errors=errors) as worker:
        try:
            assert json.loads(worker.stdout.readline()) == {"state": "analyzing"}
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
    assert worker.poll() == 0


@pytest.mark.slow
def test_a_video_uploaded_to_one_process_is_analyzed_by_another(
    settings: Settings, tmp_path: Path
) -> None:
    """R-OPS-08, R-POS-10: the machines share a database and a bucket; a GPU is optional."""
    video = tmp_path / "squat.mp4"
    render_video(SQUAT, video)
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=config.WEB)) as client,
    ):
        driver = ApiDriver(client, platform)
        job = driver.upload(video.read_bytes(), exercise="squat").json()["id"]
        with working(settings, tmp_path / "gpu"):
            result = driver.over(job)
        assert result["state"] == "succeeded", result
        session = client.get(f"/v1/sessions/{result['sessionId']}").json()
    assert len(session["repetitions"]) == 1
