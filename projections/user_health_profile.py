"""User health profiles read model: one row per user from registration on, unless deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.health.events import MetricsSynced, ProfileDeleted
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.pose_coach.events import PoseSessionSaved
from domain.users.events import UserCreated, UserErased
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class UserHealthProfile:
    """A user's health data as a whole. `records` counts accepted ones, corrections included.

    `registered_at` is None for a person without an account, where nobody signs in, and after the
    profile was deleted. Then records and the last sync are those since.
    """

    id: UserId
    registered_at: datetime | None = None
    records: int = 0
    last_sync_at: datetime | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by user."""
    match recorded.event:
        case UserCreated() | UserErased():
            return (stream_id(recorded),)
        case (
            MetricsSynced(user_id=user)
            | PoseSessionSaved(user_id=user)
            | ProfileDeleted(user_id=user)
        ):
            return (user,)
        case _:
            return ()


def evolve(row: UserHealthProfile | None, recorded: Recorded[Any]) -> UserHealthProfile | None:
    """Apply one event; batches may come in any order."""
    match recorded.event:
        case UserCreated(at=at):
            before = row or UserHealthProfile(UserId(stream_id(recorded)))
            return fast_replace(before, registered_at=at)
        case MetricsSynced(user_id=user, accepted=accepted, at=at):
            before = row or UserHealthProfile(user)
            last = at if before.last_sync_at is None else max(at, before.last_sync_at)
            return fast_replace(before, records=before.records + accepted, last_sync_at=last)
        case PoseSessionSaved(user_id=user):
            return row or UserHealthProfile(user)
        case UserErased() | ProfileDeleted():
            return None
        case _:
            return row


USER_HEALTH_PROFILE = Projection(
    name="user_health_profile",
    version=2,
    row=UserHealthProfile,
    keys=keys,
    evolve=evolve,
    kind="health",
)
