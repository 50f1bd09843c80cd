"""Workouts are performed through one door, whether over REST or GraphQL.

An execution is a session over a prescription (C-17), and has the session's id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from api.caller import ANONYMOUS, Caller, checked_id
from api.ownership import athlete_of, authorize_session
from application.analysis.video_analyzer import REFERENCE_BODY_MASS_KG
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult
from application.live.chunk import SessionKey
from application.sessions import performing
from application.sessions.closing import Seen, require_entered
from application.sessions.performing import Facts, Wishes
from application.sessions.session_view import SessionView, to_session_view
from application.sessions.summary import WorkoutSummary, summarize
from domain.ids import ExerciseId, SessionId, TenantId, UserId, WorkoutId
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands, prescription_commands
from domain.sessions.prescription_events import HealthKitObstacle
from domain.sessions.session import SESSION
from domain.users.preferences import TrainingProfile
from domain.users.user import USER, Registered
from domain.values import CountedBy, CountSource, within_calendar
from domain.workouts.commands import WorkoutNotFound
from domain.workouts.workout import WORKOUT, Prescribed

ATHLETE: Final = "athlete"
"""Who trains where nobody signs in and nobody is named."""

LONGEST: Final = timedelta(milliseconds=prescription_commands.LONGEST_MS)

MOST_EXERCISES: Final = 50
"""Asked about at once."""

Wish = Callable[[Facts, int], Wishes]
"""Says what is asked by the session's facts, and by how many ms ago it began."""


@dataclass(frozen=True)
class Carried:
    """An execution after something was carried out on it."""

    execution: SessionView
    appended: AppendResult


@dataclass(frozen=True, kw_only=True)
class Start:
    """Perform this prescription. Without `at` now."""

    session_id: str
    workout_id: str
    athlete_id: str | None
    at: datetime | None
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What only the client knows of a workout; without a mass that of the athlete's profile."""

    at: datetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = None


def look(caller: Caller, session_id: str) -> SessionView:
    """Tell an execution as it stands in the log. Raises SessionNotFound."""
    authorize_session(caller, "read", session_id)
    return _told(caller, session_id)


def summed_up(caller: Caller, session_id: str) -> WorkoutSummary:
    """Tell what an execution came to. Raises SessionNotFound and NotCompleted."""
    return summarize(look(caller, session_id))


def start(caller: Caller, asked: Start, command_id: UUID) -> Carried:
    """Begin an execution; later revisions of the prescription do not change it.

    Raises WorkoutNotFound, SessionAlreadyStarted, Forbidden.
    """
    workout_id = checked_id(asked.workout_id)
    athlete = athlete_of(caller, asked.athlete_id, ATHLETE)
    history = caller.platform.log.load(caller.tenant_id, f"{WORKOUT.category}-{workout_id}")
    prescribed = WORKOUT.fold(recorded.event for recorded in history)
    if not isinstance(prescribed, Prescribed):
        raise WorkoutNotFound
    wanted: Wishes = [
        commands.StartSession(
            athlete_id=athlete,
            workout_id=WorkoutId(workout_id),
            at=_moment(caller, asked.at),
            time_zone=asked.time_zone,
        ),
        prescription_commands.TakePrescription(lines=performing.lines_of(prescribed.exercises)),
    ]
    request = Request(SESSION, checked_id(asked.session_id), wanted)
    actor = ANONYMOUS if asked.athlete_id is None else asked.athlete_id
    return _carried(caller, asked.session_id, request, command_id, actor)


def carry_out(caller: Caller, session_id: str, wish: Wish, command_id: UUID) -> Carried:
    """Do with an execution what is asked by its facts. Raises what is refused."""
    authorize_session(caller, "write", session_id)

    def wanted(known: Facts) -> Wishes:
        return wish(known, performing.elapsed_ms(known, caller.platform.clock()))

    return _carried(
        caller, session_id, Request(SESSION, checked_id(session_id), wanted), command_id
    )


def counter(source: CountSource, model: str) -> Callable[[ExerciseId], CountedBy]:
    """Say who counts an exercise (C-49). Raises UnknownExercise."""

    def counted_by(exercise_id: ExerciseId) -> CountedBy:
        definition = get_exercise(exercise_id)
        learned = trained_model_name(definition.id) if source == "server" else None
        return CountedBy(source, model, definition.version, learned)

    return counted_by


def complete(caller: Caller, session_id: str, asked: Ending, command_id: UUID) -> Carried:
    """End an execution once all that was taken of it is in the log. Raises SetUnderway."""
    live = SessionKey(caller.tenant_id, SessionId(session_id))

    def wish(known: Facts, _now_ms: int) -> Wishes:
        require_entered(known, caller.platform.live.latest_set(live))
        begun = to_session_view(SessionId(session_id), known)
        profile = training_of(caller, caller.tenant_id, begun.athlete_id)
        return performing.complete(
            known,
            seen=_seen(asked, profile),
            at=_end(caller, asked.at, begun.started_at),
            healthkit=profile.healthkit,
        )

    return carry_out(caller, session_id, wish, command_id)


def _seen(asked: Ending, profile: TrainingProfile) -> Seen:
    if asked.body_mass_kg is not None:
        return Seen(asked.frames, asked.frames_with_pose, asked.body_mass_kg, "given")
    if profile.mass_kg is not None:
        return Seen(asked.frames, asked.frames_with_pose, profile.mass_kg, "profile")
    return Seen(asked.frames, asked.frames_with_pose, REFERENCE_BODY_MASS_KG, "default")


def training_of(caller: Caller, tenant_id: TenantId, user_id: UserId) -> TrainingProfile:
    """Tell what somebody's training is reckoned with; whoever has no account said nothing."""
    history = caller.platform.log.load(tenant_id, f"{USER.category}-{user_id}")
    user = USER.fold(recorded.event for recorded in history)
    return user.training if isinstance(user, Registered) else TrainingProfile()


def confirm_healthkit(
    caller: Caller,
    session_id: str,
    *,
    status: Literal["synced", "failed"],
    reason: HealthKitObstacle | None,
    at: datetime | None,
    command_id: UUID,
) -> Carried:
    """Take a device's word. Raises HealthKitTooEarly, HealthKitNotRequested, InvalidValue."""
    moment = _moment(caller, at)
    said = prescription_commands.ConfirmHealthKit(at=moment, outcome=status, reason=reason)
    return carry_out(caller, session_id, lambda _known, _now_ms: [said], command_id)


def _moment(caller: Caller, given: datetime | None) -> datetime:
    """Give a time in UTC, now where none is given. Raises InvalidValue."""
    return caller.platform.clock() if given is None else within_calendar(given).astimezone(UTC)


def _end(caller: Caller, given: datetime | None, started_at: datetime) -> datetime:
    """Give when a session ends; one that somebody forgot to end ends with its day.

    No session ends before it began, whatever the clock said by which it did.
    """
    if given:
        return given
    return min(max(_moment(caller, given), started_at), started_at + LONGEST)


def _carried(
    caller: Caller, session_id: str, request: Request, command_id: UUID, actor: str = ANONYMOUS
) -> Carried:
    appended = caller.platform.commands.execute(
        request, origin=caller.origin(actor), command_id=command_id
    )
    return Carried(_told(caller, session_id), appended)


def _told(caller: Caller, session_id: str) -> SessionView:
    named = SessionId(session_id)
    return to_session_view(named, caller.platform.history.events(caller.tenant_id, named))
