"""Playback of trainers' videos over REST: lists, links, and the files that links lead to."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from api.caller import CurrentCaller, Id, platform_of
from api.http.byte_ranges import StoredFile
from api.http.content import ContentWritten
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import content_playback as views
from api.views.base import Body, PageInfo
from api.views.content_playback import ContentPlayback, ContentViewCounts, PublishedContent
from application.content.playback import PLAYBACK_PREFIX
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.content.commands import ContentNotFound

FIXED: Final = "private, max-age=7200, immutable"
"""Of a file whose name never gets another content; the signature is in the address."""

CHANGEABLE: Final = "private, no-cache"

router = APIRouter(tags=["content"], responses=problem_responses(403, 422, 503))


class PublishedContentPage(Body):
    """A page of published videos."""

    items: list[PublishedContent]
    page_info: PageInfo


@router.get(
    "/v1/published-content",
    operation_id="listPublishedContent",
    summary="List published videos, newest first",
)
def list_published(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
    trainer: Annotated[Id | None, Query(description="Only videos of this trainer.")] = None,
    plan: Annotated[Id | None, Query(description="Only videos for athletes of this plan.")] = None,
) -> PublishedContentPage:
    """Return a page of videos, with those that you may not watch."""
    page = views.published_page(caller, window(first, after), trainer, plan)
    path = "/v1/published-content"
    info = page_info(response, page, path, first=first, trainer=trainer, plan=plan)
    items = [PublishedContent.of(edge.row) for edge in page.edges]
    return PublishedContentPage(items=items, page_info=info)


@router.get(
    "/v1/published-content/{content_id}",
    operation_id="getPublishedContent",
    summary="Get a published video",
    responses=problem_responses(404),
)
def get_published(content_id: Id, caller: ReadingCaller) -> PublishedContent:
    """Return a published video."""
    video = views.find_published(caller, [content_id]).get(content_id)
    if video is None:
        raise ContentNotFound
    return video


@router.get(
    "/v1/content/{content_id}/playback",
    operation_id="getContentPlayback",
    summary="Get signed links to a video",
    responses=problem_responses(404),
)
def get_playback(content_id: Id, caller: CurrentCaller, response: Response) -> ContentPlayback:
    """Return links that play a video for two hours, for those who may watch it."""
    response.headers["Cache-Control"] = "private, no-store"
    return views.content_playback(caller, content_id)


@router.put(
    "/v1/content/{content_id}/position",
    operation_id="noteContentPosition",
    summary="Note how far you watched a video",
    responses=problem_responses(404),
)
def note_position(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.NoteContentPosition
) -> ContentWritten:
    """Note how far you watched a video, to go on there on any device."""
    return ContentWritten.of(views.note_content_position(caller, content_id, body, command_id))


@router.get(
    "/v1/content/{content_id}/views",
    operation_id="getContentViews",
    summary="Count the viewers of a video",
    responses=problem_responses(404),
)
def get_views(content_id: Id, caller: ReadingCaller) -> ContentViewCounts:
    """Return how many people began your video, and how far they came."""
    return views.content_views(caller, content_id)


@router.put(
    "/v1/content/{content_id}/audience",
    operation_id="changeContentAudience",
    summary="Choose who may watch a video",
    responses=problem_responses(404, 412),
)
def change_audience(
    content_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.ChangeContentAudience
) -> ContentWritten:
    """Choose the plans whose athletes may watch a video, or let everybody watch it."""
    return ContentWritten.of(views.change_content_audience(caller, content_id, body, command_id))


@router.get(
    PLAYBACK_PREFIX + "{token}/{name}",
    operation_id="getPlaybackFile",
    summary="Get a file of a video",
    response_class=StreamingResponse,
    responses={
        **problem_responses(404),
        200: {"content": {"video/*": {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part requested by `Range`."},
        304: {"description": "The client has it already."},
        416: {"description": "The file has no such part."},
    },
)
def get_file(
    token: Annotated[str, Path(max_length=1024, description="The signature.")],
    name: Annotated[str, Path(max_length=100, examples=["master.m3u8"])],
    request: Request,
) -> Response:
    """Return a playlist, segments, a picture or captions. A signed link leads here."""
    platform = platform_of(request)
    file = platform.playback.file(token, name)
    etag = f'"{file.digest}"'
    headers = {
        "ETag": etag,
        "Cache-Control": FIXED if file.is_fixed else CHANGEABLE,
        "X-Content-Type-Options": "nosniff",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    stored = StoredFile(
        platform.media, file.tenant_id, file.prefix, file.digest, headers, file.media_type
    )
    is_same = request.headers.get("if-range", etag) == etag
    return stored.to_response(request.headers.get("range", "") if is_same else "")
