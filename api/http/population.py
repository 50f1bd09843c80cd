"""Population figures over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import population as views
from api.views.base import IsoDate
from api.views.population import Population

router = APIRouter(
    prefix="/v1/population", tags=["population"], responses=problem_responses(401, 403, 422, 503)
)

Since = Annotated[
    IsoDate | None, Query(description="First day. Default: half a year before the last one.")
]
Until = Annotated[IsoDate | None, Query(description="Last day. Default: the latest settled one.")]


@router.get("", operation_id="getPopulation", summary="Get population figures")
def population(
    caller: ReadingCaller, response: Response, since: Since = None, until: Until = None
) -> Population:
    """Return figures of at least twenty people each, for analysts and administrators.

    Weeks and months that are not wholly in the range, or ended less than two days ago, are left
    out. A range has at most 105 weeks.
    """
    response.headers["Cache-Control"] = "private, no-store"
    return views.population(caller, since, until)


@router.get(
    "/export",
    operation_id="exportPopulation",
    summary="Export population figures as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def export(caller: ReadingCaller, since: Since = None, until: Until = None) -> Response:
    """Return one row for each figure, and note it in the caller's access log."""
    return Response(
        views.export_population(caller, since, until),
        media_type="text/csv; charset=utf-8; header=present",
        headers={
            "Content-Disposition": 'attachment; filename="kinelog-population.csv"',
            "Cache-Control": "private, no-store",
        },
    )
