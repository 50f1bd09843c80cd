"""A platform with media in a bucket stores none on local disks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.media.s3 import BucketAddress, BucketMediaStore
from api.app import build_app
from application.analysis.jobs import AnalysisJobService
from application.analysis.video_analyzer import VideoAnalyzer
from application.content.uploads import UPLOAD_LASTS
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.health_checks import run_checks
from domain.ids import DEFAULT_TENANT
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.api.driver import ApiDriver
from tests.api.stage import Stage, video_content

database = config.database
DEPLOY = Path(__file__).parents[2] / "docs" / "how-to" / "deploy.md"
WITHIN_S = 120.0


def test_the_documented_rule_of_the_bucket_keeps_uploads_that_can_be_continued() -> None:
    """R-CON-02: the daily job ends an upload up to a day after it has expired."""
    rule = re.search(
        r"ends incomplete multipart uploads after (\d+)\sdays", DEPLOY.read_text("utf-8")
    )
    assert rule is not None
    assert timedelta(days=int(rule[1])) > UPLOAD_LASTS + timedelta(days=1)


def its_own(bucket: BucketAddress) -> dict[str, Any]:
    return {
        "s3_bucket": bucket.bucket,
        "s3_endpoint": bucket.endpoint,
        "s3_region": bucket.region,
        "s3_key_id": bucket.key_id,
        "s3_secret": SecretStr(bucket.secret or ""),
    }


@pytest.fixture
def laptop(tmp_path: Path, bucket: BucketAddress) -> Settings:
    settings = Settings(home=tmp_path / "a", cache=tmp_path, postgres_url=None, kafka=None)
    return settings.model_copy(update=its_own(bucket))


@pytest.fixture
def machine(laptop: Settings, database: str) -> Iterator[Settings]:
    with cluster(database, laptop) as settings:
        yield settings


@contextmanager
def driver(settings: Settings) -> Iterator[ApiDriver]:
    stage = Stage()
    with open_platform(settings) as real:
        analyzer = VideoAnalyzer(
            decoder=stage,
            estimator=stage,
            log=real.log,
            commands=real.commands,
            media=real.media,
            archive=real.archive,
            clock=real.clock,
        )
        jobs = AnalysisJobService(real.jobs._store, analyzer, real.media)
        platform = replace(real, analyzer=analyzer, jobs=jobs)
        with TestClient(build_app(platform, web=config.WEB)) as client:
            yield ApiDriver(client, platform)


def build_media_store(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "media" in path.parts]


def test_a_recording_of_one_machine_is_shown_by_another(
    machine: Settings, bucket: BucketAddress, tmp_path: Path
) -> None:
    """R-DAT-10, R-RPL-15, R-OPS-08: machines share no folder, but the key of keys."""
    content = video_content("squat", 3)
    with driver(machine) as first:
        session = first.over(first.upload(content).json()["id"])["sessionId"]
    elsewhere = {"home": tmp_path / "b", "key_file": machine.home / "master.key"}
    with driver(machine.model_copy(update=elsewhere)) as second:
        path = f"/v1/recordings/{session}"
        assert second.client.get(f"{path}/video").content == content
        part = second.client.get(f"{path}/video", headers={"Range": "bytes=-4"})
        assert (part.status_code, part.content) == (206, content[-4:])
        frames = second.client.get(f"{path}/frames").json()["items"]
        assert len(frames[0]["pose_data"]["landmarks"]) == 33
        assert second.client.get("/readyz").json()["status"] == "ready"
    stored = BucketMediaStore(bucket).list_media(DEFAULT_TENANT, session)
    assert len(stored) > 1
    assert build_media_store(tmp_path) == []


def test_an_upload_is_gone_when_its_analysis_is_over(
    laptop: Settings, bucket: BucketAddress
) -> None:
    """R-DAT-10: only the media of the session are kept."""
    with driver(laptop) as here:
        job = here.upload(video_content("squat", 3)).json()["id"]
        here.over(job)
    assert BucketMediaStore(bucket).list_media(DEFAULT_TENANT, job) == []


def test_a_missing_bucket_makes_the_platform_unready_and_the_doctor_names_it(
    laptop: Settings,
) -> None:
    """R-OPS-09"""
    lost = laptop.model_copy(update={"s3_bucket": "no-such-bucket"})
    (media,) = (
        each for each in run_checks(lost, within_s=WITHIN_S).findings if each.name == "media"
    )
    assert media.state == "failed"
    assert media.detail.startswith("There is no bucket no-such-bucket at http://127.0.0.1:")
    with driver(lost) as here:
        result = here.client.get("/readyz")
    assert result.status_code == 503


def test_an_existing_bucket_is_healthy(laptop: Settings) -> None:
    (media,) = (
        each for each in run_checks(laptop, within_s=WITHIN_S).findings if each.name == "media"
    )
    assert media.state == "ok"


def test_without_a_bucket_media_are_in_the_data_folder(laptop: Settings) -> None:
    with driver(laptop.model_copy(update={"s3_bucket": None})) as here:
        here.analyzed()
    assert build_media_store(laptop.home)
