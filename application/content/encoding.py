"""Encoding of trainers' videos: the ladder of renditions, and the port of the encoder.

A video is encoded in units: one for each rendition, one for the sound, one for the pictures. The
result of a unit depends on the video and the settings only, so a unit that is done is never done
again.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final, Literal, Protocol

from domain.kernel import Rejected

VideoCodec = Literal["h264", "av1"]
UnitKind = Literal["video", "audio", "pictures"]

SETTINGS_VERSION: Final = 1
"""Raise it when the encoder's output changes: videos encoded before keep their renditions."""

RUNGS: Final = (480, 720, 1080, 1440, 2160)
"""Pixels of the shorter side of each rendition (R-CON-05)."""

LEAST_PIXELS: Final = 854 * 480

CODECS: Final[tuple[VideoCodec, ...]] = ("h264", "av1")
"""H.264 plays everywhere; AV1 needs about half of its bandwidth where it plays."""

LEAST_AV1_SIDE: Final = 64
"""Pixels that the shorter side of a video needs for AV1. With smaller pictures, SVT-AV1 may write
none and never end."""

SEGMENT_S: Final = 4.0
"""Length of a segment; players switch the rendition between two of them."""

RATES: Final = tuple(
    Fraction(rate) if isinstance(rate, int) else Fraction(*rate)
    for rate in (5, 10, 12, 15, (24000, 1001), 24, 25, (30000, 1001), 30, 48, 50, (60000, 1001), 60)
)
"""Frame rates of renditions: a video with a variable rate gets the next constant one."""
NEARLY: Final = 0.002
"""Share by which a measured rate differs from the nominal one."""


class VideoTooShort(Rejected):
    """The video lasts less than a second. Upload a longer one."""

    code = "content.too_short"
    kind = "invalid"


class VideoTooLong(Rejected):
    """The video lasts longer than the limit. Cut it into parts."""

    code = "content.too_long"
    kind = "invalid"


class HdrNotSupported(Rejected):
    """The video has high dynamic range (HDR). Export it with standard range (SDR, Rec. 709)."""

    code = "content.hdr_not_supported"
    kind = "invalid"


class EncodingFailed(Rejected):
    """The video could not be encoded within the memory and time that a video may take."""

    code = "content.encoding_failed"
    kind = "invalid"


@dataclass(frozen=True, kw_only=True)
class SourceVideo:
    """An uploaded video as it is shown: upright, with square pixels."""

    width: int
    height: int
    rate: Fraction
    duration_s: float
    has_audio: bool


@dataclass(frozen=True, kw_only=True)
class EncodingUnit:
    """A part of the work that is done at once.

    A video has a codec, its size in pixels, and its frames a second. `seconds` is the length of the
    video, for progress.
    """

    name: str
    kind: UnitKind
    codec: VideoCodec | None = None
    width: int = 0
    height: int = 0
    rate: Fraction = Fraction(0)
    seconds: float = 0.0

    @property
    def pixels(self) -> int:
        """Pixels of a frame, a measure of the work; sound and pictures are like the least one."""
        return max(self.width * self.height, LEAST_PIXELS)

    @property
    def frames_per_segment(self) -> int:
        """Frames from one key frame to the next."""
        return max(1, round(self.rate * Fraction(SEGMENT_S)))


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a track that can be played by itself: its bytes, and its length in seconds."""

    offset: int
    size: int
    duration_s: float


@dataclass(frozen=True, kw_only=True)
class Track:
    """An encoded rendition, or the sound: one file of fragmented MP4 (CMAF).

    `init_size` bytes at its beginning describe it; the segments follow. `codecs` is its name of RFC
    6381. Sizes are 0 for sound.
    """

    unit: str
    codecs: str
    init_size: int
    segments: tuple[Segment, ...]
    width: int = 0
    height: int = 0
    rate: Fraction = Fraction(0)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return sum(each.duration_s for each in self.segments)

    @property
    def peak_bits_per_s(self) -> int:
        """Bandwidth of the largest segment, without short ones at the end (RFC 8216, 4.3.4.2)."""
        least_s = max(each.duration_s for each in self.segments) / 2
        return max(
            round(each.size * 8 / each.duration_s)
            for each in self.segments
            if each.duration_s >= least_s
        )

    @property
    def average_bits_per_s(self) -> int:
        """Average bandwidth."""
        return round(sum(each.size for each in self.segments) * 8 / self.duration_s)


@dataclass(frozen=True, kw_only=True)
class Storyboard:
    """Small pictures at regular times, in rows on one image."""

    tile_width: int
    tile_height: int
    columns: int
    count: int
    every_s: float


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Files of the pictures, by name, as ranges of the output; and the storyboard's form."""

    files: dict[str, tuple[int, int]]
    storyboard: Storyboard


Report = Callable[[float], None]
"""Receives the share that is done, 0 to 1; it ends the work by raising."""


class ContentEncoder(Protocol):
    """Encodes untrusted videos. Output depends on the video and the unit only.

    Methods raise VideoUnreadable, VideoTruncated, VideoTooLarge, VideoEmpty, VideoTooShort,
    VideoTooLong, HdrNotSupported and EncodingFailed for a video that cannot be encoded;
    DecoderUnavailable if no process can be started, and StorageUnavailable if the disk is full.
    """

    def inspect(self, video: Path) -> SourceVideo:
        """Return what the ladder depends on."""
        ...

    def encode_track(
        self, video: Path, unit: EncodingUnit, progress: Report
    ) -> AbstractContextManager[tuple[BinaryIO, Track]]:
        """Encode a rendition or the sound. The file exists until the block ends."""
        ...

    def make_pictures(
        self, video: Path, source: SourceVideo, progress: Report
    ) -> AbstractContextManager[tuple[BinaryIO, Pictures]]:
        """Make poster, thumbnails and storyboard as JPEG. The file exists until the block ends."""
        ...


def constant_rate(rate: Fraction) -> Fraction:
    """Return the frame rate of the renditions of a video."""
    nearest = min(RATES, key=lambda each: abs(rate - each))
    if abs(rate - nearest) <= nearest * Fraction(NEARLY):
        return nearest
    return next((each for each in RATES if each >= rate), RATES[-1])


def plan_units(source: SourceVideo) -> tuple[EncodingUnit, ...]:
    """Return all units of a video, the ones that a viewer needs first at the beginning."""
    units = [EncodingUnit(name="pictures", kind="pictures")]
    if source.has_audio:
        units.append(EncodingUnit(name="audio", kind="audio", seconds=source.duration_s))
    for codec in CODECS:
        units += (unit for unit in _ladder(source, codec) if _can_encode(unit))
    return tuple(units)


def _can_encode(unit: EncodingUnit) -> bool:
    return unit.codec != "av1" or min(unit.width, unit.height) >= LEAST_AV1_SIDE


def _ladder(source: SourceVideo, codec: VideoCodec) -> Iterator[EncodingUnit]:
    """Yield the renditions up to the size of the video; a smaller video has one of its own size."""
    shorter = min(source.width, source.height)
    rate = constant_rate(source.rate)
    for side in [each for each in RUNGS if each <= shorter] or [shorter]:
        width, height = (
            max(2, round(each * side / shorter / 2) * 2) for each in (source.width, source.height)
        )
        if width > source.width or height > source.height:  # odd sides are rounded down
            width, height = min(width, source.width // 2 * 2), min(height, source.height // 2 * 2)
        yield EncodingUnit(
            name=f"{codec}-{side}",
            kind="video",
            codec=codec,
            width=width,
            height=height,
            rate=rate,
            seconds=source.duration_s,
        )
