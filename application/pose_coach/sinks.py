"""Sinks: each store of the pose coach follows the event log by itself.

A sink notes which sessions an event concerns, together with its position in the log. Then it
writes each of them as the log has it now, so that order and repetition do not matter. What fails
is tried again after a pause, and shown; one store never waits for the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any, Final

import structlog

from application.kernel.cloud_events import EncodedEvent
from application.kernel.encryption import KeyDisabled, KmsUnavailable
from application.kernel.ports import Clock, EventLog, StorageUnavailable
from application.kernel.read_models import ReadModels
from application.kernel.subscription import (
    LOG,
    AllOrNothing,
    Backoff,
    Checkpoint,
    Draw,
    Records,
)
from application.pose_coach.restored_log import LogMark, is_in_log
from application.pose_coach.sink_events import KEYS, concerned
from application.pose_coach.sink_states import PROFILE, SinkEntry, SinkStates
from application.pose_coach.stores import (
    ProfileMissing,
    ProfileRecord,
    SessionRecord,
    SessionStore,
)
from domain.health.choices import HEALTH
from domain.ids import PoseSessionId, TenantId, UserId
from domain.kernel import Rejected
from domain.personal import Erased
from domain.pose_coach.events import PoseSessionSaved
from domain.pose_coach.key import PoseCoachKey
from domain.pose_coach.pose_session import POSE_SESSION as DECIDER
from domain.pose_coach.pose_session import Saved
from projections.participant import PARTICIPANT
from projections.pose_session import POSE_SESSION, PoseSession
from projections.pose_totals import POSE_TOTALS
from projections.user_health_profile import USER_HEALTH_PROFILE

RETRY: Final = Backoff(attempts=8, first_s=1.0, factor=2.0, longest_s=300.0)
"""Pauses after a failure. An outage of the store does not count towards the last attempt."""

BATCH: Final = 200
"""Sessions that are written before the log is read again."""

logger: Any = structlog.get_logger()


FindKey = Callable[[TenantId, UserId], PoseCoachKey | None]
"""Returns the present key of a user; None for a user who was erased or has none."""


class EntryChanged(Exception):  # noqa: N818  nothing failed
    """The entry was marked or removed since it was read."""


class SessionRowMissing(Exception):  # noqa: N818  the session is not lost, its row is
    """The log has a session of which the read model has no row: its stream is in quarantine."""


def find_saved(
    log: EventLog, tenant_id: TenantId, session_id: PoseSessionId
) -> PoseSessionSaved | None:
    """Return a session as saved and merged; None if it was deleted, or its athlete erased."""
    history = log.load(tenant_id, f"{DECIDER.category}-{session_id}")
    match DECIDER.fold(recorded.event for recorded in history):
        case Saved(event=saved):
            erased = isinstance(saved.exercise.value, Erased)
            return None if erased or isinstance(saved.feedback.value, Erased) else saved
        case _:
            return None


class SinkProcessor(AllOrNothing[EncodedEvent]):
    """Follows the log for one store. `fresh` waits until the read models include a position."""

    def __init__(
        self,
        store: SessionStore,
        states: SinkStates,
        *,
        log: EventLog,
        owner_of: Callable[[TenantId, PoseSessionId], UserId | None],
        read: ReadModels,
        find_key: FindKey,
        fresh: Callable[[int, float], bool],
        patience_s: float,
        clock: Clock,
        draw: Draw,
    ) -> None:
        self._store = store
        self._states = states
        self._log = log
        self._owner_of = owner_of
        self._read = read
        self._find_key = find_key
        self._fresh = fresh
        self._patience_s = patience_s
        self._clock = clock
        self._draw = draw
        self._stop = Event()
        self._outages = 0

    @property
    def name(self) -> str:
        return f"pose-coach-{self._store.name}"

    def start(self, stop: Event) -> Checkpoint:
        self._stop = stop
        sink, followed = self._store.name, self._states.followed(self._store.name)
        if is_in_log(followed, self._log):
            return {LOG: followed.position}
        logger.error("pose_coach.log_restored", sink=sink, position=followed.position)
        self._states.note_restored(sink, followed.position)
        self._states.mark(sink, [], LogMark(0), self._clock())
        return {LOG: 0}

    def process(self, batch: Records[EncodedEvent]) -> Checkpoint:
        """Note the sessions of a batch, then write what is due."""
        if batch.records:
            self._note(batch)
        due = self._states.due(self._store.name, self._clock(), BATCH)
        if due and self._fresh(batch.reached[LOG], self._patience_s):
            self._write_all(due)
        return batch.reached

    def _note(self, batch: Records[EncodedEvent]) -> None:
        sink, now = self._store.name, self._clock()
        entries: dict[tuple[str, str, str], SinkEntry] = {}
        for encoded in batch.records:
            if encoded.name in KEYS:  # their sessions may be stored under another key
                user = UserId(encoded.stream.partition("-")[2])
                self._states.mark_user(sink, TenantId(encoded.tenant_id), user, now)
            for entry in concerned(encoded, self._log, self._owner_of):
                entries[entry.tenant_id, entry.user_id, entry.session_id] = entry
        reached = LogMark(batch.reached[LOG], str(batch.records[-1].event_id))
        self._states.mark(sink, list(entries.values()), reached, now)

    def _write_all(self, due: Sequence[SinkEntry]) -> None:
        rows = self._rows(due)
        for index, noted in enumerate(due):
            entry = noted
            if self._stop.is_set():
                return
            row = rows.get((entry.tenant_id, entry.session_id))
            try:
                key = self._key_of(entry)
                entry = self._clear(entry, row, key)
                done = self._write(entry, row, key)
            except KeyDisabled as disabled:  # of one tenant: the entries of others are written
                done = self._postponed(entry, disabled, RETRY.longest_s)
            except (StorageUnavailable, KmsUnavailable) as outage:
                self._outages += 1
                left = (entry, *due[index + 1 :])
                pause_s = RETRY.pause_s(self._outages, self._draw)
                changes = [(each, self._postponed(each, outage, pause_s)) for each in left]
                self._states.store(self._store.name, changes)
                return
            except EntryChanged:
                continue
            except ProfileMissing as missing:
                done = replace(entry, status="waiting", error=missing.code, due_at=None)
            except Exception as error:  # noqa: BLE001  it is logged and stored
                done = self._retried(entry, error)
            self._outages = 0
            if not self._states.store(self._store.name, [(entry, done)]):
                self._delete_erased(done)
            elif entry.session_id == PROFILE and done.status == "saved":
                self._states.release(
                    self._store.name, entry.tenant_id, entry.user_id, self._clock()
                )

    def _rows(self, entries: Sequence[SinkEntry]) -> dict[tuple[TenantId, str], PoseSession]:
        by_tenant: dict[TenantId, list[str]] = {}
        for entry in entries:
            by_tenant.setdefault(entry.tenant_id, []).append(entry.session_id)
        return {
            (tenant, key): row
            for tenant, keys in by_tenant.items()
            for key, row in self._read.get_many(POSE_SESSION, tenant, keys).items()
        }

    def _key_of(self, entry: SinkEntry) -> PoseCoachKey | None:
        """Return the key under which to store an entry; None if it is to be deleted.

        A profile that its user deleted is there again with their next session.
        """
        tenant, user = entry.tenant_id, entry.user_id
        if entry.session_id == PROFILE:
            history = self._log.load(tenant, f"{HEALTH.category}-{user}")
            is_deleted = HEALTH.fold(recorded.event for recorded in history).profile_deleted
            if is_deleted and self._read.get(POSE_TOTALS, tenant, user) is None:
                return None
        return self._find_key(tenant, user)

    def _clear(
        self, entry: SinkEntry, row: PoseSession | None, key: PoseCoachKey | None
    ) -> SinkEntry:
        """Delete what the log no longer has, and note where the rest will be.

        Noted before it is written: after a crash, the next attempt knows what may be there. Raises
        EntryChanged if it cannot be noted.
        """
        is_profile = entry.session_id == PROFILE
        if row is None and key is not None and not is_profile:
            session_id = PoseSessionId(entry.session_id)
            if find_saved(self._log, entry.tenant_id, session_id) is not None:
                raise SessionRowMissing
        wanted = None if key is None or not (row or is_profile) else key.uid
        if entry.stored_for == wanted:
            return entry
        if entry.stored_for is not None and is_profile:
            self._store.delete_profile(entry.tenant_id, entry.stored_for)
        elif entry.stored_for is not None:
            self._store.delete(entry.tenant_id, entry.stored_for, entry.session_id)
        noted = replace(entry, stored_for=wanted)
        if not self._states.store(self._store.name, [(entry, noted)]):
            raise EntryChanged
        return noted

    def _write(
        self, entry: SinkEntry, row: PoseSession | None, key: PoseCoachKey | None
    ) -> SinkEntry:
        """Write a session or profile as the log has it, and return its new state."""
        if entry.stored_for is not None and key is not None:
            if row is not None:
                record = SessionRecord.of(row, key)
                self._store.save(entry.tenant_id, record, row.created_at)
            else:
                profile = self._profile_of(entry.tenant_id, entry.user_id)
                self._store.save_profile(entry.tenant_id, key.uid, profile)
        return replace(
            entry,
            status="deleted" if entry.stored_for is None else "saved",
            attempts=0,
            error=None,
            due_at=None,
        )

    def _profile_of(self, tenant_id: TenantId, user_id: UserId) -> ProfileRecord:
        return ProfileRecord.of(
            self._read.get(PARTICIPANT, tenant_id, user_id),
            self._read.get(USER_HEALTH_PROFILE, tenant_id, user_id),
        )

    def _delete_erased(self, entry: SinkEntry) -> None:
        """Delete what was written while the user was erased. A marked entry is written again."""
        entries = self._states.of_user(entry.tenant_id, entry.user_id)
        if not entries and entry.stored_for is not None:
            self._store.delete_profile(entry.tenant_id, entry.stored_for)

    def _postponed(self, entry: SinkEntry, outage: Rejected, pause_s: float) -> SinkEntry:
        """Return the entry after an outage: not an attempt of the session."""
        self._warn(entry, outage, entry.attempts)
        error, due_at = type(outage).__name__, self._clock() + timedelta(seconds=pause_s)
        return replace(entry, status="retrying", error=error, due_at=due_at)

    def _retried(self, entry: SinkEntry, error: Exception) -> SinkEntry:
        attempts = entry.attempts + 1
        pause = timedelta(seconds=RETRY.pause_s(attempts, self._draw))
        is_last = attempts >= RETRY.attempts
        self._warn(entry, error, attempts, exc_info=error)
        return replace(
            entry,
            status="failed" if is_last else "retrying",
            attempts=attempts,
            error=type(error).__name__,
            due_at=None if is_last else self._clock() + pause,
        )

    def _warn(
        self,
        entry: SinkEntry,
        error: Exception,
        attempts: int,
        *,
        exc_info: Exception | None = None,
    ) -> None:
        logger.warning(
            "pose_coach.sink_failed",
            sink=self._store.name,
            tenant=entry.tenant_id,
            session_id=entry.session_id,
            error=type(error).__name__,
            attempts=attempts,
            exc_info=exc_info,
        )
