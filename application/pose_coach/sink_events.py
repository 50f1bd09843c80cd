"""Events that concern the pose coach's stores: sessions, keys, profiles and consents."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from application.kernel.cloud_events import EncodedEvent
from application.kernel.ports import EventLog
from application.pose_coach.sink_states import PROFILE, SinkEntry
from domain.health.events import MetricsSynced, ProfileDeleted
from domain.ids import PoseSessionId, TenantId, UserId
from domain.pose_coach.events import PoseSessionDeleted, PoseSessionMerged, PoseSessionSaved
from domain.users.events import ConsentGiven, ConsentWithdrawn, PoseCoachKeyAssigned

CONCERNING: Final = (
    PoseSessionSaved,
    PoseSessionMerged,
    PoseSessionDeleted,
    PoseCoachKeyAssigned,
    ConsentGiven,
    ConsentWithdrawn,
    ProfileDeleted,
)
"""Events after which figures of many people may change."""


def _names(*kinds: Any) -> frozenset[str]:
    return frozenset(str(kind.event_name) for kind in kinds)


SESSIONS: Final = _names(PoseSessionSaved, PoseSessionMerged, PoseSessionDeleted)
KEYS: Final = _names(PoseCoachKeyAssigned)
PROFILES: Final = _names(PoseCoachKeyAssigned, ConsentGiven, ConsentWithdrawn, ProfileDeleted)
"""Events of the stream of a user, or of their health choices."""

BATCHES: Final = _names(MetricsSynced)


def concerned(
    encoded: EncodedEvent,
    log: EventLog,
    owner_of: Callable[[TenantId, PoseSessionId], UserId | None],
) -> Iterable[SinkEntry]:
    """Return what a sink has to write after an event: a session, its user's profile, or both."""
    tenant, stream_id = TenantId(encoded.tenant_id), encoded.stream.partition("-")[2]
    if encoded.name in PROFILES:
        return [SinkEntry(tenant, UserId(stream_id), PROFILE)]
    if encoded.name in BATCHES:
        users = {recorded.event.user_id for recorded in log.load(tenant, encoded.stream)}
        return [SinkEntry(tenant, user, PROFILE) for user in users]
    owner = owner_of(tenant, PoseSessionId(stream_id)) if encoded.name in SESSIONS else None
    if owner is None:
        return []
    return [SinkEntry(tenant, owner, session_id) for session_id in (PROFILE, stream_id)]
