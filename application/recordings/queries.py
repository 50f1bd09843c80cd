"""Queries of recordings: list, storage, and one as of the log."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from application.caller import Caller
from application.kernel.read_models import (
    Between,
    Condition,
    InSubquery,
    Page,
    ReadModels,
    Where,
    Window,
)
from domain.ids import RecordingId, TenantId
from domain.recordings.commands import RecordingNotFound, RecordingNotKept, Words
from domain.recordings.recording import RECORDING, existing
from domain.values import within_calendar
from projections.exercise_set import EXERCISE_SET
from projections.session_recording import SESSION_RECORDING, VISIBLE_STATES, SessionRecording
from projections.session_summary import SESSION_SUMMARY

ALL_AT_ONCE: Final = 500

Sort = Literal["created_at", "name", "duration"]


@dataclass(frozen=True)
class RecordingConditions:
    """Filters of a list of recordings; None does not filter. Days are those of UTC."""

    since: date | None = None
    until: date | None = None
    exercise: str | None = None


def list_recordings(
    caller: Caller,
    conditions: RecordingConditions,
    window: Window,
    sort: Sort,
    *,
    descending: bool,
) -> Page[SessionRecording]:
    """Return a page of the recordings that the caller sees, without deleted ones.

    Raises InvalidValue for days outside of the calendar.
    """
    page = caller.platform.read.page(
        SESSION_RECORDING,
        caller.tenant_id,
        window=window,
        where=_where(caller, conditions),
        order_by=sort,
        descending=descending,
    )
    for owner in {edge.row.user_id for edge in page.edges}:
        caller.sees("recording", owner)  # access to another user's is audited
    return page


def _where(caller: Caller, conditions: RecordingConditions) -> Where:
    where: dict[str, Condition] = {"status": VISIBLE_STATES}
    alone = caller.alone_with("recording")
    if alone is not None:
        where["user_id"] = alone
    since, until = conditions.since, conditions.until
    if since is not None or until is not None:
        after_it = None if until is None else within_calendar(until) + timedelta(days=1)
        where["created_at"] = Between(_midnight(since), _midnight(after_it))
    if conditions.exercise is not None:
        performed: Where = {"exercise_id": conditions.exercise}
        where["session_id"] = InSubquery(EXERCISE_SET, "session_id", performed)
    return where


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(within_calendar(day), time(), UTC)


def sees_recording(caller: Caller, row: SessionRecording) -> bool:
    """Return whether the caller sees a recording. Nobody sees a deleted one.

    One that was restored alone, while its session is deleted, is seen by its owner only.
    """
    if row.status == "deleted" or not caller.sees("recording", row.user_id):
        return False
    is_own = caller.claims is None or caller.claims.user_id == row.user_id
    return is_own or not is_session_deleted(caller.platform.read, caller.tenant_id, row)


def require_kept(row: SessionRecording) -> None:
    """Raise RecordingNotKept if frames, pictures and video of a recording were removed."""
    if row.media_removed_at is not None:
        raise RecordingNotKept


def is_session_deleted(read: ReadModels, tenant_id: TenantId, row: SessionRecording) -> bool:
    """Return whether the session of a recording is deleted."""
    session = read.get(SESSION_SUMMARY, tenant_id, row.session_id)
    return session is not None and session.status == "deleted"


def storage_used(caller: Caller) -> tuple[int, int]:
    """Return the number of the caller's recordings that are kept, and their bytes.

    Deleted ones are not counted; their bytes are, until they are removed.
    """
    who = None if caller.claims is None else caller.claims.user_id
    where: Where = {} if who is None else {"user_id": who}
    read, after, count, total = caller.platform.read, None, 0, 0
    while True:
        part = Window(first=ALL_AT_ONCE, after=after)
        page = read.page(SESSION_RECORDING, caller.tenant_id, window=part, where=where)
        for edge in page.edges:
            total += caller.platform.recorder.size(caller.tenant_id, edge.row.id)
            count += edge.row.status != "deleted" and edge.row.media_removed_at is None
        if not page.has_next:
            return count, total
        after = page.edges[-1].cursor


def current_recording(caller: Caller, recording_id: str) -> SessionRecording:
    """Return the row as of the log, which includes the last write. Raises RecordingNotFound."""
    row: SessionRecording | None = None
    stream = f"{RECORDING.category}-{recording_id}"
    for recorded in caller.platform.log.load(caller.tenant_id, stream):
        row = SESSION_RECORDING.evolve(row, recorded)
    if row is None:
        raise RecordingNotFound
    return row


def words_of(caller: Caller, recording_id: str) -> Words:
    """Return the name and description as of the log. Raises RecordingNotFound."""
    recorder = caller.platform.recorder
    return existing(recorder.get_progress(caller.tenant_id, RecordingId(recording_id)).state).words
