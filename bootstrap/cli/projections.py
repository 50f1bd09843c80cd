"""`kinelog projections`: show the lag of read models, rebuild them, retry quarantined streams."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from application.kernel.projection_fold import (
    Retried,
    SkippedEvents,
    StreamNotQuarantined,
    list_quarantined,
    retry,
)
from application.kernel.projection_runner import rebuild
from application.kernel.projection_status import ProjectionLag, ProjectionStatus, projection_lags
from application.kernel.projection_status import status as status_of
from bootstrap.cli.output import (
    JsonOption,
    err,
    out,
    plain,
    print_json,
    print_table,
    quantity,
    table,
)
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.exit_codes import FAILED
from bootstrap.garbage_collection import reduce_garbage_collection
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_projection_log
from domain.ids import DEFAULT_TENANT
from domain.kernel import Projection, Rejected
from domain.tenants.tenant_id import parse_tenant_id
from projections.registry import ALL

app = typer.Typer(help="The read models, folded from the log.", no_args_is_help=True)


class ProjectionUnknown(Rejected):
    """There is no projection of this name."""

    code = "projection.unknown"
    kind = "not_found"


@app.command("list")
def list_(*, as_json: JsonOption = False) -> None:
    """List the read models, what one row is, and how far each lags behind the log."""
    with open_platform(Settings()) as platform:
        measured = projection_lags(platform.log, platform.tables, ALL, now=platform.clock())
    listed = [_listed(each, lag) for each, lag in zip(ALL, measured, strict=True)]
    if as_json:
        print_json(listed)
        return
    numbers = ("version", "behind", "seconds", "parked")
    result = table(None, "name", *numbers, "one row is", right=numbers)
    for entry in listed:
        values = (entry[name] for name in ("version", "behind", "behind_s", "parked"))
        cells = ("-" if value is None else str(value) for value in values)
        result.add_row(entry["name"], *cells, entry["row"])
    print_table(result)


def _listed(projection: Projection[Any], measured: ProjectionLag) -> dict[str, Any]:
    """Return one row of the list; the lag is None if the read model is not built."""
    lag = measured.lag
    return {
        "name": projection.name,
        "version": projection.version,
        "row": (projection.row.__doc__ or "").strip().partition("\n")[0],
        "behind": None if lag is None else lag.events,
        "behind_s": None if lag is None else round(lag.seconds, 3),
        "parked": measured.quarantined,
    }


@app.command()
def status(*, as_json: JsonOption = False) -> None:
    """Show the position of each read model in the log."""
    with open_platform(Settings()) as platform:
        _print_statuses(status_of(platform.log, platform.tables, ALL), as_json=as_json)


@app.command("rebuild")
def rebuild_(
    name: Annotated[str, typer.Argument(help="The projection to rebuild from the log.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Fill a new table from the first event while the old one serves, then swap them."""
    projection = _find_projection(name)
    reduce_garbage_collection()
    settings = Settings()
    with open_platform(settings) as platform, build_encryption(settings) as encryption:
        err.print(f"Rebuilding {name} from {quantity(platform.log.head(), 'event')}")
        rebuild(
            build_projection_log(platform.log, encryption.database), platform.tables, projection
        )
        _print_statuses(status_of(platform.log, platform.tables, [projection]), as_json=as_json)


@app.command()
@app.command("parked", hidden=True, deprecated=True)
def quarantined(*, as_json: JsonOption = False) -> None:
    """List the streams that a read model could not apply and continues without."""
    settings = Settings()
    with open_platform(settings) as platform, build_encryption(settings) as encryption:
        log = build_projection_log(platform.log, encryption.database)
        streams = list_quarantined(log, platform.tables, ALL)
    if as_json:
        print_json([_quarantined(each) for each in streams])
        return
    numbers = ("version", "position", "events")
    result = table(None, "projection", "tenant", "stream", *numbers, "reason", right=numbers)
    for each in streams:
        of = each.quarantined
        numbered = (str(of.version), str(of.position), str(each.events))
        result.add_row(each.projection, of.tenant_id, of.stream, *numbered, of.reason)
    print_table(result)


def _quarantined(each: SkippedEvents) -> dict[str, Any]:
    return {"projection": each.projection, "events": each.events, **plain(each.quarantined)}


@app.command("retry")
def retry_(
    *,
    projection: Annotated[
        str | None, typer.Option(help="The repaired projection; all by default.")
    ] = None,
    stream: Annotated[
        str | None, typer.Option(help="The quarantined stream; all by default.")
    ] = None,
    tenant: Annotated[
        str | None,
        typer.Option(help=f"The tenant; by default all, or {DEFAULT_TENANT} with --stream."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Apply the waiting events of quarantined streams; exit code 1 if one still fails."""
    repaired = ALL if projection is None else (_find_projection(projection),)
    tenant_id = None if tenant is None else parse_tenant_id(tenant)
    settings = Settings()
    if tenant_id is not None:
        require_tenant(settings, tenant_id)
    with open_platform(settings) as platform, build_encryption(settings) as encryption:
        log = build_projection_log(platform.log, encryption.database)
        if stream is not None:
            tenant_id = tenant_id or DEFAULT_TENANT
        streams = [
            each
            for each in list_quarantined(log, platform.tables, repaired)
            if tenant_id in {None, each.quarantined.tenant_id}
            and stream in {None, each.quarantined.stream}
        ]
        if stream is not None and not streams:
            raise StreamNotQuarantined(f"{stream} is not quarantined. There is nothing to retry.")
        done = [
            retry(log, platform.tables, _find_projection(each.projection), *each.quarantined.key)
            for each in streams
        ]
    if as_json:
        print_json([_with_old_name(each) for each in done])
    else:
        for each in done:
            out.print(_sentence(each))
    if any(each.quarantined is not None for each in done):
        sys.exit(FAILED)


def _sentence(done: Retried) -> str:
    events = quantity(done.applied, "event")
    if done.quarantined is None:
        return f"{done.stream} of {done.projection}: {events} applied; it is followed again."
    return (
        f"{done.stream} of {done.projection}: {events} applied;"
        f" version {done.quarantined.version} still fails: {done.quarantined.reason}"
    )


def _find_projection(name: str) -> Projection[Any]:
    for projection in ALL:
        if projection.name == name:
            return projection
    names = ", ".join(projection.name for projection in ALL)
    raise ProjectionUnknown(f"There is no projection {name!r}. Choose one of {names}.")


def _print_statuses(statuses: Sequence[ProjectionStatus], *, as_json: bool) -> None:
    if as_json:
        print_json([_with_old_name(each) for each in statuses])
        return
    numbers = ("version", "position", "lag", "rows", "parked")
    result = table(None, "name", *numbers, "state", right=numbers)
    for each in statuses:
        cells = (each.version, each.position, each.lag, each.rows, each.quarantined)
        result.add_row(each.name, *map(str, cells), "served" if each.served else "not built")
    print_table(result)


def _with_old_name(content: Retried | ProjectionStatus) -> dict[str, Any]:
    """Rename `quarantined` to `parked`, its name in earlier versions."""
    return {
        "parked" if name == "quarantined" else name: each for name, each in plain(content).items()
    }
