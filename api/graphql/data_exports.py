"""Exports of personal data, in GraphQL. Archives are downloaded over REST."""

import enum
from uuid import UUID

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.pagination import Connection, connection
from api.views import data_exports
from api.views.data_exports import export_page, get_export
from application.kernel.pagination import window


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

    @field("Your exports that have not expired, newest first; at most 100 a page.")
    def exports(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Export]:
        """Return a page of exports."""
        page = export_page(info.context.caller, window(first, after, last, before))
        return connection(page, lambda export: Export.of(data_exports.Export.of(export)))

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
