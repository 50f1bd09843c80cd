"""`kinelog payments accounts`: own accounts of a tenant at the gateways."""

import io
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Annotated, TextIO

import typer
from dotenv import dotenv_values

from application.kernel.read_your_writes import ReadModelsStale
from application.payments.accounts import StoredAccounts
from application.platform import Platform
from bootstrap.cli.output import JsonOption, out, print_json
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.cli.users import operator_origin
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.tenants.tenant_id import parse_tenant_id

app = typer.Typer(help="Accounts of a tenant's own at the gateways.", no_args_is_help=True)

TenantArgument = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant.")]
FileArgument = Annotated[
    typer.FileText,
    typer.Argument(metavar="FILE", help="A file of settings, or - for the standard input."),
]

MAX_FILE_CHARACTERS = 64_000


@app.callback()
def _group() -> None:
    """Accounts of a tenant's own at the gateways."""


@app.command("set")
def set_accounts(
    tenant: TenantArgument, file: FileArgument, *, as_json: JsonOption = False
) -> None:
    """Let a tenant take payments at its own accounts, or replace their keys.

    The file has lines such as KINELOG_STRIPE_KEY=sk_live_…, with the settings of all gateways that
    the tenant uses. They are stored encrypted, and replace those that were set before. Exits with
    32 if the mode changes or a gateway is missing while payments are open or subscriptions current.
    """
    settings = read_settings(file)
    with fresh_platform() as platform:
        origin = operator_origin(platform, parse_tenant_id(tenant))
        stored = platform.tenant_account_service.set(
            settings, origin=origin, command_id=platform.new_id()
        )
        others = bool(platform.gateways)
    _show(tenant, stored, as_json=as_json)
    if not others and not as_json:
        out.print("Restart the API, so that it follows payments that no webhook reports.")


@app.command()
def show(tenant: TenantArgument, *, as_json: JsonOption = False) -> None:
    """Show at which gateways a tenant has accounts of its own, and their mode. Never their keys."""
    settings, tenant_id = Settings(), parse_tenant_id(tenant)
    with open_platform(settings) as platform:
        require_tenant(settings, tenant_id)
        stored = platform.tenant_accounts.store.get(tenant_id)
    _show(tenant, stored, as_json=as_json)


@app.command()
def remove(tenant: TenantArgument, *, as_json: JsonOption = False) -> None:
    """Let a tenant use the accounts of the installation again, and delete its keys.

    Exits with 32 while payments are open or subscriptions current.
    """
    tenant_id = parse_tenant_id(tenant)
    with fresh_platform() as platform:
        require_tenant(Settings(), tenant_id)
        origin = operator_origin(platform, tenant_id)
        platform.tenant_account_service.remove(origin=origin, command_id=platform.new_id())
    _show(tenant, None, as_json=as_json)


def read_settings(file: TextIO) -> Mapping[str, str]:
    """Return the settings of a file, without those that have no value. Raises BadParameter."""
    try:
        text = file.read(MAX_FILE_CHARACTERS + 1)
    except UnicodeDecodeError as broken:
        raise typer.BadParameter("The file is not UTF-8 text.") from broken
    if len(text) > MAX_FILE_CHARACTERS:
        raise typer.BadParameter(f"The file has more than {MAX_FILE_CHARACTERS} characters.")
    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in found.items() if value}


@contextmanager
def fresh_platform() -> Generator[Platform]:
    """Open the platform with read models that have every event. Raises ReadModelsStale."""
    with open_platform(Settings()) as platform:
        if not platform.fresh(platform.log.head(), platform.patience_s):
            raise ReadModelsStale
        yield platform


def _show(tenant: str, stored: StoredAccounts | None, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "tenant": tenant,
                "mode": None if stored is None else stored.mode,
                "gateways": [] if stored is None else list(stored.gateways),
                "changedAt": None if stored is None else stored.changed_at,
            }
        )
    elif stored is None:
        out.print(f"{tenant} uses the accounts of the installation.")
    else:
        gateways = ", ".join(stored.gateways)
        out.print(f"{tenant} has accounts of its own in {stored.mode} mode: {gateways}.")
