"""Pytest plug-in: `tmp_path` and servers are in memory where there is room, else on the disk.

Most tests create a platform of their own, with databases that sync each write to the disk. The
folder of a test that passed is removed with it, and that of a server when it stops.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from tools.local_services.server import LocalServer

MEMORY: Final = Path("/dev/shm")  # noqa: S108  pytest makes folders there that only its user reads
ROOM: Final = 8 * 2**30
"""Bytes that have to be available: many times what the tests of a run use at once."""
VARIABLE: Final = "PYTEST_DEBUG_TEMPROOT"


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Select the folder, unless the environment does."""
    if not {VARIABLE, "TMPDIR"} & os.environ.keys() and _has_room():
        os.environ[VARIABLE] = str(MEMORY)
    if os.environ.get(VARIABLE) == str(MEMORY):  # worker processes inherit the selection
        LocalServer.temporary_folders = MEMORY


def _has_room() -> bool:
    """Return whether memory and folder have room, and programs may run in the folder."""
    if not MEMORY.is_dir():
        return False
    folder = os.statvfs(MEMORY)
    lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    free = min(folder.f_bavail * folder.f_frsize, int(kilobytes) * 1024)
    return free >= ROOM and not folder.f_flag & os.ST_NOEXEC
