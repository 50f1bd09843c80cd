"""Commands of the comments on a session, and their refusals."""

from datetime import datetime
from typing import Final

from domain.comments.events import Place
from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.values import InvalidValue, within

MAX_LENGTH: Final = 1000
MAX_COMMENTS: Final = 500
"""Comments on one session."""

MAX_SETS: Final = 1000
MAX_REPETITIONS: Final = 10_000
MAX_MS: Final = 24 * 3600 * 1000


@command
class WriteComment:
    comment_id: str
    athlete_id: UserId
    trainer_id: UserId
    place: Place
    text: str
    at: datetime

    def __post_init__(self) -> None:
        place = self.place
        if (place.set is None) != (place.repetition is None):
            raise InvalidValue("A repetition has the number of its set, and its own.")
        if place.set is None and place.at_ms is None:
            raise InvalidValue("Name a repetition, or a moment.")
        if place.set is not None and place.repetition is not None:
            within("set", place.set, 1, MAX_SETS)
            within("repetition", place.repetition, 1, MAX_REPETITIONS)
        if place.at_ms is not None:
            within("moment in milliseconds", place.at_ms, 0, MAX_MS)
        if not self.text.strip():
            raise InvalidValue("The comment is empty.")
        within("length of the comment", len(self.text), 1, MAX_LENGTH)


@command
class DeleteComment:
    """Delete a comment. Only its author may."""

    comment_id: str
    trainer_id: UserId
    at: datetime


CommentCommand = WriteComment | DeleteComment


class CommentNotFound(Rejected):
    """There is no comment of yours with this id."""

    code = "comment.unknown"
    kind = "not_found"


class TooManyComments(Rejected):
    """A session can have at most 500 comments. Delete one first."""

    code = "comment.too_many"
