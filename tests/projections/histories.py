"""An in-memory log, and events for it, for the tests of projections."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId, WorkoutId
from domain.kernel import Origin, Projection, Recorded
from domain.personal import Personal
from domain.recordings import events as recordings
from domain.sessions import events as sessions
from domain.values import CountedBy, Span, Tempo

Row = TypeVar("Row")

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
DEVICE = CountedBy(source="device", model="blazepose-full", definition_version=3)
SERVER = CountedBy(source="server", model="blazepose-heavy", definition_version=4)
ADA = UserId("ada")


class ListLog:
    """All events in a list; the simplest `LogReader` and `History`."""

    def __init__(self) -> None:
        self.recorded: list[Recorded[Any]] = []

    def add(
        self,
        stream: str,
        *events: Any,
        tenant: str = DEFAULT_TENANT,
        at: datetime = AT,
        actor: str = "test",
    ) -> list[Recorded[Any]]:
        version = len(self.load(TenantId(tenant), stream))
        added = [
            Recorded(
                event_id=UUID(int=len(self.recorded) + number),
                origin=Origin(tenant_id=TenantId(tenant), actor=actor, correlation_id=UUID(int=0)),
                stream=stream,
                version=version + number,
                position=len(self.recorded) + number,
                recorded_at=at,
                event=event,
            )
            for number, event in enumerate(events, start=1)
        ]
        self.recorded.extend(added)
        return added

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        return self.recorded[after : after + limit]

    def head(self) -> int:
        return len(self.recorded)

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        return [
            recorded
            for recorded in self.recorded
            if recorded.origin.tenant_id == tenant_id
            and recorded.stream == stream
            and recorded.version > after_version
        ]


def rows_after(
    projection: Projection[Row], stream: str, *events: Any, actor: str = "test"
) -> dict[str, Row]:
    """Return the rows, by key, after these events of a stream."""
    return folded(projection, ListLog().add(stream, *events, actor=actor))


def folded(projection: Projection[Row], facts: Iterable[Recorded[Any]]) -> dict[str, Row]:
    """Return the rows, by key, after these events, in the order in which they are given."""
    rows: dict[str, Row] = {}
    for recorded in facts:
        for key in projection.keys(recorded):
            row = projection.next_row(key, rows.pop(key, None), recorded)
            if row is not None:
                rows[key] = row
    return rows


def row_after(projection: Projection[Row], stream: str, *events: Any) -> Row:
    """Return the only row after these events of a stream."""
    (row,) = rows_after(projection, stream, *events).values()
    return row


def started(*, at: datetime = AT, athlete: str = ADA, zone: str = "UTC") -> sessions.SessionStarted:
    return sessions.SessionStarted(
        athlete_id=UserId(athlete), workout_id=WorkoutId("legs"), at=at, time_zone=zone
    )


def set_started(number: int = 1, exercise: str = "squat") -> sessions.SetStarted:
    return sessions.SetStarted(
        set=number,
        exercise_id=ExerciseId(exercise),
        counted_by=DEVICE,
        target_repetitions=10,
        load_kg=40.0,
    )


def repetition(number: int, set_number: int = 1) -> sessions.RepetitionCounted:
    return sessions.RepetitionCounted(
        set=set_number,
        number=number,
        span=Span(number * 2000, number * 2000 + 1500),
        tempo=Tempo(eccentric_s=0.7, bottom_pause_s=0.1, concentric_s=0.6, top_pause_s=0.5),
        range_of_motion_deg=95.5,
        symmetry=0.98,
        form=0.9,
        confidence=0.8,
        faults=("knees_in",),
    )


def rejected(set_number: int = 1, start_ms: int = 100) -> sessions.RepetitionRejected:
    span = Span(start_ms, start_ms + 300)
    return sessions.RepetitionRejected(set=set_number, span=span, reason="too_shallow")


def reconciled(
    *withdrawn: int, standing: int, added: tuple[int, ...] = (), set_number: int = 1
) -> sessions.RepetitionsReconciled:
    return sessions.RepetitionsReconciled(
        set=set_number, repetitions=standing, withdrawn=withdrawn, added=added, counted_by=SERVER
    )


def deleted() -> sessions.SessionDeleted:
    return sessions.SessionDeleted(at=AT, trained=None)


def restored() -> sessions.SessionRestored:
    return sessions.SessionRestored(at=AT, trained=None)


def set_completed(repetitions: int, number: int = 1) -> sessions.SetCompleted:
    return sessions.SetCompleted(set=number, repetitions=repetitions, span=Span(1000, 31_000))


def completed(
    *,
    at: datetime = AT,
    athlete: str = ADA,
    zone: str = "UTC",
    repetitions: int = 10,
    accuracy: float | None = 0.9,
    performance: sessions.Performance | None = None,
) -> sessions.SessionCompleted:
    return sessions.SessionCompleted(
        athlete_id=UserId(athlete),
        workout_id=WorkoutId("legs"),
        started_at=at,
        time_zone=zone,
        at=at + timedelta(minutes=1),
        duration_ms=60_000,
        frames=1800,
        frames_with_pose=1750,
        sets=2,
        repetitions=repetitions,
        accuracy=accuracy,
        performance=performance,
        calories_kcal=12.5,
    )


def recording_started(session: str = "s1") -> recordings.RecordingStarted:
    return recordings.RecordingStarted(
        user_id=ADA,
        session_id=SessionId(session),
        name=Personal(ADA, "Morning squats"),
        description=Personal(ADA, "garage"),
        aspect_ratio=16 / 9,
        at=AT - timedelta(seconds=3),
    )


def frames_appended(first: int, frames: int = 15) -> recordings.FramesAppended:
    return recordings.FramesAppended(
        first_frame=first,
        frames=frames,
        start_ms=first * 33,
        end_ms=(first + frames) * 33,
        digest=f"{first:064x}",
    )
