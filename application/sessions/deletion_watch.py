"""Repeated checks of whether a session is deleted."""

from dataclasses import dataclass, field

from application.kernel.ports import EventLog
from domain.ids import SessionId, TenantId
from domain.sessions.session import SESSION, Deleted, Session


@dataclass
class DeletionWatch:
    """Checks of one session: each reads only the events since the check before."""

    log: EventLog
    tenant_id: TenantId
    session_id: SessionId
    _session: Session = field(default=SESSION.initial, init=False)
    _version: int = field(default=0, init=False)

    def is_deleted(self) -> bool:
        """Return whether the session is deleted, from the log (always current)."""
        stream = f"{SESSION.category}-{self.session_id}"
        for new in self.log.load(self.tenant_id, stream, after_version=self._version):
            self._session = SESSION.evolve(self._session, new.event)
            self._version = new.version
        return isinstance(self._session, Deleted)
