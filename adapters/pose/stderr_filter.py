"""Filter of standard error: suppresses log lines of MediaPipe's native code.

Its C++ logging ignores environment variables and flags (MediaPipe issue 5737), so its known lines
are removed from standard error while it loads; every other line is printed.
"""

import os
import re
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Final

STDERR: Final = 2

REMARKS: Final = re.compile(
    rb"""
      WARNING:\ Logging\ before\ InitGoogle
    | WARNING:\ All\ log\ messages\ before\ absl::InitializeLog
    | INFO:\ Created\ TensorFlow\ Lite\ XNNPACK\ delegate
    | [IW]\d{4}\ .*\ (?:gl_context(?:_egl)?|inference_feedback_manager
        | landmark_projection_calculator)\.cc:
    """,
    re.VERBOSE,
)

_filtering = Lock()


@contextmanager
def without_remarks() -> Generator[None]:
    """Buffer standard error; afterwards print everything except MediaPipe's log lines.

    If another thread is already filtering, its filter covers this one too.
    """
    if not _filtering.acquire(blocking=False):
        yield
        return
    try:
        with tempfile.TemporaryFile() as buffer:
            terminal = os.dup(STDERR)
            os.dup2(buffer.fileno(), STDERR)
            try:
                yield
            finally:
                os.dup2(terminal, STDERR)
                os.close(terminal)
                buffer.seek(0)
                _pass_on(buffer.read())
    finally:
        _filtering.release()


def _pass_on(written: bytes) -> None:
    for line in written.splitlines(keepends=True):
        if not REMARKS.match(line):
            os.write(STDERR, line)
