"""Small video files of a moving gradient, valid and damaged."""

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.container import OutputContainer
from PIL import Image

TICKS_PER_S = 1000
SOUND_RATE = 48_000

CLOCKWISE_QUARTER = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
"""Display matrix of a phone held upright: the stored top edge is the right edge on screen."""

MIRROR = (-(1 << 16), 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
"""Display matrix of a front camera that films like a mirror: left and right are swapped."""

UPRIGHT_MIRROR = (0, 1 << 16, 0, 1 << 16, 0, 0, 0, 0, 1 << 30)
"""That of such a phone held upright: the stored top edge is the left edge on screen."""


def gradient(number: int, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Return a picture with a red upper half and a moving gray gradient in the lower half."""
    row = (np.arange(width) * 2 + number * 8) % 256
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = row[None, :, None]
    picture[: height // 2] = (220, 20, 20)
    return picture


def write_video(
    path: Path,
    *,
    frames: int = 30,
    size: tuple[int, int] = (160, 120),
    stamps_ms: Sequence[int] | None = None,
    display_matrix: Sequence[int] | None = None,
    pixel_shape: Fraction | None = None,
    index_first: bool = False,
    grain: bool = False,
    codec: str = "libx264",
    sound_s: int = 0,
) -> Path:
    """Write an H.264 video of 25 frames a second, or with the given time stamps.

    The end of its name is that of its format, such as MP4, MOV or MKV. `sound_s` is how many
    seconds of silence it has.
    """
    options = {"movflags": "+faststart"} if index_first else {}
    encoding = {"bf": "0", "g": "5"} if codec == "libx264" else {}
    noise = np.random.default_rng(1)
    with av.open(str(path), "w", container_options=options) as container:
        stream: Any = container.add_stream(codec, rate=25, options=encoding)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p" if codec == "libx264" else "rgb24"
        stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        stream.set_display_matrix(display_matrix)
        sound: Any = container.add_stream("aac", rate=SOUND_RATE) if sound_s else None
        if pixel_shape is not None:
            stream.codec_context.sample_aspect_ratio = pixel_shape
        for number in range(frames):
            pixels = gradient(number, *size)
            if grain:
                pixels = noise.integers(0, 256, pixels.shape, np.uint8)
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            picture.pts = number * 40 if stamps_ms is None else stamps_ms[number]
            picture.time_base = Fraction(1, TICKS_PER_S)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if sound is not None:
            _write_silence(container, sound, sound_s * SOUND_RATE)
    return path


def record_sound(path: Path) -> Path:
    """Write an MP4 with half a second of silence and no video."""
    with av.open(str(path), "w", format="mp4") as container:
        stream: Any = container.add_stream("aac", rate=SOUND_RATE)
        _write_silence(container, stream, SOUND_RATE // 2)
    return path


def _write_silence(container: OutputContainer, stream: Any, samples: int) -> None:
    for first in range(0, samples, 1024):
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        sound.sample_rate, sound.pts = SOUND_RATE, first
        container.mux(stream.encode(sound))
    container.mux(stream.encode(None))


def cut(path: Path, share: float) -> Path:
    """Truncate a file to a share of its bytes, as a broken upload does."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def huge_jpeg(side: int) -> bytes:
    """Encode a grey square of side x side pixels in two bits for each 64 of them."""
    file = io.BytesIO()
    Image.new("L", (8, 8), 128).save(file, "JPEG", optimize=True)
    content = file.getvalue()
    size = content.index(b"\xff\xc0") + 5
    scan = content.index(b"\xff\xda") + 10
    header = content[:size] + 2 * side.to_bytes(2, "big") + content[size + 4 : scan]
    return header + bytes((side // 8) ** 2 // 4) + b"\xff\xd9"


def write_huge_video(
    path: Path, *, side: int = 16_000, declared: int | None = None, frames: int = 5
) -> Path:
    """Write a video of 1 MB a frame that takes 256 MB to decode; it claims `declared`."""
    with av.open(str(path), "w", format="mov") as container:
        shown = declared or side
        stream = container.add_mux_stream("mjpeg", rate=25, width=shown, height=shown)
        stream.time_base = Fraction(1, 25)
        for number in range(frames):
            packet = av.Packet(huge_jpeg(side))
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            container.mux(packet)
    return path


def picture(
    size: tuple[int, int] = (64, 48), kind: str = "JPEG", mode: str = "RGB", shade: int = 0
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, shade).save(file, kind)
    return file.getvalue()
