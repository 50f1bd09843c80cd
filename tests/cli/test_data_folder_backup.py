"""A backup of a data folder, made as the documentation says, is restored into a new one."""

import os
import re
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx2
import pytest

from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.server_process import get, serving
from tests.cli.conftest import Shell
from tests.waiting import wait_until
from tools.local_services.binaries import sqlite3

pytestmark = pytest.mark.slow

DEPLOY = Path(__file__).parents[2] / "docs" / "how-to" / "deploy.md"
VIDEO = b"a video of Ada"


def documented(first: str) -> str:
    """Return the commands of the code block of the documentation that has a line."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", DEPLOY.read_text("utf-8"), re.MULTILINE)
    (block,) = (each for each in blocks if first in each)
    return str(block)


def run(first: str, folder: Path, home: Path, programs: Path | None = None) -> None:
    """Run documented commands in a folder, with a data folder, and `sqlite3` of `programs`."""
    path = f"{programs or sqlite3().parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "KINELOG_HOME": str(home)}
    subprocess.run(["sh", "-c", documented(first)], cwd=folder, env=environment, check=True)


def start_session(url: str, name: str) -> None:
    body = {"sessionId": name, "athleteId": "ada"}
    started = httpx2.post(f"{url}/v1/sessions", json=body, timeout=60, trust_env=False)
    assert started.status_code == 201, started.text


@contextmanager
def sessions_are_started(url: str) -> Generator[list[str]]:
    """Start one session after another until the end; yield their ids."""
    stop, names = Event(), list[str]()

    def work() -> None:
        while not stop.is_set():
            start_session(url, f"later-{len(names)}")
            names.append(f"later-{len(names)}")

    writing = Thread(target=work)
    writing.start()
    try:
        yield names
    finally:
        stop.set()
        writing.join()


def media_of(home: Path) -> Settings:
    return Settings(home=home, cache=home / "cache", postgres_url=None, redis_url=None, kafka=None)


def test_a_running_server_is_backed_up_and_restored(shell: Shell, tmp_path: Path) -> None:
    """R-EVT-14: each event that preceded the backup, also what is encrypted, while others write."""
    invited = ("--name", "The Gym", "--join", "invitation", "--user", "ada@example.org")
    with serving(shell.home) as (_, url):
        assert shell.run("tenants", "create", *invited).status == 0
        wait_until(lambda: any((shell.home / "mail").glob("*.sealed")))
        with open_platform(media_of(shell.home)) as platform:
            video = platform.media.put(DEFAULT_TENANT, VIDEO, prefix="first", subject=UserId("ada"))
        start_session(url, "first")
        with sessions_are_started(url) as later:
            wait_until(lambda: len(later) > 1)
            run("copy log.sqlite3 backup", tmp_path, shell.home)
            wait_until(lambda: len(later) > 5)
    shutil.copy(shell.home / "master.key", tmp_path)
    restored = Shell(tmp_path / "restored")
    run("install -m 600 master.key", tmp_path, restored.home)

    assert restored.run("audit", "verify").status == 0
    assert restored.json("mail", "show")["to"] == "ada@example.org"
    with open_platform(media_of(restored.home)) as platform:
        assert platform.media.get(DEFAULT_TENANT, video, prefix="first") == VIDEO
    with serving(restored.home) as (_, url):
        ids = {each["id"] for each in get(f"{url}/v1/sessions?first=100").json()["items"]}
        assert ids >= {"first", "later-0"}
        start_session(url, "next")


def test_what_follows_is_copied_before_what_it_follows(tmp_path: Path) -> None:
    """R-EVT-14, C-24: a restored server repeats what it may have done, and leaves nothing undone.

    Each erasure that the log requests has its due date, which is in the database of erasures.
    """
    home, programs = tmp_path / "home", tmp_path / "programs"
    copied = tmp_path / "copied.txt"
    names = ["identity", "log", "pose_analytics.gym", "pose_documents.gym", "pose_sinks"]
    names += ["privacy", "tables"]
    for folder in (home, programs):
        folder.mkdir()
    for name in names:
        (home / f"{name}.sqlite3").touch()
    recorder = programs / "sqlite3"
    recorder.write_text(f'#!/bin/sh\nbasename "$1" .sqlite3 >> {copied}\n')
    recorder.chmod(0o755)
    run("copy log.sqlite3 backup", tmp_path, home, programs)
    order = copied.read_text().split()
    assert sorted(order) == names
    assert order[-3:] == ["log", "privacy", "identity"]
    assert order.index("pose_sinks") < order.index("pose_analytics.gym")
    assert order.index("pose_sinks") < order.index("pose_documents.gym")
