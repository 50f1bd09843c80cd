"""The reader of health files, whose process can be ended."""

import io

import pytest

from adapters.health_files.reader import IsolatedReader
from application.health.imports import FileUnreadable, ReadingEnded


def test_an_ended_process_is_reported_as_ended() -> None:
    """R-EVT-19: the reader ends a process that sends nothing in time."""
    with pytest.raises(ReadingEnded):
        list(IsolatedReader(patience_s=0.0).read(io.BytesIO(b"<gpx/>"), "gpx", None))


def test_a_file_that_the_process_refuses_is_unreadable() -> None:
    with pytest.raises(FileUnreadable) as refused:
        list(IsolatedReader().read(io.BytesIO(b"no file of this format"), "gpx", None))
    assert refused.type is FileUnreadable
