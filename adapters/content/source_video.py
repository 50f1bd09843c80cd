"""Uploaded video as FFmpeg decodes it, in a child process: upright frames, sound, times from 0."""

import math
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, BinaryIO, Final

import av
from av.error import FFmpegError
from av.stream import Disposition

from adapters.video.decoder import CODECS, CONTAINERS, DEFAULT_FPS
from adapters.video.limits import OUT_OF_MEMORY, VideoLimits
from application.content.encoding import HdrNotSupported, VideoTooLong, VideoTooShort
from application.kernel.video import VideoEmpty, VideoTooLarge, VideoTruncated, VideoUnreadable

SOUNDS: Final = (
    *("aac", "mp3", "mp3float", "mp2", "ac3", "eac3", "opus", "libopus", "vorbis", "flac", "alac"),
    *("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_u8", "wmav2", "amrnb"),
)
"""FFmpeg's decoders of sound that are opened."""

SHORTEST_S: Final = 1.0

HDR_TRANSFERS: Final = (16, 18)
"""PQ and HLG (ITU-T H.273, table 3): shown as they are, their colors are pale."""

MEMORY_EXCEEDED: Final = "Decoding the video takes more memory than allowed."

THREADS: Final = 2


class SourceReader:
    """An opened video. PyAV's streams are not completely typed, so they are Any."""

    def __init__(self, container: Any, limits: VideoLimits) -> None:
        self._container, self._limits = container, limits
        self.video: Any = next(
            (
                each
                for each in container.streams.video
                if not each.disposition & Disposition.attached_pic
            ),
            None,
        )
        if self.video is None:
            raise VideoEmpty("The file has no video in it, only sound or data.")
        self.audio: Any = next(
            (each for each in container.streams.audio if each.codec_context.name in SOUNDS), None
        )
        self._check_declared()
        self.start_s: float = (container.start_time or 0) / av.time_base

    @property
    def rate(self) -> Fraction:
        """Average frames a second."""
        rate = self.video.average_rate or self.video.guessed_rate or DEFAULT_FPS
        return Fraction(rate).limit_denominator(1001)

    def frames(self) -> Iterator[tuple[float, Any]]:
        """Yield frames with their times in seconds.

        Raises VideoTruncated, VideoTooLarge, VideoTooLong and HdrNotSupported.
        """
        shown_s = -1.0
        for frame in self._decoded(self.video):
            self._limits.require_size(frame.width, frame.height)
            if frame.color_trc in HDR_TRANSFERS:
                raise HdrNotSupported
            time_s = self._time(frame)
            if time_s is None or time_s <= shown_s:
                continue  # an encoder's preview of the next frame, or a repeated one
            self._require_length(time_s)
            shown_s = time_s
            yield time_s, frame

    def sound(self) -> Iterator[tuple[float, Any]]:
        """Yield parts of the sound with their times in seconds. Raises VideoTruncated."""
        for frame in self._decoded(self.audio):
            time_s = self._time(frame)
            if time_s is not None:
                self._require_length(time_s)
                yield time_s, frame

    def shown_size(self, frame: Any) -> tuple[int, int]:
        """Return the size of a frame when it is upright and its pixels are square."""
        ratio = float(self.video.sample_aspect_ratio or 1)
        width, height = round(frame.width * ratio), frame.height
        return (height, width) if frame.rotation % 180 else (width, height)

    def _time(self, frame: Any) -> float | None:
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base) - self.start_s

    def _decoded(self, stream: Any) -> Iterator[Any]:
        try:
            yield from self._container.decode(stream)
        except OUT_OF_MEMORY as failed:
            raise VideoTooLarge(MEMORY_EXCEEDED) from failed
        except (FFmpegError, EOFError) as failed:
            raise VideoTruncated("The video has a part that cannot be decoded.") from failed

    def _require_length(self, seconds: float) -> None:
        if seconds > self._limits.max_length_s:
            raise VideoTooLong

    def _check_declared(self) -> None:
        codec = self.video.codec_context
        if codec.name not in CODECS:
            raise VideoUnreadable(f"Videos of the codec {codec.name} cannot be decoded. Use H.264.")
        if not codec.width or not codec.height:
            raise VideoTooLarge("The video has no size, or is larger than 4K.")
        self._limits.require_size(codec.width, codec.height)
        self._require_length(self.declared_s or 0.0)
        codec.options = {"max_pixels": str(self._limits.max_pixels)}
        codec.thread_type = "AUTO"
        codec.thread_count = THREADS

    @property
    def declared_s(self) -> float | None:
        """Length in seconds that the file declares; None if it declares none."""
        if self.video.duration is not None and self.video.time_base is not None:
            return float(self.video.duration * self.video.time_base)
        duration = self._container.duration
        return None if duration is None else duration / av.time_base


@contextmanager
def open_source(file: BinaryIO, limits: VideoLimits) -> Generator[SourceReader]:
    """Open a video. Raises VideoUnreadable, VideoTooLarge."""
    try:
        container = av.open(
            file,
            "r",
            options={"max_pixels": str(limits.max_pixels)},
            container_options={
                "format_whitelist": CONTAINERS,
                "codec_whitelist": ",".join((*CODECS, *SOUNDS)),
            },
        )
    except OUT_OF_MEMORY as failed:
        raise VideoTooLarge(MEMORY_EXCEEDED) from failed
    except (FFmpegError, ValueError) as failed:
        raise VideoUnreadable("The file is not a video that can be decoded.") from failed
    with container:
        yield SourceReader(container, limits)


def inspect(source: SourceReader) -> tuple[tuple[int, int], float]:
    """Return the size as shown and the length in seconds; reads the video to its end.

    Raises VideoEmpty, VideoTooShort and what `frames` does.
    """
    size, last_s, count = None, 0.0, 0
    for time_s, frame in source.frames():
        size = size or source.shown_size(frame)
        last_s, count = time_s, count + 1
    if size is None:
        raise VideoEmpty("The video has no picture.")
    length_s = last_s + float(1 / source.rate)
    if count < 2 or not math.isfinite(length_s) or length_s < SHORTEST_S:
        raise VideoTooShort
    return size, length_s
