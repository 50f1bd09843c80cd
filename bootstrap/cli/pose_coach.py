"""`kinelog pose-coach`: verify, repair, replay and check the stores of the pose coach."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Final

import httpx2
import typer

from adapters.api_client.pose_coach_check import PoseCoachCheck
from adapters.clock import utc_now
from application.kernel.read_your_writes import ReadModelsStale
from application.pose_coach.agreement import OTHER, SourceName, Verification
from application.pose_coach.stores import StoreName
from bootstrap.cli.live import TokenOption, UrlOption
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.exit_codes import FAILED
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import PoseCoachStores, open_pose_coach
from domain.ids import DEFAULT_TENANT
from domain.tenants.tenant_id import parse_tenant_id

TIMEOUT_S: Final = 30.0
"""Longest time that `check` waits for a response."""

LOG_RESTORED: Final = """\
The stores are ahead of the log: they followed it up to position {position}, which it does not have,
or has with another event. It was restored from a backup, so no agreement can be claimed.
- `kinelog pose-coach verify --log` names the sessions that the log lost ("unknown to log").
- If the log is right, `kinelog pose-coach repair --from log` deletes them, for each tenant; then
  `kinelog pose-coach accept-log`.
- If it is not, stop the server, restore a newer log, and verify again."""

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

    Also exits with 1 if they are ahead of the log, which was then restored from a backup. A session
    that was saved a moment ago may be in one store and not yet in the other.
    """
    tenant_id = parse_tenant_id(tenant)
    with _stores() as stores:
        found = stores.agreement.verify(tenant_id, with_log=with_log, deep=deep)
        if found.agrees and not found.unknown_to_log:  # else a restored log may lack it
            require_tenant(Settings(), tenant_id)
    if as_json:
        print_json(asdict(found))
    else:
        _print_differences(found)
    if not found.agrees:
        raise typer.Exit(FAILED)


def _print_differences(found: Verification) -> None:
    pairs = {
        "stores": found.stores,
        "log and document": found.log_and_document,
        "log and analytics": found.log_and_analytics,
        "unknown to log": found.unknown_to_log,
    }
    for pair, session_ids in pairs.items():
        for session_id in session_ids:
            out.print(f"{pair}: {session_id}")
    if found.log_restored is not None:
        out.print(LOG_RESTORED.format(position=found.log_restored))
    else:
        out.print("They agree." if found.agrees else "They differ.")


@app.command()
def accept_log(*, as_json: JsonOption = False) -> None:
    """Accept a log that was restored from a backup. The stores follow it again from its start.

    Sessions that it lost stay in the stores until `repair --from log` deletes them, tenant by
    tenant.
    """
    with _stores() as stores:
        lacked = stores.agreement.accept_log()
    if as_json:
        print_json({"log_restored": lacked})
    elif lacked is None:
        out.print("The log has all that the stores have followed.")
    else:
        out.print("The stores follow the log from its start.")


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
    tenant_id = parse_tenant_id(tenant)
    with _stores() as stores:
        repaired = stores.agreement.repair(tenant_id, source, dry_run=dry_run)
        if not any(repaired.values()):  # else a restored log may lack it
            require_tenant(Settings(), tenant_id)
    if as_json:
        print_json({name: list(session_ids) for name, session_ids in repaired.items()})
        return
    for name, session_ids in repaired.items():
        for session_id in session_ids:
            out.print(f"{name}: {session_id}")
    count = sum(map(len, repaired.values()))
    out.print(f"{count} {'would be copied' if dry_run else 'were copied'}.")


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
            out.print(f"{name}: sessions and profiles that are tried again: {count}.")


@app.command("check")
def check_deployment(
    *,
    url: UrlOption = None,
    token: TokenOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    patience: Annotated[
        float, typer.Option(min=0, max=3600, help="Longest wait for both stores, in seconds.")
    ] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Check a server against the fourteen points of the pose coach. Exits with 1 if one fails.

    Saves a session for the user of the token, and deletes it again. Exits with 34 if the server
    does not answer or the session could not be deleted, and with 35 if a token is needed.
    """
    settings = Settings()
    base = url or f"http://{settings.host}:{settings.port}"
    with httpx2.Client(base_url=base, timeout=TIMEOUT_S, trust_env=False) as http:
        client = PoseCoachCheck(http, tenant=tenant, token=token, patience_s=patience)
        points = client.run(utc_now())
    if as_json:
        print_json({"passed": all(each.passed for each in points), "points": points})
    else:
        for number, each in enumerate(points, 1):
            state = "passed" if each.passed else "FAILED"
            out.print(f"{number:2} {each.side}: {each.wording}: {state}")
    if not all(each.passed for each in points):
        raise typer.Exit(FAILED)
