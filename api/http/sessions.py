"""Sessions over REST: list, details, and movement trace."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.cached_lists import CACHED_LIST, CachedListRoute, CurrentListCache
from api.http.pages import page_info
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import session_rows
from api.views.session_inputs import RENAMED, Ascending, SessionConditionsQuery, Sorted
from api.views.sessions import (
    SessionDetail,
    SessionPage,
    SessionRecognition,
    Trace,
    TraceSamples,
)
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.sessions.history import session_recognition, session_trace
from application.sessions.loaders import Loaders
from application.sessions.session_list import as_seen, list_sessions
from application.sessions.session_parts import CurrentParts
from application.users.resource_access import authorize_session, log_access
from domain.ids import SessionId
from domain.sessions.commands import SessionNotFound
from projections.session_summary import SESSION_SUMMARY, SessionSummary

router = APIRouter(
    prefix="/v1/sessions",
    tags=["sessions"],
    responses=problem_responses(404, 422, 503),
    route_class=CachedListRoute,
)

ROUNDING = 4
"""Decimals of a sample: 0.1 ms, 0.001 of the movement, 0.001 of a degree."""


@router.get(
    "",
    operation_id="listSessions",
    summary="List sessions",
    response_model=SessionPage,
    responses=CACHED_LIST,
)
async def sessions(
    *,
    cached: CurrentListCache,
    conditions: SessionConditionsQuery,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
    sort: Sorted = "started_at",
    ascending: Ascending = False,
) -> Response:
    """List a page; `Link` (RFC 8288) leads to the next one. Deleted sessions are left out."""
    caller = cached.caller

    def build(response: Response) -> session_rows.Page:
        page = list_sessions(
            caller, conditions, window(first, after), sort=sort, ascending=ascending
        )
        log_access(caller, (edge.row.athlete_id for edge in page.edges))
        turned = {"sort": sort, "ascending": ascending}
        parameters = {"first": first, **vars(conditions), **turned}
        named = {RENAMED.get(name, name): value for name, value in parameters.items()}
        info = page_info(response, page, "/v1/sessions", **named)
        return session_rows.page_of(
            [session_rows.session_of(each.row) for each in page.edges], info
        )

    return await cached.respond(SessionPage, build)


@router.get("/{session_id}", operation_id="getSession", summary="Get a session")
def session(session_id: Id, caller: ReadingCaller) -> SessionDetail:
    """Return a session with its sets, repetitions and cues."""
    row = _visible_session(caller, session_id)
    loaders = Loaders(caller.platform.read, caller.platform.log, caller.tenant_id)
    return SessionDetail.with_parts(row, CurrentParts(loaders, row.id))


def _visible_session(caller: Caller, session_id: str) -> SessionSummary:
    row = caller.platform.read.get(SESSION_SUMMARY, caller.tenant_id, session_id)
    if row is None or row.status == "deleted" or not caller.sees("session", row.athlete_id):
        raise SessionNotFound
    return as_seen(caller, row)


@router.get(
    "/{session_id}/trace",
    operation_id="getSessionTrace",
    summary="Get the movement curve, 15 samples a second",
    responses=problem_responses(409),
)
def trace(session_id: Id, caller: CurrentCaller) -> Trace:
    """Compute the movement from the recorded landmarks; 409 if none were recorded."""
    authorize_session(caller, "read", session_id)
    movement = session_trace(caller.platform.history, caller.tenant_id, SessionId(session_id))
    angles = [sample.angle_deg for sample in movement.samples]
    return Trace(
        session_id=movement.session_id,
        exercise=movement.exercise_id,
        unit="share" if all(angle is None for angle in angles) else "deg",
        samples=TraceSamples(
            time_s=[round(sample.time_s, ROUNDING) for sample in movement.samples],
            effort=[round(sample.effort, ROUNDING) for sample in movement.samples],
            angle_deg=[None if angle is None else round(angle, ROUNDING) for angle in angles],
            phase=[sample.phase for sample in movement.samples],
        ),
    )


@router.get(
    "/{session_id}/recognition",
    operation_id="getSessionRecognition",
    summary="Recognize the exercise",
    responses=problem_responses(409),
)
def recognition(session_id: Id, caller: CurrentCaller) -> SessionRecognition:
    """Compare the recorded landmarks with all exercises of the library; 409 if there are none.

    Correct the exercise of a session with `POST /v1/sessions/{id}:correct-exercise`.
    """
    authorize_session(caller, "read", session_id)
    seen = session_recognition(caller.platform.history, caller.tenant_id, SessionId(session_id))
    return SessionRecognition.of(session_id, seen)
