"""Drafts of captions in GraphQL."""

import strawberry

from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.pagination import key_of
from api.views import caption_drafts as views


@derived(views.CaptionDraft)
class CaptionDraft:
    """A draft of captions of the published version of a video, for its trainer to edit and save."""


@strawberry.type
class CaptionDraftQueries:
    """Queries of drafts of captions."""

    @field("The newest draft of captions of a video that you uploaded.")
    def caption_draft(self, info: Info, content_id: strawberry.ID) -> CaptionDraft:
        """Return the draft of a video."""
        key = key_of("ContentItem", content_id)
        return convert(CaptionDraft, views.caption_draft(info.context.caller, key))
