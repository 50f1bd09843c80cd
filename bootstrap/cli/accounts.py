"""`kinelog accounts`: tenants, roles in them, how athletes are coached, tokens and their keys."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from application.platform import Platform
from application.users.services import UserServices
from bootstrap.cli.output import JsonOption, TenantOption, out, plain, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.composition import platform as opened
from domain.coaching.preferences import CuePreferences, Frequency, Verbosity
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.roles import StaffRole
from domain.users.commands import ChangeCuePreferences, UserUnknown
from domain.users.user import Registered

app = typer.Typer(help="Accounts, roles, coaching and keys.", no_args_is_help=True)

OPERATOR = "operator"
"""The actor of what is done on the machine itself."""

UserOption = Annotated[str, typer.Option("--user", help="Their e-mail address, or their id.")]
RoleOption = Annotated[
    StaffRole, typer.Option("--role", help="The role, beside a member's, which everybody has.")
]


@app.command("create-tenant")
def create_tenant(
    *,
    name: Annotated[str, typer.Option(help="What people call the organisation.")],
    user: UserOption,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Create a tenant; who is named, and has an account in it, becomes its administrator."""
    with opened(Settings()) as platform:
        services, who = _found(platform, tenant, user)
        services.administration.create_tenant(
            name, who, origin=_origin(platform, tenant), command_id=platform.new_id()
        )
    _tell(f"{who} is the administrator of {tenant}.", as_json=as_json, tenant=tenant, user=who)


@app.command()
def grant(
    *,
    user: UserOption,
    role: RoleOption,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Give somebody a role; it is in their next access token."""
    with opened(Settings()) as platform:
        services, who = _found(platform, tenant, user)
        services.administration.grant(
            who, role, origin=_origin(platform, tenant), command_id=platform.new_id()
        )
    _tell(f"{who} is {role} in {tenant}.", as_json=as_json, tenant=tenant, user=who, role=role)


@app.command()
def withdraw(
    *,
    user: UserOption,
    role: RoleOption,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Take a role away, and sign somebody out everywhere."""
    with opened(Settings()) as platform:
        services, who = _found(platform, tenant, user)
        services.administration.withdraw(
            who, role, origin=_origin(platform, tenant), command_id=platform.new_id()
        )
    _tell(
        f"{who} is no {role} in {tenant} any more.",
        as_json=as_json, tenant=tenant, user=who, role=role,
    )  # fmt: skip


@app.command()
def token(
    *, user: UserOption, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False
) -> None:
    """Sign somebody in from here, and print an access token, valid for minutes: KINELOG_TOKEN."""
    with opened(Settings()) as platform:
        services, who = _found(platform, tenant, user)
        account = services.accounts.user(TenantId(tenant), who)
        if not isinstance(account, Registered):
            raise UserUnknown
        signed_in = services.sign_in_service.begin(TenantId(tenant), who, account)
    if as_json:
        told = {"token": signed_in.access_token, "expires_in_s": signed_in.expires_in_s}
        print_json(told | {"user": who})
    else:
        print(signed_in.access_token)  # noqa: T201  as it is, whatever the width of the terminal


@app.command("cue-preferences")
def cue_preferences(
    *,
    user: UserOption,
    frequency: Annotated[Frequency | None, typer.Option(help="How often the coach speaks.")] = None,
    praise: Annotated[
        bool | None, typer.Option(help="Whether good repetitions are mentioned.")
    ] = None,
    verbosity: Annotated[Verbosity | None, typer.Option(help="What is spoken.")] = None,
    language: Annotated[str | None, typer.Option(help="In which language.")] = None,
    mute: Annotated[
        list[str] | None, typer.Option(help="A cue not to be spoken of, or - to hear all again.")
    ] = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Show how an athlete is coached, or change what is named of it, from the next set on."""
    muted = None if mute is None else tuple(cue for cue in mute if cue != "-")
    asked = {
        "frequency": frequency,
        "praise": praise,
        "verbosity": verbosity,
        "language": language,
        "muted": muted,
    }
    with opened(Settings()) as platform:
        services, who = _found(platform, tenant, user)
        account = services.accounts.user(TenantId(tenant), who)
        known = account.cues if isinstance(account, Registered) else CuePreferences()
        changes = {name: each for name, each in asked.items() if each is not None}
        wanted = replace(known, **changes)  # type: ignore[arg-type]  # each is its field's
        if changes:
            command = ChangeCuePreferences(preferences=wanted)
            origin = _origin(platform, tenant)
            services.accounts.execute(who, [command], origin=origin, command_id=platform.new_id())
    if as_json:
        print_json(wanted)
    else:
        for name, told in plain(wanted).items():
            out.print(f"{name}: {told}", markup=False)


@app.command("rotate-keys")
def rotate_keys(
    *,
    older_than_days: Annotated[
        int, typer.Option(min=0, help="Leave a key that is younger than this.")
    ] = 90,
    as_json: JsonOption = False,
) -> None:
    """Let a new key sign access tokens; the old one verifies until its last token has expired."""
    with opened(Settings()) as platform:
        rotated = platform.accounts().rotate_if_older(timedelta(days=older_than_days))
    if as_json:
        print_json({"rotated": rotated})
    else:
        out.print("A new key signs." if rotated else "The key is young enough.")


def _found(platform: Platform, tenant: str, user: str) -> tuple[UserServices, UserId]:
    """Find somebody's account in a tenant. Raises UserUnknown."""
    services, tenant_id = platform.accounts(), TenantId(tenant)
    who = services.identities.find(tenant_id, "email", user) if "@" in user else UserId(user)
    if who is None or not isinstance(services.accounts.user(tenant_id, who), Registered):
        raise UserUnknown
    return services, who


def _origin(platform: Platform, tenant: str) -> Origin:
    return Origin(tenant_id=TenantId(tenant), actor=OPERATOR, correlation_id=platform.new_id())


def _tell(sentence: str, *, as_json: bool, **told: str) -> None:
    if as_json:
        print_json(told)
    else:
        out.print(sentence, markup=False)
