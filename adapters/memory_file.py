"""Files without a name, in memory."""

import fcntl
import os
import sys
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


def memory_file(name: str) -> BinaryIO:
    """Open an empty file in memory, to read and write. `name` is only for diagnosis.

    Systems without `memfd_create` (all but Linux) get a file without a name on disk.
    """
    if sys.platform == "linux":
        flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
        return os.fdopen(os.memfd_create(name, flags), "w+b", buffering=0)
    else:  # noqa: RET505  a type checker sees one of the two
        return tempfile.TemporaryFile(buffering=0)


@contextmanager
def memory_copy(name: str, parts: Iterable[bytes]) -> Generator[Path]:
    """Write parts to a file in memory; yield a path by which this process can open it.

    The path is of no use to other processes. Other systems than Linux get a file on disk.
    """
    if sys.platform == "linux":
        with memory_file(name) as file:
            write_all(file, parts)
            yield descriptor_path(file)
    else:
        with tempfile.NamedTemporaryFile(prefix=f"{name}-", buffering=0) as named:
            write_all(cast("BinaryIO", named), parts)
            yield Path(named.name)


def descriptor_path(file: BinaryIO) -> Path:
    """Return a path by which this process can open a file that has no name. Linux only."""
    return Path(f"/proc/self/fd/{file.fileno()}")


def write_all(file: BinaryIO, parts: Iterable[bytes]) -> None:
    """Write to an unbuffered file, which may take a part at a time."""
    for part in parts:
        rest = memoryview(part)
        while rest:
            rest = rest[file.write(rest) :]


def fix_size(file: BinaryIO, size: int) -> None:
    """Give a file in memory a size that no process with its descriptor can change.

    A process that reads mapped memory beyond the end of a file is killed.
    """
    file.truncate(size)
    if sys.platform == "linux":
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)
