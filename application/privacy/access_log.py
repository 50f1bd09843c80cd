"""Access log: who read whose data. It is part of the event log, so it cannot be altered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.pagination import page_of
from application.kernel.ports import Clock, EventLog
from application.kernel.read_models import Page, Window
from domain.access.access import ACCESS
from domain.access.commands import NoteExport, NoteRead
from domain.access.events import DataRead, ExportMade
from domain.ids import TenantId, UserId
from domain.kernel import Origin

NAMESPACE: Final = UUID("0197c0de-4e0c-7a11-8f3d-6a5b4c3d2e1f")
"""Namespace of command ids: one for each resource that an actor reads in one request."""

NOT_IN_PATHS: Final = re.compile(r"[^A-Za-z0-9_.:@%/~-]")
MAX_PATH: Final = 512
"""Characters and length of a path that an event can have; a note is never refused for its path."""


@dataclass(frozen=True, slots=True)
class Access:
    """One access to a person's data, in the request with this correlation id.

    `number` is that of the event in the log of the person's accesses; it rises.
    """

    number: int
    by: str
    kind: str
    which: str
    what: Literal["read", "export"]
    at: datetime
    correlation_id: UUID


@dataclass(frozen=True)
class AccessLog:
    """Records who reads a person's data, and lists it for that person."""

    log: EventLog
    commands: CommandHandler
    clock: Clock

    def note(
        self, subject: UserId, kind: str, which: str, *, origin: Origin, request_id: UUID
    ) -> None:
        """Record, once per request, that the actor read another person's resource.

        `request_id` is made by the server for each request: clients choose correlation ids, and
        could repeat one to hide a read. Raises StorageUnavailable: data is not returned unless the
        access is recorded.
        """
        parts = (str(request_id), origin.tenant_id, origin.actor, subject, kind, which)
        readable = NOT_IN_PATHS.sub("_", which)[:MAX_PATH]
        command = NoteRead(kind=kind, which=readable, at=self.clock())
        self.commands.execute(
            Request(ACCESS, subject, [command]),
            origin=origin,
            command_id=uuid5(NAMESPACE, "\x1f".join(parts)),
        )

    def note_export(self, subject: UserId, what: str, *, origin: Origin, request_id: UUID) -> None:
        """Record, once per request, that the actor exports data of a person, themselves included.

        `what` names the kind of file, such as `sessions`. The size is unknown: the file is written
        while it is sent. Raises StorageUnavailable.
        """
        export_id = f"{what}:{request_id}"
        parts = (str(request_id), origin.tenant_id, origin.actor, subject, export_id)
        command = NoteExport(export_id=export_id, files=1, size=0, at=self.clock())
        self.commands.execute(
            Request(ACCESS, subject, [command]),
            origin=origin,
            command_id=uuid5(NAMESPACE, "\x1f".join(parts)),
        )

    def of(self, tenant_id: TenantId, subject: UserId) -> Iterator[Access]:
        """Return all accesses to a person's data, oldest first."""
        for recorded in self.log.load(tenant_id, f"{ACCESS.category}-{subject}"):
            number, by = recorded.version, recorded.origin.actor
            correlation_id = recorded.origin.correlation_id
            match recorded.event:
                case DataRead(kind=kind, which=which, at=at):
                    yield Access(number, by, kind, which, "read", at, correlation_id)
                case ExportMade(export_id=export, at=at):
                    yield Access(number, by, "export", export, "export", at, correlation_id)
                case _:
                    continue

    def page(self, tenant_id: TenantId, subject: UserId, wanted: Window) -> Page[Access]:
        """Return a page of the accesses to a person's data, newest first. Raises CursorInvalid."""
        newest_first = list(self.of(tenant_id, subject))[::-1]
        return page_of(newest_first, wanted, lambda access: str(access.number))
