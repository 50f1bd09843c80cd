"""Comments of trainers on sessions in GraphQL."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import key_of
from api.views import comments as views
from api.views.comments import CommentWritten


@derived(views.SessionComment)
class SessionComment:
    """A comment of a trainer on a repetition or a moment of a session."""


@derived(views.SessionComments)
class SessionComments:
    """Comments on a session, in order of writing."""


@strawberry.type
class CommentQueries:
    """Queries of comments."""

    @field("Comments of trainers on a session, in order.")
    def session_comments(self, info: Info, session_id: strawberry.ID) -> SessionComments:
        """Return comments from the log."""
        key = key_of("Session", session_id)
        return convert(SessionComments, views.get_comments(info.context.caller, key))


@strawberry.type
class CommentPayload(MutationPayload):
    """The comment's id and session."""

    comment_id: strawberry.ID
    session_id: strawberry.ID

    @classmethod
    def of(cls, _: Context, written: CommentWritten, **common: Any) -> "CommentPayload":
        """Return the payload of a command."""
        return cls(
            comment_id=strawberry.ID(written.comment_id),
            session_id=strawberry.ID(written.session_id),
            **common,
        )
