"""Overlay writer that imports FFmpeg and OpenCV on first use: both take a while to load."""

from contextlib import AbstractContextManager
from pathlib import Path

from application.kernel.video import Overlay, VideoShape


class LazyOverlaySink:
    """Writer of overlay videos: imports PyAV and OpenCV when a video is written."""

    def open(self, path: Path, shape: VideoShape) -> AbstractContextManager[Overlay]:
        from adapters.video.overlay import PyAvOverlaySink  # noqa: PLC0415  loads FFmpeg

        return PyAvOverlaySink().open(path, shape)
