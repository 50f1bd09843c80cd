"""Session export over REST, with the filters of the session list (R-UIX-08)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.session_inputs import Ascending, SessionConditionsQuery, Sorted
from api.views.sessions import Session, Set
from application.sessions.session_export import Exported, as_csv, exported

router = APIRouter(prefix="/v1/sessions", tags=["sessions"], responses=problem_responses(422, 503))

Format = Literal["csv", "json"]
Write = Callable[[Iterable[Iterable[Exported]]], Iterator[str]]


class ExportedSession(Session):
    """Session with its sets, and the name and description of its recording."""

    workout_name: str
    notes: str
    sets: list[Set]

    @classmethod
    def with_sets(cls, exported_session: Exported) -> "ExportedSession":
        """Convert an exported session."""
        session_fields = vars(Session.of(exported_session.row))
        sets = [Set.of(each) for each in exported_session.sets]
        return cls(
            **session_fields,
            workout_name=exported_session.name,
            notes=exported_session.notes,
            sets=sets,
        )


def to_json(exported_session: Exported) -> str:
    """Return a session as one line of JSON."""
    return ExportedSession.with_sets(exported_session).model_dump_json(by_alias=True)


def as_json(pages: Iterable[Iterable[Exported]]) -> Iterator[str]:
    """Yield one JSON array of sessions, one session per line."""
    before = "[\n"
    for page in pages:
        for exported_session in page:
            yield before + to_json(exported_session)
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
