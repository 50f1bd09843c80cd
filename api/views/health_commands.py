"""Commands about the caller's health data: consent to a source, batches of records, choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.views.base import Body, IndividuallyChecked, StrictBody, documented, write
from api.views.supervision import own_id
from application.caller import ANONYMOUS, Caller
from application.health.service import SentBatch, Synced
from application.kernel.ports import AppendResult
from application.users.resource_access import require_consent
from domain.health.batch import MAX_BATCH, Measured, Refused
from domain.health.choices import SOURCES, find_source
from domain.health.events import Goal, Source, SourceOrder
from domain.health.metrics import find_metric, metrics
from domain.ids import UserId
from domain.values import InvalidValue

MAX_METRICS = len(metrics())


def _writer(caller: Caller) -> UserId:
    user = own_id(caller)
    caller.require("write", "health", user)
    return user


def consenting_writer(caller: Caller, command_id: UUID) -> UserId:
    """Return the id of the caller. Raises ConsentMissing without the consent `health_data`.

    A command that was executed before is not judged again.
    """
    user = _writer(caller)
    if not caller.is_executed(command_id):
        require_consent(caller, user, "health_data")
    return user


@dataclass(frozen=True, slots=True)
class HealthWritten:
    """Result of a command: the log has it up to `position`."""

    position: int
    repeated: bool

    @classmethod
    def of(cls, appended: AppendResult) -> "HealthWritten":
        """Return the result of an append."""
        return cls(appended.position, appended.repeated)


class ConnectHealthSource(StrictBody):
    """The metrics that you consent to share. Others of this source are refused."""

    metrics: list[str] = Field(min_length=1, max_length=MAX_METRICS)


@write
def connect_health_source(
    caller: Caller, source: str, body: ConnectHealthSource, command_id: UUID
) -> HealthWritten:
    """Consent to the storage of these metrics from a source. Replaces an earlier consent."""
    return HealthWritten.of(
        caller.platform.health.connect(
            consenting_writer(caller, command_id),
            find_source(source),
            body.metrics,
            origin=caller.origin(ANONYMOUS),
            command_id=command_id,
        )
    )


@write
def disconnect_health_source(caller: Caller, source: str, command_id: UUID) -> HealthWritten:
    """Withdraw your consent: nothing more is taken from this source. Stored records stay."""
    user_id, named = _writer(caller), find_source(source)
    if not caller.is_executed(command_id):  # or the source may have been connected again since
        caller.platform.upload_tokens.revoke(caller.tenant_id, user_id, named)
    return HealthWritten.of(
        caller.platform.health.disconnect(
            user_id,
            named,
            origin=caller.origin(ANONYMOUS),
            command_id=command_id,
        )
    )


@dataclass(frozen=True, slots=True)
class UploadTokenIssued:
    """A new upload token, which is shown once."""

    token: str
    expires_at: datetime


def issue_upload_token(caller: Caller, source: str, command_id: UUID) -> UploadTokenIssued:
    """Issue a token with which a device sends records of a source, and nothing else."""
    token, expires_at, _ = caller.platform.upload_tokens.issue(
        consenting_writer(caller, command_id),
        find_source(source),
        signed_in=None if caller.claims is None else caller.claims.sign_in_id,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return UploadTokenIssued(token, expires_at)


class NewHealthRecord(IndividuallyChecked):
    """A record as the device has it; its id is unique within the source.

    A record with the id of an earlier one corrects it.
    """

    id: str
    metric: str
    value: float
    unit: str
    start: datetime
    end: datetime = Field(description="The time of `start` for an instant.")
    device: str = Field("", description="What measured it, such as an app or a watch.")


class HealthRecords(StrictBody):
    """A batch of records, ids of deleted ones, and where the device continues.

    Together at most 500; send more in several batches.
    """

    time_zone: str = Field(description="IANA time zone of the athlete, for their days.")
    records: tuple[NewHealthRecord, ...] = Field((), max_length=MAX_BATCH)
    deleted: tuple[str, ...] = Field((), max_length=MAX_BATCH)
    anchor: str | None = Field(
        None, description="Opaque to Kinelog; `listHealthSources` returns the last one."
    )


class RejectedRecord(Body):
    """A record that was not taken."""

    index: int = Field(description="Its place in the batch, from 0.")
    record_id: str
    code: str
    message: str

    @classmethod
    def of(cls, refused: Refused) -> "RejectedRecord":
        """Return the view of a refused record."""
        reason = refused.reason
        return cls(
            index=refused.index, record_id=refused.id, code=reason.code, message=reason.detail
        )


@dataclass(frozen=True, slots=True)
class RecordsSynced:
    """Result of a batch; the log has it up to `position`."""

    accepted: int
    unchanged: int
    deleted: int
    rejected: tuple[RejectedRecord, ...]
    position: int
    repeated: bool

    @classmethod
    def of(cls, synced: Synced) -> "RecordsSynced":
        """Return the result of a batch."""
        batch = synced.batch
        rejected = tuple(RejectedRecord.of(each) for each in synced.refused)
        return cls(
            batch.accepted,
            batch.unchanged,
            batch.deleted,
            rejected,
            synced.position,
            synced.repeated,
        )


@write
def sync_health_records(
    caller: Caller, source: str, body: HealthRecords, command_id: UUID
) -> RecordsSynced:
    """Send a batch of records from your device. Invalid ones are listed; the others are stored."""
    if len(body.records) + len(body.deleted) > MAX_BATCH:
        raise InvalidValue(f"A batch has at most {MAX_BATCH} records, deleted ones included.")
    sent = SentBatch(_measured(body.records), body.deleted, body.time_zone, body.anchor)
    synced = caller.platform.health.push(
        consenting_writer(caller, command_id),
        find_source(source),
        sent,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return RecordsSynced.of(synced)


def _measured(records: Sequence[NewHealthRecord]) -> list[Measured]:
    return [
        Measured(each.id, each.metric, each.value, each.unit, each.start, each.end, each.device)
        for each in records
    ]


class DeleteHealthRecords(StrictBody):
    """Records to delete. Without a metric, of every metric; without a source, of every source."""

    metric: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class HealthRecordsDeleted:
    """Number of deleted records; `more`: send another command for the others."""

    deleted: int
    more: bool
    position: int
    repeated: bool


@write
def delete_health_records(
    caller: Caller, body: DeleteHealthRecords, command_id: UUID
) -> HealthRecordsDeleted:
    """Delete your records of a metric, of a source, or all; at most 10,000 with one command.

    They do not come back if a device or a cloud sends them again.
    """
    done = caller.platform.health_deletion.delete(
        _writer(caller),
        None if body.metric is None else find_metric(body.metric).name,
        body.source,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return HealthRecordsDeleted(done.records, done.more, done.position, done.repeated)


@write
def delete_health_profile(caller: Caller, command_id: UUID) -> HealthWritten:
    """Delete your health profile, and with it all your sessions of the pose coach.

    It is there again with your next session or record. Records of health data stay.
    """
    return HealthWritten.of(
        caller.platform.health_profiles.delete(
            _writer(caller), origin=caller.origin(ANONYMOUS), command_id=command_id
        )
    )


class OrderHealthSources(StrictBody):
    """Sources, the preferred one first. Others follow in their usual order."""

    sources: list[Source] = Field(min_length=1, max_length=len(SOURCES))


@write
def order_health_sources(
    caller: Caller, metric: str, body: OrderHealthSources, command_id: UUID
) -> HealthWritten:
    """Prefer a source where several have records of the same time. It applies to all days."""
    order = SourceOrder(find_metric(metric).name, tuple(body.sources))
    return HealthWritten.of(
        caller.platform.health.order_sources(
            _writer(caller), order, origin=caller.origin(ANONYMOUS), command_id=command_id
        )
    )


class SetHealthGoal(StrictBody):
    """A target for the daily figure of a metric, in its unit."""

    target: float = documented(minimum=0)
    direction: Literal["at_least", "at_most"] = "at_least"


@write
def set_health_goal(
    caller: Caller, metric: str, body: SetHealthGoal, command_id: UUID
) -> HealthWritten:
    """Set your goal for a metric. Replaces an earlier one."""
    goal = Goal(find_metric(metric).name, body.target, body.direction)
    return HealthWritten.of(
        caller.platform.health.set_goal(
            _writer(caller), goal, origin=caller.origin(ANONYMOUS), command_id=command_id
        )
    )


@write
def remove_health_goal(caller: Caller, metric: str, command_id: UUID) -> HealthWritten:
    """Remove your goal for a metric."""
    return HealthWritten.of(
        caller.platform.health.remove_goal(
            _writer(caller),
            find_metric(metric).name,
            origin=caller.origin(ANONYMOUS),
            command_id=command_id,
        )
    )
