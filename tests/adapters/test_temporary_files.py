"""Temporary files on a disk that is full, or that cannot be written."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from adapters.temporary_files import temporary_copy
from application.kernel.ports import StorageUnavailable

COPY_AND_WAIT = """
import time
from adapters.temporary_files import temporary_copy

with temporary_copy("kinelog-test", [b"a video"]) as path:
    print(path.read_bytes(), flush=True)
    time.sleep(600)
"""


def test_a_copy_exists_until_its_block_ends() -> None:
    with temporary_copy("kinelog-test", [b"one", b"two"]) as path:
        assert path.read_bytes() == b"onetwo"
    assert not path.exists()


def test_a_killed_process_leaves_no_copy_on_disk(tmp_path: Path) -> None:
    """R-EVT-18: nothing would remove it, and it can be a video of a person."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", COPY_AND_WAIT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"b'a video'\n"
        process.kill()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_outage_of_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-EVT-18: work that needs the copy is done later, and has not failed."""

    def on_full_disk(**_: object) -> object:
        return Path("/dev/full").open("r+b", buffering=0)

    monkeypatch.setattr(tempfile, "TemporaryFile", on_full_disk)
    with (
        pytest.raises(StorageUnavailable, match="No space left"),
        temporary_copy("kinelog-test", [b"one"]),
    ):
        pass


def test_an_error_of_the_block_stays_as_it_is() -> None:
    with pytest.raises(IsADirectoryError), temporary_copy("kinelog-test", []):
        raise IsADirectoryError
