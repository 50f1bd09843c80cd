"""Playback of trainers' videos in GraphQL."""

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.pagination import Connection, connection, key_of
from api.views import content_playback as views
from application.kernel.pagination import window


@derived(views.PublishedContent)
class PublishedContent:
    """A published video of a trainer. Whether you may watch it depends on your plans."""


@derived(views.PlaybackCaptions)
class PlaybackCaptions:
    """Captions in one language, as WebVTT."""


@derived(views.ContentPlayback)
class ContentPlayback:
    """Signed links to the files of a video. They need no token, and allow byte ranges."""


@derived(views.ContentViewCounts)
class ContentViewCounts:
    """People who watched a video. Each counts once; the trainer does not count."""


@strawberry.type
class ContentPlaybackQueries:
    """Queries of published content."""

    @reading("One published video, by either id.")
    def published_content_item(
        self, info: Info, content_id: strawberry.ID
    ) -> PublishedContent | None:
        """Return a published video."""
        key = key_of("ContentItem", content_id)
        video = views.find_published(info.context.caller, [key]).get(key)
        return None if video is None else convert(PublishedContent, video)

    @reading("Published videos, the newest first; at most 100 a page.")
    def published_content(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        trainer_id: strawberry.ID | None = None,
        plan_id: strawberry.ID | None = None,
    ) -> Connection[PublishedContent]:
        """Return a page of published videos."""
        page = views.published_page(
            info.context.caller,
            window(first, after, last, before),
            None if trainer_id is None else key_of("User", trainer_id),
            None if plan_id is None else key_of("Plan", plan_id),
        )
        return connection(
            page, lambda row: convert(PublishedContent, views.PublishedContent.of(row))
        )

    @reading("How many people began your video, and how far they came.")
    def content_views(self, info: Info, content_id: strawberry.ID) -> ContentViewCounts:
        """Return counts of viewers."""
        key = key_of("ContentItem", content_id)
        return convert(ContentViewCounts, views.content_views(info.context.caller, key))

    @field("Signed links to a video, for those who may watch it.")
    def content_playback(self, info: Info, content_id: strawberry.ID) -> ContentPlayback:
        """Return links that play a video."""
        key = key_of("ContentItem", content_id)
        return convert(ContentPlayback, views.content_playback(info.context.caller, key))
