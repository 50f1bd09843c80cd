"""`kinelog exports`: make and verify exports of sessions."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from adapters.privacy.certificate_signer import EXPORT
from application.exports.manifest import ExportChanged
from application.exports.manifest import verify as verify_export
from application.exports.scope import ExportScope, require_range
from application.platform import Platform
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json, quantity
from bootstrap.cli.output_file import summary_console, whole_file
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.exports import build_signer
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import UserUnknown
from domain.users.user import Registered
from projections.session_summary import SESSION_SUMMARY

app = typer.Typer(help="Exports of sessions.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Exports of sessions."""


OPERATOR = "operator"


@app.command()
def make(
    *,
    user: Annotated[str, typer.Option("--user", help="The athlete's e-mail address or id.")],
    output: Annotated[Path, typer.Option("--output", help="The file to write.")],
    as_format: Annotated[
        Literal["csv", "json", "pdf", "fit", "tcx", "fhir", "open_mhealth"],
        typer.Option(
            "--format", help="csv, json: signed sessions; pdf: a report; fit, …: workouts."
        ),
    ] = "csv",
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="The first day, as the athlete had it."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The last day, which is included."),
    ] = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Write the completed sessions of an athlete, or of some days, to a file."""
    tenant_id = TenantId(tenant)
    first, last = (None if each is None else each.date() for each in (since, until))
    require_range(first, last)
    with open_platform(Settings()) as platform:
        athlete = _find_athlete(platform, tenant_id, user)
        exports = platform.privacy().exports
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        scope = ExportScope(athlete, athlete, first, last)
        with whole_file(output) as file:
            made = exports.writers[as_format].write_into(tenant_id, scope, file)
            named = str(platform.new_id())
            exports.note(named, made.files, made.size, athlete, origin=origin)
    summary = summary_console(output)
    if as_json:
        written = {"file": str(output), "files": made.files, "bytes": made.size}
        print_json({**written, **scope.statement()}, summary)
    else:
        summary.print(f"{quantity(made.files, 'file')}, {made.size} bytes: {output}")


def _find_athlete(platform: Platform, tenant_id: TenantId, user: str) -> UserId:
    """Find a user, or an athlete without an account who has trained. Raises UserUnknown."""
    accounts = platform.accounts()
    found = accounts.identities.find(tenant_id, "email", user) if "@" in user else UserId(user)
    if found is None:
        raise UserUnknown
    if isinstance(accounts.accounts.user(tenant_id, found), Registered):
        return found
    if not platform.read.count(SESSION_SUMMARY, tenant_id, where={"athlete_id": found}):
        raise UserUnknown
    return found


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An export (zip).", exists=True, dir_okay=False)],
    *,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="Trust only the public keys of this file, as `kinelog privacy certificate keys"
            " --json` prints them."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify that an export is complete and unchanged; exit code 30 if it is not."""
    trusted = None
    if keys is not None:
        try:
            trusted = json.loads(keys.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as broken:
            raise ExportChanged(f"{keys} is not a file of keys.") from broken
    with build_signer(Settings(), EXPORT) as signer:
        statement = verify_export(file, signer, trusted)
    if as_json:
        print_json(statement)
    else:
        out.print(
            f"Valid: it has every completed session of {statement['athlete']}{_days(statement)}"
            f" as of {statement['madeAt']} ({quantity(statement['sessions'], 'session')},"
            f" {quantity(statement['records'], 'record')}).",
        )


def _days(statement: Mapping[str, Any]) -> str:
    """Return the range of days that a statement names; earlier ones name none."""
    since, until = statement.get("since"), statement.get("until")
    return "".join([f" since {since}" if since else "", f" until {until}" if until else ""])
