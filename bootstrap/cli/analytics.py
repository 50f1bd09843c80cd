"""`kinelog analytics`: request roll-ups for analysts."""

from datetime import datetime
from typing import Annotated

import typer

from application.analytics.rollups import RollupRequest
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.settings import Settings
from bootstrap.wiring.consumers import request_rollups
from domain.ids import DEFAULT_TENANT, TenantId

app = typer.Typer(help="Figures for analysts.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Make the application a group although it has only one command so far."""


@app.command()
def rollup(
    *,
    days: Annotated[
        list[datetime],
        typer.Option("--day", formats=["%Y-%m-%d"], help="A day; repeat the option for several."),
    ],
    tenant: TenantOption = DEFAULT_TENANT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Request roll-ups of days, weeks and months; `worker metrics-rollup` computes them.

    Run it every hour to keep today's figures fresh. Repeating a request is harmless.
    """
    settings = Settings()
    if settings.postgres_url is not None:  # roll-ups are of a log in PostgreSQL
        require_tenant(settings, TenantId(tenant))
    requests = [RollupRequest(tenant, day.date()) for day in sorted(set(days))]
    if not dry_run:
        request_rollups(settings, requests)
    if as_json:
        print_json({"asked": requests, "dry_run": dry_run})
        return
    for each in requests:
        action = "Would request" if dry_run else "Requested"
        out.print(f"{action} {each.day} of {each.tenant_id}")
