"""`kinelog audit`: the history itself, for whoever must be able to trust it."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from application.audit import AsOf, AuditEntry, replay
from bootstrap.cli.console import JsonOption, TenantOption, out, plain, print_json
from bootstrap.composition import platform as opened
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId

app = typer.Typer(help="Look at the event history.", no_args_is_help=True)


def moment(text: str) -> int | datetime:
    """Read a version (7) or a time (2030-01-01T07:30:00Z; without a zone it is UTC)."""
    if text.isdecimal():
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise typer.BadParameter(f"{text!r} is neither a version nor a time.") from unreadable
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@app.callback()
def _group() -> None:
    """Keep `replay` a word of its own, though it is the only one so far."""


@app.command("replay")
def replay_(
    *,
    stream: Annotated[str, typer.Option(help="The stream, for example session-<id>.")],
    tenant: TenantOption = DEFAULT_TENANT,
    as_of: Annotated[
        str | None, typer.Option(help="Stop at this version, or at this time.")
    ] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="Tell what is said about people, too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print every event of a stream with its actor, its correlation and what it changed.

    Of names and addresses it is only told whose they are, unless --personal asks for them: what
    an auditor needs is seldom more, and what is printed is not sealed any more.
    """
    limit: AsOf = None if as_of is None else moment(as_of)
    with opened(Settings()) as platform:
        entries = list(replay(platform.log, TenantId(tenant), stream, limit))
    if as_json:
        print_json([plain(_told(entry), personal=personal) for entry in entries])
        return
    for entry in entries:
        _show(entry, personal=personal)


def _told(entry: AuditEntry) -> dict[str, object]:
    recorded = entry.recorded
    return {
        "version": recorded.version,
        "position": recorded.position,
        "event_id": recorded.event_id,
        "name": recorded.event.event_name,
        "schema_version": recorded.event.schema_version,
        "recorded_at": recorded.recorded_at,
        "actor": recorded.origin.actor,
        "correlation_id": recorded.origin.correlation_id,
        "causation_id": recorded.origin.causation_id,
        "event": recorded.event,
        "state": entry.state,
        "changes": entry.changes,
    }


def _show(entry: AuditEntry, *, personal: bool) -> None:
    recorded = entry.recorded
    at = recorded.recorded_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    out.print(
        f"{recorded.version:>5}  {at}  {recorded.event.event_name}  "
        f"by {recorded.origin.actor}  in {recorded.origin.correlation_id}",
        markup=False,
    )
    for change in entry.changes:
        before = plain(change.before, personal=personal)
        after = plain(change.after, personal=personal)
        out.print(f"         {change.field}: {before} -> {after}", markup=False)
