"""Child process that encodes an untrusted video, or its sound for speech recognition (ADR 26).

Before it reads the video, it gives up, for good, all rights that encoding does not need. It has the
video and its output as open files, and no name, key or environment of its parent.
"""

import os
import resource
import sys
from typing import BinaryIO, Final

import msgspec

from adapters.child_messages import END, send, send_refusal
from adapters.content.messages import (
    PROGRESS,
    SHARE,
    ContentTask,
    ReportedSound,
    ReportedTrack,
    ReportedVideo,
)
from adapters.content.pictures import make_pictures
from adapters.content.source_video import inspect, open_source
from adapters.content.speech_parts import write_parts
from adapters.content.track_encoding import REPORT_S, encode_audio, encode_video
from adapters.sandbox import MAX_LOG_BYTES, MEBIBYTE, SPARE_FILES, confine, load_library
from adapters.video.child import NICENESS, load_lazy_modules
from application.content.encoding import EncodingFailed
from domain.kernel import Rejected

LAST: Final = 1.0


def main() -> None:
    """Do the task that the argument describes, with the video on standard input."""
    task = msgspec.json.decode(sys.argv[1], type=ContentTask)
    load_lazy_modules()
    load_library()
    limit_resources(task)
    confine()
    source = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  a descriptor
    sink = open(1, "wb", buffering=0, closefd=False)  # noqa: SIM115  a descriptor
    try:
        result = perform(task, source, sink)
    except Rejected as refusal:
        send_refusal(sink, refusal)
    except MemoryError:
        send_refusal(sink, EncodingFailed())
    else:
        send(sink, END, msgspec.json.encode(result))


def limit_resources(task: ContentTask) -> None:
    """Give up the right to more memory, time and files, for good."""
    memory = task.limits.memory_mb * MEBIBYTE
    written = max(task.max_bytes, MAX_LOG_BYTES)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (SPARE_FILES, SPARE_FILES))
    resource.setrlimit(resource.RLIMIT_CPU, (task.limits.cpu_s, task.limits.cpu_s))
    os.nice(NICENESS)


def perform(task: ContentTask, file: BinaryIO, sink: BinaryIO) -> msgspec.Struct:
    """Do the task and return its report. Raises what the port does."""
    report = Reporter(sink, task.seconds)
    if task.kind == "speech":
        return ReportedSound(write_parts(file, task.limits, task.output, report))
    with open_source(file, task.limits) as source:
        if task.kind == "pictures":
            return make_pictures(source, task.output, task.seconds, report)
        if task.kind == "audio":
            return ReportedTrack(encode_audio(source, task.output, report))
        if task.video is not None:
            return ReportedTrack(encode_video(source, task.output, task.video, report))
        (width, height), seconds = inspect(source)
        rate = source.rate
        return ReportedVideo(
            width,
            height,
            (rate.numerator, rate.denominator),
            seconds,
            source.audio is not None,
        )


class Reporter:
    """Sends the share of the video that is done, not more often than needed."""

    def __init__(self, sink: BinaryIO, seconds: float) -> None:
        self._sink, self._seconds = sink, seconds
        self._next_s = 0.0

    def __call__(self, time_s: float) -> None:
        if time_s >= self._next_s and self._seconds > 0:
            self._next_s = time_s + max(REPORT_S, self._seconds / 100)
            share = min(LAST, max(0.0, time_s / self._seconds))
            send(self._sink, PROGRESS, SHARE.pack(share))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # the parent needs no more
