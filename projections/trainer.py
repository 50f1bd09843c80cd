"""Trainer read model: one row per public profile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.catalog import events
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from domain.texts import fold
from projections.kernel import stream_id


@dataclass(frozen=True)
class Trainer:
    """The public profile of a trainer.

    `search` is the name without case and accents. `revision` counts the changes since it was
    published.
    """

    id: UserId
    name: str
    description: str
    languages: tuple[str, ...]
    specialities: tuple[str, ...]
    changed_at: datetime
    search: str
    revision: int = 1


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by trainer."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.TrainerEvent) else ()


def evolve(row: Trainer | None, recorded: Recorded[Any]) -> Trainer | None:
    """Apply one event to the profile."""
    match recorded.event:
        case events.TrainerProfileChanged() as changed:
            return Trainer(
                id=UserId(stream_id(recorded)),
                name=text_of(changed.name),
                description=text_of(changed.description),
                languages=changed.languages,
                specialities=changed.specialities,
                changed_at=changed.at,
                search=fold(text_of(changed.name)),
                revision=1 if row is None else row.revision + 1,
            )
        case events.TrainerProfileWithdrawn():
            return None
        case _:
            return row


TRAINER = Projection(
    name="trainer",
    version=3,
    row=Trainer,
    keys=keys,
    evolve=evolve,
    indexes=(("search",),),
    kind="plan",
)
