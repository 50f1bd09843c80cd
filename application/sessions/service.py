"""Session service: start, perform and complete sessions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from application.assignments import requests as assignments
from application.custom_exercises.lookup import ExerciseLookup
from application.enrollments import service as enrollments
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.live.chunk import SessionKey
from application.programs import requests as programs
from application.sessions.exercise_specs import to_spec
from application.sessions.history import SessionHistory
from application.sessions.session_view import SessionView, to_session_view
from application.sessions.summary import WorkoutSummary, summarize
from domain.ids import ExerciseId, SessionId, TenantId, UserId, WorkoutId
from domain.kernel import Origin, Rejected, value
from domain.motion.exercises.custom import is_custom
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.recordings import commands as recordings
from domain.recordings.recording import RECORDING
from domain.sessions import commands, prescription_commands
from domain.sessions.commands import SessionCommand
from domain.sessions.events import ExercisePerformed, SessionCompleted
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.scoring import AthleteMass, ExerciseSpecs
from domain.sessions.session import SESSION, Completed, Deleted, NotStarted, Session, Underway
from domain.users.preferences import TrainingProfile
from domain.users.user import USER, Registered
from domain.values import CountedBy, CountSource, check_client_source, within_calendar
from domain.workouts.commands import CustomExerciseOfAnother, WorkoutNotFound
from domain.workouts.events import PrescribedExercise
from domain.workouts.workout import WORKOUT, Prescribed


class SessionIdTaken(Rejected):
    """A recording has this id. Choose another one for the session, or none."""

    code = "session.id_taken"


@dataclass(frozen=True)
class SessionResult:
    """A session after a command."""

    session: SessionView
    appended: AppendResult


@value
class Completion:
    """Inputs of a completion that only the client has; the mass defaults to the profile's.

    `streamed_sets` is the latest set of which a chunk was acknowledged to the client. It counts if
    this process has not heard of the session; otherwise it also knows what workers refused since.
    """

    at: datetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = None
    streamed_sets: int = 0


def to_prescribed_lines(exercises: Iterable[PrescribedExercise]) -> tuple[PrescribedLine, ...]:
    """Convert the exercises of a prescription to the lines that a session performs."""
    return tuple(
        PrescribedLine(
            line.exercise_id,
            line.sets,
            line.target_repetitions,
            line.target_hold_s,
            line.rest_s,
            line.load_kg,
            line.target_rpe,
        )
        for line in exercises
    )


@dataclass(frozen=True)
class SessionService:
    """Start, perform and complete sessions of callers who are authorized.

    `streamed_sets` gives the latest set of a live session whose frames were taken, 0 if none were,
    None if this process has not heard of the session.
    """

    log: EventLog
    commands: CommandHandler
    history: SessionHistory
    exercises: ExerciseLookup
    streamed_sets: Callable[[SessionKey], int | None]
    clock: Clock

    def get(self, tenant_id: TenantId, session_id: SessionId) -> SessionView:
        """Return a session as the log has it. Raises SessionNotFound."""
        return to_session_view(session_id, self.history.events(tenant_id, session_id))

    def summarize(self, tenant_id: TenantId, session: SessionView) -> WorkoutSummary:
        """Summarize a completed session. Raises NotCompleted."""
        exercises = (each.exercise_id for each in session.sets)
        definitions = self.exercises.definitions(tenant_id, session.athlete_id, exercises)
        return summarize(session, definitions)

    def start(
        self,
        session_id: SessionId,
        *,
        athlete_id: UserId,
        workout_id: WorkoutId | None,
        at: datetime | None,
        time_zone: str,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Start a session without a prescription.

        Raises SessionAlreadyStarted, SessionIdTaken, InvalidValue.
        """
        self._require_unused(origin.tenant_id, session_id)
        command = commands.StartSession(
            athlete_id=athlete_id, workout_id=workout_id, at=self.time(at), time_zone=time_zone
        )
        return self.execute(session_id, command, origin=origin, command_id=command_id)

    def start_workout(
        self,
        session_id: SessionId,
        *,
        athlete_id: UserId,
        workout_id: WorkoutId,
        at: datetime | None,
        time_zone: str,
        origin: Origin,
        command_id: UUID,
    ) -> SessionResult:
        """Start a session that performs a prescription; its later revisions have no effect.

        Raises WorkoutNotFound, CustomExerciseOfAnother, SessionAlreadyStarted, SessionIdTaken,
        InvalidValue.
        """
        self._require_unused(origin.tenant_id, session_id)
        history = self.log.load(origin.tenant_id, f"{WORKOUT.category}-{workout_id}")
        workout = WORKOUT.fold(recorded.event for recorded in history)
        if not isinstance(workout, Prescribed):
            raise WorkoutNotFound
        if workout.author_id != athlete_id and any(
            is_custom(each.exercise_id) for each in workout.exercises
        ):
            raise CustomExerciseOfAnother
        start = commands.StartSession(
            athlete_id=athlete_id, workout_id=workout_id, at=self.time(at), time_zone=time_zone
        )
        take = prescription_commands.TakePrescription(lines=to_prescribed_lines(workout.exercises))
        return self.perform(session_id, start, take, origin=origin, command_id=command_id)

    def start_set(
        self,
        session_id: SessionId,
        *,
        number: int,
        exercise_id: str,
        source: CountSource,
        model: str,
        target_repetitions: int | None,
        load_kg: float | None,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Start a set by its number. The client names source and model, the library the rest.

        Raises UnknownExercise, InvalidValue and what the session refuses.
        """
        spec = to_spec(self._definition(origin.tenant_id, session_id, exercise_id))
        trained_model = spec.trained_model if source == "server" else None
        command = commands.StartSet(
            set=number,
            exercise_id=ExerciseId(exercise_id),
            counted_by=CountedBy(check_client_source(source), model, spec.version, trained_model),
            target_repetitions=target_repetitions,
            load_kg=load_kg,
            claimed=True,
        )
        return self.execute(session_id, command, origin=origin, command_id=command_id)

    def complete(
        self, session_id: SessionId, completion: Completion, *, origin: Origin, command_id: UUID
    ) -> SessionResult:
        """Complete a session once the log has all that was streamed, and compute its figures.

        A session of an enrollment is followed by the plan's next workout, in the same append; that
        of an assigned workout completes it, and that of a day of a program lets its rule change it.
        Without a set, none of them counts as performed.

        Raises SessionNotFound, SetUnderway, InvalidValue.
        """
        tenant_id = origin.tenant_id
        session = self.get(tenant_id, session_id)
        athlete_id, at = session.athlete_id, self.time(completion.at)
        profile = self.training_profile(tenant_id, athlete_id)
        capture = commands.CaptureStats(completion.frames, completion.frames_with_pose)
        expected_sets = self.streamed_sets(SessionKey(tenant_id, session_id))
        if expected_sets is None:
            expected_sets = completion.streamed_sets
        command = commands.CompleteSession(
            at=at,
            within_day=completion.at is None,
            capture=capture,
            body_mass=_body_mass(completion, profile),
            specs=self.exercises.specs(
                tenant_id, athlete_id, (each.exercise_id for each in session.sets)
            ),
            expected_sets=expected_sets,
            request_healthkit=profile.healthkit,
        )

        def followed_by(new: Sequence[Any], after: Completed) -> Sequence[Request]:
            performed = [each for each in new if isinstance(each, ExercisePerformed)]
            now = self.clock()
            return [
                request
                for completed in new
                if isinstance(completed, SessionCompleted)
                for request in (
                    *programs.note_completed(session_id, completed, performed, after),
                    *enrollments.note_completed(session_id, completed, now),
                    *assignments.note_completed(session_id, completed, now),
                )
            ]

        appended = self.commands.execute(
            Request(SESSION, session_id, [command], followed_by=followed_by),
            origin=origin,
            command_id=command_id,
        )
        return SessionResult(self.get(tenant_id, session_id), appended)

    def delete(self, session_id: SessionId, *, origin: Origin, command_id: UUID) -> AppendResult:
        """Delete a session with its recording, both or neither. Raises SessionMissing.

        The workout of an enrollment that it began gets another session id, in the same append; an
        assigned one that it began is open again.
        """
        at, state = self.clock(), self._state(origin.tenant_id, session_id)
        athlete_id = state.athlete_id if isinstance(state, Underway) else None
        return self.commands.execute(
            Request(SESSION, session_id, [commands.DeleteSession(at=at)]),
            Request(RECORDING, session_id, [recordings.DeleteWithSession(at=at)]),
            *(enrollments.note_deleted(session_id, athlete_id) if athlete_id else ()),
            *(assignments.note_deleted(session_id, athlete_id, at) if athlete_id else ()),
            origin=origin,
            command_id=command_id,
        )

    def restore(self, session_id: SessionId, *, origin: Origin, command_id: UUID) -> AppendResult:
        """Restore a session, and the recording that was deleted with it.

        The assigned workout that was begun in it is begun in it again, unless it has ended.

        Raises SessionMissing, SessionGone.
        """
        at, state = self.clock(), self._state(origin.tenant_id, session_id)
        deleted_at = state.at if isinstance(state, Deleted) else None
        with_session = recordings.RestoreWithSession(deleted_at=deleted_at, at=at)
        before = state.before if isinstance(state, Deleted) else None
        athlete_id = before.athlete_id if isinstance(before, Underway) else None
        return self.commands.execute(
            Request(SESSION, session_id, [commands.RestoreSession(at=at)]),
            Request(RECORDING, session_id, [with_session]),
            *(assignments.note_restored(session_id, athlete_id, at) if athlete_id else ()),
            origin=origin,
            command_id=command_id,
        )

    def specs(
        self, tenant_id: TenantId, session_id: SessionId, exercise_id: str | None
    ) -> ExerciseSpecs:
        """Return the library, and those of a session's exercises that the athlete recorded."""
        state = self._state(tenant_id, session_id)
        if not isinstance(state, Underway):
            return self.exercises.specs(tenant_id, UserId(""), ())
        prescribed = (line.exercise_id for line in state.prescription.lines)
        return self.exercises.specs(tenant_id, state.athlete_id, (exercise_id or "", *prescribed))

    def _definition(
        self, tenant_id: TenantId, session_id: SessionId, exercise_id: str
    ) -> ExerciseDefinition:
        """Return the definition of an exercise of a set. Raises UnknownExercise."""
        if not is_custom(exercise_id):
            return get_exercise(exercise_id)
        state = self._state(tenant_id, session_id)
        if not isinstance(state, Underway):
            raise commands.SessionNotUnderway
        return self.exercises.get(tenant_id, state.athlete_id, exercise_id)

    def tags(self, tenant_id: TenantId, session_id: SessionId) -> tuple[str, ...]:
        """Return a session's tags from the log (always current). Raises SessionMissing."""
        match self._state(tenant_id, session_id):
            case Underway(tags=tags) | Completed(tags=tags):
                return tags
            case NotStarted() | Deleted():
                raise commands.SessionMissing

    def is_deleted(self, tenant_id: TenantId, session_id: SessionId) -> bool:
        """Return whether a session is deleted, from the log (always current)."""
        return isinstance(self._state(tenant_id, session_id), Deleted)

    def _state(self, tenant_id: TenantId, session_id: SessionId) -> Session:
        history = self.log.load(tenant_id, f"{SESSION.category}-{session_id}")
        return SESSION.fold(recorded.event for recorded in history)

    def perform(
        self,
        session_id: SessionId,
        *wanted: SessionCommand,
        origin: Origin,
        command_id: UUID,
    ) -> SessionResult:
        """Execute commands together and return the session after them. Raises refusals."""
        appended = self.execute(session_id, *wanted, origin=origin, command_id=command_id)
        return SessionResult(self.get(origin.tenant_id, session_id), appended)

    def execute(
        self,
        session_id: SessionId,
        *wanted: SessionCommand,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Execute commands, all of them or none. Raises refusals."""
        request = Request(SESSION, session_id, wanted)
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def _require_unused(self, tenant_id: TenantId, session_id: SessionId) -> None:
        """Raise SessionIdTaken if a recording without a session has the id.

        Otherwise the recording, which can be another person's, would be that of the session.
        """
        recorded = self.log.load(tenant_id, f"{RECORDING.category}-{session_id}")
        if recorded and isinstance(self._state(tenant_id, session_id), NotStarted):
            raise SessionIdTaken

    def training_profile(self, tenant_id: TenantId, user_id: UserId) -> TrainingProfile:
        """Return a user's training profile; the default one without an account."""
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        user = USER.fold(recorded.event for recorded in history)
        return user.training if isinstance(user, Registered) else TrainingProfile()

    def time(self, given: datetime | None) -> datetime:
        """Return a time in UTC, now where none is given. Raises InvalidValue."""
        return self.clock() if given is None else within_calendar(given).astimezone(UTC)


def _body_mass(completion: Completion, profile: TrainingProfile) -> AthleteMass:
    if completion.body_mass_kg is not None:
        return AthleteMass(completion.body_mass_kg, "given")
    if profile.mass_kg is not None:
        return AthleteMass(profile.mass_kg, "profile")
    return AthleteMass()
