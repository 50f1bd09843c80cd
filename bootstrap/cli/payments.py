"""`kinelog payments`: compare payments with what the gateways say."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from application.payments.reconciliation import Reconciliation
from bootstrap.cli import gateway_accounts
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json, quantity
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.exit_codes import FAILED
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from domain.tenants.tenant_id import parse_tenant_id

app = typer.Typer(help="Payments at the gateways.", no_args_is_help=True)
app.add_typer(gateway_accounts.app, name="accounts")


@app.callback()
def _group() -> None:
    """Payments at the gateways."""


@app.command()
def reconcile(
    *,
    begin: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day, in UTC.")
    ],
    end: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The day after the last one.")
    ],
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Compare the payments created in a period with their gateways, and report differences.

    Changes nothing. Exits with 1 if something differs, or if a gateway did not answer, and with
    34 if the read models are behind.
    """
    if end <= begin:
        raise typer.BadParameter("--to is a day after --from.")
    tenant_id = parse_tenant_id(tenant)
    with gateway_accounts.fresh_platform() as platform:
        require_tenant(Settings(), tenant_id)
        report = Reconciliation(platform.read, platform.payments).compare(
            tenant_id, begin.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
        )
    if as_json:
        print_json(asdict(report))
    else:
        for each in report.differences:
            line = f"{each.kind}: {each.gateway} {each.reference}, payment {each.payment_id}"
            out.print(f"{line}: here {each.here}; there {each.there}")
        for missing in report.unanswered:
            what = missing.reference or "its list"
            out.print(f"not compared: {missing.gateway} {what} ({missing.reason})")
        out.print(
            f"Compared: {quantity(report.payments, 'payment')} with"
            f" {quantity(report.intents, 'intent')}; different: {len(report.differences)}.",
        )
    if not report.is_clean:
        raise typer.Exit(FAILED)
