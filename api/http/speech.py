"""Spoken cues, for devices without a voice of their own (R-LIV-16)."""

import asyncio
from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from api.caller import CurrentCaller
from api.http.rate_limits import consume_from
from api.middleware.rate_limits import caller_key
from api.problem_details import problem_responses
from api.views.base import Body
from application.caller import Caller
from application.speech import LONGEST, Spoken
from domain.coaching.phrasebook import DEFAULT_LANGUAGE

CACHE_CONTROL: Final = "private, max-age=604800"
"""Cacheable for a week by the browser; then revalidated by ETag."""

MP3: Final = "audio/mpeg"

router = APIRouter(prefix="/v1/speech", tags=["live"], responses=problem_responses(404, 422))

Language = Annotated[str, Query(max_length=35, description="Language of the cues.")]


class Phrases(Body):
    """Phrases to prefetch before a set; `served`: whether this server offers them as audio."""

    served: bool
    sentences: list[str]


@router.get("/phrases", operation_id="listPhrases", summary="List the phrases of an exercise")
def list_phrases(
    caller: CurrentCaller,
    exercise: Annotated[str, Query(max_length=64)],
    language: Language = DEFAULT_LANGUAGE,
) -> Phrases:
    """Return the phrases that may be spoken in a set, most important first."""
    speaking = caller.platform.speaking
    return Phrases(served=speaking.is_on, sentences=list(speaking.phrases(exercise, language)))


@router.get(
    "",
    operation_id="synthesizeSpeech",
    summary="Get a coaching phrase as audio",
    response_class=Response,
    responses={
        200: {
            "description": "MP3",
            "content": {MP3: {"schema": {"type": "string", "format": "binary"}}},
            "headers": {"ETag": {"schema": {"type": "string"}}},
        },
        304: {"description": "The audio still matches `If-None-Match`."},
        **problem_responses(429, 503),
    },
)
async def speech(
    request: Request,
    caller: CurrentCaller,
    text: Annotated[str, Query(min_length=1, max_length=LONGEST, description="The exact phrase.")],
    language: Language = DEFAULT_LANGUAGE,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a phrase as MP3. Rejects text that is not one of Kinelog's phrases."""
    limits = await run_sync(consume_from, request, "speech", caller_key(request))
    spoken = await _spoken(caller, text, language)
    headers = {"ETag": f'"{spoken.digest}"', "Cache-Control": CACHE_CONTROL, **limits}
    etags = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if headers["ETag"] in etags or "*" in etags:
        return Response(status_code=304, headers=headers)
    return Response(spoken.sound, media_type=MP3, headers=headers)


async def _spoken(caller: Caller, sentence: str, language: str) -> Spoken:
    speaking = caller.platform.speaking
    cached = await run_sync(speaking.find_stored, sentence, language)
    if cached is not None:
        return cached
    # Other requests may wait for the same audio: a disconnect must not cancel it for them.
    return await asyncio.shield(asyncio.wrap_future(speaking.speak(sentence, language)))
