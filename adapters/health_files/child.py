"""Child process that reads a health file: it has the file, a pipe to its parent, nothing else.

It limits its own memory, processor time and files, and what it may ask of the kernel, before it
reads the first byte.
"""

import codecs
import io
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

import msgspec
from defusedxml.common import DefusedXmlException

from adapters.child_messages import END, send, send_refusal
from adapters.health_files.apple import apple_time
from adapters.health_files.formats import READERS
from adapters.health_files.messages import (
    RECORDS,
    RECORDS_PER_MESSAGE,
    ReadRecord,
    ReadTask,
)
from adapters.health_files.records import BadFileError, with_distinct_ids
from adapters.sandbox import MAX_LOG_BYTES, MEBIBYTE, SPARE_FILES, confine, load_library
from application.health.imports import FileTooLarge, FileUnreadable

REPORTED_BYTES: Final = 8 * MEBIBYTE

ENCODINGS: Final = ("utf-8-sig", "cp437", "ascii", "latin-1")
"""Encodings of tables, and of names in archives: no module can be imported later."""


class ReportedFile(io.FileIO):
    """A file that sends a message without records for each `REPORTED_BYTES` that are read.

    The records of a track follow only at its end, and the parent gives up without messages.
    """

    def __init__(self, descriptor: int, sink: BinaryIO) -> None:
        super().__init__(descriptor, closefd=False)
        self._sink = sink
        self._unreported = 0

    def readinto(self, buffer: Any) -> int | None:
        """Read some bytes, and report them."""
        count = super().readinto(buffer)
        self._unreported += count or 0
        if self._unreported >= REPORTED_BYTES:
            self._unreported = 0
            send(self._sink, RECORDS, b"[]")
        return count


def main() -> None:
    """Read what standard input has."""
    task = msgspec.json.decode(sys.argv[1], type=ReadTask)
    load_library()
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    apple_time("2026-01-31 07:30:00 +0100")  # `strptime` imports a module when it is first used
    memory = task.memory_mb * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_LOG_BYTES, MAX_LOG_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (SPARE_FILES, SPARE_FILES))
    resource.setrlimit(resource.RLIMIT_CPU, (task.cpu_s, task.cpu_s))
    confine()
    sink = open(1, "wb", buffering=0, closefd=False)  # noqa: SIM115  a descriptor
    read(io.BufferedReader(ReportedFile(0, sink)), sink, task)


def read(source: BinaryIO, sink: BinaryIO, task: ReadTask) -> None:
    """Send the records of a file, then the end; or a refusal."""
    try:
        records = selected(with_distinct_ids(READERS[task.kind](source)), task)
        while part := list(islice(records, RECORDS_PER_MESSAGE)):
            send(sink, RECORDS, msgspec.json.encode(part))
    except FileTooLarge as refusal:
        send_refusal(sink, refusal)
    except (BadFileError, ParseError, DefusedXmlException, ValueError, LookupError) as failed:
        print(repr(failed), file=sys.stderr)  # noqa: T201  the parent logs it
        send_refusal(sink, FileUnreadable())
    else:
        send(sink, END, b"")


def selected(records: Iterable[ReadRecord], task: ReadTask) -> Iterator[ReadRecord]:
    """Yield the records that are wanted. Raises FileTooLarge for too many."""
    count = 0
    for each in records:
        if task.since is None or each.start >= task.since:
            count += 1
            if count > task.most:
                raise FileTooLarge(f"The file has more than {task.most} records: set `since`.")
            yield each


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # the parent needs no more
