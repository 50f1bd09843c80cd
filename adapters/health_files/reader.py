"""Reader of health files in child processes with limited memory, time and files."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import nan
from threading import BoundedSemaphore
from typing import BinaryIO, Final

import msgspec
from msgspec.structs import replace

from adapters.child_messages import END
from adapters.health_files.messages import RECORDS, ReadRecord, ReadTask
from adapters.memory_file import memory_file
from adapters.video.child_process import HEADER_BYTES, ChildFailedError, ChildProcess
from application.health.imports import (
    MAX_IMPORTED,
    FileFormat,
    FileTooLarge,
    ReaderUnavailable,
    ReadingEnded,
)
from application.kernel.video import DecoderUnavailable
from domain.health.batch import Measured

PROGRAM: Final = "adapters.health_files.child"

READERS: Final = 2
"""Files that one process reads at once."""


@dataclass(frozen=True)
class IsolatedReader:
    """A `HealthFileReader` that reads each file in a child process of its own.

    `memory_mb` is its address space, `cpu_s` its processor time, and `patience_s` the longest wait
    for its next message. Who gets no turn within `turn_s` is refused, because waiting callers would
    take the threads of all others. A file has at most `most` records. Thread-safe.
    """

    memory_mb: int = 512
    cpu_s: int = 300
    patience_s: float = 60.0
    turn_s: float = 5.0
    most: int = MAX_IMPORTED
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(READERS))

    def read(self, file: BinaryIO, kind: FileFormat, since: datetime | None) -> Iterator[Measured]:
        """Yield the records of a file. Raises what the port does."""
        if not self.turns.acquire(timeout=self.turn_s):
            raise ReaderUnavailable
        try:
            yield from self._read(
                file, ReadTask(kind, since, self.memory_mb, self.cpu_s, self.most)
            )
        finally:
            self.turns.release()

    def _read(self, file: BinaryIO, task: ReadTask) -> Iterator[Measured]:
        """Give the child a copy in memory: on disk, an upload is encrypted."""
        file.seek(0)
        with memory_file("kinelog-health-file") as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            yield from self._read_copy(copy, task)

    def _read_copy(self, file: BinaryIO, task: ReadTask) -> Iterator[Measured]:
        try:
            child = ChildProcess(task, file, program=PROGRAM)
        except DecoderUnavailable as failed:
            raise ReaderUnavailable from failed
        try:
            yield from self._records(child)
        except ChildFailedError as failed:
            raise ReadingEnded from failed
        finally:
            child.close()

    def _records(self, child: ChildProcess) -> Iterator[Measured]:
        count = 0
        while True:
            kind, content = child.message(self.patience_s, HEADER_BYTES)
            if kind == END:
                return
            if kind != RECORDS:
                raise child.failed("it sent no records")
            try:
                records = msgspec.json.decode(content, type=list[ReadRecord])
            except msgspec.DecodeError as invalid:
                raise child.failed("it sent impossible records") from invalid
            count += len(records)
            if count > self.most:
                raise FileTooLarge
            for each in records:
                finite = each if each.value is not None else replace(each, value=nan)
                yield Measured(**msgspec.structs.asdict(finite))
