"""`kinelog privacy`: erase, export and retain personal data, and verify certificates."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from application.platform import Platform
from application.privacy.due_erasures import DueErasureResults, run_due
from application.privacy.erasure import ErasureService, NotCertified, Plan
from application.privacy.erasure_certificate import InvalidCertificate, to_json
from application.privacy.erasure_certificate import verify as verify_certificate
from bootstrap.cli.output import JsonOption, TenantOption, err, out, print_json, quantity, table
from bootstrap.cli.output_file import summary_console, whole_file
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.exit_codes import FAILED
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.exports import build_signer
from domain.erasures.erasure import NotRequested
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import UserUnknown
from domain.users.user import Unregistered

app = typer.Typer(help="Erasure, export and retention of personal data.", no_args_is_help=True)
certificate = typer.Typer(help="Erasure certificates.", no_args_is_help=True)
app.add_typer(certificate, name="certificate")

OPERATOR = "operator"
"""The actor of commands run on the server itself."""

UserOption = Annotated[str, typer.Option("--user", help="The user's e-mail address or id.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", help="Also write the certificate to this file.")
]
DeprecatedOutOption = Annotated[Path | None, typer.Option("--out", hidden=True)]


@app.command()
def erase(
    *,
    user: UserOption,
    tenant: TenantOption = DEFAULT_TENANT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be removed, and change nothing.")
    ] = False,
    look_for: Annotated[
        list[str] | None,
        typer.Option(help="Also search for this text, such as a name that was never entered here."),
    ] = None,
    output: OutputOption = None,
    out_file: DeprecatedOutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase a person now, search every store for remains, and certify that there are none.

    Run it again after a crash: it resumes. Remains are listed, and the exit code is 1.
    """
    output = output or out_file
    tenant_id = TenantId(tenant)
    with open_platform(Settings()) as platform:
        erasure = platform.privacy().erasure
        user_id = _find_user(platform, erasure, tenant_id, user)
        if dry_run:
            _show_plan(erasure.plan(tenant_id, user_id), as_json=as_json)
            return
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        certificate: Mapping[str, Any] | None = None
        try:
            with nullcontext() if output is None else whole_file(output) as file:  # before any step
                erasure.request(user_id, origin=origin, at_once=True)
                outcome = erasure.run(user_id, origin=origin, extra_terms=look_for or ())
                if isinstance(outcome, NotCertified):
                    _show_findings(outcome, as_json=as_json)
                    raise typer.Exit(FAILED)
                certificate = outcome
                if file is not None:
                    file.write(to_json(certificate).encode())
        finally:  # also if the file cannot be written; and only after it has its name
            if certificate is not None:
                _show_certificate(certificate, summary_console(output), as_json=as_json)


@app.command("run-due")
@app.command("due", hidden=True, deprecated=True)
def run_due_erasures(*, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False) -> None:
    """Run every erasure whose grace period is over; exit code 1 if one is not certified.

    It also repeats the erasure of users whose key a backup has restored. The platform does this by
    itself every day. One failure does not stop the others.
    """
    tenant_id = TenantId(tenant)
    settings = Settings()
    with open_platform(settings) as platform:
        require_tenant(settings, tenant_id)
        services = platform.privacy()
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        carried = run_due(services.erasure, origin)
    _show_due(carried, as_json=as_json)
    if carried.refused or carried.failed:
        raise typer.Exit(FAILED)


@app.command("apply-retention")
@app.command("retain", hidden=True, deprecated=True)
def apply_retention(
    *,
    tenant: TenantOption = DEFAULT_TENANT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be removed, and change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove data older than KINELOG_RETAIN_... allows. The platform also does this every day."""
    tenant_id = TenantId(tenant)
    settings = Settings()
    with open_platform(settings) as platform:
        require_tenant(settings, tenant_id)
        services = platform.privacy()
        removed = services.retention.run(tenant_id, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, "removed": removed})
        return
    heading = "would be removed" if dry_run else "removed"
    result = table(None, "data", heading, right=(heading,))
    for name, count in removed.items():
        result.add_row(name, str(count))
    out.print(result)


@app.command()
def export(
    *,
    user: UserOption,
    output: Annotated[
        Path | None, typer.Option("--output", help="The archive (zip) to write.")
    ] = None,
    out_file: DeprecatedOutOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Write all data of a person to an archive."""
    tenant_id = TenantId(tenant)
    archive = output or out_file
    if archive is None:
        raise typer.BadParameter("Give the archive to write: --output FILE.")
    with open_platform(Settings()) as platform:
        services = platform.privacy()
        user_id = _find_user(platform, services.erasure, tenant_id, user)
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        with whole_file(archive) as file:
            made = services.exports.writer.write_into(tenant_id, user_id, file)
            named = str(platform.new_id())
            files, size = made.files, made.size
            services.exports.note(named, files, size, user_id, origin=origin)
    summary = summary_console(archive)
    if as_json:
        made_of = {"user": user_id, "archive": str(archive), "files": files, "bytes": size}
        print_json(made_of, summary)
    else:
        summary.print(f"{quantity(files, 'file')}, {size} bytes: {archive}")


@app.command()
def cancel(
    *, user: UserOption, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False
) -> None:
    """Cancel an erasure that has not started."""
    tenant_id = TenantId(tenant)
    with open_platform(Settings()) as platform:
        erasure = platform.privacy().erasure
        user_id = _find_user(platform, erasure, tenant_id, user)
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        erasure.cancel(user_id, origin=origin)
    if as_json:
        print_json({"cancelled": user_id})
    else:
        out.print(f"The erasure of {user_id} is canceled.")


@certificate.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A certificate.", exists=True, dir_okay=False)],
    *,
    keys: Annotated[
        Path | None,
        typer.Option(help="Trust only the public keys of this file (JSON Web Key Set)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify that this platform signed a certificate and that it was not changed."""
    document, public_keys = _read(file), None if keys is None else _read(keys)
    with build_signer(Settings()) as signer:
        content = verify_certificate(document, signer, public_keys)
    if as_json:
        print_json(content)
    else:
        out.print(
            f"Valid: {content['person']} of {content['tenant']} was erased by"
            f" {content['certifiedAt']}.",
        )


@certificate.command("keys")
def keys_(*, as_json: JsonOption = False) -> None:
    """Print the public keys of certificates, to verify them elsewhere."""
    with build_signer(Settings()) as signer:
        keys = signer.public_keys()
    if as_json:
        print_json(keys)
        return
    for key in keys["keys"]:
        out.print(f"{key['kid']}  {key['kty']} {key['crv']}")


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as unreadable:
        raise InvalidCertificate(f"{file} cannot be read: {unreadable.strerror}.") from unreadable
    except (ValueError, RecursionError) as broken:
        raise InvalidCertificate(f"{file} is not JSON.") from broken


def _find_user(
    platform: Platform, erasure: ErasureService, tenant_id: TenantId, user: str
) -> UserId:
    """Find a current or former user. Raises UserUnknown."""
    accounts = platform.accounts()
    user_id: UserId | None = UserId(user)
    if "@" in user:
        user_id = accounts.identities.find(tenant_id, "email", user)
        user_id = user_id or erasure.find_begun(tenant_id, user)
    if user_id is None:
        raise UserUnknown
    account = accounts.accounts.user(tenant_id, user_id)
    if isinstance(account, Unregistered) and isinstance(
        erasure.state(tenant_id, user_id), NotRequested
    ):
        raise UserUnknown
    return user_id


def _show_plan(plan: Plan, *, as_json: bool) -> None:
    whose = plan.subject
    if as_json:
        print_json(
            {
                "dry_run": True,
                "user": whose.user_id,
                "streams": len(whose.streams),
                "looked_for": sorted({term.kind for term in whose.terms}),
                "would_remove": plan.counts,
            }
        )
        return
    title = f"{whose.user_id} has {quantity(len(whose.streams), 'stream')}"
    report = table(title, "step", "would go", right=("would go",))
    for step, count in plan.counts.items():
        report.add_row(step, str(count))
    out.print(report)


def _show_due(carried: DueErasureResults, *, as_json: bool) -> None:
    certified, refused, failed = carried.certified, carried.refused, carried.failed
    if as_json:
        codes = {user_id: problem.code for user_id, problem in failed.items()}
        print_json({"certified": certified, "refused": refused, "failed": codes})
        return
    out.print(f"Erased: {len(certified)}; not certified: {len(refused)}; failed: {len(failed)}.")
    for user_id, problem in failed.items():
        err.print(f"kinelog: {user_id}: {problem.detail}", soft_wrap=True)


def _show_findings(outcome: NotCertified, *, as_json: bool) -> None:
    if as_json:
        print_json({"certified": False, "findings": outcome.findings})
    for each in outcome.findings:
        err.print(
            f"kinelog: {each.kind} is still in {each.place}: {each.part} ({each.form}).",
            soft_wrap=True,
        )


def _show_certificate(document: Mapping[str, Any], console: Console, *, as_json: bool) -> None:
    if as_json:
        print_json({"certified": True, **document}, console)
        return
    content = document["certificate"]
    removed = {step: count for step, count in content["removed"].items() if count}
    report = table(f"{content['person']} is forgotten", "what", "how much", right=("how much",))
    for step, count in removed.items():
        report.add_row(f"removed: {step}", str(count))
    for each in content["searched"]:
        report.add_row(f"searched: {each['place']}", f"{each['bytes']} bytes")
    console.print(report)
