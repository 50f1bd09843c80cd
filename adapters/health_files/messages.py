"""Messages between the child process that reads health files and its parent."""

from datetime import datetime
from typing import Final

import msgspec

from application.health.imports import FileFormat

RECORDS: Final = b"S"
"""A message with some records; the kind of a short message."""

RECORDS_PER_MESSAGE: Final = 100


class ReadTask(msgspec.Struct):
    """What the child is to read, and its limits: address space in MiB, processor time in s.

    `most` is the largest number of records.
    """

    kind: FileFormat
    since: datetime | None
    memory_mb: int
    cpu_s: int
    most: int


class ReadRecord(msgspec.Struct):
    """A record as the child reports it. JSON has no NaN and no infinity: they arrive as None."""

    id: str
    metric: str
    value: float | None
    unit: str
    start: datetime
    end: datetime
    device: str
