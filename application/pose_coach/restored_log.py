"""Detection of a log that was restored from a backup: it has lost events that sinks followed."""

from dataclasses import dataclass

from application.kernel.ports import EventLog


@dataclass(frozen=True)
class LogMark:
    """The last event that a sink has followed. Position 0 is before the first event.

    `event_id` is empty for a mark without an event, which is compared by its position only.
    """

    position: int
    event_id: str = ""


def is_in_log(mark: LogMark, log: EventLog) -> bool:
    """Check whether the log still has the event of a mark at its position.

    A log that has grown again since it was restored has another event there.
    """
    if mark.position == 0:
        return True
    if log.head() < mark.position:
        return False
    if not mark.event_id:
        return True
    found = log.scan(after=mark.position - 1, limit=1)
    return bool(found) and (found[0].position, str(found[0].event_id)) == (
        mark.position,
        mark.event_id,
    )
