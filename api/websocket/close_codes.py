"""Problems inside WebSocket connections, which stay open."""

import json
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.websockets import WebSocket

from api.problem_details import (
    MOST_ERRORS,
    FieldError,
    Unprocessable,
    to_response,
    validation_problem,
)
from api.unstorable_text import UNSTORABLE_TEXT, contains_unstorable
from domain.kernel import Rejected


def require_storable(message: str | bytes) -> None:
    """Raise Unprocessable for JSON with text that no store can keep."""
    content = message if isinstance(message, bytes) else message.encode(errors="surrogatepass")
    if contains_unstorable(content):
        raise Unprocessable(
            FieldError(pointer="#", location="body", detail=UNSTORABLE_TEXT, code="text_lost")
        )


def problem_of(socket: WebSocket, refusal: Rejected | ValidationError) -> Any:
    """Return the problem (RFC 9457) for a rejected message."""
    match refusal:
        case ValidationError():
            errors = refusal.errors(include_url=False, include_context=False, include_input=False)
            field_errors = [
                {**each, "loc": ("body", *each["loc"])} for each in errors[:MOST_ERRORS]
            ]
            return json.loads(
                bytes(validation_problem(socket, RequestValidationError(field_errors)).body)
            )
        case Rejected():
            return json.loads(bytes(to_response(socket, refusal).body))
