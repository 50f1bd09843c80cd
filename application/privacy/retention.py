"""Retention rules and the daily job.

The daily job runs once a day for each tenant, in the process that leads. It starts at a time of
day, UTC. If that process dies, another one leads and runs the idempotent job again. The job handles
everything that is due, so a missed day is made up by the next one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any, Final, Protocol, cast

import structlog

from application.kernel.ports import Clock, NewId
from application.kernel.read_models import ReadModels
from application.kernel.relay import EncodedLog, read_log, recorded_before
from application.kernel.subscription import LeaderLock
from application.privacy.data_exports import DataExportService
from application.privacy.due_erasures import run_due
from application.privacy.erasure import ErasureService
from application.privacy.erasure_notice import ErasureNotice
from application.privacy.last_administrator import is_last_administrator
from application.recordings.recorder import Recorder
from application.users.services import UserServices
from domain.erasures.erasure import NotRequested, Pending
from domain.ids import RecordingId, TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.recordings.commands import RecordingRestorable, RemoveOldMedia
from domain.recordings.events import RecordingDeleted, RecordingStarted
from domain.sessions.events import SessionStarted
from domain.tenants.commands import LastAdministrator
from domain.users.events import UserCreated, UserErased
from domain.users.user import USER
from projections.session_recording import SESSION_RECORDING

POLL_S: Final = 60.0
"""Seconds between two checks for due work."""

RETRY: Final = timedelta(minutes=10)
"""Time after which a process retries a failed job."""

ACTOR: Final = "daily-work"
"""Actor of the events that the daily job causes."""

log = structlog.get_logger()

_MEDIA_EVENTS: Final = {
    str(cast("Any", event).event_name) for event in (SessionStarted, RecordingStarted)
}
_DELETED: Final = str(cast("Any", RecordingDeleted).event_name)
_CREATED: Final = str(cast("Any", UserCreated).event_name)
_ERASED: Final = str(cast("Any", UserErased).event_name)


def _cause(failed: Exception) -> dict[str, Any]:
    """Return what a log line says about an error: its reason, or a traceback if unexpected."""
    if isinstance(failed, Rejected):
        return {"exc_info": False, "code": failed.code, "reason": failed.detail}
    return {"exc_info": True}


class Removal(Protocol):
    """Removes one kind of outdated data. Idempotent."""

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        """Remove what is older and return the number; with `dry_run`, only count."""
        ...


@dataclass(frozen=True)
class RetentionRule:
    """Retention of one kind of data; a `period` of None means forever."""

    name: str
    period: timedelta | None
    remove: Removal


@dataclass(frozen=True)
class RetentionService:
    """Applies all retention rules."""

    rules: Sequence[RetentionRule]
    clock: Clock

    def run(self, tenant_id: TenantId, *, dry_run: bool) -> Mapping[str, int]:
        """Apply every rule with a period, and return how much was, or would be, removed.

        A rule that fails does not stop the others. Its error is logged, and the first one raised.
        """
        now, removed, failures = self.clock(), dict[str, int](), list[Exception]()
        for rule in self.rules:
            if rule.period is None:
                continue
            try:
                removed[rule.name] = rule.remove(tenant_id, now - rule.period, dry_run=dry_run)
            except Exception as failed:
                log.exception(
                    "retention.rule_failed", tenant=tenant_id, rule=rule.name, **_cause(failed)
                )
                failures.append(failed)
        if failures:
            raise failures[0]
        return removed


@dataclass(frozen=True)
class ExpiredExports:
    """Removes expired data exports."""

    exports: DataExportService

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        expired = self.exports.store.expired(tenant_id, before)
        for export in expired if not dry_run else ():
            self.exports.remove(export)
        return len(expired)


@dataclass(frozen=True)
class OldMedia:
    """Removes old videos and landmarks of sessions and recordings. Counts stay.

    First, an event says so in each recording that has a row: those of erased people have none.
    """

    log: EncodedLog
    read: ReadModels
    recorder: Recorder
    origin: Callable[[TenantId], Origin]

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        return sum(
            self._remove(tenant_id, prefix, dry_run=dry_run)
            for prefix in self._prefixes(tenant_id, before)
        )

    def _prefixes(self, tenant_id: TenantId, before: datetime) -> set[str]:
        """Return the media prefixes: of a session, shared by its recording, or of a recording."""
        return {
            event.stream.partition("-")[2]
            for event in recorded_before(self.log, tenant_id, before)
            if event.name in _MEDIA_EVENTS
        }

    def _remove(self, tenant_id: TenantId, prefix: str, *, dry_run: bool) -> int:
        media = self.recorder.media
        if not dry_run:
            row = self.read.get(SESSION_RECORDING, tenant_id, prefix)
            if row is not None and row.media_removed_at is None:
                removal = RemoveOldMedia(at=self.recorder.clock())
                self.recorder.execute(row.id, removal, origin=self.origin(tenant_id))
            return media.clear(tenant_id, prefix)
        count, after = 0, ""
        while page := media.list_media(tenant_id, prefix, after=after):
            count += len(page)
            after = page[-1].digest
        return count


@dataclass(frozen=True)
class DeletedRecordings:
    """Removes the media of deleted recordings that can no longer be restored."""

    log: EncodedLog
    recorder: Recorder
    origin: Callable[[TenantId], Origin]

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        removed = 0
        for event in recorded_before(self.log, tenant_id, before):
            if event.name == _DELETED:
                recording_id = RecordingId(event.stream.partition("-")[2])
                removed += self._remove(tenant_id, recording_id, dry_run=dry_run)
        return removed

    def _remove(self, tenant_id: TenantId, recording_id: RecordingId, *, dry_run: bool) -> int:
        """Return 1 if there was something to remove; a restored recording is kept."""
        is_deleted = self.recorder.get_progress(tenant_id, recording_id).status == "deleted"
        if not is_deleted or not self.recorder.size(tenant_id, recording_id):
            return 0
        if not dry_run:
            try:
                self.recorder.remove(recording_id, origin=self.origin(tenant_id))
            except RecordingRestorable:
                return 0  # it was restored, and deleted again since
        return 1


@dataclass(frozen=True)
class InactiveAccounts:
    """Requests the erasure of accounts without any activity or sign-in for a long time.

    Like any other, such an erasure can be cancelled, and an e-mail tells the owner. A tenant keeps
    its last administrator.
    """

    log: EncodedLog
    erasure: ErasureService
    accounts: Callable[[], UserServices]
    notice: ErasureNotice
    signed_in_since: Callable[[TenantId, datetime], set[UserId]]
    origin: Callable[[TenantId], Origin]

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        count, accounts = 0, self.accounts().accounts
        for user_id in sorted(self._inactive(tenant_id, before)):
            state, origin = self.erasure.state(tenant_id, user_id), self.origin(tenant_id)
            is_new = isinstance(state, NotRequested)
            if is_last_administrator(accounts, self.erasure.state, tenant_id, user_id):
                continue
            if is_new and not dry_run:
                try:
                    state = self.erasure.request(user_id, origin=origin)
                except LastAdministrator:
                    continue  # the others left since
            count += is_new
            if isinstance(state, Pending) and not dry_run:
                # repeated after a crash: the same e-mail is sent once
                self.notice.request(user_id, state, origin=origin, kind="account_inactive")
        return count

    def _inactive(self, tenant_id: TenantId, before: datetime) -> set[UserId]:
        accounts: set[UserId] = set()
        for event in read_log(self.log, tenant_id):
            category, _, identity = event.stream.partition("-")
            if event.name == _CREATED and event.recorded_at < before:
                accounts.add(UserId(identity))
            elif event.name == _ERASED or (
                category == USER.category and event.recorded_at >= before
            ):
                accounts.discard(UserId(identity))
            if event.recorded_at >= before:
                accounts.discard(UserId(event.actor))
        return accounts - self.signed_in_since(tenant_id, before)


class DailyRuns(Protocol):
    """The last day whose daily job is done, by tenant. Every method raises StorageUnavailable."""

    def last(self, tenant_id: TenantId) -> date | None: ...

    def done(self, tenant_id: TenantId, day: date) -> None: ...


@dataclass(frozen=True)
class DailyTasks:
    """Daily tasks of a tenant: due erasures, retention, an anchor of its events, and training."""

    erasure: ErasureService
    retention: RetentionService
    new_id: NewId
    anchor: Callable[[TenantId], object]
    train: Callable[[TenantId], object]

    def __call__(self, tenant_id: TenantId) -> None:
        """Run the tasks and log the result. A task that fails does not stop the others.

        Raises the first error, to be retried. An erasure is retried only if it failed because a
        store was unavailable, or unexpectedly.
        """
        origin = Origin(tenant_id=tenant_id, actor=ACTOR, correlation_id=self.new_id())
        results = run_due(self.erasure, origin)
        for user_id, problem in results.failed.items():
            log.error("daily.erasure_failed", tenant=tenant_id, user=user_id, code=problem.code)
        for user_id in results.refused:
            log.error("daily.erasure_not_certified", tenant=tenant_id, user=user_id)
        failures: list[Exception] = [
            each for each in results.failed.values() if each.kind == "unavailable"
        ]
        removed = dict[str, int]()

        def remove(tenant_id: TenantId) -> None:
            removed.update(self.retention.run(tenant_id, dry_run=False))

        tasks = {"retention": remove, "anchor": self.anchor, "training": self.train}
        for name, task in tasks.items():
            try:
                task(tenant_id)
            except Exception as failed:
                log.exception("daily.task_failed", tenant=tenant_id, task=name, **_cause(failed))
                failures.append(failed)
        if failures:
            raise failures[0]
        log.info("daily.done", tenant=tenant_id, erased=len(results.certified), removed=removed)


@dataclass
class DailyJob:
    """Runs `tasks` daily for each of the `tenants`, while it has the `lock`. Not thread-safe.

    `starts_at` is the time of day, UTC.
    """

    runs: DailyRuns
    lock: LeaderLock
    tenants: Callable[[], Iterable[TenantId]]
    tasks: Callable[[TenantId], object]
    clock: Clock
    starts_at: timedelta
    _done_for: date | None = field(default=None, init=False)
    _retry_at: dict[TenantId, datetime] = field(
        default_factory=dict[TenantId, datetime], init=False
    )

    def run(self, stop: Event) -> None:
        """Check for due work at once, then regularly until `stop` is set."""
        self.check(stop)
        while not stop.wait(POLL_S):
            self.check(stop)

    def check(self, stop: Event | None = None) -> None:
        """Run the jobs that are not done today, unless another process leads; retry failures."""
        day = (self.clock() - self.starts_at).date()
        if day == self._done_for:
            return
        try:
            if self.lock.acquire():
                done = [self._run_tenant(tenant, day, stop) for tenant in sorted(self.tenants())]
                self._done_for = day if all(done) else None
        except Rejected as unavailable:
            log.warning("daily.unavailable", code=unavailable.code, reason=unavailable.detail)
        finally:
            self.lock.release()

    def _run_tenant(self, tenant_id: TenantId, day: date, stop: Event | None) -> bool:
        """Run a tenant's job if it is due; return whether it is done."""
        if (stop is not None and stop.is_set()) or not self.lock.renew():
            return False
        if (self.runs.last(tenant_id) or date.min) >= day:
            return True
        if self._retry_at.get(tenant_id, self.clock()) > self.clock():
            return False
        try:
            self.tasks(tenant_id)
        except Exception as failed:
            log.exception("daily.failed", tenant=tenant_id, **_cause(failed))
            self._retry_at[tenant_id] = self.clock() + RETRY
            return False
        self.runs.done(tenant_id, day)
        return True
