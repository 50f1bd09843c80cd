"""What belongs to a person, as the log tells it: the streams that their facts are in.

The log is read as it lies there: only events that name the person are decoded, so that nobody
else's key is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from application.kernel.cloud_events import Decode, EncodedEvent, to_recorded
from application.kernel.relay import EncodedLog
from application.privacy.identifying_terms import Term
from domain.access.access import ACCESS
from domain.achievements.achievements import ACHIEVEMENTS
from domain.ids import RecordingId, SessionId, TenantId, UserId, WorkoutId
from domain.kernel import Recorded
from domain.recordings.events import RecordingStarted
from domain.recordings.recording import RECORDING
from domain.sessions.events import SessionStarted
from domain.sessions.session import SESSION
from domain.share_links.share_links import SHARING
from domain.users.user import USER
from domain.workouts.events import WorkoutPrescribed
from domain.workouts.workout import WORKOUT

BATCH: Final = 2000

_OWNING: Final[tuple[Any, ...]] = (SessionStarted, RecordingStarted, WorkoutPrescribed)

FIRST: Final = frozenset(str(kind.event_name) for kind in _OWNING)
"""Facts that say whose a stream is."""


@dataclass(frozen=True)
class SubjectData:
    """A person and all that is theirs. Media lie on shelves of their sessions' ids.

    `terms` would tell who the person is: they are not shown where this is shown.
    """

    tenant_id: TenantId
    user_id: UserId
    sessions: tuple[SessionId, ...]
    recordings: tuple[RecordingId, ...]
    workouts: tuple[WorkoutId, ...]
    terms: tuple[Term, ...] = field(default=(), repr=False)

    @property
    def streams(self) -> tuple[str, ...]:
        """Name their streams, that of the account first."""
        return (
            f"{USER.category}-{self.user_id}",
            f"{ACCESS.category}-{self.user_id}",
            f"{ACHIEVEMENTS.category}-{self.user_id}",
            *(f"{SESSION.category}-{each}" for each in self.sessions),
            *(f"{RECORDING.category}-{each}" for each in self.recordings),
            *(f"{SHARING.category}-{each}" for each in self.recordings),
            *(f"{WORKOUT.category}-{each}" for each in self.workouts),
        )


def owner(event: Any) -> UserId | None:
    """Say whose a stream is, if this is the fact that says it."""
    match event:
        case SessionStarted(athlete_id=whose):
            return whose
        case RecordingStarted(user_id=whose):
            return whose
        case WorkoutPrescribed(author_id=whose):
            return whose
        case _:
            return None


def belongings(
    log: EncodedLog, decode: Decode, tenant_id: TenantId, user_id: UserId
) -> SubjectData:
    """Find what is a person's, reading the whole log once. Raises StorageUnavailable."""
    named = user_id.encode()
    theirs: dict[str, list[str]] = {each.category: [] for each in (SESSION, RECORDING, WORKOUT)}
    for stored in _of_tenant(log, tenant_id):
        if stored.name in FIRST and named in stored.payload:
            first: Recorded[Any] = to_recorded(stored, decode)
            if owner(first.event) == user_id:
                category, _, identity = stored.stream.partition("-")
                theirs[category].append(identity)
    return SubjectData(
        tenant_id=tenant_id,
        user_id=user_id,
        sessions=tuple(map(SessionId, theirs[SESSION.category])),
        recordings=tuple(map(RecordingId, theirs[RECORDING.category])),
        workouts=tuple(map(WorkoutId, theirs[WORKOUT.category])),
    )


def _of_tenant(log: EncodedLog, tenant_id: TenantId) -> Iterator[EncodedEvent]:
    after = 0
    while batch := log.scan(after=after, limit=BATCH):
        after = batch[-1].position
        yield from (stored for stored in batch if stored.tenant_id == tenant_id)
