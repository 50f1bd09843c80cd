"""Sessions over REST: start, start a set, complete. Frames arrive in `api.http.live`."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, Id
from api.http.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import session_commands as inputs
from api.views import session_writes
from api.views.base import Body
from api.views.sessions import Performance
from api.views.workouts import HealthKitToWrite
from application.sessions.summary import summarize

router = APIRouter(
    prefix="/v1/sessions", tags=["live"], responses=problem_responses(404, 409, 422, 503)
)


class Written(Body):
    """Result of a command: the log has it up to `position`."""

    session_id: str
    position: int
    repeated: bool


class Summary(Written):
    """Summary of a completed session (R-WKT-04)."""

    duration_ms: int
    sets: int
    repetitions: int
    accuracy: float | None
    performance: Performance | None
    calories_kcal: float
    cues: tuple[str, ...]
    health_kit: HealthKitToWrite


@router.post("", operation_id="startSession", summary="Start a session", status_code=201)
def start(
    caller: CurrentCaller, command_id: CommandId, body: inputs.StartSession, response: Response
) -> Written:
    """Start a session."""
    session_id, appended = session_writes.start_session(caller, body, command_id)
    response.headers["Location"] = f"/v1/sessions/{session_id}"
    return Written(session_id=session_id, position=appended.position, repeated=appended.repeated)


@router.post("/{session_id}/sets", operation_id="startSet", summary="Start a set", status_code=201)
def start_set(
    caller: CurrentCaller, command_id: CommandId, session_id: Id, body: inputs.StartSet
) -> Written:
    """Start a set. Without this, a set starts with its first frames."""
    appended = session_writes.start_set(caller, session_id, body, command_id)
    return Written(session_id=session_id, position=appended.position, repeated=appended.repeated)


@router.post("/{session_id}:complete", operation_id="completeSession", summary="Complete a session")
def complete(
    caller: CurrentCaller, command_id: CommandId, session_id: Id, body: inputs.Complete
) -> Summary:
    """Complete a session whose sets are over. A retry returns the same summary."""
    result = session_writes.complete(caller, session_id, body, command_id)
    summary = summarize(result.session)
    return Summary(
        session_id=session_id,
        position=result.appended.position,
        repeated=result.appended.repeated,
        duration_ms=summary.duration_ms,
        sets=summary.set_count,
        repetitions=summary.repetition_count,
        accuracy=summary.accuracy,
        performance=None
        if summary.performance is None
        else Performance.model_validate(summary.performance),
        calories_kcal=summary.calories.kcal,
        cues=tuple(dict.fromkeys(each.cue for each in summary.feedback_details)),
        health_kit=HealthKitToWrite.model_validate(summary.health_kit),
    )
