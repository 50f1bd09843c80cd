"""Views of published videos: where each viewer is, and how many came how far."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.kernel.read_models import Between, Condition, NoneOf, ReadModels
from domain.content.commands import ContentNotFound
from domain.content.item import Item
from domain.content.viewing import (
    COMPLETED,
    END_PERCENT,
    VIEWING,
    NotePosition,
    Viewing,
    view_id,
)
from domain.ids import ContentId, TenantId, UserId
from domain.kernel import Origin
from projections.content_view import CONTENT_VIEW


@dataclass(frozen=True, slots=True)
class Position:
    """Position in a video where a viewer goes on."""

    ms: int = 0
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ViewCounts:
    """People who began a video, and of them, those who reached a part of it. The trainer is none.

    Each person counts once, however often they watch.
    """

    viewers: int
    reached_25: int
    reached_50: int
    reached_75: int
    completed: int


@dataclass(frozen=True)
class ContentViews:
    """Notes positions of viewers, and counts viewers."""

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    clock: Clock

    def note(
        self,
        content_id: ContentId,
        item: Item,
        user_id: UserId,
        position_ms: int,
        origin: Origin,
        key: UUID,
    ) -> AppendResult:
        """Note where a viewer is in the live version. Raises ContentNotFound and InvalidValue.

        A position after its end is the end: the viewer may still have the version before.
        """
        if item.live is None:
            raise ContentNotFound
        duration_ms = item.live.encoding.duration_ms
        note = NotePosition(
            content_id=content_id,
            user_id=user_id,
            position_ms=min(position_ms, duration_ms),
            duration_ms=duration_ms,
            at=self.clock(),
        )
        request = Request(VIEWING, view_id(content_id, user_id), [note])
        return self.commands.execute(request, origin=origin, command_id=key)

    def position(
        self, tenant_id: TenantId, content_id: ContentId, item: Item, user_id: UserId
    ) -> Position:
        """Return where a viewer goes on: at 0 if they did not begin, or came to the end."""
        stream = f"{VIEWING.category}-{view_id(content_id, user_id)}"
        history = self.log.load(tenant_id, stream)
        state = VIEWING.fold(recorded.event for recorded in history)
        if not isinstance(state, Viewing) or item.live is None:
            return Position()
        end_ms = item.live.encoding.duration_ms * END_PERCENT // 100
        is_over = state.position_ms >= end_ms
        return Position(0 if is_over else state.position_ms, state.moved_at)

    def counts(self, tenant_id: TenantId, content_id: ContentId, trainer_id: UserId) -> ViewCounts:
        """Count the viewers of a video."""

        def count(percent: int) -> int:
            where: dict[str, Condition] = {
                "content_id": content_id,
                "furthest": Between(start=percent),
                "user_id": NoneOf((trainer_id,)),
            }
            return self.read.count(CONTENT_VIEW, tenant_id, where=where)

        return ViewCounts(count(0), count(25), count(50), count(75), count(COMPLETED))
