"""Sound extraction in child processes with limited memory, time and files (ADR 26)."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.content.isolated import IsolatedContentEncoder
from adapters.content.messages import ContentTask, ReportedSound
from adapters.sandbox import MEBIBYTE
from application.content.encoding import EncodingFailed, Report
from application.content.speech_sound import SoundPart

MAX_SOUND_BYTES: Final = 128 * MEBIBYTE
"""Of all parts: three hours at 32 kbit/s have a third of it."""


@dataclass(frozen=True)
class StoredParts:
    """Parts in an open file, each read when it is needed."""

    descriptor: int
    places: list[tuple[int, int, float, float]]

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[SoundPart]:
        """Yield the parts. Raises EncodingFailed for one that the child did not write."""
        for offset, size, start_s, end_s in self.places:
            content = os.pread(self.descriptor, size, offset)
            if len(content) != size or not 0 <= start_s < end_s:
                raise EncodingFailed
            yield SoundPart(start_s, end_s, content)


@dataclass(frozen=True)
class IsolatedSoundExtractor:
    """A `SoundExtractor` that runs FFmpeg in a child process."""

    encoder: IsolatedContentEncoder

    @contextmanager
    def extract(self, sound: Path, seconds: float, progress: Report) -> Generator[StoredParts]:
        with self.encoder.output() as output:
            task = ContentTask(
                "speech", self.encoder.limits, output.fileno(), MAX_SOUND_BYTES, seconds
            )
            seen = self.encoder.run(sound, task, ReportedSound, progress, output)
            yield StoredParts(output.fileno(), seen.parts)
