"""`kinelog projections`: the read models, how far they are, and making one anew."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from application.kernel.consumer_lag import ProjectionLag, projection_lags
from application.kernel.projection_runner import ProjectionStatus, rebuild
from application.kernel.projection_runner import status as status_of
from application.kernel.quarantine import Retried, Waiting, retry, waiting
from bootstrap.cli.output import JsonOption, TenantOption, err, out, plain, print_json, table
from bootstrap.exit_codes import FAILED
from bootstrap.settings import Settings
from bootstrap.wiring.bus import reduce_garbage_collection
from bootstrap.wiring.cache import build_projection_log
from bootstrap.wiring.composition import platform as opened
from bootstrap.wiring.encryption import build_encryption
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Rejected
from projections.kernel import Projection
from projections.registry import ALL

app = typer.Typer(help="The read models that are folded from the log.", no_args_is_help=True)


class ProjectionUnknown(Rejected):
    """There is no projection of this name."""

    code = "projection.unknown"
    kind = "not_found"


@app.command("list")
def list_(*, as_json: JsonOption = False) -> None:
    """Name the read models, what a row of each is, and how far each is behind the log."""
    with opened(Settings()) as platform:
        measured = projection_lags(platform.log, platform.tables, ALL, now=platform.clock())
    listed = [_listed(each, lag) for each, lag in zip(ALL, measured, strict=True)]
    if as_json:
        print_json(listed)
        return
    numbers = ("version", "behind", "seconds", "parked")
    made = table(None, "name", *numbers, "one row is", right=numbers)
    for entry in listed:
        told = (entry[name] for name in ("version", "behind", "behind_s", "parked"))
        cells = ("-" if cell is None else str(cell) for cell in told)
        made.add_row(entry["name"], *cells, entry["row"])
    out.print(made)


def _listed(projection: Projection[Any], measured: ProjectionLag) -> dict[str, Any]:
    """Tell a read model; how far it is behind is None where it is not built."""
    lag = measured.lag
    return {
        "name": projection.name,
        "version": projection.version,
        "row": (projection.row.__doc__ or "").strip().partition("\n")[0],
        "behind": None if lag is None else lag.events,
        "behind_s": None if lag is None else round(lag.seconds, 3),
        "parked": measured.parked,
    }


@app.command()
def status(*, as_json: JsonOption = False) -> None:
    """Tell how far each read model has followed the log."""
    with opened(Settings()) as platform:
        _tell(status_of(platform.log, platform.tables, ALL), as_json=as_json)


@app.command("rebuild")
def rebuild_(
    name: Annotated[str, typer.Argument(help="The projection to make anew from the log.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Fill a fresh table beside the live one from the first event, then put it in its place."""
    projection = _named(name)
    reduce_garbage_collection()
    settings = Settings()
    with opened(settings) as platform, build_encryption(settings) as sealing:
        err.print(f"Rebuilding {name} from {platform.log.head()} events")
        rebuild(build_projection_log(platform.log, sealing.database), platform.tables, projection)
        _tell(status_of(platform.log, platform.tables, [projection]), as_json=as_json)


@app.command()
def parked(*, as_json: JsonOption = False) -> None:
    """List the streams that a read model could not take and goes on without."""
    with opened(Settings()) as platform:
        found = waiting(platform.log, platform.tables, ALL)
    if as_json:
        print_json([_waiting(each) for each in found])
        return
    numbers = ("version", "position", "events")
    made = table(None, "projection", "tenant", "stream", *numbers, "reason", right=numbers)
    for each in found:
        of = each.parked
        numbered = (str(of.version), str(of.position), str(each.events))
        made.add_row(each.projection, of.tenant_id, escape(of.stream), *numbered, escape(of.reason))
    out.print(made)


def _waiting(each: Waiting) -> dict[str, Any]:
    return {"projection": each.projection, "events": each.events, **plain(each.parked)}


@app.command("retry")
def retry_(
    *,
    projection: Annotated[str, typer.Option(help="The projection that was repaired.")],
    stream: Annotated[
        str | None, typer.Option(help="The parked stream; without it, all that it has parked.")
    ] = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Fold the events that waited, in order, and follow their streams again; status 1 if not."""
    named = _named(projection)
    settings = Settings()
    with opened(settings) as platform, build_encryption(settings) as sealing:
        log = build_projection_log(platform.log, sealing.database)
        streams = (
            [each.parked.key for each in waiting(platform.log, platform.tables, [named])]
            if stream is None
            else [(TenantId(tenant), stream)]
        )
        done = [retry(log, platform.tables, named, *key) for key in streams]
    if as_json:
        print_json(done)
    else:
        for each in done:
            out.print(_sentence(each), markup=False)
    if any(each.parked is not None for each in done):
        sys.exit(FAILED)


def _sentence(done: Retried) -> str:
    events = f"{done.applied} event{'' if done.applied == 1 else 's'}"
    if done.parked is None:
        return f"{done.stream}: {events} folded; it is followed again."
    return (
        f"{done.stream}: {events} folded; version {done.parked.version} still cannot be taken: "
        f"{done.parked.reason}"
    )


def _named(name: str) -> Projection[Any]:
    for projection in ALL:
        if projection.name == name:
            return projection
    known = ", ".join(projection.name for projection in ALL)
    raise ProjectionUnknown(f"There is no projection {name!r}; there are {known}.")


def _tell(statuses: Sequence[ProjectionStatus], *, as_json: bool) -> None:
    if as_json:
        print_json(statuses)
        return
    numbers = ("version", "position", "lag", "rows", "parked")
    made = table(None, "name", *numbers, "state", right=numbers)
    for each in statuses:
        cells = (each.version, each.position, each.lag, each.rows, each.parked)
        made.add_row(each.name, *map(str, cells), "served" if each.served else "not built")
    out.print(made)
