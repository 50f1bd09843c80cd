"""Build the decoders of what clients send, each in child processes with limits."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Final

from adapters.content.isolated import LIMITS
from adapters.video.isolated import IsolatedDecoder, IsolatedImages
from adapters.video.limits import VideoLimits
from bootstrap.settings import Settings

MARGIN_S: Final = 10.0
"""An encoded video may be a little longer than the uploaded one."""


def build_decoder(settings: Settings) -> IsolatedDecoder:
    """Build the decoder of videos, with the limits of the settings."""
    return IsolatedDecoder(
        VideoLimits(
            max_length_s=settings.max_video_minutes * 60.0, memory_mb=settings.decoder_memory_mb
        )
    )


def build_lesson_decoder(settings: Settings) -> IsolatedDecoder:
    """Build the decoder of trainers' videos, which were encoded by us and may be longer."""
    return IsolatedDecoder(
        VideoLimits(
            max_length_s=LIMITS.max_length_s + MARGIN_S,
            memory_mb=settings.decoder_memory_mb,
            cpu_s=LIMITS.cpu_s,
        )
    )


@contextmanager
def build_images() -> Generator[IsolatedImages]:
    """Build the reader of images; its processes end with the block."""
    with closing(IsolatedImages()) as images:
        yield images
