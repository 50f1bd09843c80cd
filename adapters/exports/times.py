"""Times in the files of exports."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def iso_time(at: datetime, time_zone: str) -> str:
    """Return a time with the offset of a zone; in UTC if the offset has seconds.

    Offsets of long ago have seconds, which RFC 3339 cannot say. Wrong clocks report such times.
    """
    local = at.astimezone(ZoneInfo(time_zone))
    offset = local.utcoffset()
    has_seconds = offset is not None and offset.seconds % 60 != 0
    return (at.astimezone(UTC) if has_seconds else local).isoformat(timespec="milliseconds")
