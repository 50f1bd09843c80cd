"""Who was given what is known of a person is a fact in the log: nobody can take it out again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog
from domain.access.access import ACCESS
from domain.access.commands import NoteRead
from domain.access.events import DataRead, ExportMade
from domain.ids import TenantId, UserId
from domain.kernel import Origin

NAMESPACE: Final = UUID("0197c0de-4e0c-7a11-8f3d-6a5b4c3d2e1f")
"""Ids of notes: one for each thing that somebody read in one request."""


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody was given something about a person, in the request with this correlation id."""

    by: str
    kind: str
    which: str
    what: Literal["read", "export"]
    at: datetime
    correlation_id: UUID


@dataclass(frozen=True)
class AccessLog:
    """Writes down what others read of a person, and tells the person."""

    log: EventLog
    commands: CommandHandler
    clock: Clock

    def note(self, subject: UserId, kind: str, which: str, *, origin: Origin) -> None:
        """Write down that whoever asks was given something of somebody else's, once a request.

        Raises StorageUnavailable: what cannot be written down is not given.
        """
        parts = (str(origin.correlation_id), origin.actor, subject, kind, which)
        told = NoteRead(kind=kind, which=which, at=self.clock())
        self.commands.execute(
            Request(ACCESS, subject, [told]),
            origin=origin,
            command_id=uuid5(NAMESPACE, "\x1f".join(parts)),
        )

    def of(self, tenant_id: TenantId, subject: UserId) -> Iterator[Access]:
        """Tell who was given what of a person, the oldest first."""
        for recorded in self.log.load(tenant_id, f"{ACCESS.category}-{subject}"):
            by, chain = recorded.origin.actor, recorded.origin.correlation_id
            match recorded.event:
                case DataRead(kind=kind, which=which, at=at):
                    yield Access(by, kind, which, "read", at, chain)
                case ExportMade(export_id=export, at=at):
                    yield Access(by, "export", export, "export", at, chain)
                case _:
                    continue
