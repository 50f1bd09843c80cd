"""Readers of the formats of health files: CSV, GPX, TCX, FIT, and Apple Health's archive."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from errno import EINVAL
from math import asin, cos, radians, sin, sqrt
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element

import fitdecode
from defusedxml.ElementTree import iterparse

from adapters.health_files.apple import apple_record
from adapters.health_files.apple_xml import ROOT, AppleXml, find_export
from adapters.health_files.messages import ReadRecord
from adapters.health_files.records import (
    BadFileError,
    MinuteMeans,
    activity,
    ending,
    record,
    time_of,
)
from application.health.imports import FileFormat
from application.kernel.zip_errors import DAMAGED_ZIP

COLUMNS: Final = {"metric", "value", "unit", "start"}
"""Columns that a table needs; `end` and `device` are optional."""

Point = tuple[datetime, float, float]
"""Time, latitude and longitude."""

EARTH_M: Final = 6_371_008.8
"""Mean radius (IUGG)."""


def read_csv(file: BinaryIO) -> Iterator[ReadRecord]:
    """Read a table with a header, in UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    rows = csv.DictReader(text, strict=True)
    try:
        if not set(rows.fieldnames or ()) >= COLUMNS:
            raise BadFileError(f"the columns {sorted(COLUMNS)} are needed")
        for row in rows:
            start = time_of(row["start"])
            end = time_of(row["end"]) if row.get("end") else start
            device = row.get("device") or ""
            yield record(row["metric"], float(row["value"]), row["unit"], start, end, device)
    except (csv.Error, TypeError) as invalid:
        raise BadFileError(str(invalid)) from invalid


@dataclass
class _Track:
    """A track up to its last point. The time and the distance between two segments do not count."""

    start: datetime | None = None
    last: Point | None = None
    is_segment_over: bool = False
    is_activity: bool = False
    lasted: timedelta = timedelta(0)
    metres: float = 0.0

    def add(self, point: Point) -> None:
        """Add the next point, to the present segment or, after its end, to a new one."""
        if self.last is None:
            self.start = point[0]
        elif not self.is_segment_over:
            self.is_activity = True
            self.lasted += point[0] - self.last[0]
            self.metres += _distance(self.last, point)
        self.last = point
        self.is_segment_over = False

    def records(self) -> Iterator[ReadRecord]:
        """Yield the records of the track, if a segment has two points."""
        if self.is_activity and self.start is not None and self.last is not None:
            yield from activity(
                self.start,
                self.lasted.total_seconds(),
                "GPX",
                metres=self.metres,
                end=self.last[0],
            )


def read_gpx(file: BinaryIO) -> Iterator[ReadRecord]:
    """Read the tracks of a GPX file: duration, distance and heart rate."""
    track, beats = _Track(), MinuteMeans()
    for element in _elements(file, "gpx", "trkpt"):
        name = _name(element)
        if name == "trkpt":
            found = _texts(element)
            if "time" in found:
                at = time_of(found["time"])
                track.add((at, float(element.attrib["lat"]), float(element.attrib["lon"])))
                if "hr" in found:
                    beats.add(at, float(found["hr"]))
        elif name == "trkseg":
            track.is_segment_over = True
        elif name == "trk":
            yield from track.records()
            track = _Track()
    yield from beats.records("GPX")  # at the end: tracks may share a minute


def read_tcx(file: BinaryIO) -> Iterator[ReadRecord]:
    """Read the laps of a TCX file: duration, distance, energy and heart rate."""
    beats, end = MinuteMeans(), None
    for element in _elements(file, "TrainingCenterDatabase", "Trackpoint"):
        name = _name(element)
        if name == "Trackpoint":
            rate = next((each for each in element.iter() if _name(each) == "HeartRateBpm"), None)
            found = _texts(element)
            if "Time" in found:
                end = time_of(found["Time"])
                if rate is not None:
                    value = next(each.text for each in rate if _name(each) == "Value")
                    beats.add(end, float(value or ""))
        elif name == "Lap":
            found = {_name(each): each.text or "" for each in element}
            lap = activity(
                time_of(element.attrib["StartTime"]),
                float(found["TotalTimeSeconds"]),
                "TCX",
                metres=float(found.get("DistanceMeters") or 0),
                kcal=float(found.get("Calories") or 0),
            )
            yield from lap if end is None else ending(end, lap)
            end = None
            element.clear()
    yield from beats.records("TCX")  # at the end: laps may share a minute


def read_fit(file: BinaryIO) -> Iterator[ReadRecord]:
    """Read the sessions of a FIT file: duration, distance, energy and heart rate."""
    beats = MinuteMeans()
    try:
        with fitdecode.FitReader(
            file, check_crc=fitdecode.CrcCheck.RAISE, error_handling=fitdecode.ErrorHandling.RAISE
        ) as frames:
            for frame in frames:
                if not isinstance(frame, fitdecode.FitDataMessage):
                    continue
                message: Any = frame
                found: dict[str, Any] = {each.name: each.value for each in message.fields}
                if message.name == "record" and found.get("heart_rate"):
                    beats.add(_fit_time(found["timestamp"]), float(found["heart_rate"]))
                elif message.name == "session":
                    start = _fit_time(found["start_time"])
                    elapsed = timedelta(seconds=found.get("total_elapsed_time") or 0)
                    session = activity(
                        start,
                        float(found["total_timer_time"]),
                        "FIT",
                        metres=found.get("total_distance"),
                        kcal=found.get("total_calories"),
                    )
                    yield from ending(start + elapsed, session)
    except (fitdecode.FitError, TypeError, AttributeError) as invalid:
        raise BadFileError(str(invalid)) from invalid
    yield from beats.records("FIT")


def read_apple(file: BinaryIO) -> Iterator[ReadRecord]:
    """Read the records of the archive that Apple Health exports; other metrics are left out.

    Records inside a correlation are skipped: by its document type, the export has them at the top
    level, too.
    """
    try:
        with zipfile.ZipFile(file) as archive, archive.open(find_export(archive)) as export:
            for element, depth in _nested_elements(AppleXml(export), ROOT):
                is_record = element.tag == "Record" and depth == 1
                if is_record and (found := apple_record(element.attrib)):
                    yield found
                if element.tag in {"Record", "Workout", "Correlation", "ActivitySummary"}:
                    element.clear()
    except DAMAGED_ZIP as invalid:
        raise BadFileError(str(invalid)) from invalid
    except OSError as invalid:
        if invalid.errno != EINVAL:  # a place before the beginning of the file
            raise
        raise BadFileError(str(invalid)) from invalid


def _elements(file: Any, root: str, part: str) -> Iterator[Element]:
    """Yield elements as they end, as `_nested_elements` does."""
    return (element for element, _ in _nested_elements(file, root, part))


def _nested_elements(file: Any, root: str, part: str = "") -> Iterator[tuple[Element, int]]:
    """Yield elements as they end, and the number of elements around each.

    No more of the file than the current child of the root is in memory, and of elements that are
    named `part` no more than the current one. Entities are refused: a small file could become a
    huge one.
    """
    opened: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_entities=True):
        if event == "start":
            if not opened and _name(element) != root:
                raise BadFileError(f"the file begins with {_name(element)}")
            opened.append(element)
        else:
            opened.pop()
            yield element, len(opened)
            if len(opened) == 1:
                opened[0].clear()
            elif opened and _name(element) == part:
                opened[-1].remove(element)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _texts(element: Element) -> Mapping[str, str]:
    return {_name(each): each.text.strip() for each in element.iter() if each.text}


def _distance(point: Point, following: Point) -> float:
    """Return the distance of two points in metres, by the haversine formula."""
    (_, lat, lon), (_, next_lat, next_lon) = point, following
    across = sin(radians(next_lat - lat) / 2) ** 2
    along = sin(radians(next_lon - lon) / 2) ** 2
    part = across + cos(radians(lat)) * cos(radians(next_lat)) * along
    return 2 * EARTH_M * asin(min(1.0, sqrt(part)))


def _fit_time(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


READERS: Final[Mapping[FileFormat, Callable[[BinaryIO], Iterator[ReadRecord]]]] = {
    "csv": read_csv,
    "gpx": read_gpx,
    "tcx": read_tcx,
    "fit": read_fit,
    "apple_health": read_apple,
}
