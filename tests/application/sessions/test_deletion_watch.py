"""Repeated checks of whether a session is deleted."""

from collections.abc import Sequence
from typing import Any

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from application.sessions.deletion_watch import DeletionWatch
from domain.ids import DEFAULT_TENANT, SessionId, TenantId
from domain.kernel import Recorded
from domain.sessions import commands
from tests.live.chunks import NOW
from tests.live.session_fixture import SessionFixture, clock


class CountingLog(MemoryEventLog):
    """A log that counts the events that are read."""

    read = 0

    def load(
        self,
        tenant_id: TenantId,
        stream: str,
        *,
        after_version: int = 0,
        keep_damaged: bool = False,
    ) -> Sequence[Recorded[Any]]:
        loaded = super().load(tenant_id, stream, after_version=after_version)
        self.read += len(loaded)
        return loaded


def test_each_check_reads_only_new_events() -> None:
    """R-LIV-17: viewers of live poses are checked twice a second."""
    log = CountingLog(clock=clock, new_id=new_id)
    session = SessionFixture(log)
    watch = DeletionWatch(log, DEFAULT_TENANT, SessionId("s"))
    states: list[tuple[bool, int]] = []

    def check() -> None:
        log.read = 0
        is_deleted = watch.is_deleted()
        states.append((is_deleted, log.read))

    check()
    check()
    session.execute(commands.DeleteSession(at=NOW))
    check()
    check()
    session.execute(commands.RestoreSession(at=NOW))
    check()
    assert states == [(False, 1), (False, 0), (True, 1), (True, 0), (False, 1)]


def test_a_session_that_does_not_exist_is_not_deleted() -> None:
    log = MemoryEventLog(clock=clock, new_id=new_id)
    assert not DeletionWatch(log, DEFAULT_TENANT, SessionId("unknown")).is_deleted()
