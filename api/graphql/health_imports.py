"""Imports of files of health records, in GraphQL. Files are sent over REST."""

import enum
from uuid import UUID

import strawberry

from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import Position
from api.graphql.pagination import Connection, connection
from api.views import health_imports
from api.views.health_imports import get_import, import_page
from application.kernel.pagination import window


@strawberry.enum
class HealthFileFormat(enum.Enum):
    """Format of a file of health records."""

    CSV = "csv"
    GPX = "gpx"
    TCX = "tcx"
    FIT = "fit"
    APPLE_HEALTH = "apple_health"


@strawberry.enum
class HealthImportState(enum.Enum):
    """State of an import of a file."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@derived(health_imports.HealthFileImport)
class HealthImport:
    """An import of a file, as far as it is done, and the first of its rejected records."""

    format: HealthFileFormat
    state: HealthImportState
    position: Position

    @classmethod
    def of(cls, view: health_imports.HealthFileImport) -> "HealthImport":
        """Convert a view."""
        return convert(cls, view)


@strawberry.type
class HealthImportQueries:
    """Queries of imports."""

    @field("Your imports of files of health records, newest first; at most 100 a page.")
    def health_imports(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[HealthImport]:
        """Return a page of imports."""
        page = import_page(info.context.caller, window(first, after, last, before))
        return connection(
            page, lambda each: HealthImport.of(health_imports.HealthFileImport.of(each))
        )

    @field("Get an import of a file of health records.")
    def health_import(self, info: Info, import_id: UUID) -> HealthImport:
        """Return how far the import is."""
        return HealthImport.of(get_import(info.context.caller, import_id))
