"""Custom exercises over REST."""

from typing import Final

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, Id
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import custom_exercises as views
from api.views.base import Body
from api.views.custom_exercises import CustomExercise

router = APIRouter(
    prefix="/v1/custom-exercises",
    tags=["exercises"],
    responses=problem_responses(403, 404, 422, 503),
)

CONFLICT: Final = problem_responses(409)


class CustomExerciseWritten(Body):
    """Result of a command: the log has it up to `position`."""

    exercise_id: str
    position: int
    repeated: bool


@router.get("", operation_id="listCustomExercises", summary="List your custom exercises")
def list_custom_exercises(caller: CurrentCaller) -> list[CustomExercise]:
    """Return the exercises that you recorded, in order of recording."""
    return views.custom_exercises(caller)


@router.post(
    "",
    operation_id="recordCustomExercise",
    summary="Record a custom exercise",
    status_code=201,
    responses=CONFLICT,
)
def record(
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.RecordCustomExercise,
    response: Response,
) -> CustomExerciseWritten:
    """Add a custom exercise by the landmarks of an example, which are not stored."""
    written = views.record_custom_exercise(caller, body, command_id)
    response.headers["Location"] = f"/v1/exercises/{written.exercise_id}"
    return CustomExerciseWritten.model_validate(written)


@router.put(
    "/{exercise_id}",
    operation_id="renameCustomExercise",
    summary="Rename a custom exercise",
    responses=CONFLICT,
)
def rename(
    exercise_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.RenameCustomExercise,
) -> CustomExerciseWritten:
    """Rename an exercise that you recorded."""
    written = views.rename_custom_exercise(caller, exercise_id, body, command_id)
    return CustomExerciseWritten.model_validate(written)


@router.delete(
    "/{exercise_id}",
    operation_id="deleteCustomExercise",
    summary="Delete a custom exercise",
    responses=CONFLICT,
)
def delete(exercise_id: Id, caller: CurrentCaller, command_id: CommandId) -> CustomExerciseWritten:
    """Remove a custom exercise from lists. Sessions with it stay as they are."""
    written = views.delete_custom_exercise(caller, exercise_id, command_id)
    return CustomExerciseWritten.model_validate(written)
