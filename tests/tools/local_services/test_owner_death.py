"""No server outlives the process that started it, however that process ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools.local_services.processes import alive, descendants
from tests.waiting import wait_until
from tools.local_services.guarded_process import GuardedProcess
from tools.local_services.redis import LocalRedis

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

OWNER = """\
import json, os, sys, time
from tools.local_services.{module} import {name}
server = {name}().start()
if "fork" in sys.argv and os.fork() == 0:
    time.sleep(3600)
print(json.dumps([server.guard_pid, str(server.folder)]), flush=True)
time.sleep(3600)
"""

each_server = pytest.mark.parametrize(
    ("module", "name"),
    [("postgres", "LocalPostgres"), ("kafka", "LocalKafka"), ("redis", "LocalRedis")],
)


@contextmanager
def owner(
    module: str, name: str, *arguments: str
) -> Generator[tuple["subprocess.Popen[str]", int, Path]]:
    """Run a process that has started a server; yield it, its guard and the server's folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(module=module, name=name), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        guard, folder = json.loads(process.stdout.readline())
        try:
            yield process, guard, Path(folder)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@each_server
def test_a_server_dies_with_its_killed_owner(module: str, name: str) -> None:
    with owner(module, name) as (process, guard, folder):
        processes = {guard} | descendants(guard)
        assert len(processes) > 1
        process.kill()
        wait_until(lambda: not alive(processes))
        wait_until(lambda: not folder.exists())


def test_a_child_that_the_owner_forked_does_not_keep_the_server_alive() -> None:
    with owner("redis", "LocalRedis", "fork") as (process, guard, _):
        processes = {guard} | descendants(guard)
        process.kill()
        wait_until(lambda: not alive(processes))


def test_a_killed_owner_leaves_no_server_running() -> None:
    with owner("redis", "LocalRedis") as (process, guard, folder):
        process.send_signal(signal.SIGINT)
        wait_until(lambda: not alive({guard}))
        assert not folder.exists()


@each_server
def test_a_server_dies_with_its_killed_guard(module: str, name: str) -> None:
    with owner(module, name) as (_, guard, folder):
        processes = descendants(guard)
        os.kill(guard, signal.SIGKILL)
        wait_until(lambda: not alive(processes))
    shutil.rmtree(folder)


def test_child_processes_in_their_own_session_end_with_the_server(tmp_path: Path) -> None:
    process = GuardedProcess(
        ["/bin/sh", "-c", "setsid sleep 3600 & exec sleep 3600"],
        folder=tmp_path,
        log=tmp_path / "log",
        account=None,
        stop_signal=signal.SIGTERM,
        orphan_signal=signal.SIGKILL,
        grace_s=60,
        remove=None,
    )
    wait_until(lambda: len(sessions(descendants(process.pid))) == 2)
    processes = descendants(process.pid)
    process.stop()
    assert not alive(processes)


def sessions(pids: set[int]) -> set[int]:
    return {os.getsid(pid) for pid in pids}


def test_an_interrupt_at_the_terminal_is_for_the_owner() -> None:
    with LocalRedis() as server:
        assert os.getsid(server.guard_pid) != os.getsid(0)
        assert server.answers()
