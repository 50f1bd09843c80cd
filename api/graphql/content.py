"""Content of trainers in GraphQL."""

from collections.abc import AsyncGenerator, Collection
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.graphql.polling import follow_state
from api.views import content as views
from api.views.content import ContentWritten
from application.kernel.pagination import window
from application.live.feed_access import FeedAccess


@derived(views.ContentItem)
class ContentItem(Node):
    """A video of a trainer."""

    @classmethod
    def of(cls, view: views.ContentItem) -> "ContentItem":
        """Convert a video."""
        return convert(cls, view, id=global_id("ContentItem", view.content_id))


@derived(views.UploadPartLink)
class UploadPartLink:
    """A part that is missing, and the signed URL that takes it by PUT."""


@derived(views.ContentUpload)
class ContentUpload:
    """Progress of an upload: what arrived, and the next missing parts."""


@derived(views.ContentUsage)
class ContentUsage:
    """Bytes of a trainer's videos, and the quota."""


def follow_content(access: FeedAccess, key: str) -> AsyncGenerator[views.ContentItem, None]:
    """Yield a video now and after each change, until it is published or rejected.

    Raises ContentNotFound, and what `follow_state` raises.
    """
    return follow_state(
        access,
        lambda caller: views.require_content(caller, key),
        lambda item: item.status in views.OVER,
    )


def find_content(context: Context, keys: Collection[str]) -> dict[str, ContentItem]:
    """Return videos by their ids within the tenant."""
    context.may_keep = False  # the progress of a job changes without a read model
    found = views.find_content(context.caller, keys)
    return {key: ContentItem.of(view) for key, view in found.items()}


@strawberry.type
class ContentQueries:
    """Queries of content."""

    @reading("One video that you uploaded, by either id.")
    def content_item(self, info: Info, id: strawberry.ID) -> ContentItem | None:  # noqa: A002  Relay's name
        """Return a video."""
        key = key_of("ContentItem", id)
        return find_content(info.context, [key]).get(key)

    @reading("Videos that you uploaded, the newest first; at most 100 a page.")
    def content_items(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ContentItem]:
        """Return a page of videos."""
        info.context.may_keep = False  # the progress of a job changes without a read model
        page = views.content_page(info.context.caller, window(first, after, last, before))
        items = views.content_views(info.context.caller, [edge.row for edge in page.edges])
        return connection(page, lambda row: ContentItem.of(items[row.id]))

    @field("Missing parts of an upload, each with a signed URL that takes it by PUT.")
    def content_upload(self, info: Info, content_id: strawberry.ID) -> ContentUpload:
        """Return the progress of an upload."""
        key = key_of("ContentItem", content_id)
        return convert(ContentUpload, views.content_upload(info.context.caller, key))

    @reading("Bytes of your videos, and your quota.")
    def content_usage(self, info: Info) -> ContentUsage:
        """Return the use of the quota."""
        return convert(ContentUsage, views.content_usage(info.context.caller))


@strawberry.type
class ContentPayload(MutationPayload):
    """Video after the change."""

    content_item: ContentItem | None

    @classmethod
    def of(cls, context: Context, written: ContentWritten, **common: Any) -> "ContentPayload":
        """Return the payload of a command."""
        key = written.content_id
        return cls(content_item=find_content(context, [key]).get(key), **common)
