"""Laps of TCX files with pauses."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from adapters.health_files.formats import read_tcx
from adapters.health_files.messages import ReadRecord
from adapters.health_files.records import record

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def lap(begin: int, *points: int) -> str:
    """Return a lap of ten minutes in motion and 100 kcal; times are minutes after noon."""
    times = [(NOON + timedelta(minutes=each)).isoformat() for each in (begin, *points)]
    track = "".join(f"<Trackpoint><Time>{each}</Time></Trackpoint>" for each in times[1:])
    return (
        f'<Lap StartTime="{times[0]}"><TotalTimeSeconds>600</TotalTimeSeconds>'
        f"<Calories>100</Calories><Track>{track}</Track></Lap>"
    )


def energy(*laps: str) -> list[ReadRecord]:
    text = "".join(laps)
    file = io.BytesIO(f"<TrainingCenterDatabase>{text}</TrainingCenterDatabase>".encode())
    return [each for each in read_tcx(file) if each.metric == "active_energy"]


def test_each_lap_ends_at_its_last_point() -> None:
    found = energy(lap(0, 0, 15), lap(20, 20, 24), lap(40))
    minutes = [(each.end - NOON) / timedelta(minutes=1) for each in found]
    assert minutes == [15, 30, 50]


@pytest.mark.parametrize("points", [(), (0, 10), (0, 15)])
def test_the_id_of_a_lap_is_the_one_of_imports_that_left_out_pauses(points: tuple[int]) -> None:
    """Another import of the same file finds its records."""
    (found,) = energy(lap(0, *points))
    end = NOON + timedelta(minutes=10)
    assert found.id == record("active_energy", 100, "kcal", NOON, end, "TCX").id


def test_a_lap_that_lasts_over_two_days_with_its_pauses_is_read_without_them() -> None:
    """Longer records are refused."""
    (found,) = energy(lap(0, 0, 3 * 24 * 60))
    assert found.end == NOON + timedelta(minutes=10)
