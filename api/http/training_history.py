"""Training history over REST: results in an exercise by session."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import Id
from api.http.cached_lists import CACHED_LIST, CachedListRoute, CurrentListCache
from api.http.pages import page_info
from api.problem_details import problem_responses
from api.views.base import Body, PageInfo
from api.views.session_commands import ATHLETE
from api.views.training_history import Activity, ExercisePerformance
from application.analytics.training_queries import activities, performances
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.kernel.read_models import Page
from domain.ids import UserId
from projections.exercise_performance import ExercisePerformance as Row

router = APIRouter(
    prefix="/v1",
    tags=["workouts"],
    responses=problem_responses(422, 503),
    route_class=CachedListRoute,
)


class ActivityPage(Body):
    """Page of activities, newest first."""

    items: list[Activity]
    page_info: PageInfo


class ExerciseHistoryPage(Body):
    """Page of sessions with an exercise, newest first."""

    items: list[ExercisePerformance]
    page_info: PageInfo


@router.get(
    "/exercise-history",
    operation_id="getExerciseHistory",
    summary="List results in an exercise by session",
    response_model=ExerciseHistoryPage,
    responses=CACHED_LIST,
)
async def exercise_history(
    *,
    cached: CurrentListCache,
    exercise: Id,
    athlete: Annotated[Id | None, Query(description="Default: the signed-in user.")] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> Response:
    """List a page; `Link` (RFC 8288) leads to the next one."""
    caller = cached.caller

    def build(response: Response) -> ExerciseHistoryPage:
        own = ATHLETE if caller.claims is None else caller.claims.user_id
        athlete_id = UserId(athlete or own)
        page: Page[Row] = Page((), has_next=False, has_previous=False)
        if caller.sees("session", athlete_id):
            page = performances(caller, athlete_id, exercise, window(first, after))
        info = page_info(
            response,
            page,
            "/v1/exercise-history",
            exercise=exercise,
            athlete=athlete_id,
            first=first,
        )
        return ExerciseHistoryPage(
            items=[ExercisePerformance.of(edge.row) for edge in page.edges],
            page_info=info,
        )

    return await cached.respond(ExerciseHistoryPage, build)


@router.get(
    "/activities",
    operation_id="listActivities",
    summary="List an athlete's activities",
    response_model=ActivityPage,
    responses=CACHED_LIST,
)
async def list_activities(
    *,
    cached: CurrentListCache,
    athlete: Annotated[Id | None, Query(description="Default: the signed-in user.")] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> Response:
    """List a page, newest first; `Link` (RFC 8288) leads to the next one."""
    caller = cached.caller

    def build(response: Response) -> ActivityPage:
        own = ATHLETE if caller.claims is None else caller.claims.user_id
        athlete_id = UserId(athlete or own)
        page = activities(caller, athlete_id, window(first, after))
        info = page_info(response, page, "/v1/activities", athlete=athlete_id, first=first)
        return ActivityPage(items=[Activity.of(edge.row) for edge in page.edges], page_info=info)

    return await cached.respond(ActivityPage, build)
