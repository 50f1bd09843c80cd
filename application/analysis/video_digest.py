"""Digest of a video file, which identifies its analysis."""

import hashlib
from pathlib import Path

from application.kernel.video import VideoMissing


def digest_video(video: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal.

    Raises VideoMissing, also for a device or a pipe, which may have no end.
    """
    try:
        if video.exists() and not video.is_file():
            raise VideoMissing(f"{video} is not a file.")
        with video.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as unreadable:
        raise VideoMissing from unreadable
