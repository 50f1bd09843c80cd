"""Access log decider. It refuses nothing."""

from dataclasses import replace

from domain.access import commands, events
from domain.kernel import Decider, value


@value
class AccessLog:
    """Number of exports, and of reads by others."""

    exports: int = 0
    reads: int = 0


def decide(command: commands.AccessCommand, _log: AccessLog) -> tuple[events.AccessEvent, ...]:
    """Return the event that records the access."""
    match command:
        case commands.NoteExport(export_id=export, files=files, size=size, at=at):
            return (events.ExportMade(export_id=export, files=files, size=size, at=at),)
        case commands.NoteRead(kind=kind, which=which, at=at):
            return (events.DataRead(kind=kind, which=which, at=at),)


def evolve(log: AccessLog, event: events.AccessEvent) -> AccessLog:
    """Count the access."""
    match event:
        case events.ExportMade():
            return replace(log, exports=log.exports + 1)
        case events.DataRead():
            return replace(log, reads=log.reads + 1)


ACCESS = Decider[commands.AccessCommand, events.AccessEvent, AccessLog](
    "access", initial=AccessLog(), decide=decide, evolve=evolve
)
