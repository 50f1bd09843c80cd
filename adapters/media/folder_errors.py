"""Errors of the media folder as errors of storage."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from application.kernel.ports import StorageUnavailable


@contextmanager
def folder_errors(root: Path) -> Generator[None]:
    """Raise StorageUnavailable for an error of the operating system."""
    try:
        yield
    except OSError as error:
        obstacle = error.strerror or type(error).__name__
        raise StorageUnavailable(
            f"The media folder {root} is not available: {obstacle}."
        ) from error
