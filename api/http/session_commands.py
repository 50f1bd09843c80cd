"""A session from its beginning to its end, over REST; its frames come in by `streaming`."""

from datetime import datetime
from uuid import UUID, uuid5

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, ConfigDict, Field

from api import workouts as door
from api.caller import ANONYMOUS, Caller, CurrentCaller, Id, checked_id
from api.http.idempotency import CommandId
from api.ownership import athlete_of, authorize_session
from api.problem_details import problem_responses
from api.views.base import Body
from api.views.sessions import Performance
from api.views.workouts import HealthKitToWrite
from application.kernel.command_handler import Request as Asked
from application.kernel.ports import AppendResult
from application.sessions.summary import summarize
from domain.ids import ExerciseId, SessionId, WorkoutId
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, CountSource

router = APIRouter(
    prefix="/v1/sessions", tags=["live"], responses=problem_responses(404, 409, 422, 503)
)


class Beginning(Body):
    """Who trains. Without `sessionId` one is made; without `at` it begins now."""

    model_config = ConfigDict(extra="forbid")

    session_id: Id | None = None
    athlete_id: Id
    workout_id: Id | None = None
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


class SetBeginning(Body):
    """Which set of which exercise begins, and who counts it."""

    model_config = ConfigDict(extra="forbid")

    set: int
    exercise_id: str
    model: str = Field(description="What makes the landmarks.")
    source: CountSource = "server"
    target_repetitions: int | None = None
    load_kg: float | None = None


class Ending(Body):
    """What only the client knows of the session; without `at` it ends now."""

    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = Field(
        None, description="Without it, that of the profile, or a reference person's."
    )


class Written(Body):
    """What was asked is done: the log has it up to `position`."""

    session_id: str
    position: int
    repeated: bool


class Summary(Written):
    """What the session came to (R-WKT-04)."""

    duration_ms: int
    sets: int
    repetitions: int
    accuracy: float | None
    performance: Performance | None
    calories_kcal: float
    cues: tuple[str, ...]
    health_kit: HealthKitToWrite


@router.post("", operation_id="startSession", summary="Begin to train", status_code=201)
def start(
    caller: CurrentCaller, command_id: CommandId, asked: Beginning, response: Response
) -> Written:
    """Start a session."""
    session_id = SessionId(asked.session_id or str(uuid5(command_id, "session")))
    athlete = athlete_of(caller, asked.athlete_id, asked.athlete_id)
    command = commands.StartSession(
        athlete_id=athlete,
        workout_id=None if asked.workout_id is None else WorkoutId(asked.workout_id),
        at=_moment(caller, asked.at),
        time_zone=asked.time_zone,
    )
    response.headers["Location"] = f"/v1/sessions/{session_id}"
    return _written(session_id, _execute(caller, session_id, command, command_id, asked.athlete_id))


@router.post("/{session_id}/sets", operation_id="startSet", summary="Begin a set", status_code=201)
def start_set(
    caller: CurrentCaller, command_id: CommandId, session_id: Id, asked: SetBeginning
) -> Written:
    """Start a set; one that nobody started begins with its first frames."""
    authorize_session(caller, "write", session_id)
    definition = get_exercise(asked.exercise_id)
    command = commands.StartSet(
        set=asked.set,
        exercise_id=ExerciseId(definition.id),
        counted_by=CountedBy(
            asked.source,
            asked.model,
            definition.version,
            trained_model_name(definition.id) if asked.source == "server" else None,
        ),
        target_repetitions=asked.target_repetitions,
        load_kg=asked.load_kg,
    )
    return _written(session_id, _execute(caller, session_id, command, command_id))


@router.post(
    "/{session_id}:complete", operation_id="completeSession", summary="End to train, and sum up"
)
def complete(
    caller: CurrentCaller, command_id: CommandId, session_id: Id, asked: Ending
) -> Summary:
    """Complete a session whose sets are over; complete it again to have the same summary."""
    ending = door.Ending(
        at=asked.at,
        frames=asked.frames,
        frames_with_pose=asked.frames_with_pose,
        body_mass_kg=asked.body_mass_kg,
    )
    carried = door.complete(caller, session_id, ending, command_id)
    told = summarize(carried.execution)
    return Summary(
        session_id=session_id,
        position=carried.appended.position,
        repeated=carried.appended.repeated,
        duration_ms=told.duration_ms,
        sets=told.set_count,
        repetitions=told.repetition_count,
        accuracy=told.accuracy,
        performance=None
        if told.performance is None
        else Performance.model_validate(told.performance),
        calories_kcal=told.calories.kcal,
        cues=tuple(dict.fromkeys(each.cue for each in told.feedback_details)),
        health_kit=HealthKitToWrite.model_validate(told.health_kit),
    )


def _moment(caller: Caller, given: datetime | None) -> datetime:
    return caller.platform.clock() if given is None else given


def _execute(
    caller: Caller,
    session_id: str,
    command: commands.SessionCommand,
    command_id: UUID,
    actor: str = ANONYMOUS,
) -> AppendResult:
    return _carry_out(caller, Asked(SESSION, checked_id(session_id), [command]), command_id, actor)


def _carry_out(
    caller: Caller, asked: Asked, command_id: UUID, actor: str = ANONYMOUS
) -> AppendResult:
    return caller.platform.commands.execute(
        asked, origin=caller.origin(actor), command_id=command_id
    )


def _written(session_id: str, appended: AppendResult) -> Written:
    return Written(session_id=session_id, position=appended.position, repeated=appended.repeated)
