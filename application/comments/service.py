"""Comment service: comments on sessions, read from the log at each use.

No read model has their texts, so they disappear with the key of the athlete. Comments of an erased
author are not shown any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from domain.comments.commands import CommentCommand, DeleteComment, WriteComment
from domain.comments.comments import COMMENTS, Comment
from domain.comments.events import Place
from domain.ids import SessionId, TenantId, UserId
from domain.kernel import Origin, Recorded
from domain.personal import Erased
from domain.users.user import USER
from domain.users.user import Erased as ErasedUser


def readable_comments(
    log: EventLog, tenant_id: TenantId, history: Iterable[Recorded[Any]]
) -> tuple[Comment, ...]:
    """Return the comments of a stream in order, without deleted ones and those of erased people.

    The text of a comment is erased with its athlete; its author is looked up in `log`.
    """
    comments = COMMENTS.fold(recorded.event for recorded in history).all
    erased = {
        author
        for author in {each.trainer_id for each in comments}
        if _is_erased(log, tenant_id, author)
    }
    return tuple(
        each
        for each in comments
        if each.trainer_id not in erased and not isinstance(each.text.value, Erased)
    )


def _is_erased(log: EventLog, tenant_id: TenantId, user_id: UserId) -> bool:
    history = log.load(tenant_id, f"{USER.category}-{user_id}")
    return isinstance(USER.fold(recorded.event for recorded in history), ErasedUser)


@dataclass(frozen=True)
class CommentService:
    """Writes, deletes and lists comments of callers who are authorized."""

    log: EventLog
    commands: CommandHandler
    clock: Clock

    def of(self, tenant_id: TenantId, session_id: SessionId) -> tuple[Comment, ...]:
        """Return the comments on a session in order; see `readable_comments`."""
        history = self.log.load(tenant_id, f"{COMMENTS.category}-{session_id}")
        return readable_comments(self.log, tenant_id, history)

    def write(
        self,
        session_id: SessionId,
        athlete_id: UserId,
        trainer_id: UserId,
        place: Place,
        text: str,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[str, AppendResult]:
        """Comment on a session, once per `command_id`. Raises InvalidValue and TooManyComments."""
        comment_id = str(uuid5(command_id, "comment"))
        command = WriteComment(
            comment_id=comment_id,
            athlete_id=athlete_id,
            trainer_id=trainer_id,
            place=place,
            text=text,
            at=self.clock(),
        )
        return comment_id, self._execute(session_id, command, origin, command_id)

    def delete(
        self,
        session_id: SessionId,
        comment_id: str,
        trainer_id: UserId,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Delete a comment of this author. Raises CommentNotFound."""
        command = DeleteComment(comment_id=comment_id, trainer_id=trainer_id, at=self.clock())
        return self._execute(session_id, command, origin, command_id)

    def _execute(
        self,
        session_id: SessionId,
        command: CommentCommand,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        request = Request(COMMENTS, session_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)
