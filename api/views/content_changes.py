"""Changes of trainers' videos: inputs and writes."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from api.views.base import StrictBody, documented, write
from api.views.content import ContentWritten, own_content, written
from application.caller import ANONYMOUS, Caller
from application.content.captions import MAX_BYTES
from application.content.management import ContentManagement
from domain.content import commands

MAX_LANGUAGE: Final = 35
"""Characters of the longest code of a language (RFC 5646)."""

TakeDownReason = Literal["copyright", "privacy", "safety", "illegal", "terms"]


class DescribeContent(StrictBody):
    """New texts of a video. They are refused if `revision` is given and not the current one."""

    title: Annotated[str, documented(minLength=1, maxLength=commands.MAX_TITLE_LENGTH)]
    description: Annotated[str, documented(maxLength=commands.MAX_DESCRIPTION_LENGTH)] = ""
    revision: int | None = None


class TakeDownContent(StrictBody):
    """Reason why a video is taken down."""

    reason: TakeDownReason


class AddContentCaptions(StrictBody):
    """Captions of a video in a language.

    They are refused if `revision` is given and not the current `captionsRevision`.
    """

    language: str = Field(max_length=MAX_LANGUAGE, examples=["en"])
    text: str = Field(max_length=MAX_BYTES, description="WebVTT, at most 1 MiB.")
    revision: int | None = None


class RemoveContentCaptions(StrictBody):
    """The language whose captions are removed.

    It is refused if `revision` is given and not the current `captionsRevision`.
    """

    language: str = Field(max_length=MAX_LANGUAGE, examples=["en"])
    revision: int | None = None


@write
def describe_content(
    caller: Caller, content_id: str, body: DescribeContent, command_id: UUID
) -> ContentWritten:
    """Change the title and the description of a video."""
    key = own_content(caller, content_id)
    appended = _management(caller).describe(
        key,
        body.title,
        body.description,
        caller.origin(ANONYMOUS),
        command_id,
        revision=body.revision,
    )
    return written(key, appended)


@write
def unpublish_content(caller: Caller, content_id: str, command_id: UUID) -> ContentWritten:
    """Withdraw a published video. Athletes can no longer watch it."""
    key = own_content(caller, content_id)
    origin = caller.origin(ANONYMOUS)
    return written(key, _management(caller).unpublish(key, origin, command_id))


@write
def republish_content(caller: Caller, content_id: str, command_id: UUID) -> ContentWritten:
    """Offer a video again that you unpublished."""
    key = own_content(caller, content_id)
    origin = caller.origin(ANONYMOUS)
    return written(key, _management(caller).republish(key, origin, command_id))


@write
def take_down_content(
    caller: Caller, content_id: str, body: TakeDownContent, command_id: UUID
) -> ContentWritten:
    """Take down a video for a reason that its trainer gets by e-mail; for administrators."""
    key = own_content(caller, content_id)
    caller.require("write", "take_down", caller.platform.owners.of_content(caller.tenant_id, key))
    origin = caller.origin(ANONYMOUS)
    return written(key, _management(caller).take_down(key, body.reason, origin, command_id))


@write
def add_content_captions(
    caller: Caller, content_id: str, body: AddContentCaptions, command_id: UUID
) -> ContentWritten:
    """Add captions in a language, or replace them. They stay when the file is replaced."""
    key = own_content(caller, content_id)
    appended = _management(caller).add_captions(
        key,
        body.language,
        body.text,
        caller.origin(ANONYMOUS),
        command_id,
        revision=body.revision,
    )
    return written(key, appended)


@write
def remove_content_captions(
    caller: Caller, content_id: str, body: RemoveContentCaptions, command_id: UUID
) -> ContentWritten:
    """Remove the captions of a language."""
    key = own_content(caller, content_id)
    appended = _management(caller).remove_captions(
        key, body.language, caller.origin(ANONYMOUS), command_id, revision=body.revision
    )
    return written(key, appended)


@write
def delete_content(caller: Caller, content_id: str, command_id: UUID) -> ContentWritten:
    """Delete a video with all its versions and captions. It does not come back."""
    key = own_content(caller, content_id)
    origin = caller.origin(ANONYMOUS)
    return written(key, _management(caller).delete(key, origin, command_id))


def _management(caller: Caller) -> ContentManagement:
    return caller.platform.content
