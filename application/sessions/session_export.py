"""Session export for other programs: the sessions of a list, in its order (R-UIX-08).

Sessions are read page by page while the response is written. CSV follows RFC 4180, with one row per
set and the headings that programs for strength training read.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from application.caller import Caller
from application.kernel.read_models import Condition, ReadModels, Window
from application.sessions.session_list import SessionConditions, Sort, list_sessions
from application.users.resource_access import recordings_owner
from domain.ids import TenantId, UserId
from domain.motion.exercises.custom import name_of
from projections.exercise_set import EXERCISE_SET, ExerciseSet
from projections.session_recording import SESSION_RECORDING, SessionRecording
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from projections.workout_prescription import WORKOUT_PRESCRIPTION

AT_ONCE: Final = 100
"""Sessions read at a time, which bounds the memory of an export."""

HEADINGS: Final = (
    "Date",
    "Workout Name",
    "Exercise Name",
    "Set Order",
    "Weight",
    "Weight Unit",
    "Reps",
    "Seconds",
    "Notes",
    "Session",
    "Verified Reps",
)

FORMULA: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""Beginnings of cells that a spreadsheet would execute, the last four as wide as Han characters
(https://owasp.org/www-community/attacks/CSV_Injection)."""


@dataclass(frozen=True)
class Exported:
    """A session with its sets in order, and the name and description of its recording.

    `custom_names` are those of the athlete's custom exercises, if the reader may see them.
    """

    row: SessionSummary
    sets: tuple[ExerciseSet, ...]
    name: str
    notes: str
    custom_names: Mapping[str, str] = field(default_factory=dict[str, str])

    def exercise_name(self, exercise_id: str) -> str:
        """Return the name of an exercise in English, or as its athlete called it."""
        return self.custom_names.get(exercise_id, name_of(exercise_id))


def exported(
    caller: Caller, filters: SessionConditions, *, sort: Sort, ascending: bool
) -> Iterator[tuple[Exported, ...]]:
    """Yield the sessions of a list, page by page, each athlete's with a line in their access log.

    Raises what `list_sessions` raises.
    """
    owner = recordings_owner(caller, filters.athlete)
    access, noted = caller.platform.privacy().access, set[UserId]()
    exercises, names = caller.platform.custom_exercises.lookup, dict[UserId, Mapping[str, str]]()
    after: str | None = None
    while True:
        window = Window(first=AT_ONCE, after=after)
        page = list_sessions(caller, filters, window, sort=sort, ascending=ascending)
        for athlete in {edge.row.athlete_id for edge in page.edges} - noted:
            origin = caller.origin()
            access.note_export(athlete, "sessions", origin=origin, request_id=caller.request_id)
            noted.add(athlete)
            if owner in {None, athlete}:
                names[athlete] = exercises.names(caller.tenant_id, athlete)
        rows = [edge.row for edge in page.edges]
        yield _with_parts(caller.platform.read, caller.tenant_id, rows, owner, names)
        if not page.has_next:
            return
        after = page.edges[-1].cursor


def sessions_of(
    read: ReadModels,
    tenant_id: TenantId,
    athlete_id: UserId,
    where: Mapping[str, Condition],
    custom_names: Mapping[str, str],
) -> Iterator[tuple[Exported, ...]]:
    """Yield the completed sessions of an athlete, the oldest first, page by page."""
    names = {athlete_id: custom_names}
    after: str | None = None
    while True:
        page = read.page(
            SESSION_SUMMARY,
            tenant_id,
            window=Window(first=AT_ONCE, after=after),
            where={"athlete_id": athlete_id, "status": "completed", **where},
            order_by="started_at",
        )
        rows = [edge.row for edge in page.edges]
        yield _with_parts(read, tenant_id, rows, athlete_id, names)
        if not page.has_next:
            return
        after = page.edges[-1].cursor


def _with_parts(
    read: ReadModels,
    tenant_id: TenantId,
    rows: list[SessionSummary],
    owner: UserId | None,
    names: Mapping[UserId, Mapping[str, str]],
) -> tuple[Exported, ...]:
    """Add sets and names to sessions; `owner`: the only user whose recordings are visible."""
    sets = read.by(EXERCISE_SET, tenant_id, "session_id", [row.id for row in rows])
    workouts = {row.workout_id for row in rows if row.workout_id is not None}
    prescribed = read.get_many(WORKOUT_PRESCRIPTION, tenant_id, workouts)
    recordings = _recordings(read, tenant_id, rows, owner)
    exports: list[Exported] = []
    for row in rows:
        recording, workout = recordings.get(row.id), prescribed.get(row.workout_id or "")
        called = (recording and recording.name) or (workout and workout.name)
        custom, exercise = names.get(row.athlete_id, {}), row.exercise_id or ""
        name = called or custom.get(exercise, name_of(exercise))
        notes = recording.description if recording else ""
        exports.append(Exported(row, tuple(sets[row.id]), name, notes, custom))
    return tuple(exports)


def _recordings(
    read: ReadModels, tenant_id: TenantId, rows: list[SessionSummary], owner: UserId | None
) -> dict[str, SessionRecording]:
    """Return the recordings that may be seen, which may be fewer than the sessions."""
    ids = [row.id for row in rows]
    recordings = read.by(SESSION_RECORDING, tenant_id, "session_id", ids)
    return {
        recording.session_id: recording
        for those in recordings.values()
        for recording in those
        if recording.status != "deleted" and owner in {None, recording.user_id}
    }


def as_csv(pages: Iterable[Iterable[Exported]]) -> Iterator[str]:
    """Write one row per set below the headings; a session without sets has none."""
    yield _rows([HEADINGS])
    for page in pages:
        yield _rows(row for each in page for row in _lines(each))


def _rows(rows: Iterable[Iterable[object]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def _lines(exported_session: Exported) -> Iterator[tuple[object, ...]]:
    began = exported_session.row.started_at.astimezone(ZoneInfo(exported_session.row.time_zone))
    for each in exported_session.sets:
        yield (
            f"{began:%Y-%m-%d %H:%M:%S}",
            _harmless(exported_session.name),
            _harmless(exported_session.exercise_name(each.exercise_id)),
            each.number,
            "" if each.load_kg is None else f"{each.load_kg:g}",
            "" if each.load_kg is None else "kg",
            each.repetitions,
            f"{_seconds(each):g}",
            _harmless(exported_session.notes),
            _harmless(exported_session.row.id),
            "" if each.verified_repetitions is None else each.verified_repetitions,
        )


def _seconds(each: ExerciseSet) -> float:
    """Return the length of a hold, or of another set; 0 if unknown."""
    if each.hold_ms:
        return each.hold_ms / 1000
    if each.start_ms is None or each.end_ms is None:
        return 0.0
    return (each.end_ms - each.start_ms) / 1000


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words
