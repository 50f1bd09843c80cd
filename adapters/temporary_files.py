"""Temporary files on disk. Their errors are outages of storage: a full disk has room later."""

import tempfile
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from adapters.memory_file import write_all
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
    """Write parts to a file, and yield its path; it exists until the block ends.

    Raises StorageUnavailable.
    """
    with ExitStack() as opened:
        with temporary_file_errors():
            file = opened.enter_context(tempfile.NamedTemporaryFile(prefix=f"{name}-", buffering=0))
            write_all(cast("BinaryIO", file), parts)
        yield Path(file.name)
