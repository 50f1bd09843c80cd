"""Sound extraction port: the sound of a video in parts that speech recognition takes."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from application.content.encoding import Report

PART_S: Final = 300.0
"""Longest part; it ends where it is quietest, so that no word is divided."""


@dataclass(frozen=True)
class SoundPart:
    """A part of the sound, from one moment of the video to another in seconds, as MP3."""

    start_s: float
    end_s: float
    content: bytes


class SoundParts(Protocol):
    """Parts of a sound, without gaps."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[SoundPart]: ...


class SoundExtractor(Protocol):
    """Extracts the sound of untrusted media."""

    def extract(
        self, sound: Path, seconds: float, progress: Report
    ) -> AbstractContextManager[SoundParts | Sequence[SoundPart]]:
        """Return the parts of a sound of about that many seconds; they exist in the block only.

        There are none if nothing can be heard. Raises VideoUnreadable, VideoTruncated, VideoTooLong
        and EncodingFailed; DecoderUnavailable if no process can be started, and StorageUnavailable
        if the disk is full.
        """
        ...
