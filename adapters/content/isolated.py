"""Encoder of trainers' videos in child processes with limited memory, time and files (ADR 26)."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import ENOSPC
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final, TypeVar, cast

import msgspec

from adapters.child_messages import END
from adapters.content.boxes import read_track
from adapters.content.messages import (
    MAX_PICTURES_BYTES,
    PROGRESS,
    SHARE,
    ContentTask,
    ReportedPictures,
    ReportedTrack,
    ReportedVideo,
    VideoTask,
)
from adapters.sandbox import MEBIBYTE
from adapters.temporary_files import temporary_file_errors
from adapters.video.child_process import HEADER_BYTES, ChildFailedError, ChildProcess
from adapters.video.files import open_video_file
from adapters.video.limits import VideoLimits
from application.content.encoding import (
    EncodingFailed,
    EncodingUnit,
    Pictures,
    Report,
    SourceVideo,
    Storyboard,
    Track,
)

T = TypeVar("T", bound=msgspec.Struct)

LIMITS: Final = VideoLimits(
    max_length_s=3 * 3600.0, memory_mb=6144, cpu_s=24 * 3600, patience_s=600.0
)
"""Videos of trainers are longer than those of athletes: three hours. SVT-AV1 reserves 3 GiB of
address space for 4K. `patience_s` is the longest wait for the next report of progress."""

MAX_TRACK_BYTES: Final = 24 * 1024 * MEBIBYTE
"""Of one rendition: three hours at 18 Mbit/s."""

LEAST_FREE_BYTES: Final = MEBIBYTE
"""A disk with less room counts as full; FFmpeg writes less than this at once."""


def ignore_progress(_share: float) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class IsolatedContentEncoder:
    """A `ContentEncoder` that runs FFmpeg in a child process for each unit.

    `folder` is for files in the making; they have no name, so a crash leaves nothing behind.
    """

    limits: VideoLimits = field(default=LIMITS)
    folder: Path | None = None

    def inspect(self, video: Path) -> SourceVideo:
        task = ContentTask("inspect", self.limits)
        seen = self.run(video, task, ReportedVideo, ignore_progress)
        return SourceVideo(
            width=seen.width,
            height=seen.height,
            rate=Fraction(*seen.rate),
            duration_s=seen.duration_s,
            has_audio=seen.has_audio,
        )

    @contextmanager
    def encode_track(
        self, video: Path, unit: EncodingUnit, progress: Report
    ) -> Generator[tuple[BinaryIO, Track]]:
        with self.output() as output:
            task = self._track_task(unit, output)
            seen = self.run(video, task, ReportedTrack, progress, output)
            codecs, init_size, segments = read_track(output, seen.duration_s)
            yield (
                output,
                Track(
                    unit=unit.name,
                    codecs=codecs,
                    init_size=init_size,
                    segments=segments,
                    width=unit.width,
                    height=unit.height,
                    rate=unit.rate,
                ),
            )

    @contextmanager
    def make_pictures(
        self, video: Path, source: SourceVideo, progress: Report
    ) -> Generator[tuple[BinaryIO, Pictures]]:
        with self.output() as output:
            task = ContentTask(
                "pictures",
                self.limits,
                output.fileno(),
                MAX_PICTURES_BYTES,
                source.duration_s,
            )
            seen = self.run(video, task, ReportedPictures, progress, output)
            board = Storyboard(
                tile_width=seen.tile_width,
                tile_height=seen.tile_height,
                columns=seen.columns,
                count=seen.count,
                every_s=seen.every_s,
            )
            yield output, Pictures(files=seen.files, storyboard=board)

    def _track_task(self, unit: EncodingUnit, output: BinaryIO) -> ContentTask:
        task = ContentTask(
            "audio" if unit.codec is None else "video",
            self.limits,
            output.fileno(),
            MAX_TRACK_BYTES,
            unit.seconds,
        )
        if unit.codec is not None:
            task.video = VideoTask(
                unit.codec,
                unit.width,
                unit.height,
                (unit.rate.numerator, unit.rate.denominator),
                unit.frames_per_segment,
            )
        return task

    @contextmanager
    def output(self) -> Generator[BinaryIO]:
        """Open a file without a name for what a child writes."""
        with tempfile.TemporaryFile(dir=self.folder, prefix="kinelog-content-") as file:
            yield cast("BinaryIO", file)

    def run(
        self,
        video: Path,
        task: ContentTask,
        report: type[T],
        progress: Report,
        output: BinaryIO | None = None,
    ) -> T:
        """Run a child to its end, and return its report. Raises what the port does.

        If the disk has no room for the output, that is an outage, not a fault of the video.
        """
        try:
            return self._run(video, task, report, progress, output)
        except EncodingFailed:
            if output is not None:
                require_room(output)
            raise

    def _run(
        self,
        video: Path,
        task: ContentTask,
        report: type[T],
        progress: Report,
        output: BinaryIO | None,
    ) -> T:
        shared = () if output is None else (output.fileno(),)
        with open_video_file(video) as source:
            child = ChildProcess(task, source, shared=shared, program="adapters.content.child")
        try:
            while True:
                kind, content = child.message(self.limits.patience_s, HEADER_BYTES)
                if kind == END:
                    return msgspec.json.decode(content, type=report)
                if kind != PROGRESS or len(content) != SHARE.size:
                    raise child.failed("it sent neither progress nor a report")
                progress(min(1.0, max(0.0, SHARE.unpack(content)[0])))
        except (ChildFailedError, msgspec.DecodeError) as failed:
            raise EncodingFailed from failed
        finally:
            child.close()


def require_room(output: BinaryIO) -> None:
    """Require that more can be written to a file. Raises StorageUnavailable."""
    with temporary_file_errors():
        written = os.pwrite(
            output.fileno(), bytes(LEAST_FREE_BYTES), os.fstat(output.fileno()).st_size
        )
        if written < LEAST_FREE_BYTES:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
