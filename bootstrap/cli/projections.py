"""`kinelog projections`: the read models, how far they are, and making one anew."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from application.projecting import ProjectionStatus, rebuild
from application.projecting import status as status_of
from bootstrap.cli.console import JsonOption, err, out, print_json, table
from bootstrap.composition import platform as opened
from bootstrap.settings import Settings
from domain.kernel import Rejected
from projections.catalogue import ALL
from projections.kernel import Projection

app = typer.Typer(help="The read models that are folded from the log.", no_args_is_help=True)


class ProjectionUnknown(Rejected):
    """There is no projection of this name."""

    code = "projection.unknown"
    kind = "not_found"


@app.command("list")
def list_(*, as_json: JsonOption = False) -> None:
    """Name the read models, their versions and what a row of each is."""
    listed = [
        {"name": each.name, "version": each.version, "row": _first_line(each.row)} for each in ALL
    ]
    if as_json:
        print_json(listed)
        return
    made = table(None, "name", "version", "one row is", right=("version",))
    for entry in listed:
        made.add_row(str(entry["name"]), str(entry["version"]), str(entry["row"]))
    out.print(made)


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
    with opened(Settings()) as platform:
        err.print(f"Rebuilding {name} from {platform.log.head()} events")
        rebuild(platform.log, platform.tables, projection)
        _tell(status_of(platform.log, platform.tables, [projection]), as_json=as_json)


def _named(name: str) -> Projection[Any]:
    for projection in ALL:
        if projection.name == name:
            return projection
    known = ", ".join(projection.name for projection in ALL)
    raise ProjectionUnknown(f"There is no projection {name!r}; there are {known}.")


def _first_line(row: type) -> str:
    return (row.__doc__ or "").strip().partition("\n")[0]


def _tell(statuses: Sequence[ProjectionStatus], *, as_json: bool) -> None:
    if as_json:
        print_json(statuses)
        return
    numbers = ("version", "position", "lag", "rows")
    made = table(None, "name", *numbers, "state", right=numbers)
    for each in statuses:
        state = "served" if each.served else "not built"
        failure = each.failure
        made.add_row(
            each.name,
            str(each.version),
            str(each.position),
            str(each.lag),
            str(each.rows),
            state if failure is None else f"stopped at {failure.position}: {failure.reason}",
        )
    out.print(made)
