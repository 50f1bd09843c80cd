"""Workouts that trainers assign to athletes, over REST."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import assignments as views
from api.views.assignments import Assignment, Assignments
from api.views.base import Body, PageInfo
from api.views.workouts import ExecutionWritten
from application.kernel.pagination import LARGEST_PAGE, PAGE, window

own = APIRouter(
    prefix="/v1/me/assignments", tags=["plans"], responses=problem_responses(403, 404, 422, 503)
)
of_athletes = APIRouter(
    prefix="/v1/athletes", tags=["plans"], responses=problem_responses(404, 422, 503)
)

CONFLICT: Final = problem_responses(409)


class AssignmentWritten(Body):
    """Result of a command: the log has it up to `position`."""

    athlete_id: str
    assignment_id: str
    position: int
    repeated: bool


@own.get("", operation_id="listOwnAssignments", summary="List workouts that trainers assigned you")
def list_own(
    *,
    caller: CurrentCaller,
    open_only: Annotated[
        bool, Query(alias="openOnly", description="Only workouts that are not over.")
    ] = False,
) -> Assignments:
    """Return the workouts that trainers have assigned to you, from the log."""
    return views.own_assignments(caller, open_only=open_only)


class EndedAssignments(Body):
    """A page of assigned workouts that were done, declined or withdrawn."""

    items: list[Assignment]
    page_info: PageInfo


@own.get("/ended", operation_id="listEndedAssignments", summary="List your ended assigned workouts")
def list_ended(
    caller: CurrentCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> EndedAssignments:
    """Return a page of workouts that you did, declined or that were withdrawn, from the log."""
    page = views.ended_assignments(caller, window(first, after))
    info = page_info(response, page, "/v1/me/assignments/ended", first=first)
    return EndedAssignments(items=[edge.row for edge in page.edges], page_info=info)


@own.post(
    "/{assignment_id}/start",
    operation_id="startAssignment",
    summary="Start an assigned workout",
    status_code=201,
    responses=CONFLICT,
)
def start(
    assignment_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.StartAssignment,
    response: Response,
) -> ExecutionWritten:
    """Start a workout that a trainer assigned to you. Later changes of it have no effect."""
    written = views.start_assignment(caller, assignment_id, body, command_id)
    response.headers["Location"] = f"/v1/workouts/{written.id}"
    return written


@own.post(
    "/{assignment_id}/decline",
    operation_id="declineAssignment",
    summary="Decline an assigned workout",
    responses=CONFLICT,
)
def decline(assignment_id: Id, caller: CurrentCaller, command_id: CommandId) -> AssignmentWritten:
    """Decline a workout that a trainer assigned to you. The trainer sees it."""
    written = views.decline_assignment(caller, assignment_id, command_id)
    return AssignmentWritten.model_validate(written)


@of_athletes.get(
    "/{athlete_id}/assignments",
    operation_id="listAssignments",
    summary="List workouts that you assigned",
)
def list_assignments(athlete_id: Id, caller: CurrentCaller) -> Assignments:
    """Return the workouts that you have assigned to an athlete who lets you, from the log."""
    return views.athlete_assignments(caller, athlete_id)


@of_athletes.post(
    "/{athlete_id}/assignments",
    operation_id="assignWorkout",
    summary="Assign a workout to an athlete",
    status_code=201,
    responses=CONFLICT,
)
def assign(
    athlete_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.AssignWorkout,
    response: Response,
) -> AssignmentWritten:
    """Assign a workout to an athlete who lets you. At most 50 of an athlete are open."""
    written = views.assign_workout(caller, athlete_id, body, command_id)
    response.headers["Location"] = f"/v1/athletes/{athlete_id}/assignments"
    return AssignmentWritten.model_validate(written)


@of_athletes.put(
    "/{athlete_id}/assignments/{assignment_id}",
    operation_id="adjustAssignment",
    summary="Change an assigned workout",
    responses=CONFLICT,
)
def adjust(
    athlete_id: Id,
    assignment_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.AdjustAssignment,
) -> AssignmentWritten:
    """Change a workout that you have assigned, until the athlete begins it."""
    written = views.adjust_assignment(caller, athlete_id, assignment_id, body, command_id)
    return AssignmentWritten.model_validate(written)


@of_athletes.delete(
    "/{athlete_id}/assignments/{assignment_id}",
    operation_id="withdrawAssignment",
    summary="Take back an assigned workout",
    responses=CONFLICT,
)
def withdraw(
    athlete_id: Id, assignment_id: Id, caller: CurrentCaller, command_id: CommandId
) -> AssignmentWritten:
    """Take back a workout that you have assigned, until the athlete begins it."""
    written = views.withdraw_assignment(caller, athlete_id, assignment_id, command_id)
    return AssignmentWritten.model_validate(written)
