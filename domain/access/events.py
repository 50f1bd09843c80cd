"""Events of an access log: reads and exports of a person's data.

The actor and the request are in the envelope. The stream has the id of the person's account. Events
name the resource, but do not repeat its content.
"""

from datetime import datetime

from domain.kernel import event


@event("access.export_made")
class ExportMade:
    export_id: str
    files: int
    size: int
    """Bytes of the archive; 0 for a file that was written while it was sent."""
    at: datetime


@event("access.data_read")
class DataRead:
    kind: str
    """Kind of the resource: a session, a recording, a profile."""
    which: str
    at: datetime


AccessEvent = ExportMade | DataRead
