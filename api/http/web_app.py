"""Web pages and their files."""

import os
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import FileResponse, Response
from starlette.datastructures import Headers
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

router = APIRouter(include_in_schema=False)


NO_CACHE: Final = "no-cache"
"""Cached, but revalidated each time, so that page and server always have the same version."""

IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""Cached for a year without revalidation (RFC 8246)."""

HASHED: Final = "assets"
"""Folder of files whose names contain the hash of their content."""

ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""Content encodings, the smallest first, with the suffixes of files in them."""


class Assets(StaticFiles):
    """Files of the web pages, in a compressed form if there is one that the client accepts."""

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file, or 304 if it is unchanged."""
        path, headers = Path(full_path), Headers(scope=scope)
        encoding = accepted_encoding(path, headers.get("accept-encoding", ""))
        if encoding is not None:
            full_path = f"{path}{ENCODINGS[encoding]}"
            stat_result = os.stat(full_path)  # noqa: PTH116  a text, as in the base class
        response = FileResponse(
            full_path,
            status_code=status_code,
            stat_result=stat_result,
            media_type=guess_type(path)[0],
        )
        if encoding is not None:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = IMMUTABLE if path.parent.name == HASHED else NO_CACHE
        if self.is_not_modified(response.headers, headers):
            return NotModifiedResponse(response.headers)
        return response

    def document(self, name: str, scope: Scope) -> Response:
        """Return a page by the name of its file. Raises a 404 if it is missing."""
        path, found = self.lookup_path(name)
        if found is None:
            raise HTTPException(404, f"There is no page {name}.")
        return self.file_response(path, found, scope)


def accepted_encoding(path: Path, accepted: str) -> str | None:
    """Return the first encoding of a file that `Accept-Encoding` names, or None."""
    names = {
        each.partition(";")[0].strip().lower()
        for each in accepted.split(",")
        if each.partition(";")[2].replace(" ", "").rstrip("0.") != "q="  # q=0 refuses
    }
    for encoding, suffix in ENCODINGS.items():
        if encoding in names and path.with_name(path.name + suffix).is_file():
            return encoding
    return None


PAGES: Final = frozenset(
    {
        "account.html",
        "analytics.html",
        "athletes.html",
        "billing.html",
        "checkout.html",
        "coupons.html",
        "exercises.html",
        "health.html",
        "history.html",
        "leaderboards.html",
        "lesson.html",
        "not_found.html",
        "payments.html",
        "plan.html",
        "plan_editor.html",
        "plans.html",
        "pose_realtime.html",
        "programs.html",
        "reset.html",
        "second_factor.html",
        "session_list.html",
        "session_replay.html",
        "sign_in.html",
        "sign_up.html",
        "studio.html",
        "unsubscribe.html",
        "verify.html",
        "watch.html",
        "workout_player.html",
    }
)
"""File names of the pages other than the first."""


async def _assets(request: Request) -> Assets:
    return cast("Assets", request.app.state.assets)


FromAssets = Annotated[Assets, Depends(_assets)]


@router.get("/")
@router.get("/sessions/{session_id}")
def page(request: Request, assets: FromAssets) -> Response:
    """Return the home page, which reads the session to show from its URL."""
    return assets.document("index.html", request.scope)


@router.get("/service-worker.js")
@router.get("/manifest.webmanifest")
def root_file(request: Request, assets: FromAssets) -> Response:
    """Return a file that browsers look for beside the pages."""
    return assets.document(request.url.path.removeprefix("/"), request.scope)


@router.get("/{name}.html")
def named(request: Request, assets: FromAssets, name: str) -> Response:
    """Return a page by name. Raises a 404 for unknown names."""
    document = f"{name}.html"
    if document not in PAGES:
        raise HTTPException(404, f"There is no page {document}.")
    return assets.document(document, request.scope)
