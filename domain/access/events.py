"""Who was given what is known of a person. Who it was and in which request stands in the envelope.

The stream bears the id of the person's account. What was read is named, and not repeated.
"""

from datetime import datetime

from domain.kernel import event


@event("access.export_made")
class ExportMade:
    export_id: str
    files: int
    size: int
    """Bytes of the archive."""
    at: datetime


@event("access.data_read")
class DataRead:
    kind: str
    """What sort of thing it was: a session, a recording, a profile."""
    which: str
    at: datetime


AccessEvent = ExportMade | DataRead
