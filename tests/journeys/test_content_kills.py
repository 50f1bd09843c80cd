"""A process that is killed while it works on a trainer's video leaves the rest to the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from adapters.jobs.content import CONTENT_JOBS
from adapters.sql.engines import open_engine
from api.app import build_app
from application.content.manifest import media_prefix
from application.platform import Platform
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.content_workers import build_checks, build_encodings
from domain.content.encoding import CONTENT_ENCODING, UnitDone
from domain.content.events import ContentReady
from domain.ids import DEFAULT_TENANT, ContentId
from tests.adapters.content.videos import lesson
from tests.api.conftest import WEB
from tests.api.content_queue import deliver
from tests.api.driver import ApiDriver
from tests.journeys.content_uploads import upload

pytestmark = pytest.mark.slow

KILLED = """
import sys, time
from pathlib import Path
from threading import Event
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.content_workers import build_checks, build_encodings

home, cache, stored = sys.argv[1:]
with embedded(Settings(home=Path(home), cache=Path(cache))) as platform:
    put, left = platform.media.put_stream, [int(stored)]

    def put_and_wait(*arguments, **named):
        digest = put(*arguments, **named)
        left[0] -= 1
        if not left[0]:
            print("stored", flush=True)
            time.sleep(600)
        return digest

    platform.media.put_stream = put_and_wait
    build_checks(platform).run_next(Event())
    build_encodings(platform).run_next(Event())
"""


def kill_after(settings: Settings, stored: int) -> None:
    """Run the jobs in a process, and kill it after it stored so many tracks, before it notes it."""
    command = [sys.executable, "-c", KILLED, str(settings.home), str(settings.cache), str(stored)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) != "stored\n":
            assert line, "the process ended by itself"
        os.kill(process.pid, signal.SIGKILL)


def expire_leases(settings: Settings) -> None:
    database = sa.URL.create("sqlite", database=str(settings.home / "tables.sqlite3"))
    engine = open_engine(database, schema="")
    with engine.begin() as connection:
        connection.execute(sa.update(CONTENT_JOBS).values(until=0.0))
    engine.dispose()


def units(platform: Platform, key: str) -> list[UnitDone]:
    history = platform.log.load(DEFAULT_TENANT, f"{CONTENT_ENCODING.category}-{key}.1")
    return [each.event for each in history if isinstance(each.event, UnitDone)]


def test_after_kill_9_no_unit_is_encoded_twice_and_no_file_is_left_over(tmp_path: Path) -> None:
    """R-CON-04, R-CON-06, R-EVT-18: killed twice, between an effect and its note in the log."""
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache")
    video = lesson(tmp_path / "video.mp4", size=(160, 120), seconds=1.0).read_bytes()
    with embedded(settings) as platform, TestClient(build_app(platform, web=WEB)) as client:
        driver = ApiDriver(client, platform)
        key = upload(driver, video)
        deliver(platform)
        assert build_checks(platform).run_next(Event())
        deliver(platform)
        for stored in (1, 2):
            kill_after(settings, stored)
            assert not build_encodings(platform).run_next(Event()), "its lease lasts"
            expire_leases(settings)
        before = units(platform, key)
        assert build_encodings(platform).run_next(Event())
        after = units(platform, key)
        assert after[: len(before)] == before
        assert len({each.unit for each in after}) == len(after) == 4
        history = platform.log.load(DEFAULT_TENANT, f"content-{key}")
        assert sum(isinstance(each.event, ContentReady) for each in history) == 1
        prefix = media_prefix(ContentId(key), 1)
        kept = {each.digest for each in platform.media.list_media(DEFAULT_TENANT, prefix)}
        assert {each.digest for each in after} <= kept
        assert driver.client.get(f"/v1/content/{key}").json()["status"] == "ready"
