"""Content of trainers over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import content as views
from api.views.base import Body, PageInfo
from api.views.content import ContentItem, ContentUpload, ContentUsage
from application.kernel.pagination import LARGEST_PAGE, PAGE, window

router = APIRouter(
    prefix="/v1/content", tags=["content"], responses=problem_responses(403, 422, 503)
)


class ContentPage(Body):
    """A page of videos."""

    items: list[ContentItem]
    page_info: PageInfo


class ContentWritten(Body):
    """Result of a command: the log has it up to `position`."""

    content_id: str
    position: int
    repeated: bool

    @classmethod
    def of(cls, written: views.ContentWritten) -> "ContentWritten":
        """Convert the result of a write."""
        return cls.model_validate(written)


@router.get("", operation_id="listContent", summary="List your videos, newest first")
def list_content(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> ContentPage:
    """Return a page of the videos that you uploaded; administrators see all."""
    page = views.content_page(caller, window(first, after))
    info = page_info(response, page, "/v1/content", first=first)
    items = views.content_views(caller, [edge.row for edge in page.edges])
    return ContentPage(items=list(items.values()), page_info=info)


@router.get("/usage", operation_id="getContentUsage", summary="Get your use of the quota")
def get_usage(caller: ReadingCaller) -> ContentUsage:
    """Return the bytes of your videos, and your quota."""
    return views.content_usage(caller)


@router.get(
    "/{content_id}",
    operation_id="getContent",
    summary="Get a video",
    responses=problem_responses(404),
)
def get_content(content_id: Id, caller: ReadingCaller) -> ContentItem:
    """Return a video that you uploaded, with its status."""
    return views.require_content(caller, content_id)


@router.get(
    "/{content_id}/upload",
    operation_id="getContentUpload",
    summary="Get the missing parts of an upload",
    responses=problem_responses(404, 409),
)
def get_upload(content_id: Id, caller: CurrentCaller) -> ContentUpload:
    """Return the parts that have not arrived, each with a signed URL that takes it by PUT."""
    return views.content_upload(caller, content_id)


@router.post(
    "",
    operation_id="requestContentUpload",
    summary="Begin a video with its upload",
    status_code=201,
    responses=problem_responses(409),
)
def request_upload(
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.RequestContentUpload,
    response: Response,
) -> ContentWritten:
    """Begin a video with the upload of its file. `Link` leads to the signed URLs of its parts."""
    written = views.request_content_upload(caller, body, command_id)
    response.headers["Location"] = f"/v1/content/{written.content_id}"
    response.headers["Link"] = f'</v1/content/{written.content_id}/upload>; rel="edit-media"'
    return ContentWritten.of(written)


@router.post(
    "/{content_id}/replace",
    operation_id="replaceContentFile",
    summary="Begin the upload of a new version",
    responses=problem_responses(404, 409),
)
def replace(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.ReplaceContentFile
) -> ContentWritten:
    """Begin the upload of a new version. The published version stays until it is replaced."""
    return ContentWritten.of(views.replace_content_file(caller, content_id, body, command_id))


@router.post(
    "/{content_id}/upload/complete",
    operation_id="completeContentUpload",
    summary="Complete an upload",
    responses=problem_responses(404, 409),
)
def complete(content_id: Id, caller: CurrentCaller, command_id: CommandId) -> ContentWritten:
    """Complete an upload whose parts have all arrived. The file is then checked."""
    return ContentWritten.of(views.complete_content_upload(caller, content_id, command_id))


@router.post(
    "/{content_id}/upload/cancel",
    operation_id="cancelContentUpload",
    summary="Cancel an upload",
    responses=problem_responses(404, 409),
)
def cancel(content_id: Id, caller: CurrentCaller, command_id: CommandId) -> ContentWritten:
    """Cancel an upload, and remove the parts that arrived."""
    return ContentWritten.of(views.cancel_content_upload(caller, content_id, command_id))
