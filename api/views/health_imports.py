"""Imports of files of health records: their view, and their reads."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.views.base import Body
from api.views.health import reader
from api.views.health_commands import RejectedRecord
from application.caller import Caller
from application.health.imports import FileFormat, HealthImport, ImportState
from application.kernel.read_models import Page, Window


class HealthFileImport(Body):
    """An import, as far as it is done, and the first 100 of the records that were not taken.

    `index` of a rejected record is its place in the file.
    """

    id: UUID
    source: str
    format: FileFormat
    state: ImportState
    created_at: datetime
    total: int | None = Field(description="Records of the file; null until it was read once.")
    handled: int = Field(description="Records that were taken or rejected so far.")
    accepted: int
    unchanged: int
    rejected: int
    rejections: list[RejectedRecord]
    position: int
    problem_code: str | None
    problem: str | None = Field(description="Why the import has failed, as a sentence.")

    @classmethod
    def of(cls, found: HealthImport) -> "HealthFileImport":
        """Return the view of an import."""
        return cls(
            id=found.id,
            source=found.source,
            format=found.format,
            state=found.state,
            created_at=found.created_at,
            total=found.total,
            handled=found.handled,
            accepted=found.accepted,
            unchanged=found.unchanged,
            rejected=found.rejected,
            rejections=[
                RejectedRecord(
                    index=each.index,
                    record_id=each.record_id,
                    code=each.code,
                    message=each.message,
                )
                for each in found.refused
            ],
            position=found.position,
            problem_code=found.problem_code,
            problem=found.problem,
        )


def get_import(caller: Caller, import_id: UUID) -> HealthFileImport:
    """Return an import of the caller. Raises ImportUnknown."""
    imports = caller.platform.health_imports
    return HealthFileImport.of(imports.get(caller.tenant_id, reader(caller), import_id))


def import_page(caller: Caller, wanted: Window) -> Page[HealthImport]:
    """Return a page of the caller's imports, newest first. Raises CursorInvalid."""
    return caller.platform.health_imports.page(caller.tenant_id, reader(caller), wanted)
