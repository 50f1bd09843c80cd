"""Supervision read model: one row per athlete and trainer who may see their training."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.supervision import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class Supervision:
    """A trainer who may see the training of an athlete, and with `video` its videos.

    With `assign` they may assign workouts to the athlete.
    `first_position` is that of the first event of the permission in the log.
    """

    user_id: UserId
    trainer_id: UserId
    video: bool
    created_at: datetime
    first_position: int
    assign: bool = False


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by athlete and trainer."""
    match recorded.event:
        case events.SupervisionAllowed() | events.SupervisionWithdrawn() as event:
            return (f"{stream_id(recorded)}/{event.trainer_id}",)
        case _:
            return ()


def evolve(row: Supervision | None, recorded: Recorded[Any]) -> Supervision | None:
    """Apply one event to the permission."""
    match recorded.event, row:
        case events.SupervisionAllowed() as allowed, None:
            return Supervision(
                user_id=allowed.athlete_id,
                trainer_id=allowed.trainer_id,
                video=allowed.video,
                created_at=allowed.at,
                first_position=recorded.position,
                assign=allowed.assign,
            )
        case events.SupervisionAllowed(video=video, assign=assign), Supervision():
            return fast_replace(row, video=video, assign=assign)
        case events.SupervisionWithdrawn(), _:
            return None
        case _:
            return row


SUPERVISION = Projection(
    name="supervision",
    version=3,
    row=Supervision,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",), ("trainer_id",)),
    kind="supervision",
)
