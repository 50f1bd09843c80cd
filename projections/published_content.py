"""Published content read model: one row per video of a trainer, as athletes see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.content import events
from domain.content.events import Audience
from domain.ids import ContentId, UserId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class PublishedContent:
    """A video of a trainer. Only a row with `listed_at` is published.

    `ready_at` is the time when its version was published; `listed_at` equals it while the video is
    offered. `is_free` and `plans` are the athletes who may watch it.
    """

    id: ContentId
    trainer_id: UserId
    title: str
    description: str
    number: int | None = None
    duration_ms: int | None = None
    ready_at: datetime | None = None
    listed_at: datetime | None = None
    is_withdrawn: bool = False
    is_free: bool = False
    plans: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by content item."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.ContentEvent) else ()


def evolve(row: PublishedContent | None, recorded: Recorded[Any]) -> PublishedContent | None:
    """Apply one event to the video."""
    match recorded.event, row:
        case events.UploadRequested() as requested, _:
            return PublishedContent(
                id=ContentId(stream_id(recorded)),
                trainer_id=requested.trainer_id,
                title=text_of(requested.title),
                description=text_of(requested.description),
            )
        case events.ContentDeleted(), _:
            return None
        case _, PublishedContent():
            changed = _changed(row, recorded.event)
            listed_at = None if changed.is_withdrawn else changed.ready_at
            return fast_replace(changed, listed_at=listed_at)
        case _:
            return row


def _changed(row: PublishedContent, event: Any) -> PublishedContent:
    match event:
        case events.ContentDescribed(title=title, description=text):
            return fast_replace(row, title=text_of(title), description=text_of(text))
        case events.ContentReady(number=number, duration_ms=duration, at=at):
            return fast_replace(row, number=number, duration_ms=duration, ready_at=at)
        case events.ContentUnpublished() | events.ContentTakenDown():
            return fast_replace(row, is_withdrawn=True)
        case events.ContentRepublished():
            return fast_replace(row, is_withdrawn=False)
        case events.AudienceChanged(audience=Audience(is_free=is_free, plans=plans)):
            return fast_replace(row, is_free=is_free, plans=plans)
        case events.CaptionsAdded(language=language):
            return fast_replace(row, captions=tuple(sorted({*row.captions, language})))
        case events.CaptionsRemoved(language=language):
            captions = tuple(each for each in row.captions if each != language)
            return fast_replace(row, captions=captions)
        case _:
            return row


PUBLISHED_CONTENT = Projection(
    name="published_content",
    version=1,
    row=PublishedContent,
    keys=keys,
    evolve=evolve,
    indexes=(("listed_at",), ("trainer_id", "listed_at")),
    kind="plan",
)
