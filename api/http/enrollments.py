"""Enrollments in plans over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import enrollments as views
from api.views.base import Body, PageInfo
from api.views.enrollments import Enrollment
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.enrollments.commands import EnrollmentNotFound
from projections.enrollment import ENROLLMENT

router = APIRouter(
    prefix="/v1/enrollments", tags=["plans"], responses=problem_responses(403, 404, 422, 503)
)


class EnrollmentPage(Body):
    """A page of enrollments."""

    items: list[Enrollment]
    page_info: PageInfo


class EnrollmentWritten(Body):
    """Result of a command: the log has it up to `position`."""

    enrollment_id: str
    position: int
    repeated: bool
    subscription_id: str | None = None
    payment_id: str | None = None


@router.get("", operation_id="listEnrollments", summary="List your enrollments, newest first")
def list_enrollments(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> EnrollmentPage:
    """Return a page of enrollments; `Link` (RFC 8288) leads to the next one."""
    page = views.enrollment_page(caller, window(first, after))
    info = page_info(response, page, "/v1/enrollments", first=first)
    return EnrollmentPage(items=[Enrollment.of(edge.row) for edge in page.edges], page_info=info)


@router.get("/{enrollment_id}", operation_id="getEnrollment", summary="Get an enrollment")
def get_enrollment(enrollment_id: Id, caller: ReadingCaller) -> Enrollment:
    """Return an enrollment with its next workout."""
    row = caller.platform.read.get(ENROLLMENT, caller.tenant_id, enrollment_id)
    if row is None or not caller.sees("enrollment", row.user_id):
        raise EnrollmentNotFound
    return Enrollment.of(row)


@router.post(
    "",
    operation_id="enroll",
    summary="Enroll in a plan",
    status_code=201,
    responses=problem_responses(409, 429),
)
def enroll(
    caller: CurrentCaller, command_id: CommandId, body: views.Enroll, response: Response
) -> EnrollmentWritten:
    """Enroll in a plan. A free one begins at once; a paid one with its first payment."""
    written = views.enroll(caller, body, command_id)
    response.headers["Location"] = f"/v1/enrollments/{written.enrollment_id}"
    return EnrollmentWritten.model_validate(written)


@router.post(
    "/{enrollment_id}/day",
    operation_id="noteEnrollmentDay",
    summary="Apply the plan's rule to missed workouts",
)
def note_day(
    enrollment_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.NoteEnrollmentDay
) -> EnrollmentWritten:
    """Shift, skip or repeat workouts that were due before today, as the plan says."""
    written = views.note_enrollment_day(caller, enrollment_id, body, command_id)
    return EnrollmentWritten.model_validate(written)


@router.delete("/{enrollment_id}", operation_id="cancelEnrollment", summary="Leave a plan")
def cancel(enrollment_id: Id, caller: CurrentCaller, command_id: CommandId) -> EnrollmentWritten:
    """Leave a plan. Sessions that were performed stay."""
    written = views.cancel_enrollment(caller, enrollment_id, command_id)
    return EnrollmentWritten.model_validate(written)
