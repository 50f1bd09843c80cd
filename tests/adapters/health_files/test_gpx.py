"""Tracks of GPX files that have points outside of segments, or alone in one."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from adapters.health_files.formats import read_gpx

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
