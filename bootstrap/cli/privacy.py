"""`kinelog privacy`: forgetting people, and the certificates that they are forgotten."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from application.platform import Platform
from application.privacy.due_erasures import DueErasureResults, run_due
from application.privacy.erasure import ErasureService, NotCertified, Plan
from application.privacy.erasure_certificate import InvalidCertificate, verified, written
from bootstrap.cli.output import JsonOption, TenantOption, err, out, print_json, table
from bootstrap.exit_codes import FAILED
from bootstrap.settings import Settings
from bootstrap.wiring.composition import platform as opened
from bootstrap.wiring.privacy import build_certificate_signer
from domain.erasures.erasure import NotRequested
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import UserUnknown
from domain.users.user import Unregistered

app = typer.Typer(help="What is known of people, and how it goes.", no_args_is_help=True)
certificate = typer.Typer(help="Certificates of erasures.", no_args_is_help=True)
app.add_typer(certificate, name="certificate")

OPERATOR = "operator"
"""The actor of what is done on the machine itself."""

UserOption = Annotated[str, typer.Option("--user", help="Their e-mail address, or their id.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write the certificate to this file, too.")
]


@app.command()
def erase(
    *,
    user: UserOption,
    tenant: TenantOption = DEFAULT_TENANT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would go, and change nothing.")
    ] = False,
    look_for: Annotated[
        list[str] | None,
        typer.Option(help="Look for this text, too: a name that was never entered here."),
    ] = None,
    to: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget a person at once, look everywhere for what is left, and certify that it is nothing.

    Run it again after a crash: it goes on where it was. What still tells who the person was is
    named, and the status is 1.
    """
    tenant_id = TenantId(tenant)
    with opened(Settings()) as platform:
        erasure = platform.privacy().erasure
        who = _found(platform, erasure, tenant_id, user)
        if dry_run:
            _show_plan(erasure.plan(tenant_id, who), as_json=as_json)
            return
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        erasure.request(who, origin=origin, at_once=True)
        outcome = erasure.carry_out(who, origin=origin, look_for=look_for or ())
    if isinstance(outcome, NotCertified):
        _show_findings(outcome, as_json=as_json)
        raise typer.Exit(FAILED)
    if to is not None:
        to.write_text(written(outcome), encoding="utf-8")
    _show_certificate(outcome, as_json=as_json)


@app.command()
def due(*, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False) -> None:
    """Carry out all erasures whose time to be called off is over; status 1 if one is not certified.

    This is part of what the platform does by itself each day. One that cannot be carried out does
    not hold up the others.
    """
    tenant_id = TenantId(tenant)
    with opened(Settings()) as platform:
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        carried = run_due(platform.privacy().erasure, origin)
    _show_due(carried, as_json=as_json)
    if carried.refused or carried.failed:
        raise typer.Exit(FAILED)


@app.command()
def retain(
    *,
    tenant: TenantOption = DEFAULT_TENANT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would go, and change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what KINELOG_RETAIN_... says is kept no longer, as is done daily anyway."""
    with opened(Settings()) as platform:
        removed = platform.privacy().retention.run(TenantId(tenant), dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, "removed": removed})
        return
    made = table(None, "what", "would go" if dry_run else "went", right=("went", "would go"))
    for name, count in removed.items():
        made.add_row(name, str(count))
    out.print(made)


@app.command()
def export(
    *,
    user: UserOption,
    to: Annotated[Path, typer.Option("--out", help="The archive (zip) to write.")],
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Write everything that is known of a person into an archive that they can be given."""
    tenant_id = TenantId(tenant)
    with opened(Settings()) as platform:
        services = platform.privacy()
        who = _found(platform, services.erasure, tenant_id, user)
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        made = services.exports.exporting.write(tenant_id, who, to)
        named = str(platform.new_id())
        services.exports.note(named, made.files, made.size, who, origin=origin)
    if as_json:
        print_json({"user": who, "archive": str(to), "files": made.files, "bytes": made.size})
    else:
        out.print(f"{made.files} files, {made.size} bytes: {to}", markup=False)


@app.command()
def cancel(
    *, user: UserOption, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False
) -> None:
    """Call an erasure off that has not begun."""
    tenant_id = TenantId(tenant)
    with opened(Settings()) as platform:
        erasure = platform.privacy().erasure
        who = _found(platform, erasure, tenant_id, user)
        origin = Origin(tenant_id=tenant_id, actor=OPERATOR, correlation_id=platform.new_id())
        erasure.cancel(who, origin=origin)
    if as_json:
        print_json({"cancelled": who})
    else:
        out.print(f"{who} is not forgotten.", markup=False)


@certificate.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A certificate.", exists=True, dir_okay=False)],
    *,
    keys: Annotated[
        Path | None,
        typer.Option(help="A file of public keys (JSON Web Key Set) to be believed, and no other."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify that a certificate was signed by this platform and says what it said then."""
    document, known = _read(file), None if keys is None else _read(keys)
    with build_certificate_signer(Settings()) as signer:
        content = verified(document, signer, known)
    if as_json:
        print_json(content)
    else:
        out.print(
            f"Valid: {content['person']} of {content['tenant']} was forgotten by"
            f" {content['certifiedAt']}.",
            markup=False,
        )


@certificate.command("keys")
def keys_(*, as_json: JsonOption = False) -> None:
    """Print the public keys of all certificates, for whoever verifies one elsewhere."""
    with build_certificate_signer(Settings()) as signer:
        found = signer.public_keys()
    if as_json:
        print_json(found)
        return
    for key in found["keys"]:
        out.print(f"{key['kid']}  {key['kty']} {key['crv']}", markup=False)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as broken:
        raise InvalidCertificate(f"{file} is not JSON.") from broken


def _found(platform: Platform, erasure: ErasureService, tenant_id: TenantId, user: str) -> UserId:
    """Find somebody who has an account, or had one. Raises UserUnknown."""
    accounts = platform.accounts()
    who = accounts.identities.find(tenant_id, "email", user) if "@" in user else UserId(user)
    if who is None:
        raise UserUnknown
    unknown = isinstance(accounts.accounts.user(tenant_id, who), Unregistered)
    if unknown and isinstance(erasure.state(tenant_id, who), NotRequested):
        raise UserUnknown
    return who


def _show_plan(plan: Plan, *, as_json: bool) -> None:
    whose = plan.whose
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
    made = table(
        f"{whose.user_id} has {len(whose.streams)} streams", "step", "would go", right=("would go",)
    )
    for step, count in plan.counts.items():
        made.add_row(step, str(count))
    out.print(made)


def _show_due(carried: DueErasureResults, *, as_json: bool) -> None:
    certified, refused, failed = carried.certified, carried.refused, carried.failed
    if as_json:
        codes = {who: problem.code for who, problem in failed.items()}
        print_json({"certified": certified, "refused": refused, "failed": codes})
        return
    out.print(f"Erased: {len(certified)}; not certified: {len(refused)}; failed: {len(failed)}.")
    for who, problem in failed.items():
        err.print(f"kinelog: {who}: {problem.detail}", markup=False, soft_wrap=True)


def _show_findings(outcome: NotCertified, *, as_json: bool) -> None:
    if as_json:
        print_json({"certified": False, "findings": outcome.findings})
    for each in outcome.findings:
        err.print(
            f"kinelog: {each.kind} is still in {each.place}: {each.part} ({each.form}).",
            markup=False,
            soft_wrap=True,
        )


def _show_certificate(document: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json({"certified": True, **document})
        return
    content = document["certificate"]
    removed = {step: count for step, count in content["removed"].items() if count}
    made = table(f"{content['person']} is forgotten", "what", "how much", right=("how much",))
    for step, count in removed.items():
        made.add_row(f"removed: {step}", str(count))
    for each in content["searched"]:
        made.add_row(f"searched: {each['place']}", f"{each['bytes']} bytes")
    out.print(made)
