"""Exports of personal data: their view, and a write for REST and GraphQL."""

from datetime import date, datetime
from uuid import UUID, uuid5

from pydantic import Field

from api.idempotency import IdempotencyKeyReused
from api.views.base import Body, StrictBody, write
from application.caller import Caller, checked_id
from application.exports.scope import ExportScope
from application.kernel.read_models import Page, Window
from application.privacy.personal_exports import ExportFormat, ExportState, PersonalExport
from domain.ids import UserId


class Export(Body):
    """An export of the caller's data, or of an athlete of theirs. `size` in bytes."""

    id: UUID
    format: ExportFormat
    state: ExportState
    created_at: datetime
    expires_at: datetime
    files: int
    size: int
    problem_code: str | None
    athlete_id: str | None = Field(None, description="Of an athlete of yours; null: of yourself.")
    since: date | None = Field(None, description="Its first day; null: no limit.")
    until: date | None = Field(None, description="Its last day; null: no limit.")

    @classmethod
    def of(cls, export: PersonalExport) -> "Export":
        """Return the public part of an export."""
        return cls(
            id=export.id,
            format=export.format,
            state=export.state,
            created_at=export.created_at,
            expires_at=export.expires_at,
            files=export.files,
            size=export.size,
            problem_code=export.problem_code,
            athlete_id=export.athlete_id,
            since=export.since,
            until=export.until,
        )


class NewExport(StrictBody):
    """The export to make."""

    format: ExportFormat = Field(
        "archive",
        description=(
            "`archive`: all your data. `csv`, `json`: your completed sessions, with a signed"
            " manifest. `fit`, `tcx`, `fhir`, `open_mhealth`: a file for each of them, in a format"
            " of other programs, with a signed manifest that says what the format cannot hold."
            " `pdf`: a report to print."
        ),
    )
    athlete_id: str | None = Field(
        None,
        description=(
            "An athlete who lets you see their training, as their trainer: only a report (`pdf`)."
            " Without it, the export has your own data."
        ),
    )
    since: date | None = Field(
        None, description="The first day of sessions, in the athlete's time zone. Not of `archive`."
    )
    until: date | None = Field(None, description="The last day of sessions, which is included.")


@write
def request_export(caller: Caller, body: NewExport, command_id: UUID) -> Export:
    """Request a copy of your data, or a report on an athlete of yours.

    A retry with the same command id returns the same export. Another request with it is refused.
    """
    user_id = caller.signed_in().user_id
    export_id = uuid5(command_id, f"export\x1f{user_id}")  # never that of another user
    athlete_id = None if body.athlete_id is None else UserId(checked_id(body.athlete_id))
    exports = caller.platform.privacy().exports
    requested = exports.request(
        export_id,
        user_id,
        origin=caller.origin(),
        as_format=body.format,
        athlete_id=athlete_id,
        since=body.since,
        until=body.until,
    )
    scope = ExportScope(athlete_id or user_id, user_id, body.since, body.until)
    if (requested.format, requested.scope) != (body.format, scope):
        raise IdempotencyKeyReused
    return Export.of(requested)


def export_page(caller: Caller, wanted: Window) -> Page[PersonalExport]:
    """Return a page of the caller's exports, newest first. Raises SignInRequired."""
    exports, user_id = caller.platform.privacy().exports, caller.signed_in().user_id
    return exports.page(user_id, wanted, origin=caller.origin())


def get_export(caller: Caller, export_id: UUID) -> Export:
    """Return an export of the caller. Raises SignInRequired and ExportUnknown."""
    exports, user_id = caller.platform.privacy().exports, caller.signed_in().user_id
    return Export.of(exports.get(export_id, user_id, origin=caller.origin()))
