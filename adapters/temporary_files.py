"""Temporary files on disk. Their errors are outages of storage: a full disk has room later."""

import sys
import tempfile
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from adapters.memory_file import descriptor_path, write_all
from application.kernel.ports import StorageUnavailable


@contextmanager
def temporary_file_errors() -> Generator[None]:
    """Raise StorageUnavailable for an error of the operating system."""
    try:
        yield
    except OSError as error:
        obstacle = error.strerror or type(error).__name__
        raise StorageUnavailable(f"A temporary file cannot be written: {obstacle}.") from error


@contextmanager
def temporary_copy(name: str, parts: Iterable[bytes]) -> Generator[Path]:
    """Write parts to a file on disk; yield a path by which this process can open it.

    The path is valid until the block ends, and of no use to other processes. On Linux the file has
    no name, so a killed process leaves nothing behind; on other systems its name begins with
    `name`. Raises StorageUnavailable.
    """
    with ExitStack() as opened:
        with temporary_file_errors():
            if sys.platform == "linux":
                file = opened.enter_context(tempfile.TemporaryFile(buffering=0))
                path = descriptor_path(file)
            else:
                file = opened.enter_context(
                    tempfile.NamedTemporaryFile(prefix=f"{name}-", buffering=0)
                )
                path = Path(file.name)
            write_all(cast("BinaryIO", file), parts)
        yield path
