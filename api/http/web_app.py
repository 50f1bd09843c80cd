"""Web pages and their files."""

from pathlib import Path
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)


NO_CACHE: Final = {"Cache-Control": "no-cache"}
"""Cached, but revalidated each time, so that page and server always have the same version."""


class Assets(StaticFiles):
    """Static files of the web pages."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file, or 304 if unchanged."""
        response = super().file_response(*args, **kwargs)
        response.headers.update(NO_CACHE)
        return response


PAGES: Final = frozenset(
    {
        "account.html",
        "history.html",
        "leaderboards.html",
        "pose_realtime.html",
        "reset.html",
        "second_factor.html",
        "session_list.html",
        "session_replay.html",
        "sign_in.html",
        "sign_up.html",
        "verify.html",
        "workout_player.html",
    }
)
"""File names of the pages other than the first."""


def _document(request: Request) -> Path:
    return cast("Path", request.app.state.web) / "index.html"


@router.get("/")
@router.get("/sessions/{session_id}")
def page(document: Annotated[Path, Depends(_document)]) -> FileResponse:
    """Return the home page, which reads the session to show from its URL."""
    return FileResponse(document, media_type="text/html", headers=NO_CACHE)


@router.get("/{name}.html")
def named(request: Request, name: str) -> FileResponse:
    """Return a page by name. Raises a 404 for unknown names."""
    document = f"{name}.html"
    if document not in PAGES:
        raise HTTPException(404, f"There is no page {document}.")
    folder = cast("Path", request.app.state.web)
    return FileResponse(folder / document, media_type="text/html", headers=NO_CACHE)
