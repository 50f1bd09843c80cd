"""Writes completed workouts to linked clouds that take them, within the sync of a link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Final

import structlog

from application.health.links import HealthLink, HealthLinks
from application.health.pauses import LONGEST_PAUSE, pause_after
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudForbidden,
    CloudUnavailable,
    HealthProvider,
    HealthProviders,
)
from application.health.service import integration_id
from application.health.writes import (
    CompletedWorkout,
    HealthWrite,
    HealthWrites,
    WorkoutTaker,
    WrittenSet,
)
from application.kernel.cloud_events import EncodedEvent
from application.kernel.ports import Clock
from application.kernel.read_models import PAGE_LIMIT, Between, ReadModels, Window
from application.kernel.subscription import LOG, AllOrNothing, Checkpoint, Records
from domain.health.events import CloudSource
from domain.ids import SessionId, TenantId
from domain.sessions.events import SessionCompleted
from projections.exercise_performance import EXERCISE_PERFORMANCE
from projections.health_activity import HEALTH_ACTIVITY, HealthActivity
from projections.health_integration import HEALTH_INTEGRATION

REACH: Final = timedelta(days=7)
"""Age of the oldest workouts that are written. Those from before the link never are."""

PROCESSING: Final = timedelta(seconds=30)
"""First pause before the state of a workout that a cloud processes is fetched again."""

MAX_ATTEMPTS: Final = 5
"""Attempts of one workout that its cloud refuses. Outages do not count."""

_EVENT: Final[Any] = SessionCompleted
COMPLETED: Final = str(_EVENT.event_name)

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class WriteBack:
    """Writes the workouts of a link, each once."""

    read: ReadModels
    writes: HealthWrites
    clock: Clock

    def write(
        self,
        link: HealthLink,
        provider: HealthProvider,
        hold: Callable[[], None],
    ) -> timedelta | None:
        """Write what is new; return the pause until the rest is due, None if nothing is left.

        `hold` raises an error if the link has ended: then nothing more is written or stored.
        Raises CloudConsentLost.
        """
        if not isinstance(provider, WorkoutTaker) or link.grant is None:
            return None
        if provider.write_scope not in link.grant.scopes:
            return None
        pauses: list[timedelta] = []
        for workout, before in self._unfinished(link):
            hold()
            try:
                answer = provider.write(link.grant, workout, before.reference)
            except CloudUnavailable as outage:
                tried = replace(before, state="retrying", reason=outage.code)
                pauses.append(self._retry(tried, outage))
                break  # the cloud is down for the other workouts, too
            except (CloudAnswerUnreadable, CloudForbidden) as refusal:
                tried = replace(before, state="retrying", reason=refusal.code)
                pauses.append(self._retry(tried))
                continue
            hold()
            self._store(
                replace(
                    before,
                    state=answer.state,
                    reference=answer.reference,
                    reason=answer.reason,
                    left=answer.left,
                )
            )
            if answer.state == "processing":
                pauses.append(self._processing_pause(before))
        return min(pauses, default=None)

    def _retry(self, tried: HealthWrite, outage: CloudUnavailable | None = None) -> timedelta:
        attempts = tried.attempts + 1
        is_last = attempts >= MAX_ATTEMPTS and outage is None
        self._store(replace(tried, attempts=attempts, state="refused" if is_last else "retrying"))
        return pause_after(attempts, None if outage is None else outage.retry_after_s)

    def _processing_pause(self, before: HealthWrite) -> timedelta:
        """Return a pause twice as long as that since the state was last fetched."""
        if before.state != "processing":
            return PROCESSING
        return min(LONGEST_PAUSE, max(PROCESSING, 2 * (self.clock() - before.at)))

    def _store(self, write: HealthWrite) -> None:
        self.writes.put(replace(write, at=self.clock()))
        logger.info(
            "health.workout_written", source=write.source, state=write.state, reason=write.reason
        )

    def _unfinished(self, link: HealthLink) -> Sequence[tuple[CompletedWorkout, HealthWrite]]:
        now = self.clock()
        key = integration_id(link.user_id, link.source)
        row = self.read.get(HEALTH_INTEGRATION, link.tenant_id, key)
        since = now if row is None else row.connected_at
        activities = [
            each
            for each in self._activities(link, max(since, now - REACH), now)
            if each.ended_at >= since
        ]
        stored = self.writes.of_sessions(
            link.tenant_id, link.user_id, link.source, [each.id for each in activities]
        )
        found: list[tuple[CompletedWorkout, HealthWrite]] = []
        for each in activities:
            new = HealthWrite(link.tenant_id, link.user_id, link.source, each.id, "retrying", now)
            before = stored.get(each.id, new)
            if before.state not in {"written", "refused"}:
                found.append((self._workout(link.tenant_id, each), before))
        return found

    def _activities(
        self, link: HealthLink, start: datetime, end: datetime
    ) -> Sequence[HealthActivity]:
        page = self.read.page(
            HEALTH_ACTIVITY,
            link.tenant_id,
            window=Window(first=PAGE_LIMIT),
            where={
                "athlete_id": link.user_id,
                "shown": True,
                "started_at": Between(start - timedelta(days=1), end),
            },
            order_by="started_at",
        )
        return [edge.row for edge in page.edges]

    def _workout(self, tenant_id: TenantId, activity: HealthActivity) -> CompletedWorkout:
        page = self.read.page(
            EXERCISE_PERFORMANCE,
            tenant_id,
            window=Window(first=PAGE_LIMIT),
            where={"athlete_id": activity.athlete_id, "session_id": activity.id},
            order_by="at",
        )
        numbered = sorted(
            (each.set, edge.row.exercise_id, each) for edge in page.edges for each in edge.row.sets
        )
        sets = (
            WrittenSet(exercise, each.repetitions, each.held_ms, each.load_kg)
            for _, exercise, each in numbered
        )
        return CompletedWorkout(
            session_id=self._first_session(tenant_id, activity),
            activity_type=activity.activity_type,
            started_at=activity.started_at,
            ended_at=activity.ended_at,
            duration_ms=activity.duration_ms,
            energy_kcal=activity.energy_kcal,
            time_zone=activity.time_zone,
            sets=tuple(sets),
        )

    def _first_session(self, tenant_id: TenantId, activity: HealthActivity) -> SessionId:
        """Return the session whose exercise was corrected by this one, or the session itself."""
        while activity.replaces is not None:
            before = self.read.get(HEALTH_ACTIVITY, tenant_id, activity.replaces)
            if before is None:
                return activity.replaces
            activity = before
        return activity.id


def sources_with_writes(providers: HealthProviders) -> list[CloudSource]:
    """Return the clouds that take workouts."""
    return [name for name, each in providers.items() if isinstance(each, WorkoutTaker)]


class CompletionProcessor(AllOrNothing[EncodedEvent]):
    """Makes the links of a person due when they complete a workout.

    It begins at the end of the log: a completion that was missed waits for the daily sync.
    """

    name = "health-writes"

    def __init__(
        self,
        *,
        end: Callable[[], Checkpoint],
        fresh: Callable[[int, float], bool],
        patience_s: float,
        read: ReadModels,
        links: HealthLinks,
        sources: Sequence[CloudSource],
        clock: Clock,
    ) -> None:
        self._end = end
        self._fresh = fresh
        self._patience_s = patience_s
        self._read = read
        self._links = links
        self._sources = sources
        self._clock = clock
        self._pending: set[tuple[TenantId, SessionId]] = set()

    def start(self, stop: Event) -> Checkpoint:
        """Begin at the end of the log."""
        del stop
        return self._end()

    def process(self, batch: Records[EncodedEvent]) -> Checkpoint:
        """Note completed sessions, and wake the links of their athletes."""
        self._pending |= {
            (TenantId(each.tenant_id), SessionId(each.stream.partition("-")[2]))
            for each in batch.records
            if each.name == COMPLETED
        }
        if self._pending and self._fresh(batch.reached[LOG], self._patience_s):
            for tenant, session in sorted(self._pending):
                row = self._read.get(HEALTH_ACTIVITY, tenant, session)
                if row is not None:
                    self._links.wake_person(tenant, row.athlete_id, self._sources, self._clock())
            self._pending.clear()
        return batch.reached
