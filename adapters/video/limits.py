"""Limits of videos, checked before decoding and again while frames arrive."""

from dataclasses import dataclass
from typing import Final

from application.kernel.video import VideoTooLarge

LONGEST_SIDE: Final = 1280
"""Maximum pixels of a frame's longer side as it is analyzed; pose networks use 256 (BlazePose,
2020)."""

OUT_OF_MEMORY: Final = (MemoryError, BlockingIOError)
"""FFmpeg's errors when memory runs out: an allocation fails, or a thread gets no stack (EAGAIN)."""


@dataclass(frozen=True)
class VideoLimits:
    """Largest video that is decoded, and the resources for it.

    `max_pixels` of one frame: by default 4096 x 2304, the 4K of phones and cinemas. `max_side` in
    pixels. `max_length_s` in seconds. `max_frames_per_s` is an average over that length: a short
    video may have more. `memory_mb` is the address space of the decoding process in
    MiB, `cpu_s` its processor time. `patience_s` is the longest wait for one frame.
    """

    max_pixels: int = 4096 * 2304
    max_side: int = 4096
    max_length_s: float = 3600.0
    max_frames_per_s: int = 60
    memory_mb: int = 1536
    cpu_s: int = 3600
    patience_s: float = 60.0

    @property
    def max_frames(self) -> int:
        """Frames that a video may have."""
        return round(self.max_length_s * self.max_frames_per_s)

    def require_size(self, width: int, height: int) -> None:
        """Raise VideoTooLarge for a frame with more pixels than allowed."""
        if width * height > self.max_pixels or max(width, height) > self.max_side:
            raise VideoTooLarge(
                f"The video has {width} x {height} pixels; at most {self.max_pixels} are accepted,"
                f" and sides of {self.max_side}. Film in 4K or less."
            )

    def require_length(self, seconds: float) -> None:
        """Raise VideoTooLarge for a video that lasts longer than allowed."""
        if seconds > self.max_length_s:
            raise VideoTooLarge(
                f"The video lasts longer than the {self.max_length_s / 60:g} minutes that are"
                " accepted. Cut it into parts."
            )

    def require_frames(self, frames: int) -> None:
        """Raise VideoTooLarge for a video with more frames than allowed."""
        if frames > self.max_frames:
            raise VideoTooLarge(
                f"The video has more than the {self.max_frames} frames that are accepted. Cut it"
                " into parts."
            )
