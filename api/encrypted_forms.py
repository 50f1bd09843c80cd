"""Routes with forms whose files are encrypted while they are received."""

from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import IO, Any, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from application.platform import Platform

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class EncryptedForms(APIRoute):
    """A route whose forms are parsed into the files of `Platform.open_upload`.

    Starlette writes files of more than 1 MiB to disk as they are.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handle_form(request: Request) -> Response:
            kind = request.headers.get("content-type", "").lower()
            if kind.startswith("multipart/form-data"):
                platform = cast("Platform", request.app.state.platform)
                await _parse(request, platform.open_upload)
            return await handle(request)

        return handle_form


async def _parse(request: Request, open_upload: Callable[[], IO[bytes]]) -> None:
    """Parse the form of a request, which then has it. Raises HTTPException."""
    async with aclosing(request.stream()) as stream:
        parser = _Parser(request.headers, stream)
        parser.open_upload = open_upload
        try:
            form = await parser.parse()
        except MultiPartException as malformed:
            raise HTTPException(400, malformed.message) from malformed
    cast("Any", request)._form = form  # noqa: SLF001  what `request.form()` returns


class _Parser(MultiPartParser):
    """Starlette's parser, with other files."""

    open_upload: Callable[[], IO[bytes]]

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part: Any = self._current_part
        if part.file is not None:
            part.file.file.close()  # an empty file in memory
            part.file.file = self._files_to_close_on_error[-1] = cast("Any", self.open_upload())
