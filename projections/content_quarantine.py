"""Content quarantine read model: the rejected files of each video, also of a deleted one."""

from dataclasses import dataclass
from typing import Any

from domain.content import events
from domain.ids import ContentId, UserId
from domain.kernel import Projection, Recorded
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class ContentQuarantine:
    """Rejected files of a video that are kept for the audit: their versions, and their bytes.

    `size` is that of the newest version; `sizes` are in the order of `numbers`.
    """

    id: ContentId
    user_id: UserId
    size: int
    numbers: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()
    held_bytes: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by content item."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.ContentEvent) else ()


def evolve(row: ContentQuarantine | None, recorded: Recorded[Any]) -> ContentQuarantine | None:
    """Apply one event to the rejected files."""
    match recorded.event, row:
        case events.UploadRequested(trainer_id=trainer, file=file), _:
            return ContentQuarantine(ContentId(stream_id(recorded)), trainer, file.size)
        case events.ReplacementRequested(file=file), ContentQuarantine():
            return fast_replace(row, size=file.size)
        case events.ContentUploaded(size=size), ContentQuarantine():
            return fast_replace(row, size=size)
        case events.FileQuarantined(number=number), ContentQuarantine():
            return _holding(row, {**_sizes(row), number: row.size})
        case events.QuarantineRemoved(number=number), ContentQuarantine():
            left = {key: size for key, size in _sizes(row).items() if key != number}
            return _holding(row, left)
        case _:
            return row


def _sizes(row: ContentQuarantine) -> dict[int, int]:
    return dict(zip(row.numbers, row.sizes, strict=True))


def _holding(row: ContentQuarantine, sizes: dict[int, int]) -> ContentQuarantine:
    numbers, held = tuple(sizes), tuple(sizes.values())
    return fast_replace(row, numbers=numbers, sizes=held, held_bytes=sum(held))


CONTENT_QUARANTINE = Projection(
    name="content_quarantine",
    version=1,
    row=ContentQuarantine,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",),),
)
