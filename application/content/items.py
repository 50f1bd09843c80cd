"""Content items as the log has them now."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from application.kernel.ports import EventLog
from domain.content import events
from domain.content.commands import ContentNotFound
from domain.content.item import CONTENT, ContentItem, Item
from domain.ids import ContentId, TenantId
from domain.kernel import Recorded


def content_stream(content_id: ContentId) -> str:
    """Return the name of the stream of an item."""
    return f"{CONTENT.category}-{content_id}"


def load_state(log: EventLog, tenant_id: TenantId, content_id: ContentId) -> ContentItem:
    """Return the state of an id, whether an item exists or not."""
    history = log.load(tenant_id, content_stream(content_id))
    return CONTENT.fold(recorded.event for recorded in history)


def find_item(log: EventLog, tenant_id: TenantId, content_id: ContentId) -> Item | None:
    """Return an item, or None if there is none or it was deleted."""
    state = load_state(log, tenant_id, content_id)
    return state if isinstance(state, Item) else None


def require_item(log: EventLog, tenant_id: TenantId, content_id: ContentId) -> Item:
    """Return an item. Raises ContentNotFound."""
    item = find_item(log, tenant_id, content_id)
    if item is None:
        raise ContentNotFound
    return item


def newest_draft_request(history: Sequence[Recorded[Any]]) -> UUID | None:
    """Return the id of the newest request of a draft of captions; that of its job is the same."""
    requests = (
        each.event_id
        for each in reversed(history)
        if isinstance(each.event, events.CaptionDraftRequested)
    )
    return next(requests, None)


def quarantined_versions(history: Sequence[Recorded[Any]]) -> set[int]:
    """Return the versions whose files are in quarantine."""
    numbers = set[int]()
    for recorded in history:
        match recorded.event:
            case events.FileQuarantined(number=number):
                numbers.add(number)
            case events.QuarantineRemoved(number=number):
                numbers.discard(number)
            case _:
                pass
    return numbers
