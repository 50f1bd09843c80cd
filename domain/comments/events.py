"""Events of the comments on one session. The stream has the id of the session."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import event, value
from domain.personal import Personal


@value
class Place:
    """What a comment is about: a repetition, by set and number, or a moment; None: not that one."""

    set: int | None = None
    repetition: int | None = None
    at_ms: int | None = None


@event("comments.written")
class CommentWritten:
    """A trainer commented on a session of an athlete. The text is encrypted for the athlete."""

    comment_id: str
    athlete_id: UserId
    trainer_id: UserId
    place: Place
    text: Personal[str]
    at: datetime


@event("comments.deleted")
class CommentDeleted:
    comment_id: str
    at: datetime


CommentEvent = CommentWritten | CommentDeleted
