"""Exports of personal data, in GraphQL. Archives are downloaded over REST."""

import enum
from uuid import UUID

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
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


@derived(data_exports.Export)
class Export:
    """A copy of your data."""

    state: ExportState
    size: float
    archive_url: str | None

    @classmethod
    def of(cls, export: data_exports.Export) -> "Export":
        """Convert an export."""
        is_ready = export.state == "ready"
        url = f"/v1/me/exports/{export.id}/archive" if is_ready else None
        return convert(cls, export, archive_url=url)


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
