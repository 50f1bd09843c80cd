"""Video files as they are opened."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from application.kernel.video import VideoEmpty, VideoMissing


@contextmanager
def open_video_file(path: Path) -> Generator[BinaryIO]:
    """Open a file for reading. Raises VideoMissing, and VideoEmpty for a file without bytes."""
    try:
        file = path.open("rb")
        size = os.fstat(file.fileno()).st_size
    except OSError as failed:
        raise VideoMissing(f"{path} cannot be read: {failed.strerror}.") from failed
    with file:
        if not size:
            raise VideoEmpty(f"{path} is empty.")
        yield file
