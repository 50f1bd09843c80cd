"""What is not needed any more goes by itself, each kind after its own time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, cast

from application.kernel.ports import Clock, MediaStore
from application.kernel.relay import EncodedLog
from application.privacy.data_exports import DataExportService
from application.privacy.erasure import ErasureService
from application.recordings.recorder import Recorder
from domain.erasures.erasure import NotRequested
from domain.ids import RecordingId, TenantId, UserId
from domain.kernel import Origin
from domain.recordings.commands import RecordingRestorable
from domain.recordings.events import RecordingDeleted, RecordingStarted
from domain.sessions.events import SessionStarted
from domain.users.events import UserCreated, UserErased
from domain.users.user import USER

BATCH: Final = 2000

_FILMED: Final = {
    str(cast("Any", event).event_name) for event in (SessionStarted, RecordingStarted)
}
_DELETED: Final = str(cast("Any", RecordingDeleted).event_name)
_CREATED: Final = str(cast("Any", UserCreated).event_name)
_ERASED: Final = str(cast("Any", UserErased).event_name)


class Rule(Protocol):
    """One kind of thing that is kept for a while. Running it again removes nothing more."""

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        """Remove what is older and tell how many; with `dry_run`, only tell."""
        ...


@dataclass(frozen=True)
class RetentionRule:
    """For how long a kind of thing is kept; None: for ever."""

    name: str
    time: timedelta | None
    rule: Rule


@dataclass(frozen=True)
class RetentionService:
    """All rules."""

    kept: Sequence[RetentionRule]
    clock: Clock

    def run(self, tenant_id: TenantId, *, dry_run: bool) -> Mapping[str, int]:
        """Apply every rule that has a time, and tell what went, or would go."""
        now = self.clock()
        return {
            each.name: each.rule(tenant_id, now - each.time, dry_run=dry_run)
            for each in self.kept
            if each.time is not None
        }


@dataclass(frozen=True)
class ExpiredExports:
    """Archives whose own time is over."""

    exports: DataExportService

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        found = self.exports.store.expired(tenant_id, before)
        for export in found if not dry_run else ():
            self.exports.remove(export)
        return len(found)


@dataclass(frozen=True)
class OldMedia:
    """Films and landmarks of sessions and recordings begun long ago; what was counted stays."""

    log: EncodedLog
    media: MediaStore

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        return sum(
            self._gone(tenant_id, prefix, dry_run=dry_run)
            for prefix in self._shelves(tenant_id, before)
        )

    def _shelves(self, tenant_id: TenantId, before: datetime) -> set[str]:
        """Name the shelves: a session's, which its recording shares, or a recording's own."""
        shelves, after = set[str](), 0
        while batch := self.log.scan(after=after, limit=BATCH):
            after = batch[-1].position
            old = [fact for fact in batch if fact.recorded_at < before]
            theirs = (f for f in old if f.tenant_id == tenant_id and f.name in _FILMED)
            shelves |= {fact.stream.partition("-")[2] for fact in theirs}
            if len(old) < len(batch):
                break
        return shelves

    def _gone(self, tenant_id: TenantId, prefix: str, *, dry_run: bool) -> int:
        if dry_run:
            return len(self.media.list_media(tenant_id, prefix))
        return self.media.clear(tenant_id, prefix)


@dataclass(frozen=True)
class DeletedRecordings:
    """Media of recordings that were deleted, and not brought back while they could be."""

    log: EncodedLog
    recorder: Recorder
    origin: Callable[[TenantId], Origin]

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        removed = after = 0
        while batch := self.log.scan(after=after, limit=BATCH):
            after = batch[-1].position
            for fact in batch:
                is_meant = fact.tenant_id == tenant_id and fact.recorded_at < before
                if is_meant and fact.name == _DELETED:
                    recording_id = RecordingId(fact.stream.partition("-")[2])
                    removed += self._gone(tenant_id, recording_id, dry_run=dry_run)
        return removed

    def _gone(self, tenant_id: TenantId, recording_id: RecordingId, *, dry_run: bool) -> int:
        """Tell 1 where there was something to remove; one that was brought back is not."""
        is_deleted = self.recorder.get_progress(tenant_id, recording_id).status == "deleted"
        if not is_deleted or not self.recorder.size(tenant_id, recording_id):
            return 0
        if not dry_run:
            try:
                self.recorder.remove(recording_id, origin=self.origin(tenant_id))
            except RecordingRestorable:
                return 0  # it was brought back, and deleted again since
        return 1


@dataclass(frozen=True)
class InactiveAccounts:
    """Accounts of people who have done nothing and signed in nowhere for long: they are forgotten.

    An erasure is asked for, which can be called off as any other.
    """

    log: EncodedLog
    erasure: ErasureService
    signed_in_since: Callable[[TenantId, datetime], set[UserId]]
    origin: Callable[[TenantId], Origin]

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        wanted = sorted(self._inactive(tenant_id, before))
        for user_id in wanted if not dry_run else ():
            self.erasure.request(user_id, origin=self.origin(tenant_id))
        return len(wanted)

    def _inactive(self, tenant_id: TenantId, before: datetime) -> set[UserId]:
        accounts: set[UserId] = set()
        after = 0
        while batch := self.log.scan(after=after, limit=BATCH):
            after = batch[-1].position
            for fact in batch:
                if fact.tenant_id != tenant_id:
                    continue
                category, _, identity = fact.stream.partition("-")
                if fact.name == _CREATED and fact.recorded_at < before:
                    accounts.add(UserId(identity))
                elif fact.name == _ERASED or (
                    category == USER.category and fact.recorded_at >= before
                ):
                    accounts.discard(UserId(identity))
                if fact.recorded_at >= before:
                    accounts.discard(UserId(fact.actor))
        active = self.signed_in_since(tenant_id, before)
        return {
            each
            for each in accounts - active
            if isinstance(self.erasure.state(tenant_id, each), NotRequested)
        }
