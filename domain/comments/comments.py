"""Comments decider: what trainers wrote about one session, in order."""

from datetime import datetime

from domain.comments import commands, events
from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal


@value
class Comment:
    """A comment. Its text is personal data of the athlete, and erased with their account."""

    id: str
    trainer_id: UserId
    place: events.Place
    text: Personal[str]
    at: datetime


@value
class Comments:
    """All comments on a session that were not deleted, in order of writing."""

    all: tuple[Comment, ...] = ()

    def find(self, comment_id: str) -> Comment | None:
        """Find a comment by its id."""
        return next((each for each in self.all if each.id == comment_id), None)


def decide(command: commands.CommentCommand, comments: Comments) -> tuple[events.CommentEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    existing = comments.find(command.comment_id)
    match command:
        case commands.WriteComment() if existing is not None:
            return ()  # idempotent
        case commands.WriteComment():
            if len(comments.all) >= commands.MAX_COMMENTS:
                raise commands.TooManyComments
            return (
                events.CommentWritten(
                    comment_id=command.comment_id,
                    athlete_id=command.athlete_id,
                    trainer_id=command.trainer_id,
                    place=command.place,
                    text=Personal(command.athlete_id, command.text),
                    at=command.at,
                ),
            )
        case commands.DeleteComment(comment_id=comment_id, trainer_id=author, at=at):
            if existing is None or existing.trainer_id != author:
                raise commands.CommentNotFound
            return (events.CommentDeleted(comment_id=comment_id, at=at),)


def evolve(comments: Comments, event: events.CommentEvent) -> Comments:
    """Apply one event. History is never refused."""
    match event:
        case events.CommentWritten():
            written = Comment(event.comment_id, event.trainer_id, event.place, event.text, event.at)
            return Comments((*comments.all, written))
        case events.CommentDeleted(comment_id=deleted):
            return Comments(tuple(each for each in comments.all if each.id != deleted))


COMMENTS = Decider[commands.CommentCommand, events.CommentEvent, Comments](
    "comments", initial=Comments(), decide=decide, evolve=evolve
)
