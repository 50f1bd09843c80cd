"""Reading of Apple Health's export: records a second and memory, by the size of the export.

Each size is read in a process of its own, as the import does it, by `stream`; the reference `tree`
parses the whole document into memory. Memory is the largest resident size of the process beyond
that of an empty export. Exports of a gigabyte are read with `--megabytes 1024`; the reference is
left out from 256 megabytes on.

Run `python -m benchmarks.apple_export [--megabytes 64] [--rounds 1] [--json]`.
"""

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final
from xml.etree.ElementTree import parse

from adapters.health_files.apple import apple_record
from adapters.health_files.formats import read_apple
from benchmarks._report import Row, print_report

MEGABYTE: Final = 1_000_000
LARGEST_TREE: Final = 256
"""Megabytes from which the whole document is not parsed into memory."""

RECORD: Final = (
    ' <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min"'
    ' creationDate="2030-01-07 08:30:00 +0100" startDate="2030-01-07 08:{:02d}:{:02d} +0100"'
    ' endDate="2030-01-07 08:{:02d}:{:02d} +0100" value="{}"/>\n'
)
PART: Final = 3600
"""Records that are written at once."""


def run(megabytes: int, rounds: int) -> list[Row]:
    """Measure an eighth of the size and the whole; of several rounds, the fastest counts."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.zip"
        write_export(export, 0)
        empty = measured("stream", export)["peak_kb"]
        for size in (max(1, megabytes // 8), megabytes):
            write_export(export, size)
            for way in ("stream", "tree") if size < LARGEST_TREE else ("stream",):
                best = min((measured(way, export) for _ in range(rounds)), key=_seconds)
                rows.append(
                    {
                        "megabytes": size,
                        "way": way,
                        "records": int(best["records"]),
                        "records_s": round(best["records"] / best["seconds"]),
                        "memory_mb": round((best["peak_kb"] - empty) / 1024, 1),
                    }
                )
    return rows


def _seconds(found: Mapping[str, float]) -> float:
    return found["seconds"]


def write_export(path: Path, megabytes: int) -> None:
    """Write an archive whose document has about this size."""
    part = "".join(
        RECORD.format(second // 60, second % 60, second // 60, second % 60, 60 + second % 90)
        for second in range(PART)
    ).encode()
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("apple_health_export/export.xml", "w", force_zip64=True) as document,
    ):
        document.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en">\n')
        for _ in range(-(-megabytes * MEGABYTE // len(part))):
            document.write(part)
        document.write(b"</HealthData>\n")


def measured(way: str, export: Path) -> dict[str, float]:
    """Read an export in a new process; return records, seconds and the peak of its memory."""
    command = [sys.executable, "-m", "benchmarks.apple_export", "--child", way, str(export)]
    done = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def by_stream(file: BinaryIO) -> int:
    """Read record by record."""
    return sum(1 for _ in read_apple(file))


def by_tree(file: BinaryIO) -> int:
    """Parse the whole document, then read its records."""
    with zipfile.ZipFile(file) as archive:
        document = archive.read("apple_health_export/export.xml")
    root = parse(io.BytesIO(document)).getroot()  # noqa: S314  of our own file
    return sum(1 for each in root if apple_record(each.attrib))


WAYS: Final[Mapping[str, Callable[[BinaryIO], int]]] = {"stream": by_stream, "tree": by_tree}


def child(way: str, export: str) -> None:
    """Read an export in this process, and print what it took."""
    begun = time.perf_counter()
    with Path(export).open("rb") as file:
        records = WAYS[way](file)
    found = {
        "records": records,
        "seconds": time.perf_counter() - begun,
        "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3])
    else:
        print_report(__doc__, run, megabytes=64, rounds=1)
