"""Heart rates of files whose activities have several parts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import BinaryIO

import pytest

from adapters.health_files.formats import read_gpx, read_tcx
from adapters.health_files.messages import ReadRecord

NOON = datetime(2030, 1, 15, 12, tzinfo=UTC)
PARTS = ((0, 66, 100), (66, 120, 160))
"""Begin and end of each part, in seconds after noon, and its heart rate."""


def time(second: int) -> str:
    return (NOON + timedelta(seconds=second)).isoformat()


def tcx() -> str:
    laps = "".join(
        f'<Lap StartTime="{time(begin)}"><TotalTimeSeconds>{end - begin}</TotalTimeSeconds><Track>'
        + "".join(
            f"<Trackpoint><Time>{time(second)}</Time>"
            f"<HeartRateBpm><Value>{rate}</Value></HeartRateBpm></Trackpoint>"
            for second in range(begin, end)
        )
        + "</Track></Lap>"
        for begin, end, rate in PARTS
    )
    activity = f"<Activity>{laps}</Activity>"
    return f"<TrainingCenterDatabase><Activities>{activity}</Activities></TrainingCenterDatabase>"


def gpx() -> str:
    tracks = "".join(
        "<trk><trkseg>"
        + "".join(
            f'<trkpt lat="52" lon="13"><time>{time(second)}</time>'
            f"<extensions><hr>{rate}</hr></extensions></trkpt>"
            for second in range(begin, end)
        )
        + "</trkseg></trk>"
        for begin, end, rate in PARTS
    )
    return f"<gpx>{tracks}</gpx>"


@pytest.mark.parametrize(("read", "content"), [(read_tcx, tcx()), (read_gpx, gpx())])
def test_two_parts_that_share_a_minute_have_one_heart_rate_in_it(
    read: Callable[[BinaryIO], Iterator[ReadRecord]], content: str
) -> None:
    """R-HLT-03: a second record of that minute was refused, and its heartbeats were lost."""
    records = list(read(BytesIO(content.encode())))
    rates = [each.value for each in records if each.metric == "heart_rate"]
    assert rates == [100.0, (6 * 100 + 54 * 160) / 60]
    assert len({each.id for each in records}) == len(records)
