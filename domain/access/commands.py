"""Commands of an access log."""

from datetime import datetime

from domain.kernel import command


@command
class NoteExport:
    export_id: str
    files: int
    size: int
    at: datetime


@command
class NoteRead:
    kind: str
    which: str
    at: datetime


AccessCommand = NoteExport | NoteRead
