"""Sessions of the pose coach over REST: the operations of its clients, by their names."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import pose_coach as views
from api.views.base import Body, IsoDate, PageInfo, StrictBody
from api.views.pose_coach import PoseSession, WorkoutStats
from api.views.pose_copies import PoseCopies, get_copies
from api.views.pose_feedback import PoseFeedback, get_feedback
from api.views.pose_report import PoseCoachReport, get_report
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.pose_coach.feedback_texts import Language
from application.pose_coach.workout_service import Span

PATH = "/v1/pose-coach/sessions"

router = APIRouter(prefix=PATH, tags=["pose coach"], responses=problem_responses(403, 422, 503))
workout_routes = APIRouter(
    prefix="/api/workout", tags=["pose coach"], responses=problem_responses(403, 409, 422, 503)
)

report_routes = APIRouter(
    prefix="/v1/pose-coach", tags=["pose coach"], responses=problem_responses(403, 422, 503)
)

First = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
FeedbackLanguage = Annotated[
    Language | None, Query(description="Default: the language of the account, or English.")
]
ReportMonth = Annotated[
    IsoDate | None, Query(description="A day of a complete month. Default: the last one.")
]
After = Annotated[str | None, Query(description="Cursor of this list.")]


class PoseSessionPage(Body):
    """A page of sessions."""

    items: list[PoseSession]
    page_info: PageInfo


class PoseSessionWritten(Body):
    """Result of a command: the log has it up to `position`."""

    session_id: str
    position: int
    repeated: bool


class PoseSessionDeleted(Body):
    """Result of a deletion: the log has it up to `position`."""

    session_id: str
    deleted: bool = Field(description="False if the session had been deleted before.")
    position: int
    repeated: bool


class PoseSummary(StrictBody):
    """The summary of a workout, as clients of the pose coach send it."""

    model_config = ConfigDict(alias_generator=None)

    user_id: str
    exercise: str
    reps: int
    accuracy: float
    timestamp: AwareDatetime
    duration: int
    feedback_points: tuple[str, ...] = ()


class PoseSummarySaved(BaseModel):
    """The response that clients of the pose coach expect."""

    success: Literal[True] = True
    message: Literal["Workout session saved successfully"] = "Workout session saved successfully"
    motivational_feedback: str


def _page(
    caller: Caller, response: Response, span: Span, first: int, after: str | None
) -> PoseSessionPage:
    page = views.session_page(caller, window(first, after), span)
    path = PATH if span == "all" else f"{PATH}/{span}"
    info = page_info(response, page, path, first=first)
    sessions = views.to_sessions(caller, [edge.row for edge in page.edges])
    return PoseSessionPage(items=list(sessions.values()), page_info=info)


@router.get("", operation_id="getUserWorkoutSessions", summary="List your pose sessions")
def get_user_workout_sessions(
    caller: ReadingCaller, response: Response, first: First = PAGE, after: After = None
) -> PoseSessionPage:
    """Return a page of all your sessions, newest first."""
    return _page(caller, response, "all", first, after)


@router.get("/today", operation_id="getTodayWorkoutSessions", summary="List today's pose sessions")
def get_today_workout_sessions(
    caller: ReadingCaller, response: Response, first: First = PAGE, after: After = None
) -> PoseSessionPage:
    """Return a page of your sessions of today, in your time zone."""
    return _page(caller, response, "today", first, after)


@router.get("/week", operation_id="getWeekWorkoutSessions", summary="List this week's sessions")
def get_week_workout_sessions(
    caller: ReadingCaller, response: Response, first: First = PAGE, after: After = None
) -> PoseSessionPage:
    """Return a page of your sessions since Monday, in your time zone."""
    return _page(caller, response, "week", first, after)


@router.get("/month", operation_id="getMonthWorkoutSessions", summary="List this month's sessions")
def get_month_workout_sessions(
    caller: ReadingCaller, response: Response, first: First = PAGE, after: After = None
) -> PoseSessionPage:
    """Return a page of your sessions of this month, in your time zone."""
    return _page(caller, response, "month", first, after)


@router.get("/stats", operation_id="getUserWorkoutStats", summary="Get figures of pose sessions")
def get_user_workout_stats(caller: ReadingCaller) -> WorkoutStats:
    """Return the figures of all your sessions."""
    return views.get_stats(caller)


@router.get(
    "/{session_id}/feedback",
    operation_id="getWorkoutFeedback",
    summary="Get the feedback on a pose session",
    responses=problem_responses(404),
)
def get_workout_feedback(
    session_id: Id, caller: ReadingCaller, language: FeedbackLanguage = None
) -> PoseFeedback:
    """Return the feedback on a session of yours, with the facts that each sentence states."""
    return get_feedback(caller, session_id, language)


@router.get(
    "/{session_id}/copies",
    operation_id="getWorkoutSessionCopies",
    summary="Get a pose session from both stores",
    responses=problem_responses(404),
)
def get_workout_session_copies(session_id: Id, caller: ReadingCaller) -> PoseCopies:
    """Return a session of yours as the document store and the analytics store have it."""
    return get_copies(caller, session_id)


@report_routes.get(
    "/report", operation_id="getPoseCoachReport", summary="Get the report on you and others"
)
def get_pose_coach_report(caller: ReadingCaller, month: ReportMonth = None) -> PoseCoachReport:
    """Return your own figures beside those of a month of everyone who consented."""
    return get_report(caller, month)


@router.post(
    "",
    operation_id="saveWorkoutSession",
    summary="Save a pose session",
    status_code=201,
    responses=problem_responses(409),
)
def save_workout_session(
    caller: CurrentCaller, command_id: CommandId, body: views.NewPoseSession
) -> PoseSessionWritten:
    """Save a session of yours, once. A repeated save changes nothing."""
    return PoseSessionWritten.model_validate(views.save_workout_session(caller, body, command_id))


@router.delete(
    "/{session_id}",
    operation_id="deleteWorkoutSession",
    summary="Delete a pose session",
    responses=problem_responses(404),
)
def delete_workout_session(
    session_id: Id, caller: CurrentCaller, command_id: CommandId
) -> PoseSessionDeleted:
    """Delete a session of yours from the history, once. It cannot be saved again."""
    return PoseSessionDeleted.model_validate(
        views.delete_workout_session(caller, session_id, command_id)
    )


@workout_routes.post(
    "/pose-summary", operation_id="stopWorkout", summary="Save the summary of a workout"
)
def pose_summary(
    caller: CurrentCaller, command_id: CommandId, body: PoseSummary, response: Response
) -> PoseSummarySaved:
    """Stop a workout: save its session, and return feedback on it.

    The header `Link` has the address of the feedback with its citations.
    """
    stopped = views.stop_workout(
        caller, views.NewPoseSession.model_validate(body.model_dump()), command_id
    )
    response.headers["Link"] = f'<{PATH}/{stopped.session_id}/feedback>; rel="describedby"'
    return PoseSummarySaved(motivational_feedback=stopped.feedback.text)
