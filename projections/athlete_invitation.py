"""Athlete invitation read model: one row per invitation of a trainer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import AthleteInvitationId, UserId
from domain.kernel import Projection, Recorded
from domain.supervision import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class AthleteInvitation:
    """An invitation of the trainer `user_id`, and the athlete who accepted it.

    `first_position` is that of its first event in the log.
    """

    id: AthleteInvitationId
    user_id: UserId
    expires_at: datetime
    created_at: datetime
    first_position: int
    accepted_by: UserId | None = None
    withdrawn: bool = False


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by invitation."""
    is_own = isinstance(recorded.event, events.AthleteInvitationEvent)
    return (stream_id(recorded),) if is_own else ()


def evolve(row: AthleteInvitation | None, recorded: Recorded[Any]) -> AthleteInvitation | None:
    """Apply one event to the invitation."""
    match recorded.event, row:
        case events.AthleteInvitationCreated() as created, _:
            return AthleteInvitation(
                id=AthleteInvitationId(stream_id(recorded)),
                user_id=created.trainer_id,
                expires_at=created.expires_at,
                created_at=created.at,
                first_position=recorded.position,
            )
        case events.AthleteInvitationAccepted(athlete_id=athlete), AthleteInvitation():
            return fast_replace(row, accepted_by=athlete)
        case events.AthleteInvitationWithdrawn(), AthleteInvitation():
            return fast_replace(row, withdrawn=True)
        case _:
            return row


ATHLETE_INVITATION = Projection(
    name="athlete_invitation",
    version=2,
    row=AthleteInvitation,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",),),
    kind="athlete_invitation",
)
