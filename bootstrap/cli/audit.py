"""`kinelog audit`: replay, verify and anchor the event history, and list data access."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.clock import utc_now
from application.audit.hash_chain import NO_HASH
from application.audit.history import AsOf, AuditEntry, replay_stream
from application.audit.stored_anchors import AnchorsVerdict
from application.audit.verification import (
    AnchoredEvent,
    PositionNotReached,
    Verdict,
    verify_chains,
)
from application.platform import Platform
from bootstrap.cli.audit_results import TenantResult, combine, results_to_json, show_results
from bootstrap.cli.output import (
    LAST_POSITION,
    JsonOption,
    TenantOption,
    err,
    out,
    plain,
    print_json,
    progress,
    quantity,
)
from bootstrap.cli.output_file import summary_console, whole_file
from bootstrap.exit_codes import FAILED
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.audit import (
    build_anchor_store,
    build_anchors,
    build_hash_chain,
    build_stored_anchors,
)
from domain.access.access import ACCESS
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.tenants.commands import TenantUnknown
from domain.tenants.tenant_id import parse_tenant_id
from domain.users.commands import UserUnknown
from domain.users.user import USER

app = typer.Typer(help="Inspect and verify the event history.", no_args_is_help=True)

OneTenantOption = Annotated[
    str | None, typer.Option("--tenant", help="One tenant; all by default.")
]
FromOption = Annotated[
    int | None,
    typer.Option(
        "--from-position",
        min=1,
        max=LAST_POSITION,
        help="Start at this position and trust everything before it.",
    ),
]
AnchorOption = Annotated[
    Path | None,
    typer.Option(
        "--anchor", exists=True, dir_okay=False, help="A document written by `audit anchor`."
    ),
]


def parse_as_of(text: str) -> int | datetime:
    """Parse a version (7) or a time (2030-01-01T07:30:00Z; UTC by default)."""
    try:
        if text.isdecimal():
            return int(text)
        at = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise typer.BadParameter(
            f"{text!r} is neither a version nor a time. Write 7 or 2030-01-01T07:30:00Z."
        ) from unreadable
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@app.command("replay")
def replay_(
    *,
    stream: Annotated[str, typer.Option(help="The stream, for example session-<id>.")],
    tenant: TenantOption = DEFAULT_TENANT,
    as_of: Annotated[str | None, typer.Option(help="Stop at this version or time.")] = None,
    personal: Annotated[bool, typer.Option("--personal", help="Include personal values.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print every event of a stream with its actor, its correlation id and its fields.

    Lines with an arrow are the changes of the aggregate's state.

    Personal values such as names are replaced by their subject's id unless --personal is given:
    an auditor rarely needs more, and printed text is no longer encrypted.
    """
    limit: AsOf = None if as_of is None else parse_as_of(as_of)
    with open_platform(Settings()) as platform:
        entries = list(replay_stream(platform.log, TenantId(tenant), stream, limit))
    if as_json:
        print_json([plain(_to_json(entry), personal=personal) for entry in entries])
        return
    for entry in entries:
        _show(entry, personal=personal)


def _to_json(entry: AuditEntry) -> dict[str, object]:
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
    )
    for name, content in plain(recorded.event, personal=personal).items():
        out.print(f"         {name}: {content}")
    for change in entry.changes:
        before = plain(change.before, personal=personal)
        after = plain(change.after, personal=personal)
        out.print(f"         {change.field}: {before} -> {after}")


@app.command()
def verify(
    *,
    tenant: OneTenantOption = None,
    from_position: FromOption = None,
    anchor: AnchorOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="Also trust this key, which the platform did not record."),
    ] = None,
    without_anchors: Annotated[
        bool, typer.Option("--without-anchors", help="Do not check the stored daily anchors.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Verify that no event was changed, removed, inserted or reordered; exit code 1 otherwise.

    Only an anchor reveals that the last events of a tenant were removed. The stored daily anchors
    are verified as well: changed, forged, renamed and removed ones are reported.
    """
    settings = Settings()
    anchored: list[AnchoredEvent] = []
    stored: dict[TenantId, AnchorsVerdict] = {}
    if anchor is not None:
        with build_anchors(settings) as anchors:
            document = anchor.read_text("ascii", "replace")  # a signature has no other characters
            anchored.extend(anchors.read(document, trusted=key or ()).heads)
    if not without_anchors:
        stored = _check_anchors(settings, tenant, key or ())
        anchored.extend(head for each in stored.values() for head in each.heads)
    begun = time.perf_counter()
    verdicts = _verify(settings, tenant, from_position, anchored)
    took = time.perf_counter() - begun
    results = combine(verdicts, stored)
    if tenant is not None and not results and not any(each.has_anchors for each in stored.values()):
        raise TenantUnknown(f"The tenant {tenant} has neither events nor anchors.")
    _print(results, took, as_json=as_json)
    if not all(result.holds for result in results):
        raise typer.Exit(FAILED)


@app.command()
def anchor(
    *,
    tenant: OneTenantOption = None,
    from_position: FromOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write the anchor to this file.", dir_okay=False)
    ] = None,
    out_file: Annotated[Path | None, typer.Option("--out", hidden=True)] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify, and write a signed anchor of each hash chain. Keep it away from the log.

    Store the key's id with it: signing keys rotate, and `verify --key` may need it later.
    """
    output = output or out_file
    settings = Settings()
    begun = time.perf_counter()
    verdicts = _verify(settings, tenant, from_position, ())
    took = time.perf_counter() - begun
    if not all(verdict.holds for verdict in verdicts):
        _print(combine(verdicts, {}), took, as_json=as_json)
        raise typer.Exit(FAILED)
    if tenant is not None and not verdicts:
        raise TenantUnknown(f"The tenant {tenant} has no events.")
    heads = [
        AnchoredEvent(each.tenant_id, each.position, each.hash)
        for each in verdicts
        if each.hash != NO_HASH
    ]
    with build_anchors(settings) as anchors:
        document = anchors.sign(heads, at=utc_now())
        key_id = anchors.read(document).key_id
    if output is not None:
        with whole_file(output, is_public=True) as file:
            file.write(f"{document}\n".encode())
    if as_json:
        content = {"anchor": document, "key": key_id, "tenants": len(heads)}
        print_json(content, summary_console(output))
        return
    if output is None:
        out.print(document)
    err.print(
        f"Anchored the hash chains of {quantity(len(heads), 'tenant')},"
        f" signed with the key {key_id}.",
    )


def _print(results: Sequence[TenantResult], took_s: float, *, as_json: bool) -> None:
    if as_json:
        print_json(results_to_json(results, took_s))
    else:
        show_results(results, took_s)


def _check_anchors(
    settings: Settings, tenant: str | None, trusted: Sequence[str]
) -> dict[TenantId, AnchorsVerdict]:
    with build_stored_anchors(settings, build_anchor_store(settings)) as stored:
        tenants = stored.tenants() if tenant is None else {parse_tenant_id(tenant)}
        return {each: stored.check(each, trusted=trusted) for each in sorted(tenants)}


def _verify(
    settings: Settings,
    tenant: str | None,
    from_position: int | None,
    anchored: Sequence[AnchoredEvent],
) -> list[Verdict]:
    """Verify the chains.

    Raises PositionNotReached if all hold, and `from_position` is after the next position.
    """
    with build_hash_chain(settings) as log, progress("Verified") as report:
        verdicts = verify_chains(
            log,
            tenant_id=None if tenant is None else TenantId(tenant),
            from_position=from_position,
            anchored=anchored,
            report=report,
        )
        head = log.head()
    is_beyond = from_position is not None and from_position > head + 1
    if is_beyond and all(each.holds for each in verdicts):
        raise PositionNotReached(
            f"The log has no event at position {from_position}: the newest is at {head}."
        )
    return verdicts


@app.command()
@app.command("reads", hidden=True, deprecated=True)
def access(
    *,
    user: Annotated[
        str, typer.Option(help="The e-mail address or id of the user whose data was read.")
    ],
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Print who accessed the data of a user: reads by others, and exports."""
    tenant_id = TenantId(tenant)
    with open_platform(Settings()) as platform:
        subject = _find_subject(platform, tenant_id, user)
        notes = list(platform.privacy().access.of(tenant_id, subject))
    if as_json:
        print_json(notes)
        return
    for note in notes:
        at = note.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        out.print(
            f"{at}  {note.what} of {note.kind} {note.which}  by {note.by}"
            f"  in {note.correlation_id}",
        )


def _find_subject(platform: Platform, tenant_id: TenantId, user: str) -> UserId:
    """Find a current or former user, or anyone whose data was accessed. Raises UserUnknown."""
    identities = platform.accounts().identities
    user_id = identities.find(tenant_id, "email", user) if "@" in user else UserId(user)
    streams = (f"{decider.category}-{user_id}" for decider in (USER, ACCESS))
    if user_id is None or not any(platform.log.load(tenant_id, each) for each in streams):
        raise UserUnknown(f"There is no user {user} in the tenant {tenant_id}.")
    return user_id
