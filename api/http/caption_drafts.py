"""Drafts of captions over REST."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, Id
from api.http.content import ContentWritten
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import caption_drafts as views

router = APIRouter(
    prefix="/v1/content/{content_id}/captions/draft",
    tags=["content"],
    responses=problem_responses(403, 404, 422, 503),
)


@router.get("", operation_id="getCaptionDraft", summary="Get a draft of captions")
def get_draft(content_id: Id, caller: CurrentCaller, response: Response) -> views.CaptionDraft:
    """Return the newest draft of captions of a video, with its WebVTT once it is complete."""
    response.headers["Cache-Control"] = "private, no-store"
    return views.caption_draft(caller, content_id)


@router.post(
    "",
    operation_id="requestCaptionDraft",
    summary="Draft captions of a video",
    responses=problem_responses(409, 429),
)
def request_draft(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.RequestCaptionDraft
) -> ContentWritten:
    """Request a draft of captions by speech recognition. A few can be requested in an hour."""
    return ContentWritten.of(views.request_caption_draft(caller, content_id, body, command_id))


@router.delete("", operation_id="discardCaptionDraft", summary="Discard a draft of captions")
def discard_draft(content_id: Id, caller: CurrentCaller, command_id: CommandId) -> ContentWritten:
    """Discard the draft of captions of a video. One that is underway ends; captions stay."""
    return ContentWritten.of(views.discard_caption_draft(caller, content_id, command_id))
