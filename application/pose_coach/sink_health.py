"""Health of the sinks: distance of each store from the log, and sessions it does not have."""

from collections.abc import Iterable, Sequence
from typing import Final

from application.kernel.metrics import Gauge
from application.kernel.ports import EventLog
from application.pose_coach.restored_log import is_in_log
from application.pose_coach.sink_events import CONCERNING
from application.pose_coach.sink_states import SinkStates, Status
from application.pose_coach.stores import StoreName
from domain.ids import TenantId

SINKS: Final[tuple[StoreName, ...]] = ("document", "analytics")

LOOK_AHEAD: Final = 1000
"""Events that a store has not followed, among which those of one tenant are looked for."""

UNDERWAY: Final[tuple[Status, ...]] = ("pending", "retrying")

UNFINISHED: Final[tuple[Status, ...]] = ("pending", "retrying", "waiting", "failed")


def sink_gauges(states: SinkStates, log: EventLog) -> Iterable[Gauge]:
    """Return the events that each sink has not followed, and its unfinished sessions by state."""
    counts, head = states.count(), log.head()
    for sink in SINKS:
        behind = max(0, head - states.followed(sink).position)
        yield Gauge("kinelog_pose_sink_lag_events", behind, {"sink": sink})
        for status in UNFINISHED:
            number = counts.get((sink, status), 0)
            labels = {"sink": sink, "status": status}
            yield Gauge("kinelog_pose_sink_sessions", number, labels)


def is_current(states: SinkStates, log: EventLog, sink: StoreName, tenant_id: TenantId) -> bool:
    """Return whether a store has all sessions and profiles of a tenant.

    Sessions that failed for good do not count: they wait for an operator. A store that is further
    behind than LOOK_AHEAD events is not current, nor is one that is ahead of a restored log.
    """
    counts = states.count(tenant_id)
    if any(counts.get((sink, status), 0) for status in UNDERWAY):
        return False
    mark = states.followed(sink)
    if not is_in_log(mark, log):
        return False
    following = log.scan(after=mark.position, limit=LOOK_AHEAD)
    return len(following) < LOOK_AHEAD and not any(
        each.origin.tenant_id == tenant_id and isinstance(each.event, CONCERNING)
        for each in following
    )


def sink_problems(states: SinkStates, log: EventLog) -> Sequence[str]:
    """Return a sentence for each problem that an operator has to solve."""
    counts = states.count()
    problems: list[str] = []
    for sink in SINKS:
        if number := counts.get((sink, "failed"), 0):
            problems.append(f"Sessions that the {sink} store failed to take: {number}.")
        if number := counts.get((sink, "retrying"), 0):
            problems.append(f"Sessions that are tried again in the {sink} store: {number}.")
    marks = [states.followed(sink) for sink in SINKS]
    if states.restored() is not None or not all(is_in_log(mark, log) for mark in marks):
        problems.append("The stores are ahead of the log, which was restored from a backup.")
    return problems
