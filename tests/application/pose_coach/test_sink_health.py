"""Health of the pose coach's sinks: metrics, and what `kinelog doctor` reports."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from adapters.pose_coach.sink_states import SqlSinkStates, open_file_states
from application.kernel.metrics import GAUGES
from application.pose_coach.restored_log import LogMark
from application.pose_coach.sink_health import is_current, sink_gauges, sink_problems
from application.pose_coach.sink_states import PROFILE, SinkEntry
from domain.ids import DEFAULT_TENANT, TenantId, UserId

NOW = datetime(2025, 10, 17, 14, 30, tzinfo=UTC)
SESSION = SinkEntry(DEFAULT_TENANT, UserId("ada"), "s1", due_at=NOW)


@pytest.fixture
def states(tmp_path: Path) -> Iterator[SqlSinkStates]:
    with closing(open_file_states(tmp_path)) as opened:
        yield opened


def test_sessions_that_a_store_does_not_have_are_counted_by_state(states: SqlSinkStates) -> None:
    """R-OPS-02, R-PCH-21: profiles and saved sessions are not counted."""
    log = MemoryEventLog(clock=utc_now, new_id=new_id)
    profile = replace(SESSION, session_id=PROFILE)
    states.mark("document", [SESSION, replace(SESSION, session_id="s2"), profile], None, NOW)
    states.store("document", [(SESSION, replace(SESSION, status="failed"))])
    gauges = list(sink_gauges(states, log))
    found = {tuple(gauge.labels.values()): gauge.value for gauge in gauges if gauge.value}
    assert found == {("document", "pending"): 1, ("document", "failed"): 1}
    assert len(gauges) == 10
    assert {gauge.name for gauge in gauges} <= GAUGES.keys()
    assert all((*gauge.labels,) == GAUGES[gauge.name][1] for gauge in gauges)


def test_a_store_is_current_for_a_tenant_while_it_retries_sessions_of_another(
    states: SqlSinkStates,
) -> None:
    """R-PCH-22, R-TEN-03: the figures of a tenant do not wait for another one."""
    log = MemoryEventLog(clock=utc_now, new_id=new_id)
    states.mark("analytics", [SESSION], None, NOW)
    states.store("analytics", [(SESSION, replace(SESSION, status="retrying"))])
    assert not is_current(states, log, "analytics", DEFAULT_TENANT)
    assert is_current(states, log, "analytics", TenantId("other"))


def test_a_store_that_is_ahead_of_a_restored_log_is_not_current(states: SqlSinkStates) -> None:
    """R-PCH-16, R-PCH-22: it may have sessions that the log has lost."""
    log = MemoryEventLog(clock=utc_now, new_id=new_id)
    assert is_current(states, log, "analytics", DEFAULT_TENANT)
    states.mark("analytics", [], LogMark(7, "lost"), NOW)
    assert not is_current(states, log, "analytics", DEFAULT_TENANT)


def test_what_an_operator_has_to_solve_is_reported(states: SqlSinkStates) -> None:
    """R-PCH-16, R-PCH-21."""
    log = MemoryEventLog(clock=utc_now, new_id=new_id)
    states.mark("document", [SESSION], None, NOW)
    states.mark("analytics", [SESSION], None, NOW)
    assert sink_problems(states, log) == [], "what is only pending is no problem"
    states.store("document", [(SESSION, replace(SESSION, status="failed"))])
    states.store("analytics", [(SESSION, replace(SESSION, status="retrying"))])
    states.mark("document", [], LogMark(7, "lost"), NOW)
    failed, retrying, restored = sink_problems(states, log)
    assert failed == "Sessions that the document store failed to take: 1."
    assert retrying == "Sessions that are tried again in the analytics store: 1."
    assert restored.startswith("The stores are ahead of the log")
