"""The pages for people: each is one document, whatever it shows."""

from pathlib import Path
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)


NO_CACHE: Final = {"Cache-Control": "no-cache"}
"""Kept, and asked for again each time: page and server always belong to the same version."""


class Assets(StaticFiles):
    """The files that the page is made of."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Give a file, or word that it is unchanged."""
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
        "session_list.html",
        "session_replay.html",
        "sign_in.html",
        "sign_up.html",
        "verify.html",
        "workout_player.html",
    }
)
"""The pages beside the first one, by the names of their documents."""


def _document(request: Request) -> Path:
    return cast("Path", request.app.state.web) / "index.html"


@router.get("/")
@router.get("/sessions/{session_id}")
def page(document: Annotated[Path, Depends(_document)]) -> FileResponse:
    """Give the page; it reads from its address which session to show."""
    return FileResponse(document, media_type="text/html", headers=NO_CACHE)


@router.get("/{name}.html")
def named(request: Request, name: str) -> FileResponse:
    """Give a page by its name. Raises HTTPException (404) where there is none."""
    document = f"{name}.html"
    if document not in PAGES:
        raise HTTPException(404, f"There is no page {document}.")
    folder = cast("Path", request.app.state.web)
    return FileResponse(folder / document, media_type="text/html", headers=NO_CACHE)
