"""Sessions of the pose coach: their view, inputs and writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.views.base import Body, StrictBody, documented, write
from api.views.pose_feedback import PoseFeedback, feedback_on_saved
from api.views.supervision import own_id
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.read_models import Page, Window
from application.pose_coach.sink_states import SinkEntry, Status
from application.pose_coach.stores import StoreName, to_timestamp
from application.pose_coach.workout_service import Span
from application.users.authorization import Forbidden
from domain.ids import PoseSessionId
from domain.pose_coach import commands
from domain.pose_coach.commands import PoseSummary
from domain.pose_coach.key import PoseCoachKey
from domain.values import InvalidValue
from projections.pose_session import PoseSession as Row

LATEST: Final = 20
"""Sessions that are followed at once."""


class PoseSinks(Body):
    """State of a session in the two stores, which follow independently of each other.

    `pending` is not written yet, `retrying` failed and is tried again, `waiting` waits for the
    user's profile, and `failed` waits for an operator.
    """

    document: Status
    analytics: Status


class PoseSession(Body):
    """A session of the pose coach."""

    session_id: str
    user_id: str = Field(description="Your key in the pose coach: the Firebase UID.")
    exercise: str
    reps: int
    accuracy: float = Field(description="0 to 1, with four decimals.")
    timestamp: str = Field(description="ISO 8601, UTC, in milliseconds.")
    duration: int = Field(description="Seconds.")
    feedback_points: tuple[str, ...]
    created_at: datetime
    sinks: PoseSinks

    @classmethod
    def of(cls, caller: Caller, row: Row, sinks: PoseSinks) -> "PoseSession":
        """Convert a row of the caller."""
        return cls(
            session_id=row.id,
            user_id=own_key(caller).uid,
            exercise=row.exercise,
            reps=row.reps,
            accuracy=row.accuracy,
            timestamp=to_timestamp(row.ended_at),
            duration=row.duration_s,
            feedback_points=row.feedback,
            created_at=row.created_at,
            sinks=sinks,
        )


class WorkoutStats(Body):
    """Figures of all your sessions with the pose coach."""

    total_sessions: int
    total_reps: int
    average_accuracy: float | None = Field(description="0 to 1; null without a session.")
    total_duration: int = Field(description="Seconds.")


class LatestPoseSessions(Body):
    """Your newest sessions with the pose coach, and the figures of all of them."""

    sessions: tuple[PoseSession, ...] = Field(description="The newest first; at most 20.")
    stats: WorkoutStats


class NewPoseSession(StrictBody):
    """The summary of a workout that the pose coach watched."""

    user_id: str = Field(description="Your key in the pose coach: the Firebase UID.")
    exercise: Annotated[str, documented(minLength=1, maxLength=commands.MAX_EXERCISE)]
    reps: Annotated[int, documented(minimum=0, maximum=commands.MAX_REPS)]
    accuracy: Annotated[float, documented(minimum=0, maximum=1)]
    timestamp: AwareDatetime
    duration: Annotated[int, documented(minimum=0, maximum=commands.MAX_DURATION_S)]
    feedback_points: Annotated[tuple[str, ...], documented(maxItems=commands.MAX_FEEDBACK)] = ()


@dataclass(frozen=True, slots=True)
class PoseSessionWritten:
    """Result of a command: the log has it up to `position`."""

    session_id: str
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class PoseSessionDeleted:
    """Result of a deletion. `deleted` is false if the session had been deleted before."""

    session_id: str
    deleted: bool
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class WorkoutStopped:
    """A saved session, and what the pose coach says about it."""

    session_id: str
    feedback: PoseFeedback
    position: int
    repeated: bool


def own_key(caller: Caller) -> PoseCoachKey:
    """Return the caller's key in the pose coach. Without sign-in, it is the only person's id."""
    if caller.claims is None:
        return PoseCoachKey(own_id(caller))
    return PoseCoachKey(caller.claims.pose_coach_uid)


def session_page(caller: Caller, wanted: Window, span: Span) -> Page[Row]:
    """Return a page of the caller's sessions in a span of their calendar, newest first."""
    service, tenant, user = caller.platform.pose_coach, caller.tenant_id, own_id(caller)
    match span:
        case "all":
            return service.get_user_workout_sessions(tenant, user, wanted)
        case "today":
            return service.get_today_workout_sessions(tenant, user, wanted)
        case "week":
            return service.get_week_workout_sessions(tenant, user, wanted)
        case "month":
            return service.get_month_workout_sessions(tenant, user, wanted)


def to_sessions(caller: Caller, rows: Sequence[Row]) -> dict[str, PoseSession]:
    """Return sessions of the caller by id, with their states in the stores."""
    entries = caller.platform.pose_sinks.of_sessions(caller.tenant_id, [row.id for row in rows])
    return {row.id: PoseSession.of(caller, row, _sinks(entries.get(row.id, {}))) for row in rows}


def _sinks(entries: Mapping[StoreName, SinkEntry]) -> PoseSinks:
    document, analytics = entries.get("document"), entries.get("analytics")
    return PoseSinks(
        document="pending" if document is None else document.status,
        analytics="pending" if analytics is None else analytics.status,
    )


def get_stats(caller: Caller) -> WorkoutStats:
    """Return the figures of the caller's sessions."""
    stats = caller.platform.pose_coach.get_user_workout_stats(caller.tenant_id, own_id(caller))
    return WorkoutStats.model_validate(stats)


def latest_sessions(caller: Caller) -> LatestPoseSessions:
    """Return the newest sessions of the caller, and the figures of all."""
    page = session_page(caller, Window(LATEST), "all")
    sessions = to_sessions(caller, [edge.row for edge in page.edges])
    return LatestPoseSessions(sessions=tuple(sessions.values()), stats=get_stats(caller))


def _to_summary(body: NewPoseSession) -> PoseSummary:
    """Convert an input. Raises InvalidValue."""
    try:
        ended_at = body.timestamp.astimezone(UTC)
    except OverflowError as error:  # before the year 1 or after 9999
        raise InvalidValue("The timestamp in UTC is outside the calendar.") from error
    return PoseSummary(
        exercise=body.exercise.strip(),
        reps=body.reps,
        accuracy=round(body.accuracy, commands.ACCURACY_DECIMALS),
        ended_at=ended_at.replace(microsecond=ended_at.microsecond // 1000 * 1000),
        duration_s=body.duration,
        feedback=tuple(point.strip() for point in body.feedback_points),
    )


@write
def save_workout_session(
    caller: Caller, body: NewPoseSession, command_id: UUID
) -> PoseSessionWritten:
    """Save a session of yours, once. A repeated save changes nothing."""
    user = own_id(caller)
    if PoseCoachKey(body.user_id) != own_key(caller):
        raise Forbidden
    caller.require("write", "pose_coach_session", user)
    summary = _to_summary(body)
    session_id, appended = caller.platform.pose_coach.save_workout_session(
        user, summary, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return PoseSessionWritten(session_id, appended.position, appended.repeated)


@write
def stop_workout(caller: Caller, body: NewPoseSession, command_id: UUID) -> WorkoutStopped:
    """Stop a workout: save its session, and return feedback on it."""
    saved = save_workout_session(caller, body, command_id)
    summary = _to_summary(body)
    session = Row(
        id=PoseSessionId(saved.session_id),
        user_id=own_id(caller),
        exercise=summary.exercise,
        reps=summary.reps,
        accuracy=summary.accuracy,
        ended_at=summary.ended_at,
        duration_s=summary.duration_s,
        feedback=summary.feedback,
        created_at=caller.platform.clock(),
    )
    feedback = feedback_on_saved(caller, session, saved.position)
    return WorkoutStopped(saved.session_id, feedback, saved.position, saved.repeated)


@write
def delete_workout_session(caller: Caller, session_id: str, command_id: UUID) -> PoseSessionDeleted:
    """Delete a session of yours from the history, and return whether this request did.

    It cannot be saved again.
    """
    key = PoseSessionId(checked_id(session_id))
    owner = caller.platform.owners.of_pose_session(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("write", "pose_coach_session", owner):
        raise commands.PoseSessionNotFound
    appended = caller.platform.pose_coach.delete_workout_session(
        owner, key, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    is_deleted = appended.position > 0  # one that was deleted before causes no event
    return PoseSessionDeleted(key, is_deleted, appended.position, appended.repeated)
