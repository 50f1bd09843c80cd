"""Exports of personal data, in GraphQL. Archives are downloaded over REST."""

import enum
from datetime import datetime
from uuid import UUID

import strawberry

from api.graphql.context import Context, Info
from api.graphql.fields import field
from api.views import data_exports
from api.views.data_exports import get_export


@strawberry.enum
class ExportState(enum.Enum):
    """State of an export."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@strawberry.type(description="A copy of your data.")
class Export:
    """`size` in bytes; `archiveUrl` is null until the archive is ready."""

    id: UUID
    state: ExportState
    created_at: datetime
    expires_at: datetime
    files: int
    size: float
    problem_code: str | None
    archive_url: str | None

    @classmethod
    def of(cls, export: data_exports.Export) -> "Export":
        """Convert an export."""
        is_ready = export.state == "ready"
        return cls(
            id=export.id,
            state=ExportState(export.state),
            created_at=export.created_at,
            expires_at=export.expires_at,
            files=export.files,
            size=export.size,
            problem_code=export.problem_code,
            archive_url=f"/v1/me/exports/{export.id}/archive" if is_ready else None,
        )


@strawberry.type
class ExportQueries:
    """Queries of exports."""

    @field("Get an export of your data.")
    def export(self, info: Info, export_id: UUID) -> Export:
        """Return whether the archive is ready."""
        return Export.of(get_export(info.context.caller, export_id))


@strawberry.type
class ExportPayload:
    """The requested export."""

    export: Export

    @classmethod
    def of(cls, _: Context, requested: data_exports.Export) -> "ExportPayload":
        """Return the payload of a command."""
        return cls(export=Export.of(requested))
