"""Video adapters that import FFmpeg and OpenCV on first use: both take a while to load."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from application.kernel.video import Overlay, Video, VideoShape
from application.live.image_analysis import Pixels


class LazyDecoder:
    """Decoder of videos: imports PyAV when a video is opened."""

    def open(self, path: Path) -> AbstractContextManager[Video]:
        from adapters.video.decoder import PyAvDecoder  # noqa: PLC0415  loads FFmpeg

        return PyAvDecoder().open(path)


class LazyOverlaySink:
    """Writer of overlay videos: imports PyAV and OpenCV when a video is written."""

    def open(self, path: Path, shape: VideoShape) -> AbstractContextManager[Overlay]:
        from adapters.video.overlay import PyAvOverlaySink  # noqa: PLC0415  loads FFmpeg

        return PyAvOverlaySink().open(path, shape)


class LazyImages:
    """Reader of JPEG images: imports Pillow and PyAV when an image is opened."""

    def check(self, picture: bytes) -> None:
        from adapters.video.images import JpegPictures  # noqa: PLC0415  loads FFmpeg

        JpegPictures().check(picture)

    def open(self, picture: bytes) -> Pixels:
        from adapters.video.images import JpegPictures  # noqa: PLC0415  loads FFmpeg

        return JpegPictures().open(picture)

    def encode_video(self, path: Path, pictures: Iterable[tuple[float, bytes]]) -> None:
        from adapters.video.images import JpegPictures  # noqa: PLC0415  loads FFmpeg

        JpegPictures().encode_video(path, pictures)
