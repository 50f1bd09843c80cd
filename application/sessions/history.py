"""A session's own facts and its recorded landmarks, read back from the log and the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.kernel.ports import EventLog
from application.recordings.pose_archive import PoseArchive
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from domain.recordings.recording import RECORDING
from domain.sessions.session import SESSION


class SessionUnknown(Rejected):
    """There is no session under this id."""

    code = "session.unknown"
    kind = "not_found"


class SessionNotRecorded(Rejected):
    """The landmarks of this session were not recorded, so it cannot be run again."""

    code = "session.not_recorded"


@dataclass(frozen=True)
class SessionHistory:
    """Reads what is kept of sessions."""

    log: EventLog
    archive: PoseArchive

    def events(self, tenant_id: TenantId, session_id: SessionId) -> Sequence[Any]:
        """The session's events in order. Raises SessionUnknown."""
        history = self.log.load(tenant_id, f"{SESSION.category}-{session_id}")
        if not history:
            raise SessionUnknown
        return [recorded.event for recorded in history]

    def poses(self, tenant_id: TenantId, session_id: SessionId) -> Sequence[PoseChunk]:
        """The recorded landmarks in order. Raises SessionNotRecorded, or what media refuse with.

        A recording has the id of the session that it shows.
        """
        recorded = self.log.load(tenant_id, f"{RECORDING.category}-{session_id}")
        chunks = list(self.archive.replay(tenant_id, session_id, recorded))
        if not chunks:
            raise SessionNotRecorded
        return chunks
