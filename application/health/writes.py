"""Write-back of completed workouts to linked clouds: what is sent, and how far each has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from application.health.providers import Grant
from domain.health.events import CloudSource
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.motion.exercises.custom import name_of

MARK: Final = "kinelog-"
"""Beginning of the ids of our workouts at clouds: they are never fetched as new ones."""

Left = Literal["form", "set_times", "sets_as_data"]
"""What a cloud could not hold. `sets_as_data`: its sets are a text there."""

WriteState = Literal["processing", "retrying", "written", "refused"]
"""`processing`: the cloud has taken the workout, and has not accepted it yet."""


@dataclass(frozen=True, slots=True)
class WrittenSet:
    """A set of a workout. `held_ms` is 0 for repetitions; the times are None if unknown."""

    exercise: ExerciseId
    repetitions: int
    held_ms: int
    load_kg: float | None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    custom_name: str | None = None

    @property
    def exercise_name(self) -> str:
        """The name of the exercise in English, or as its athlete called it."""
        return self.custom_name or name_of(self.exercise)

    @property
    def summary(self) -> str:
        """Return the set as text, such as `12 x 60 kg`."""
        amount = f"{self.held_ms / 1000:g} s" if self.held_ms else f"{self.repetitions}"
        return amount if self.load_kg is None else f"{amount} x {self.load_kg:g} kg"


@dataclass(frozen=True, slots=True)
class CompletedWorkout:
    """A workout as it is sent. `activity_type` is a name of HealthKit.

    `session_id` is that of the first session if its exercise was corrected since then: clouds hold
    a workout once by session.
    """

    session_id: SessionId
    activity_type: str
    started_at: datetime
    ended_at: datetime
    duration_ms: int
    energy_kcal: float
    time_zone: str
    sets: tuple[WrittenSet, ...]

    @property
    def mark(self) -> str:
        """Return the id under which a cloud holds the workout, and by which we know it as ours."""
        return f"{MARK}{self.session_id.lower()}"

    @property
    def summary(self) -> str:
        """Return the sets as lines of text, such as `Squat: 12 x 60 kg, 10 x 60 kg`."""
        by_exercise: dict[tuple[ExerciseId, str], list[str]] = {}
        for each in self.sets:
            by_exercise.setdefault((each.exercise, each.exercise_name), []).append(each.summary)
        return "\n".join(f"{name}: {', '.join(texts)}" for (_, name), texts in by_exercise.items())

    @property
    def local_day(self) -> date:
        """The day on which the workout began, in the time zone of the athlete at the time."""
        return self.started_at.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class WriteResult:
    """Answer of a cloud. `reference` names a workout that it is still processing."""

    state: Literal["processing", "written", "refused"]
    left: tuple[Left, ...] = ()
    reference: str | None = None
    reason: str | None = None


@runtime_checkable
class WorkoutTaker(Protocol):
    """A health cloud that takes workouts.

    `write` raises what calls of `HealthProvider` raise. The same workout is stored once there,
    however often it is written.
    """

    @property
    def write_scope(self) -> str:
        """The scope that the person has to grant."""
        ...

    def write(self, grant: Grant, workout: CompletedWorkout, reference: str | None) -> WriteResult:
        """Write a workout, or ask what has become of one that the cloud was processing."""
        ...


@dataclass(frozen=True, slots=True)
class HealthWrite:
    """A workout at a cloud. `reason` is the code of an obstacle, or why the cloud refuses it."""

    tenant_id: TenantId
    user_id: UserId
    source: CloudSource
    session_id: SessionId
    state: WriteState
    at: datetime
    attempts: int = 0
    reference: str | None = field(default=None, repr=False)
    reason: str | None = None
    left: tuple[Left, ...] = ()


class HealthWrites(Protocol):
    """Store of write-backs. Every method raises StorageUnavailable."""

    def of_sessions(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: CloudSource,
        session_ids: Sequence[SessionId],
    ) -> Mapping[SessionId, HealthWrite]:
        """Return the write-backs of sessions to a cloud."""
        ...

    def put(self, write: HealthWrite) -> None:
        """Store a write-back, or replace it."""
        ...

    def latest(self, tenant_id: TenantId, user_id: UserId, limit: int) -> Sequence[HealthWrite]:
        """Return the newest write-backs of a person to all clouds, the newest first."""
        ...

    def delete(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        """Delete the write-backs of a link that ended. Idempotent."""
        ...
