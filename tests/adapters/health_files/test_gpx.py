"""Tracks of GPX files that have points outside of segments, or alone in one."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from adapters.health_files import child
from adapters.health_files.formats import read_gpx, read_tcx
from adapters.health_files.messages import ReadRecord, ReadTask

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def point(latitude: float, minutes: int) -> str:
    at = NOON + timedelta(minutes=minutes)
    return f'<trkpt lat="{latitude}" lon="13"><time>{at.isoformat()}</time></trkpt>'


def activities(*tracks: str) -> list[tuple[str, float, datetime, datetime]]:
    """Return metric, rounded value, start and end of the records of a file."""
    text = "".join(f"<trk>{each}</trk>" for each in tracks)
    found = read_gpx(io.BytesIO(f"<gpx>{text}</gpx>".encode()))
    return [(each.metric, round(each.value or 0.0), each.start, each.end) for each in found]


START, MIDDLE, END = point(52, 0), point(52.01, 10), point(52.02, 15)


@pytest.mark.parametrize(
    ("track", "minutes", "lasted"),
    [
        (f"{START}{MIDDLE}", 10, 10),
        (f"<trkseg>{START}</trkseg><trkseg>{MIDDLE}{END}</trkseg>", 5, 15),
    ],
    ids=["without segments", "a segment of one point"],
)
def test_an_activity_is_from_the_first_to_the_last_point(
    track: str, minutes: int, lasted: int
) -> None:
    """R-HLT-03: a point alone has neither length nor duration."""
    end = NOON + timedelta(minutes=lasted)
    assert activities(track) == [
        ("workout_minutes", minutes, NOON, end),
        ("distance", 1112, NOON, end),
    ]


def test_a_track_does_not_get_the_points_of_the_one_before() -> None:
    """R-HLT-03"""
    later = f"<trkseg>{point(60, 60)}{point(60.01, 70)}</trkseg>"
    alone = activities(later)
    assert activities(f"{START}{MIDDLE}", later)[2:] == alone
    assert activities(f"<trkseg>{START}</trkseg>", later) == alone


POINTS = 20_000

BEAT = "<extensions><hr>120</hr></extensions></trkpt>"

GPX = "".join(point(52, 0).replace("</trkpt>", BEAT) for _ in range(POINTS))

BEATS = f"""<Trackpoint><Time>{NOON.isoformat()}</Time>
<HeartRateBpm><Value>120</Value></HeartRateBpm></Trackpoint>"""

TCX = f"""<Lap StartTime="{NOON.isoformat()}"><TotalTimeSeconds>60</TotalTimeSeconds>
<Track>{BEATS * POINTS}</Track></Lap>"""


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_gpx, f"<gpx><trk><trkseg>{GPX}</trkseg></trk></gpx>"),
        (read_tcx, f"<TrainingCenterDatabase>{TCX}</TrainingCenterDatabase>"),
    ],
    ids=["gpx", "tcx"],
)
def test_memory_does_not_grow_with_the_length_of_a_track(
    read: Callable[[BinaryIO], Iterator[ReadRecord]], text: str
) -> None:
    """R-HLT-03: the child that reads the file has little."""
    file = io.BytesIO(text.encode())
    tracemalloc.start()
    try:
        found = [each.metric for each in read(file)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == ["workout_minutes", "heart_rate"]
    assert peak < 100 * POINTS, "bytes"


def test_a_child_reports_that_it_reads_a_long_track(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-03: its first record follows at the end of the track."""
    monkeypatch.setattr(child, "REPORTED_BYTES", 1_000_000)
    path = tmp_path / "long.gpx"
    path.write_text(f"<gpx><trk><trkseg>{GPX}</trkseg></trk></gpx>")
    sink = io.BytesIO()
    with path.open("rb") as file:
        source = io.BufferedReader(child.ReportedFile(file.fileno(), sink))
        child.read(source, sink, ReadTask("gpx", None, memory_mb=512, cpu_s=300, most=10))
    messages = sink.getvalue()
    assert messages.count(b"[]") == len(GPX) // 1_000_000
    assert messages.index(b"[]") < messages.index(b"workout_minutes")
