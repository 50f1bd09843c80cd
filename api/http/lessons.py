"""Lessons over REST: the exercises that trainers' videos show."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, Id
from api.http.content import ContentWritten
from api.http.workout_plans import WorkoutPlanWritten
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import lessons as views

router = APIRouter(
    prefix="/v1/content/{content_id}/lesson",
    tags=["content"],
    responses=problem_responses(403, 404, 422, 503),
)
CONFLICTS = problem_responses(409, 412)


@router.get("", operation_id="getContentLesson", summary="Get the exercises of a video")
def get_lesson(content_id: Id, caller: CurrentCaller, response: Response) -> views.Lesson:
    """Return the exercises of a video and links to the trainer's poses, for who may watch it."""
    response.headers["Cache-Control"] = "private, no-store"
    return views.content_lesson(caller, content_id)


@router.post(
    "/segments",
    operation_id="addLessonSegment",
    summary="Add a set to a lesson",
    responses=CONFLICTS,
)
def add_segment(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.AddLessonSegment
) -> ContentWritten:
    """Add a set that the analysis did not find."""
    return ContentWritten.of(views.add_lesson_segment(caller, content_id, body, command_id))


@router.put(
    "/segments",
    operation_id="changeLessonSegment",
    summary="Correct a set of a lesson",
    responses=CONFLICTS,
)
def change_segment(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.ChangeLessonSegment
) -> ContentWritten:
    """Correct a set. The correction wins over a later analysis."""
    return ContentWritten.of(views.change_lesson_segment(caller, content_id, body, command_id))


@router.post(
    "/segments/remove",
    operation_id="removeLessonSegment",
    summary="Remove a set of a lesson",
    responses=CONFLICTS,
)
def remove_segment(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.RemoveLessonSegment
) -> ContentWritten:
    """Remove a set. A later analysis does not bring it back."""
    return ContentWritten.of(views.remove_lesson_segment(caller, content_id, body, command_id))


@router.post(
    "/confirm",
    operation_id="confirmLesson",
    summary="Confirm the sets of a lesson",
    responses=CONFLICTS,
)
def confirm(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.ConfirmLesson
) -> ContentWritten:
    """Confirm the sets of a lesson. A later analysis changes none of them."""
    return ContentWritten.of(views.confirm_lesson(caller, content_id, body, command_id))


@router.post(
    "/workout",
    operation_id="makeLessonWorkout",
    summary="Make a workout of a lesson",
    status_code=201,
    responses=CONFLICTS,
)
def make_workout(
    content_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.MakeLessonWorkout,
    response: Response,
) -> WorkoutPlanWritten:
    """Make the segments of a lesson a workout, with the trainer's tempo and range as targets."""
    written = views.make_lesson_workout(caller, content_id, body, command_id)
    response.headers["Location"] = f"/v1/workout-plans/{written.workout_id}"
    return WorkoutPlanWritten.model_validate(written)
