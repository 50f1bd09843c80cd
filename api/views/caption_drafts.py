"""Drafts of captions by speech recognition: view, request and state."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, write
from api.views.content import ContentWritten, own_content, written
from api.views.content_changes import MAX_LANGUAGE
from application.caller import ANONYMOUS, Caller
from application.content.caption_drafts import DraftState
from domain.content.caption_draft import DraftStage
from domain.ids import ContentId

PROBLEMS: Final[dict[str, str]] = {
    "no_sound": "The video has no sound.",
    "no_speech": "Nobody speaks in the video.",
    "not_readable": "The sound of the video could not be read.",
    "too_long": "The sound of the video is too long for the speech recognition service.",
    "unavailable": "The speech recognition service was unavailable for an hour. Try again later.",
    "off": "No speech recognition service is set up here.",
    "failed": "The speech could not be recognized.",
}
"""Reasons why there is no draft, for trainers."""


class CaptionDraft(Body):
    """A draft of captions of the published version of a video, for its trainer to edit and save."""

    content_id: str
    number: int = Field(description="The version of the video.")
    language: str
    status: DraftStage
    progress: float = Field(description="Share of the work that is done, 0 to 1.")
    problem: str | None = Field(description="Reason why there is no draft.")
    problem_detail: str | None = Field(description="The reason in a sentence.")
    text: str | None = Field(description="WebVTT; null until the draft is complete.")
    requested_at: datetime

    @classmethod
    def of(cls, content_id: ContentId, state: DraftState) -> "CaptionDraft":
        """Convert a draft."""
        draft = state.draft
        return cls(
            content_id=content_id,
            number=draft.number,
            language=draft.language,
            status=draft.stage,
            progress=state.progress,
            problem=draft.problem,
            problem_detail=None if draft.problem is None else PROBLEMS[draft.problem],
            text=state.text,
            requested_at=draft.requested_at,
        )


class RequestCaptionDraft(StrictBody):
    """The language that is spoken in the video: `en`, `es` or `ru`."""

    language: str = Field(max_length=MAX_LANGUAGE, examples=["en"])


def caption_draft(caller: Caller, content_id: str) -> CaptionDraft:
    """Return the newest draft of a video. Raises ContentNotFound and CaptionDraftNotFound."""
    key = own_content(caller, content_id)
    return CaptionDraft.of(key, caller.platform.caption_drafts.find(caller.tenant_id, key))


@write
def request_caption_draft(
    caller: Caller, content_id: str, body: RequestCaptionDraft, command_id: UUID
) -> ContentWritten:
    """Request a draft of captions by speech recognition. It replaces an earlier draft."""
    key = own_content(caller, content_id)
    drafts = caller.platform.caption_drafts
    return written(key, drafts.request(key, body.language, caller.origin(ANONYMOUS), command_id))


@write
def discard_caption_draft(caller: Caller, content_id: str, command_id: UUID) -> ContentWritten:
    """Discard the draft of captions of a video. One that is underway ends."""
    key = own_content(caller, content_id)
    origin = caller.origin(ANONYMOUS)
    return written(key, caller.platform.caption_drafts.discard(key, origin, command_id))
