"""The event log as the relay reads it, on logs that decode, such as the one in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.kernel.cloud_events import Encode, EncodedEvent, encoded
from application.kernel.ports import LogReader


@dataclass(frozen=True, slots=True)
class EncodingLog:
    """An `EncodedLog` on a log of decoded events."""

    reader: LogReader
    encode: Encode

    def scan(self, *, after: int, limit: int) -> Sequence[EncodedEvent]:
        return [
            encoded(recorded, self.encode)
            for recorded in self.reader.scan(after=after, limit=limit)
        ]
