"""`kinelog pose-coach`: verify and repair the stores of the pose coach, and replay what failed."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from adapters.clock import utc_now
from application.kernel.read_your_writes import ReadModelsStale
from application.pose_coach.agreement import OTHER, SourceName
from application.pose_coach.stores import StoreName
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json
from bootstrap.exit_codes import FAILED
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import PoseCoachStores, open_pose_coach
from domain.ids import DEFAULT_TENANT
from domain.tenants.tenant_id import parse_tenant_id

app = typer.Typer(help="Stores of the pose coach.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Stores of the pose coach."""


@contextmanager
def _stores() -> Generator[PoseCoachStores]:
    """Open the stores with fresh read models. Raises ReadModelsStale and StorageUnavailable."""
    settings = Settings()
    with open_platform(settings) as platform:
        if not platform.fresh(platform.log.head(), platform.patience_s):
            raise ReadModelsStale
        with open_pose_coach(settings, platform) as stores:
            yield stores


@app.command()
def verify(
    *,
    with_log: Annotated[
        bool, typer.Option("--log", help="Compare with the log, too: reads all sessions.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="First compute the hash trees from what is stored.")
    ] = False,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Compare the document store with the analytics store. Exits with 1 if they differ.

    A session that was saved in this moment may be in one store and not yet in the other.
    """
    with _stores() as stores:
        found = stores.agreement.verify(parse_tenant_id(tenant), with_log=with_log, deep=deep)
    if as_json:
        print_json(asdict(found))
    else:
        for pair, session_ids in asdict(found).items():
            for session_id in session_ids:
                out.print(f"{pair.replace('_', ' ')}: {session_id}", markup=False)
        out.print("They agree." if found.agrees else "They differ.", markup=False)
    if not found.agrees:
        raise typer.Exit(FAILED)


@app.command()
def repair(
    *,
    source: Annotated[
        SourceName, typer.Option("--from", help="The source: what differs from it is replaced.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Copy sessions that differ from one source to the others. Can be interrupted and repeated."""
    with _stores() as stores:
        repaired = stores.agreement.repair(parse_tenant_id(tenant), source, dry_run=dry_run)
    if as_json:
        print_json({name: list(session_ids) for name, session_ids in repaired.items()})
        return
    for name, session_ids in repaired.items():
        for session_id in session_ids:
            out.print(f"{name}: {session_id}", markup=False)
    count = sum(map(len, repaired.values()))
    out.print(f"{count} {'would be copied' if dry_run else 'were copied'}.", markup=False)


@app.command()
def replay(
    *,
    store: Annotated[StoreName | None, typer.Option(help="One store. Default: both.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Have the server try failed and waiting sessions again at once."""
    with _stores() as stores:
        names = OTHER if store is None else (store,)
        counts = {name: stores.states.replay(name, utc_now()) for name in names}
    if as_json:
        print_json(counts)
    else:
        for name, count in counts.items():
            out.print(f"{name}: {count} sessions and profiles are tried again.", markup=False)
