"""Changes of trainers' videos over REST."""

from fastapi import APIRouter

from api.caller import CurrentCaller, Id
from api.http.content import ContentWritten
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import content_changes as views

router = APIRouter(
    prefix="/v1/content/{content_id}",
    tags=["content"],
    responses=problem_responses(403, 404, 409, 422, 503),
)


@router.put(
    "",
    operation_id="describeContent",
    summary="Change the texts of a video",
    responses=problem_responses(412),
)
def describe(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.DescribeContent
) -> ContentWritten:
    """Change the title and the description of a video."""
    return ContentWritten.of(views.describe_content(caller, content_id, body, command_id))


@router.post("/unpublish", operation_id="unpublishContent", summary="Unpublish a video")
def unpublish(content_id: Id, caller: CurrentCaller, command_id: CommandId) -> ContentWritten:
    """Withdraw a published video. Athletes can no longer watch it."""
    return ContentWritten.of(views.unpublish_content(caller, content_id, command_id))


@router.post("/republish", operation_id="republishContent", summary="Offer a video again")
def republish(content_id: Id, caller: CurrentCaller, command_id: CommandId) -> ContentWritten:
    """Offer a video again that you unpublished."""
    return ContentWritten.of(views.republish_content(caller, content_id, command_id))


@router.post("/take-down", operation_id="takeDownContent", summary="Take down a video")
def take_down(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.TakeDownContent
) -> ContentWritten:
    """Take down a video for a reason that its trainer gets by e-mail; for administrators."""
    return ContentWritten.of(views.take_down_content(caller, content_id, body, command_id))


@router.put(
    "/captions",
    operation_id="addContentCaptions",
    summary="Add captions to a video",
    responses=problem_responses(412),
)
def add_captions(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.AddContentCaptions
) -> ContentWritten:
    """Add captions in a language, or replace them. They stay when the file is replaced."""
    return ContentWritten.of(views.add_content_captions(caller, content_id, body, command_id))


@router.post(
    "/captions/remove",
    operation_id="removeContentCaptions",
    summary="Remove captions of a video",
    responses=problem_responses(412),
)
def remove_captions(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.RemoveContentCaptions
) -> ContentWritten:
    """Remove the captions of a language."""
    return ContentWritten.of(views.remove_content_captions(caller, content_id, body, command_id))


@router.delete("", operation_id="deleteContent", summary="Delete a video")
def delete(content_id: Id, caller: CurrentCaller, command_id: CommandId) -> ContentWritten:
    """Delete a video with all its versions and captions. It does not come back."""
    return ContentWritten.of(views.delete_content(caller, content_id, command_id))
