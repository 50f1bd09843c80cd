"""Cues as sound, for devices that have no voice of their own (R-LIV-16)."""

import asyncio
from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from api.caller import Caller, CurrentCaller
from api.config import ApiConfig
from api.http.rate_limits import consume_from
from api.problem_details import problem_responses
from api.views.base import Body
from application.speech import LONGEST, Spoken
from domain.coaching.phrasebook import DEFAULT_LANGUAGE

KEPT: Final = "private, max-age=604800"
"""For a week by the browser that asked; then it asks by ETag whether the voice is still this."""

MP3: Final = "audio/mpeg"

router = APIRouter(prefix="/v1/speech", tags=["live"], responses=problem_responses(404, 422))

Language = Annotated[str, Query(max_length=35, description="Of the cues.")]


class Likely(Body):
    """What is worth having at hand before a set; `served`: whether it can be had as sound here."""

    served: bool
    sentences: list[str]


@router.get(
    "/likely", operation_id="likelySentences", summary="What a coach may say in an exercise"
)
def likely(
    caller: CurrentCaller,
    exercise: Annotated[str, Query(max_length=64)],
    language: Language = DEFAULT_LANGUAGE,
) -> Likely:
    """List the sentences that may be spoken in a set, the most important first."""
    speaking = caller.platform.speaking
    return Likely(served=speaking.is_on, sentences=list(speaking.likely(exercise, language)))


@router.get(
    "",
    operation_id="speech",
    summary="A coach's sentence as sound",
    response_class=Response,
    responses={
        200: {
            "description": "MP3",
            "content": {MP3: {"schema": {"type": "string", "format": "binary"}}},
            "headers": {"ETag": {"schema": {"type": "string"}}},
        },
        304: {"description": "It is still what was sent as `If-None-Match`."},
        **problem_responses(429, 503),
    },
)
async def speech(
    request: Request,
    caller: CurrentCaller,
    say: Annotated[str, Query(min_length=1, max_length=LONGEST, description="Word by word.")],
    language: Language = DEFAULT_LANGUAGE,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Speak a sentence that Kinelog itself may say; any other one is refused."""
    config: ApiConfig = request.app.state.config
    limits = await run_sync(consume_from, config.speech_limiter, "speech", _whose(request, caller))
    spoken = await _spoken(caller, say, language)
    headers = {"ETag": f'"{spoken.digest}"', "Cache-Control": KEPT, **limits}
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if headers["ETag"] in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(spoken.sound, media_type=MP3, headers=headers)


async def _spoken(caller: Caller, sentence: str, language: str) -> Spoken:
    speaking = caller.platform.speaking
    kept = await run_sync(speaking.kept, sentence, language)
    if kept is not None:
        return kept
    # Others may wait for the same sound: who goes away does not take it from them.
    return await asyncio.shield(asyncio.wrap_future(speaking.speak(sentence, language)))


def _whose(request: Request, caller: Caller) -> str:
    """Name whose allowance it is: that of whoever has signed in, or of an address."""
    if caller.claims is not None:
        return f"{caller.tenant_id}/{caller.claims.user_id}"
    return request.client.host if request.client else ""
