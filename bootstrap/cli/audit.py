"""`kinelog audit`: the history itself, for whoever must be able to trust it."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.clock import utc_now
from application.audit.history import AsOf, AuditEntry, replay
from application.audit.verification import Anchored, Verdict, verify_chains
from bootstrap.cli.output import JsonOption, TenantOption, err, out, plain, print_json, progress
from bootstrap.exit_codes import FAILED
from bootstrap.settings import Settings
from bootstrap.wiring.audit import build_anchors, build_hash_chain
from bootstrap.wiring.composition import platform as opened
from domain.ids import DEFAULT_TENANT, TenantId, UserId

app = typer.Typer(help="Look at the event history.", no_args_is_help=True)

OneTenantOption = Annotated[
    str | None, typer.Option("--tenant", help="Only this tenant; otherwise all of them.")
]
FromOption = Annotated[
    int | None,
    typer.Option("--from-position", min=1, help="Take what is before this position as it is."),
]
AnchorOption = Annotated[
    Path | None,
    typer.Option("--anchor", exists=True, dir_okay=False, help="What `anchor` once wrote."),
]


def moment(text: str) -> int | datetime:
    """Read a version (7) or a time (2030-01-01T07:30:00Z; without a zone it is UTC)."""
    if text.isdecimal():
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise typer.BadParameter(f"{text!r} is neither a version nor a time.") from unreadable
    return at if at.tzinfo else at.replace(tzinfo=UTC)


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


@app.command()
def verify(
    *,
    tenant: OneTenantOption = None,
    from_position: FromOption = None,
    anchor: AnchorOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="Trust this key, which the platform has let go of since."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that no event was changed, removed, inserted or reordered; status 1 where one was.

    That the last events of a tenant were removed without a trace can be proved with an anchor only.
    """
    settings = Settings()
    anchored: tuple[Anchored, ...] = ()
    if anchor is not None:
        with build_anchors(settings) as anchors:
            anchored = anchors.read(anchor.read_text(encoding="utf-8"), trusted=key or ()).heads
    begun = time.perf_counter()
    verdicts = _verified(settings, tenant, from_position, anchored)
    took = time.perf_counter() - begun
    if as_json:
        print_json(_report(verdicts, took))
    else:
        _show_verdicts(verdicts, took)
    if not all(verdict.holds for verdict in verdicts):
        raise typer.Exit(FAILED)


@app.command()
def anchor(
    *,
    tenant: OneTenantOption = None,
    from_position: FromOption = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write it into this file.", dir_okay=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify, and write down where each chain stands, signed: keep that where the log is not.

    Note the key's id with it: keys of the platform change, and `verify --key` may need it then.
    """
    settings = Settings()
    verdicts = _verified(settings, tenant, from_position, ())
    if not all(verdict.holds for verdict in verdicts):
        _show_verdicts(verdicts, None)
        raise typer.Exit(FAILED)
    heads = [Anchored(each.tenant_id, each.position, each.hash) for each in verdicts if each.events]
    with build_anchors(settings) as anchors:
        document = anchors.sign(heads, at=utc_now())
        key_id = anchors.read(document).key_id
    if out_file is not None:
        out_file.write_text(f"{document}\n", encoding="utf-8")
    if as_json:
        print_json({"anchor": document, "key": key_id, "tenants": len(heads)})
        return
    if out_file is None:
        out.print(document, markup=False)
    err.print(f"The chains of {len(heads)} tenants, signed with the key {key_id}.", markup=False)


def _verified(
    settings: Settings,
    tenant: str | None,
    from_position: int | None,
    anchored: Sequence[Anchored],
) -> list[Verdict]:
    with build_hash_chain(settings) as log, progress("verified") as tell:
        return verify_chains(
            log,
            tenant_id=None if tenant is None else TenantId(tenant),
            from_position=from_position,
            anchored=anchored,
            tell=tell,
        )


def _report(verdicts: Sequence[Verdict], took_s: float) -> dict[str, object]:
    events = sum(verdict.events for verdict in verdicts)
    return {
        "holds": all(verdict.holds for verdict in verdicts),
        "events": events,
        "seconds": round(took_s, 3),
        "events_per_s": round(events / took_s),
        "tenants": [
            {
                "tenant": verdict.tenant_id,
                "holds": verdict.holds,
                "events": verdict.events,
                "position": verdict.position,
                "hash": verdict.hash.hex(),
                "broken": verdict.broken,
            }
            for verdict in verdicts
        ],
    }


def _show_verdicts(verdicts: Sequence[Verdict], took_s: float | None) -> None:
    for verdict in verdicts:
        broken = verdict.broken
        if broken is None:
            told = f"{verdict.events} events hold, the last at position {verdict.position}"
        else:
            stream = (
                "" if broken.stream is None else f" ({broken.stream}, version {broken.version})"
            )
            told = f"{broken.tampering.upper()}{stream}. {broken.sentence}"
        out.print(f"{verdict.tenant_id}: {told}", markup=False)
    if took_s is not None:
        events = sum(verdict.events for verdict in verdicts)
        err.print(f"{events} events in {took_s:.1f} s, {round(events / took_s)} a second.")


@app.command()
def reads(
    *,
    user: Annotated[str, typer.Option(help="Whose data was read: the id of their account.")],
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Print who was given what of a person: reads by others, and exports."""
    with opened(Settings()) as platform:
        notes = list(platform.privacy().access.of(TenantId(tenant), UserId(user)))
    if as_json:
        print_json(notes)
        return
    for note in notes:
        at = note.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        out.print(
            f"{at}  {note.what} of {note.kind} {note.which}  by {note.by}"
            f"  in {note.correlation_id}",
            markup=False,
        )
