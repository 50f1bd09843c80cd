"""Sessions over REST as a file, with the filters of their list (R-UIX-08)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.session_export import Exported, as_csv, exported
from api.views.session_inputs import Ascending, SessionConditionsQuery, Sorted
from api.views.sessions import Session, Set

router = APIRouter(prefix="/v1/sessions", tags=["sessions"], responses=problem_responses(422, 503))

Format = Literal["csv", "json"]
Write = Callable[[Iterable[Iterable[Exported]]], Iterator[str]]


class ExportedSession(Session):
    """A session with its sets, what it is called, and what was noted of it."""

    workout_name: str
    notes: str
    sets: list[Set]

    @classmethod
    def with_sets(cls, told: Exported) -> "ExportedSession":
        """Tell what is exported."""
        known = vars(Session.of(told.row))
        sets = [Set.of(each) for each in told.sets]
        return cls(**known, workout_name=told.name, notes=told.notes, sets=sets)


def as_json(pages: Iterable[Iterable[Exported]]) -> Iterator[str]:
    """Write one array of sessions, each on a line of its own."""
    before = "[\n"
    for page in pages:
        for told in page:
            yield before + ExportedSession.with_sets(told).model_dump_json(by_alias=True)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


FORMATS: Final[dict[Format, tuple[Write, str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8; header=present"),
    "json": (as_json, "application/json"),
}


@router.get(
    "/export",
    operation_id="exportSessions",
    summary="Export sessions",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            }
        }
    },
)
def export(
    caller: ReadingCaller,
    filters: SessionConditionsQuery,
    sort: Sorted = "started_at",
    ascending: Ascending = False,  # noqa: FBT002  a parameter of the query
    as_format: Annotated[
        Format, Query(alias="format", description="CSV: one row a set; JSON: one object a session.")
    ] = "csv",
) -> StreamingResponse:
    """Stream the file. Errors are reported before it starts."""
    pages = exported(caller, filters, sort=sort, ascending=ascending)
    first = next(pages)
    write, media_type = FORMATS[as_format]
    return StreamingResponse(
        write(chain([first], pages)),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="kinelog-sessions.{as_format}"',
            "Cache-Control": "private, no-store",
        },
    )
