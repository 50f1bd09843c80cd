"""`kinelog analytics`: what analysts read, summed up."""

from datetime import datetime
from typing import Annotated

import typer

from application.analytics.rollups import Asked
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.analytics import request_rollups
from domain.ids import DEFAULT_TENANT

app = typer.Typer(help="What analysts read.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `rollup` a word of its own, though it is the only one so far."""


@app.command()
def rollup(
    *,
    days: Annotated[
        list[datetime],
        typer.Option("--day", formats=["%Y-%m-%d"], help="Which day; may be given several times."),
    ],
    tenant: TenantOption = DEFAULT_TENANT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask for figures of days, their weeks and months; `kinelog work metrics-rollup` makes them.

    To keep today's figures fresh, run it every hour: asking again does no harm.
    """
    asked = [Asked(tenant, day.date()) for day in sorted(set(days))]
    if not dry_run:
        request_rollups(Settings(), asked)
    if as_json:
        print_json({"asked": asked, "dry_run": dry_run})
        return
    for each in asked:
        would = "Would ask" if dry_run else "Asked"
        out.print(f"{would} for {each.day} of {each.tenant_id}", markup=False)
