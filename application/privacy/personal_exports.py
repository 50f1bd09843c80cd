"""Requested exports: their record, their store and queue, and refusals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol
from uuid import UUID

from application.exports.scope import ExportScope
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected

DAY: Final = timedelta(days=1)
"""Time for which exports count towards the quotas."""

ExportState = Literal["queued", "running", "ready", "failed"]

ExportFormat = Literal["archive", "csv", "json", "pdf", "fit", "tcx", "fhir", "open_mhealth"]
"""`archive`: all personal data. `csv`, `json`: completed sessions, signed. `pdf`: a report. Others:
a file for each completed session, signed."""


class ExportUnknown(Rejected):
    """There is no such export, or it has expired."""

    code = "export.unknown"
    kind = "not_found"


class ExportNotForTrainers(Rejected):
    """Trainers get reports on athletes (`pdf`). Only the athlete gets the other formats."""

    code = "export.not_for_trainers"
    kind = "invalid"


class ExportNotReady(Rejected):
    """The export is not ready yet. Try again later."""

    code = "export.not_ready"
    kind = "conflict"


class ExportQuotaExceeded(Rejected):
    """Too many exports were requested in 24 hours. Download one of these, or retry later."""

    code = "export.quota_exceeded"
    kind = "unavailable"

    def __init__(self, detail: str | None = None, retry_after_s: int = 3600) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, kw_only=True)
class PersonalExport:
    """A file that a user requested. `held_until` is the end of its maker's lease.

    `athlete_id`: whom a trainer requested it of; None: the user. It has the sessions of the days
    from `since` to `until`, both included; None is no limit.
    """

    tenant_id: TenantId
    id: UUID
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    held_until: datetime
    format: ExportFormat = "archive"
    state: ExportState = "queued"
    files: int = 0
    size: int = 0
    problem_code: str | None = None
    athlete_id: UserId | None = None
    since: date | None = None
    until: date | None = None

    @property
    def subject(self) -> UserId:
        """The person whose data it has."""
        return self.user_id if self.athlete_id is None else self.athlete_id

    @property
    def scope(self) -> ExportScope:
        """Its sessions."""
        return ExportScope(self.subject, self.user_id, self.since, self.until)

    @property
    def is_finished(self) -> bool:
        """Whether it is ready or has failed."""
        return self.state in {"ready", "failed"}

    def is_free(self, now: datetime) -> bool:
        """Return whether it is to be made, and no process makes it."""
        return not self.is_finished and self.held_until <= now


class ExportStore(Protocol):
    """Store of requested exports. Every method raises StorageUnavailable."""

    def add(
        self, export: PersonalExport, admit: Callable[[Sequence[PersonalExport]], object]
    ) -> PersonalExport:
        """Store a new export, or return the stored one with its id.

        `admit` receives the tenant's exports of the last DAY with the new one, and stores nothing
        by raising. Concurrent exports of a tenant are admitted one after the other.
        """
        ...

    def get(self, tenant_id: TenantId, export_id: UUID) -> PersonalExport | None: ...

    def take(self, export: PersonalExport, at: datetime, until: datetime) -> bool:
        """Acquire the lease of an unfinished export. Of concurrent calls one succeeds."""
        ...

    def keep(self, export: PersonalExport, until: datetime) -> bool:
        """Renew the lease that ends at `export.held_until`; return False if it is lost."""
        ...

    def save(self, export: PersonalExport) -> None: ...

    def requeue(self, export: PersonalExport) -> None:
        """Have an export made again, unless that has begun already."""
        ...

    def expired(self, tenant_id: TenantId, at: datetime) -> Sequence[PersonalExport]: ...

    def of_user(self, tenant_id: TenantId, user_id: UserId) -> Sequence[PersonalExport]:
        """Return the exports that a user requested."""
        ...

    def about(self, tenant_id: TenantId, user_id: UserId) -> Sequence[PersonalExport]:
        """Return the exports that a user requested, and those of their data by trainers."""
        ...

    def remove(self, tenant_id: TenantId, export_id: UUID) -> None: ...


class ExportQueue(Protocol):
    """Hands exports to the processes that make them."""

    def put(self, export: PersonalExport, origin: Origin) -> None:
        """Request that an export is made. Raises BusUnavailable."""
        ...
