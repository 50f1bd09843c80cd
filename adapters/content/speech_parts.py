"""Sound for speech recognition as MP3 in parts, encoded by FFmpeg in a child process.

A part ends where it is quietest in its last seconds, so that no word is divided.
"""

import io
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, BinaryIO, Final

import av
import numpy as np
import numpy.typing as npt
from av.error import FFmpegError

from adapters.content.source_video import MEMORY_EXCEEDED, SOUNDS
from adapters.video.decoder import CONTAINERS
from adapters.video.limits import OUT_OF_MEMORY, VideoLimits
from application.content.encoding import VideoTooLong
from application.content.speech_sound import PART_S
from application.kernel.video import VideoEmpty, VideoTooLarge, VideoTruncated, VideoUnreadable

Samples = npt.NDArray[np.int16]

RATE: Final = 16_000
"""Samples a second: recognizers use no more."""

BITS_PER_S: Final = 32_000

SEARCH_S: Final = 20.0
"""Seconds at the end of a part in which it may end."""

QUIET_S: Final = 0.2
"""Length of the pause that is looked for."""

Report = Callable[[float], None]


def write_parts(
    source: BinaryIO, limits: VideoLimits, output: int, report: Report, part_s: float = PART_S
) -> list[tuple[int, int, float, float]]:
    """Write the parts of a sound to a descriptor, one after the other.

    Return offset, size, start and end in seconds of each; none for a sound without samples. Raises
    VideoUnreadable, VideoEmpty, VideoTruncated, VideoTooLarge and VideoTooLong.
    """
    parts: list[tuple[int, int, float, float]] = []
    offset, first = 0, 0
    for samples in divide(_samples(source, limits, report), part_s):
        content = encode_mp3(samples)
        os.pwrite(output, content, offset)
        end = first + len(samples)
        parts.append((offset, len(content), first / RATE, end / RATE))
        offset, first = offset + len(content), end
    return parts


def divide(sound: Iterable[Samples], part_s: float) -> Iterator[Samples]:
    """Yield the parts of a sound, each at most `part_s` seconds long."""
    longest = round(part_s * RATE)
    waiting: list[Samples] = []
    length = 0
    for samples in sound:
        waiting.append(samples)
        length += len(samples)
        if length <= longest:
            continue
        joined = np.concatenate(waiting)
        while len(joined) > longest:
            cut = _quietest(joined[:longest])
            yield joined[:cut]
            joined = joined[cut:]
        waiting, length = [joined], len(joined)
    if length:
        yield np.concatenate(waiting)


def encode_mp3(samples: Samples) -> bytes:
    """Return samples of one channel as MP3."""
    written = io.BytesIO()
    options = {"write_xing": "0", "id3v2_version": "0"}
    opened: Any = av.open(written, "w", format="mp3", container_options=options)
    with opened as file:
        stream = file.add_stream("libmp3lame", rate=RATE)
        stream.layout, stream.format, stream.bit_rate = "mono", "s16p", BITS_PER_S
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16p", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return written.getvalue()


def _quietest(samples: Samples) -> int:
    """Return the middle of the quietest pause near the end."""
    size = round(QUIET_S * RATE)
    searched = min(round(SEARCH_S * RATE), len(samples) // 2)
    tail = samples[-searched:].astype(np.float64)
    blocks = tail[: len(tail) // size * size].reshape(-1, size)
    if not len(blocks):
        return len(samples)
    quietest = int(np.argmin((blocks**2).mean(axis=1)))
    return len(samples) - searched + quietest * size + size // 2


def _samples(source: BinaryIO, limits: VideoLimits, report: Report) -> Iterator[Samples]:
    resampler: Any = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    count = 0
    with _opened(source) as container:
        stream = next(
            (each for each in container.streams.audio if each.codec_context.name in SOUNDS), None
        )
        if stream is None:
            raise VideoEmpty("The file has no sound that can be decoded.")
        try:
            for frame in container.decode(stream):
                for ready in resampler.resample(frame):
                    count += ready.samples
                    yield ready.to_ndarray()[0]
                if count > limits.max_length_s * RATE:
                    raise VideoTooLong
                report(count / RATE)
            for ready in resampler.resample(None):
                yield ready.to_ndarray()[0]
        except OUT_OF_MEMORY as failed:
            raise VideoTooLarge(MEMORY_EXCEEDED) from failed
        except (FFmpegError, EOFError) as failed:
            raise VideoTruncated("The sound has a part that cannot be decoded.") from failed


@contextmanager
def _opened(source: BinaryIO) -> Generator[Any]:
    options = {"format_whitelist": CONTAINERS, "codec_whitelist": ",".join(SOUNDS)}
    try:
        container: Any = av.open(source, "r", container_options=options)
    except OUT_OF_MEMORY as failed:
        raise VideoTooLarge(MEMORY_EXCEEDED) from failed
    except (FFmpegError, ValueError) as failed:
        raise VideoUnreadable("The file is not a sound that can be decoded.") from failed
    with container:
        yield container
