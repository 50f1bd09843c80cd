"""Playback of trainers' videos: what is published, links to play it, and its audience."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, documented, write
from api.views.content import ContentWritten, own_content, written
from api.views.session_commands import ATHLETE
from application.caller import ANONYMOUS, Caller, checked_filter, checked_id
from application.content.playback import (
    PLAYBACK_PREFIX,
    POSTER,
    STORYBOARD,
    OpenedPlayback,
    Viewer,
    captions_name,
)
from application.content.playlists import DASH, HLS_MASTER
from application.content.views import Position
from application.kernel.command_handler import Request
from application.kernel.read_models import Between, Condition, Holding, Page, Window
from domain.catalog.commands import PlanNotFound
from domain.content import commands
from domain.content.events import Audience
from domain.content.item import CONTENT, Item
from domain.ids import ContentId, PlanId, UserId
from domain.personal import text_of
from projections.published_content import PUBLISHED_CONTENT
from projections.published_content import PublishedContent as Row

MAX_ID: Final = 128
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


class PublishedContent(Body):
    """A published video of a trainer. Whether you may watch it depends on your plans."""

    content_id: str
    trainer_id: str
    title: str
    description: str
    number: int = Field(description="The version.")
    duration_ms: int
    published_at: datetime
    is_free: bool = Field(description="Everybody may watch it, without a plan.")
    plans: tuple[str, ...] = Field(description="Plans whose athletes may watch it.")
    captions: tuple[str, ...] = Field(description="Languages.")

    @classmethod
    def of(cls, row: Row) -> "PublishedContent":
        """Convert a row of a video that is published."""
        return cls(
            content_id=row.id,
            trainer_id=row.trainer_id,
            title=row.title,
            description=row.description,
            number=row.number or 0,
            duration_ms=row.duration_ms or 0,
            published_at=row.listed_at or EARLIEST,
            is_free=row.is_free,
            plans=row.plans,
            captions=row.captions,
        )


class PlaybackCaptions(Body):
    """Captions in one language, as WebVTT."""

    language: str
    url: str


class ContentPlayback(Body):
    """Signed links to the files of a video. They need no token, and allow byte ranges."""

    content_id: str
    number: int = Field(description="The version.")
    title: str
    description: str
    duration_ms: int
    hls_url: str = Field(description="A path of this server, as all of these.")
    dash_url: str
    poster_url: str | None
    storyboard_url: str | None = Field(description="WebVTT that names parts of a picture.")
    captions: tuple[PlaybackCaptions, ...]
    position_ms: int = Field(
        description="Where you left off, on any device; 0 if you did not begin or watched it all."
    )
    position_noted_at: datetime | None
    expires_at: datetime

    @classmethod
    def of(cls, opened: OpenedPlayback, position: Position) -> "ContentPlayback":
        """Convert what was opened."""
        item, link = opened.item, opened.link

        def url(name: str) -> str:
            return f"{PLAYBACK_PREFIX}{opened.token}/{name}"

        def url_of(name: str) -> str | None:
            return url(name) if name in opened.names else None

        return cls(
            content_id=link.content_id,
            number=link.number,
            title=text_of(item.title),
            description=text_of(item.description),
            duration_ms=0 if item.live is None else item.live.encoding.duration_ms,
            hls_url=url(HLS_MASTER),
            dash_url=url(DASH),
            poster_url=url_of(POSTER),
            storyboard_url=url_of(STORYBOARD),
            captions=tuple(
                PlaybackCaptions(language=each, url=url(captions_name(each)))
                for each in sorted(item.captions)
            ),
            position_ms=position.ms,
            position_noted_at=position.noted_at,
            expires_at=link.expires_at,
        )


class ContentViewCounts(Body):
    """People who watched a video. Each counts once; the trainer does not count."""

    content_id: str
    viewers: int = Field(description="People who began.")
    reached_25: int = Field(description="Of them, those who reached a quarter of the video.")
    reached_50: int
    reached_75: int
    completed: int = Field(description="Those who watched to the end.")


class NoteContentPosition(StrictBody):
    """Position of a viewer in a video."""

    position_ms: Annotated[int, documented(minimum=0)] = Field(examples=[90500])


class ChangeContentAudience(StrictBody):
    """Athletes who may watch a video once it is published.

    The change is refused if `revision` is given and not the current one of the video.
    """

    is_free: bool = Field(False, description="Everybody in the organization may watch it.")
    plans: tuple[str, ...] = Field((), description="Plans of the trainer; at most 100.")
    revision: int | None = None


def find_published(caller: Caller, keys: Collection[str]) -> dict[str, PublishedContent]:
    """Return published videos, by id."""
    rows = caller.platform.read.get_many(PUBLISHED_CONTENT, caller.tenant_id, keys)
    return {key: PublishedContent.of(row) for key, row in rows.items() if row.listed_at}


def published_page(
    caller: Caller, wanted: Window, trainer_id: str | None = None, plan_id: str | None = None
) -> Page[Row]:
    """Return a page of published videos, newest first, of a trainer or for a plan."""
    conditions: dict[str, Condition] = {"listed_at": Between(start=EARLIEST)}
    if trainer_id is not None:
        conditions["trainer_id"] = checked_filter(trainer_id, MAX_ID)
    if plan_id is not None:
        conditions["plans"] = Holding(checked_id(plan_id))
    return caller.platform.read.page(
        PUBLISHED_CONTENT,
        caller.tenant_id,
        window=wanted,
        where=conditions,
        order_by="listed_at",
        descending=True,
    )


def content_playback(caller: Caller, content_id: str) -> ContentPlayback:
    """Return links to a video. Raises ContentNotFound and ContentAccessRequired."""
    opened = open_content(caller, content_id)
    views, key = caller.platform.content_views, opened.link.content_id
    position = views.position(caller.tenant_id, key, opened.item, _user(caller))
    return ContentPlayback.of(opened, position)


def open_content(caller: Caller, content_id: str) -> OpenedPlayback:
    """Open a video for a caller who may watch it.

    Raises ContentNotFound and ContentAccessRequired.
    """
    key = ContentId(checked_id(content_id))
    item, viewer = _watchable(caller, key)
    return caller.platform.playback.open(caller.tenant_id, key, item, viewer)


def content_views(caller: Caller, content_id: str) -> ContentViewCounts:
    """Return how many people watched a video of the caller. Raises ContentNotFound."""
    key = own_content(caller, content_id, act="read")
    platform = caller.platform
    trainer = platform.playback.find(caller.tenant_id, key).trainer_id
    counts = platform.content_views.counts(caller.tenant_id, key, trainer)
    return ContentViewCounts(content_id=key, **asdict(counts))


@write
def note_content_position(
    caller: Caller, content_id: str, body: NoteContentPosition, command_id: UUID
) -> ContentWritten:
    """Note how far you watched a video, to go on there. Few positions become events."""
    key = ContentId(checked_id(content_id))
    item, _ = _watchable(caller, key)
    views, origin = caller.platform.content_views, caller.origin(ANONYMOUS)
    appended = views.note(key, item, _user(caller), body.position_ms, origin, command_id)
    return written(key, appended)


@write
def change_content_audience(
    caller: Caller, content_id: str, body: ChangeContentAudience, command_id: UUID
) -> ContentWritten:
    """Say which athletes may watch a video: those with some plans of its trainer, or all."""
    key = ContentId(checked_id(content_id))
    owners = caller.platform.owners
    trainer = owners.of_content(caller.tenant_id, key)
    if trainer is None or not caller.is_allowed("write", "content", trainer):
        raise commands.ContentNotFound
    plans = tuple(PlanId(checked_id(each)) for each in body.plans)
    for plan in plans[: commands.MAX_PLANS]:
        if owners.of_plan(caller.tenant_id, plan) != trainer:
            raise PlanNotFound(f"The trainer of the video has no plan {plan!r}.")
    audience = Audience(is_free=body.is_free, plans=plans)
    command = commands.ChangeAudience(
        audience=audience, revision=body.revision, at=caller.platform.clock()
    )
    appended = caller.platform.commands.execute(
        Request(CONTENT, key, [command]), origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return ContentWritten(key, appended.position, appended.repeated)


def _user(caller: Caller) -> UserId:
    return UserId(ATHLETE if caller.claims is None else caller.claims.user_id)


def _watchable(caller: Caller, content_id: ContentId) -> tuple[Item, Viewer]:
    """Return a video that the caller may watch, and as whom they watch it.

    Raises ContentNotFound and ContentAccessRequired.
    """
    platform = caller.platform
    item = platform.playback.find(caller.tenant_id, content_id)
    viewer = _viewer(caller, item)
    platform.playback.require_live(item, viewer)
    if viewer == "athlete":
        platform.entitlements.require_content(caller.tenant_id, _user(caller), item.audience)
    return item, viewer


def _viewer(caller: Caller, item: Item) -> Viewer:
    """Return as whom the caller watches. An anonymous caller has all rights."""
    if caller.claims is not None and not caller.sees("content", item.trainer_id):
        return "athlete"
    return "trainer" if _user(caller) == item.trainer_id else "staff"
