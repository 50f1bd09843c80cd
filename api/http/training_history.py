"""Training history over REST: results in an exercise by session."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.caller import Id
from api.http.cached_lists import CACHED_LIST, CurrentListCache
from api.http.pages import page_info
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import Body, PageInfo
from api.views.session_commands import ATHLETE
from application.analytics.training_queries import activities, performances
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.kernel.read_models import Page
from domain.ids import UserId
from projections.exercise_performance import ExercisePerformance as Row
from projections.health_activity import HealthActivity

router = APIRouter(prefix="/v1", tags=["workouts"], responses=problem_responses(422, 503))


class ExercisePerformance(Body):
    """Best results of a completed session; null if there was none.

    Repetitions, kilograms, milliseconds held, and form 0..1.
    """

    session_id: str
    at: datetime
    most_repetitions: int | None
    heaviest_kg: float | None
    longest_hold_ms: int | None
    best_form: float | None

    @classmethod
    def of(cls, row: Row) -> "ExercisePerformance":
        """Convert a row of the read model."""
        return cls(
            session_id=row.session_id,
            at=row.at,
            most_repetitions=row.most_repetitions or None,
            heaviest_kg=row.heaviest_kg or None,
            longest_hold_ms=row.longest_hold_ms or None,
            best_form=row.best_form or None,
        )


class Activity(Body):
    """A completed session as health services describe it: kind, times and estimated energy."""

    session_id: str
    activity_type: str = Field(description="Name of a HealthKit `HKWorkoutActivityType`.")
    day: date
    started_at: datetime
    ended_at: datetime
    duration_ms: int
    energy_kcal: float

    @classmethod
    def of(cls, row: HealthActivity) -> "Activity":
        """Convert a row of the read model."""
        return cls(
            session_id=row.id,
            activity_type=row.activity_type,
            day=row.day,
            started_at=row.started_at,
            ended_at=row.ended_at,
            duration_ms=row.duration_ms,
            energy_kcal=row.energy_kcal,
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
    summary="List an athlete's results in an exercise by session",
    response_model=ExerciseHistoryPage,
    responses=CACHED_LIST,
)
def exercise_history(
    *,
    caller: ReadingCaller,
    cached: CurrentListCache,
    exercise: Id,
    athlete: Annotated[Id | None, Query(description="Default: the signed-in user.")] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> Response:
    """List a page; `Link` (RFC 8288) leads to the next one."""

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

    return cached.respond(ExerciseHistoryPage, build)


@router.get(
    "/activities",
    operation_id="listActivities",
    summary="List an athlete's activities",
    response_model=ActivityPage,
    responses=CACHED_LIST,
)
def list_activities(
    *,
    caller: ReadingCaller,
    cached: CurrentListCache,
    athlete: Annotated[Id | None, Query(description="Default: the signed-in user.")] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> Response:
    """List a page, newest first; `Link` (RFC 8288) leads to the next one."""

    def build(response: Response) -> ActivityPage:
        own = ATHLETE if caller.claims is None else caller.claims.user_id
        athlete_id = UserId(athlete or own)
        page = activities(caller, athlete_id, window(first, after))
        info = page_info(response, page, "/v1/activities", athlete=athlete_id, first=first)
        return ActivityPage(items=[Activity.of(edge.row) for edge in page.edges], page_info=info)

    return cached.respond(ActivityPage, build)
