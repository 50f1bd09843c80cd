"""Child process that works on untrusted media, as its parent sees it (ADR 26).

The parent never parses what a client has sent: it receives pixels, and checks the little that comes
with them. A child has neither the environment nor the files of its parent.
"""

import math
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

import msgspec
import numpy as np
import numpy.typing as npt
import structlog

from adapters.child_messages import HEAD, REFUSAL, Refusal
from adapters.pose.model_file import PoseModelUnavailable
from adapters.pose.system_libraries import SystemLibraryMissing
from adapters.video.messages import FRAME, PIXELS
from application.content.encoding import (
    EncodingFailed,
    HdrNotSupported,
    VideoTooLong,
    VideoTooShort,
)
from application.health.imports import FileTooLarge, FileUnreadable
from application.kernel.video import (
    DecoderUnavailable,
    PictureRefused,
    VideoEmpty,
    VideoTooLarge,
    VideoTruncated,
    VideoUnreadable,
)
from domain.kernel import Rejected

Pixels = npt.NDArray[np.uint8]

ROOT: Final = Path(__file__).parents[2]
"""The folder of this package, the only one that a child imports from besides Python's own."""

ENVIRONMENT: Final = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
"""The whole environment of a child: threads and arenas would take address space."""

HEADER_BYTES: Final = 64 * 1024
"""Largest message without pixels."""

LOGGED_BYTES: Final = 2000
"""Of what a failed child wrote to standard error, logged from its end."""

REFUSALS: Final[dict[str, type[Rejected]]] = {
    each.code: each
    for each in (
        *(VideoEmpty, VideoUnreadable, VideoTruncated, VideoTooLarge, PictureRefused),
        *(PoseModelUnavailable, SystemLibraryMissing, FileUnreadable, FileTooLarge),
        *(VideoTooShort, VideoTooLong, HdrNotSupported, EncodingFailed),
    )
}
"""Rejections that a child may report."""

log = structlog.get_logger()


class ChildFailedError(Exception):
    """The child ended early, took too long, or sent something else than it may."""


class ChildProcess:
    """A running child. It reads `source`, or what `send` is given, and sends messages.

    `program` is the module that it runs, with `task` as its argument. It inherits the descriptors
    `shared`, under their numbers.
    """

    def __init__(
        self,
        task: msgspec.Struct,
        source: IO[bytes] | None = None,
        *,
        shared: Sequence[int] = (),
        program: str = "adapters.video.child",
    ) -> None:
        self._input: int | None = None
        if source is None:
            reading, self._input = os.pipe()
        else:
            reading = source.fileno()
        self._output, writing = os.pipe()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [*_command(program), msgspec.json.encode(task).decode()],
                stdin=reading,
                stdout=writing,
                stderr=self._errors,
                env=ENVIRONMENT,
                pass_fds=shared,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the parent
            )
        except OSError as failed:
            self._close_files()
            raise DecoderUnavailable from failed
        finally:
            os.close(writing)
            if source is None:
                os.close(reading)
        if self._input is not None:
            os.set_blocking(self._input, False)

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def close(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.wait()
        self._close_files()

    def send(self, content: bytes, patience_s: float) -> None:
        """Send the child its length and some content. Raises ChildFailedError."""
        if self._input is None:
            raise ValueError("This child reads a file.")
        until = time.monotonic() + patience_s
        rest = memoryview(len(content).to_bytes(4, "little") + content)
        while rest:
            self._wait(self._input, select.POLLOUT, until)
            try:
                rest = rest[os.write(self._input, rest) :]
            except BrokenPipeError as ended:
                raise self.failed("it ended early") from ended

    def message(self, patience_s: float, max_bytes: int) -> tuple[bytes, bytearray]:
        """Return the next message. Raises ChildFailedError, and the rejection that it reports."""
        until = time.monotonic() + patience_s
        kind, size = HEAD.unpack(self._read(HEAD.size, until))
        if size > (max_bytes if kind == PIXELS else HEADER_BYTES):
            raise self.failed("it sent too much")
        content = self._read(size, until)
        if kind != REFUSAL:
            return kind, content
        try:
            refusal = msgspec.json.decode(content, type=Refusal)
            rejection = REFUSALS[refusal.code]
        except (msgspec.DecodeError, KeyError) as other:
            raise self.failed("it sent an unknown refusal") from other
        raise rejection(refusal.detail)

    def pixels(self, content: bytearray, max_side: int) -> tuple[float, Pixels]:
        """Return the time and the pixels of a message. Raises ChildFailedError."""
        if len(content) < FRAME.size:
            raise self.failed("it sent half a frame")
        time_s, height, width = FRAME.unpack_from(content)
        is_valid = math.isfinite(time_s) and 0 < height <= max_side and 0 < width <= max_side
        if not is_valid or len(content) != FRAME.size + height * width * 3:
            raise self.failed("it sent an impossible frame")
        rgb = np.frombuffer(content, np.uint8, offset=FRAME.size)
        return time_s, rgb.reshape(height, width, 3)

    def failed(self, reason: str) -> ChildFailedError:
        """Kill the child, log what it wrote last, and return the exception to raise."""
        self._process.kill()
        status = self._process.wait()
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - LOGGED_BYTES))
        errors = self._errors.read().decode(errors="replace")
        log.warning("video.child_failed", reason=reason, status=status, errors=errors)
        return ChildFailedError(reason)

    def _read(self, size: int, until: float) -> bytearray:
        content = bytearray(size)
        rest = memoryview(content)
        while rest:
            self._wait(self._output, select.POLLIN, until)
            count = os.readv(self._output, [rest])
            if not count:
                raise self.failed("it ended early")
            rest = rest[count:]
        return content

    def _wait(self, descriptor: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise self.failed("it takes too long")

    def _close_files(self) -> None:
        os.close(self._output)
        if self._input is not None:
            os.close(self._input)
        self._errors.close()


def _command(program: str) -> list[str]:
    """Return the command line of a child, which imports nothing from the current folder."""
    return [sys.executable, "-P", "-s", "-m", program]
