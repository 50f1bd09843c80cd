"""Workout plans over REST: list, read, prescribe, revise, delete. `/v1/workouts` performs them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.cached_lists import CACHED_LIST, CachedListRoute, CurrentListCache
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import prescriptions
from api.views.base import Body, PageInfo
from api.views.prescriptions import WorkoutPlan
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.workouts.commands import WorkoutNotFound
from projections.workout_prescription import WORKOUT_PRESCRIPTION

router = APIRouter(
    prefix="/v1/workout-plans",
    tags=["workouts"],
    responses=problem_responses(403, 422, 503),
    route_class=CachedListRoute,
)


class WorkoutPlanPage(Body):
    """A page of workout plans."""

    items: list[WorkoutPlan]
    page_info: PageInfo


class WorkoutPlanWritten(Body):
    """Result of a command: the log has it up to `position`."""

    workout_id: str
    position: int
    repeated: bool


@router.get(
    "",
    operation_id="listWorkoutPlans",
    summary="List workout plans, newest first",
    response_model=WorkoutPlanPage,
    responses=CACHED_LIST,
)
async def plans(
    cached: CurrentListCache,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
    author: Annotated[Id | None, Query(description="Only plans of this author.")] = None,
) -> Response:
    """Return a page of plans; `Link` (RFC 8288) leads to the next one."""
    caller = cached.caller

    def build(response: Response) -> WorkoutPlanPage:
        page = caller.platform.read.page(
            WORKOUT_PRESCRIPTION,
            caller.tenant_id,
            window=window(first, after),
            where={"listed": True} | ({} if author is None else {"author_id": author}),
            order_by="prescribed_at",
            descending=True,
        )
        info = page_info(response, page, "/v1/workout-plans", first=first, author=author)
        rows = [edge.row for edge in page.edges]
        return WorkoutPlanPage(items=prescriptions.workout_plans(caller, rows), page_info=info)

    return await cached.respond(WorkoutPlanPage, build)


@router.get(
    "/{workout_id}",
    operation_id="getWorkoutPlan",
    summary="Get a workout plan",
    responses=problem_responses(404),
)
def plan(workout_id: Id, caller: ReadingCaller) -> WorkoutPlan:
    """Return the latest revision of a plan, also of one that was deleted."""
    row = caller.platform.read.get(WORKOUT_PRESCRIPTION, caller.tenant_id, workout_id)
    if row is None:
        raise WorkoutNotFound
    return prescriptions.workout_plans(caller, [row])[0]


@router.post(
    "",
    operation_id="prescribeWorkout",
    summary="Write a workout plan",
    status_code=201,
    responses=problem_responses(409),
)
def prescribe(
    caller: CurrentCaller,
    command_id: CommandId,
    body: prescriptions.PrescribeWorkout,
    response: Response,
) -> WorkoutPlanWritten:
    """Write a plan, which `POST /v1/workouts` starts."""
    written = prescriptions.prescribe_workout(caller, body, command_id)
    response.headers["Location"] = f"/v1/workout-plans/{written.workout_id}"
    return WorkoutPlanWritten.model_validate(written)


@router.put(
    "/{workout_id}",
    operation_id="reviseWorkout",
    summary="Replace the content of a workout plan",
    responses=problem_responses(404, 409),
)
def revise(
    caller: CurrentCaller, command_id: CommandId, workout_id: Id, body: prescriptions.ReviseWorkout
) -> WorkoutPlanWritten:
    """Replace name and exercises; workouts under way keep the plan they began with."""
    written = prescriptions.revise_workout(caller, workout_id, body, command_id)
    return WorkoutPlanWritten.model_validate(written)


@router.delete(
    "/{workout_id}",
    operation_id="deleteWorkout",
    summary="Remove a workout plan from lists",
    responses=problem_responses(404),
)
def delete(caller: CurrentCaller, command_id: CommandId, workout_id: Id) -> WorkoutPlanWritten:
    """Delete a plan; trainers' plans and sessions that have it keep it."""
    written = prescriptions.delete_workout(caller, workout_id, command_id)
    return WorkoutPlanWritten.model_validate(written)


@router.post(
    "/{workout_id}:restore",
    operation_id="restoreWorkout",
    summary="List a deleted workout plan again",
    responses=problem_responses(404),
)
def restore(caller: CurrentCaller, command_id: CommandId, workout_id: Id) -> WorkoutPlanWritten:
    """Restore a deleted plan."""
    written = prescriptions.restore_workout(caller, workout_id, command_id)
    return WorkoutPlanWritten.model_validate(written)
