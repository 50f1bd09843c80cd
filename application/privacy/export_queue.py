"""The topic `export.make`: exports that any process of the platform makes (R-EVT-09, R-PRG-05)."""

import json
from dataclasses import dataclass
from threading import Event
from typing import Any, Final
from uuid import UUID, uuid5

from application.kernel.bus import Delivery, Message, Publisher
from application.kernel.subscription import Stopped
from application.kernel.topics import WORKERS, Group
from application.privacy.data_exports import DataExportService
from application.privacy.personal_exports import PersonalExport
from domain.ids import TenantId
from domain.kernel import Origin, Rejected

TOPIC: Final = "export.make"
GROUP: Final[Group] = next(group for group in WORKERS if group.topics == (TOPIC,))

NAMESPACE: Final = UUID("0197fb22-5a0e-7d31-9c44-6b1f80c2d7e5")
"""UUID namespace of the messages."""

RETRY_S: Final = 1.0
"""Pause between two attempts at an export that another process holds, in seconds."""


class InvalidExportRequest(Rejected):
    """A message on `export.make` has `tenant_id`, `export_id`, `actor` and `correlation_id`."""

    code = "export.request_invalid"
    kind = "invalid"


def to_message(export: PersonalExport, origin: Origin) -> Message:
    """Encode the request to make an export; equal requests share an id."""
    content = {
        "tenant_id": export.tenant_id,
        "export_id": str(export.id),
        "actor": origin.actor,
        "correlation_id": str(origin.correlation_id),
    }
    headers = (
        ("ce_id", str(uuid5(NAMESPACE, f"{export.tenant_id}/{export.id}")).encode()),
        ("ce_type", TOPIC.encode()),
        ("ce_tenantid", export.tenant_id.encode()),
        ("content-type", b"application/json"),
    )
    return Message(TOPIC, f"{export.tenant_id}/{export.id}", json.dumps(content).encode(), headers)


def from_message(sent: Message) -> tuple[UUID, Origin]:
    """Decode a request: the export's id, and who asked. Raises InvalidExportRequest."""
    try:
        content: Any = json.loads(sent.value or b"")
        origin = Origin(
            tenant_id=TenantId(_text(content["tenant_id"])),
            actor=_text(content["actor"]),
            correlation_id=UUID(_text(content["correlation_id"])),
        )
        return UUID(_text(content["export_id"])), origin
    except (ValueError, KeyError, TypeError) as broken:
        raise InvalidExportRequest from broken


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


@dataclass(frozen=True)
class ExportRequests:
    """Implements `ExportQueue` on the bus."""

    publisher: Publisher

    def put(self, export: PersonalExport, origin: Origin) -> None:
        """Request an export from the group `export-worker`. Raises BusUnavailable."""
        self.publisher.publish([to_message(export, origin)])


@dataclass(frozen=True)
class ExportWorker:
    """Handles messages of `export.make`, until `stop`."""

    exports: DataExportService
    stop: Event

    def handle(self, delivery: Delivery) -> None:
        """Make the export, or wait until the process that holds it has made it or is lost.

        Does nothing for an export that is finished or deleted. Raises InvalidExportRequest,
        OUTAGES, and Stopped while another process holds the export.
        """
        export_id, origin = from_message(delivery.message)
        while not self.exports.make(export_id, origin):
            if self.stop.wait(RETRY_S):
                raise Stopped
