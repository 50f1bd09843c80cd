"""Comments of trainers on sessions: their view, input and writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, documented, write
from api.views.supervision import own_id, trainer_names
from application.caller import ANONYMOUS, Caller, checked_id
from application.users.resource_access import authorize_session
from domain.comments.commands import MAX_LENGTH, MAX_MS, MAX_REPETITIONS, MAX_SETS, CommentNotFound
from domain.comments.comments import Comment as State
from domain.comments.events import Place
from domain.ids import SessionId, UserId
from domain.personal import text_of
from domain.sessions.commands import RepetitionNotCounted, SessionNotFound
from projections.repetition import REPETITION, repetition_id


class SessionComment(Body):
    """A comment of a trainer on a repetition or a moment of a session."""

    comment_id: str
    trainer_id: str
    trainer_name: str | None
    set: int | None
    repetition: int | None = Field(description="Number in the set; null for a moment.")
    at_ms: int | None = Field(description="Milliseconds since the session began.")
    text: str
    written_at: datetime
    is_own: bool = Field(description="Whether you wrote it, and may delete it.")


class SessionComments(Body):
    """Comments on a session, in order of writing."""

    items: tuple[SessionComment, ...]
    may_comment: bool = Field(description="Whether you may comment on this session.")


class NewComment(StrictBody):
    """A comment on a repetition, or on a moment."""

    text: Annotated[str, documented(minLength=1, maxLength=MAX_LENGTH)]
    set: Annotated[int | None, documented(minimum=1, maximum=MAX_SETS)] = None
    repetition: Annotated[int | None, documented(minimum=1, maximum=MAX_REPETITIONS)] = None
    at_ms: Annotated[int | None, documented(minimum=0, maximum=MAX_MS)] = None


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """Result of a command: the log has it up to `position`."""

    session_id: str
    comment_id: str
    position: int
    repeated: bool


def get_comments(caller: Caller, session_id: str) -> SessionComments:
    """Return the comments on a session that the caller may see.

    Raises SessionNotFound, also for a deleted session.
    """
    authorize_session(caller, "read", session_id)
    key = SessionId(session_id)
    athlete = caller.platform.owners.of_session(caller.tenant_id, key)
    # Analysts see figures of sessions, not texts.
    if athlete is None or not caller.sees("comment", athlete):
        raise SessionNotFound
    comments = caller.platform.comments.of(caller.tenant_id, key)
    names = trainer_names(caller, {each.trainer_id for each in comments})
    return SessionComments(
        items=tuple(_view(caller, each, names.get(each.trainer_id)) for each in comments),
        may_comment=caller.claims is not None and caller.is_allowed("write", "comment", athlete),
    )


def _view(caller: Caller, comment: State, name: str | None) -> SessionComment:
    return SessionComment(
        comment_id=comment.id,
        trainer_id=comment.trainer_id,
        trainer_name=name,
        set=comment.place.set,
        repetition=comment.place.repetition,
        at_ms=comment.place.at_ms,
        text=text_of(comment.text),
        written_at=comment.at,
        is_own=comment.trainer_id == own_id(caller),
    )


@write
def comment_on_session(
    caller: Caller, session_id: str, body: NewComment, command_id: UUID
) -> CommentWritten:
    """Comment on a repetition or a moment of a session of an athlete who lets you see it."""
    key = SessionId(checked_id(session_id))
    athlete = _athlete(caller, key)
    place = Place(body.set, body.repetition, body.at_ms)
    if not caller.is_executed(command_id):
        if caller.platform.sessions.is_deleted(caller.tenant_id, key):
            raise SessionNotFound
        _require_repetition(caller, key, place)
    comment_id, appended = caller.platform.comments.write(
        key,
        athlete,
        own_id(caller),
        place,
        body.text,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return CommentWritten(key, comment_id, appended.position, appended.repeated)


def _athlete(caller: Caller, session_id: SessionId) -> UserId:
    """Return the athlete of a session on which the caller may comment. Raises SessionNotFound."""
    athlete = caller.platform.owners.of_session(caller.tenant_id, session_id)
    if athlete is None or not caller.is_allowed("write", "comment", athlete):
        raise SessionNotFound
    return athlete


def _require_repetition(caller: Caller, session_id: SessionId, place: Place) -> None:
    """Raise RepetitionNotCounted for a repetition that the session does not have."""
    if place.set is None or place.repetition is None:
        return
    row_key = repetition_id(session_id, place.set, place.repetition)
    if caller.platform.read.get(REPETITION, caller.tenant_id, row_key) is None:
        raise RepetitionNotCounted


@write
def delete_comment(
    caller: Caller, session_id: str, comment_id: str, command_id: UUID
) -> CommentWritten:
    """Delete a comment of yours, also after the athlete has withdrawn your access."""
    key = SessionId(checked_id(session_id))
    if caller.platform.owners.of_session(caller.tenant_id, key) is None:
        raise CommentNotFound
    appended = caller.platform.comments.delete(
        key,
        checked_id(comment_id),
        own_id(caller),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return CommentWritten(key, comment_id, appended.position, appended.repeated)
