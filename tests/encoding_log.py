"""The event log as the relay reads it, on logs that decode, such as the one in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.kernel.cloud_events import Encode, EncodedEvent, encoded
from application.kernel.ports import LogReader
from domain.ids import TenantId


@dataclass(frozen=True, slots=True)
class EncodingLog:
    """An `EncodedLog` on a log of decoded events."""

    reader: LogReader
    encode: Encode

    def scan(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[EncodedEvent]:
        if tenant_id is None:
            found = self.reader.scan(after=after, limit=limit)
        else:
            later = self.reader.scan(after=after, limit=self.reader.head())
            found = [each for each in later if each.origin.tenant_id == tenant_id][:limit]
        return [encoded(recorded, self.encode) for recorded in found]
