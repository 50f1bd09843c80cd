"""Middleware that rejects requests with unstorable text."""

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem_details import FieldError, Location, Unprocessable, http_problem, to_response
from api.unstorable_text import UNSTORABLE_TEXT, contains_unstorable


class UnstorableTextMiddleware:
    """Reject a JSON body that holds such text; `BodyLimitMiddleware` bounds its length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if b"%00" in scope["query_string"]:
            await _refusal(scope, "query")(scope, receive, send)
            return
        if "json" not in Headers(scope=scope).get("content-type", ""):
            await self._app(scope, receive, send)
            return
        try:
            messages = await _all(receive)
        except HTTPException as too_large:
            await http_problem(Request(scope), too_large)(scope, receive, send)
            return
        if contains_unstorable(b"".join(message.get("body", b"") for message in messages)):
            await _refusal(scope, "body")(scope, receive, send)
            return

        async def again() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, again, send)


def _refusal(scope: Scope, location: Location) -> Response:
    at = FieldError(pointer="#", location=location, detail=UNSTORABLE_TEXT, code="text_lost")
    return to_response(Request(scope), Unprocessable(at))


async def _all(receive: Receive) -> list[Message]:
    """Receive all messages of a body."""
    messages = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    return messages
