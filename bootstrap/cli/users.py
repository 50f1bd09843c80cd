"""`kinelog users`: roles, coaching preferences, access tokens and signing keys."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from application.platform import Platform
from application.users.services import UserServices
from bootstrap.cli.output import JsonOption, TenantOption, out, plain, print_json
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.coaching.preferences import CuePreferences, Frequency, Verbosity
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import BY_INVITATION
from domain.tenants.roles import StaffRole
from domain.users.commands import ChangeCuePreferences, UserUnknown
from domain.users.user import Registered

app = typer.Typer(help="Users, roles, coaching preferences and keys.", no_args_is_help=True)

OPERATOR = "operator"
"""The actor of commands run on the server itself."""

A_CENTURY = 36_525
"""In days: no key is older, and calendars end."""

UserOption = Annotated[str, typer.Option("--user", help="The user's e-mail address or id.")]
RoleOption = Annotated[
    StaffRole, typer.Option("--role", help="The role. Every user is a member as well.")
]


@app.command("create-tenant", hidden=True, deprecated=True)
def create_tenant(
    *,
    name: Annotated[str, typer.Option(help="The name of the organization.")],
    user: UserOption,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Create a tenant that people join by invitation. Use `kinelog tenants create`."""
    with open_platform(Settings()) as platform:
        services, user_id = find_user(platform, tenant, user)
        services.administration.create_tenant(
            name,
            user_id,
            join=BY_INVITATION,
            origin=operator_origin(platform, tenant),
            command_id=platform.new_id(),
        )
    _print(
        f"{user_id} is the administrator of {tenant}.", as_json=as_json, tenant=tenant, user=user_id
    )


@app.command()
def grant(
    *,
    user: UserOption,
    role: RoleOption,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Grant a role to a user. It takes effect with their next access token."""
    with open_platform(Settings()) as platform:
        services, user_id = find_user(platform, tenant, user)
        services.administration.grant(
            user_id, role, origin=operator_origin(platform, tenant), command_id=platform.new_id()
        )
    _print(
        f"{user_id} is {role} in {tenant}.", as_json=as_json, tenant=tenant, user=user_id, role=role
    )


@app.command()
@app.command("withdraw", hidden=True, deprecated=True)
def revoke(
    *,
    user: UserOption,
    role: RoleOption,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Revoke a role, and sign the user out everywhere. A former trainer offers no more plans."""
    with open_platform(Settings()) as platform:
        services, user_id = find_user(platform, tenant, user)
        services.administration.withdraw(
            user_id, role, origin=operator_origin(platform, tenant), command_id=platform.new_id()
        )
    _print(
        f"{user_id} is no longer {role} in {tenant}.",
        as_json=as_json, tenant=tenant, user=user_id, role=role,
    )  # fmt: skip


@app.command("reset-second-factors")
def reset_second_factors(
    *, user: UserOption, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False
) -> None:
    """Remove all second factors of a user who has lost them, and sign them out everywhere."""
    with open_platform(Settings()) as platform:
        services, user_id = find_user(platform, tenant, user)
        services.second_factors.reset(
            user_id, origin=operator_origin(platform, tenant), command_id=platform.new_id()
        )
    _print(
        f"{user_id} has no second factor in {tenant} any more.",
        as_json=as_json, tenant=tenant, user=user_id,
    )  # fmt: skip


@app.command()
def token(
    *, user: UserOption, tenant: TenantOption = DEFAULT_TENANT, as_json: JsonOption = False
) -> None:
    """Sign a user in, and print an access token that is valid for minutes (KINELOG_TOKEN)."""
    with open_platform(Settings()) as platform:
        services, user_id = find_user(platform, tenant, user)
        account = services.accounts.user(TenantId(tenant), user_id)
        if not isinstance(account, Registered):
            raise UserUnknown
        signed_in = services.sign_in_service.begin(
            TenantId(tenant), user_id, account, confirmed=True
        )
    if as_json:
        access = {"token": signed_in.access_token, "expires_in_s": signed_in.expires_in_s}
        print_json(access | {"user": user_id})
    else:
        # without line breaks, whatever the width of the terminal
        print(signed_in.access_token, flush=True)  # noqa: T201


@app.command("cue-preferences")
def cue_preferences(
    *,
    user: UserOption,
    frequency: Annotated[Frequency | None, typer.Option(help="How often the coach speaks.")] = None,
    praise: Annotated[
        bool | None, typer.Option(help="Whether the coach praises good repetitions.")
    ] = None,
    verbosity: Annotated[Verbosity | None, typer.Option(help="How much the coach says.")] = None,
    language: Annotated[str | None, typer.Option(help="The language of the cues.")] = None,
    mute: Annotated[
        list[str] | None, typer.Option(help="A cue to mute, or - to unmute all.")
    ] = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Show a user's cue preferences, or change some of them from the next set on."""
    muted = None if mute is None else tuple(cue for cue in mute if cue != "-")
    options = {
        "frequency": frequency,
        "praise": praise,
        "verbosity": verbosity,
        "language": language,
        "muted": muted,
    }
    with open_platform(Settings()) as platform:
        services, user_id = find_user(platform, tenant, user)
        account = services.accounts.user(TenantId(tenant), user_id)
        current = account.cues if isinstance(account, Registered) else CuePreferences()
        changes = {name: each for name, each in options.items() if each is not None}
        preferences = replace(current, **changes)  # type: ignore[arg-type]  # each has its type
        if changes:
            command = ChangeCuePreferences(preferences=preferences)
            origin = operator_origin(platform, tenant)
            services.accounts.execute(
                user_id, [command], origin=origin, command_id=platform.new_id()
            )
    if as_json:
        print_json(preferences)
    else:
        for name, value in plain(preferences).items():
            out.print(f"{name}: {value}")


@app.command("rotate-keys")
def rotate_keys(
    *,
    older_than_days: Annotated[
        int, typer.Option(min=0, max=A_CENTURY, help="Keep the key if it is younger than this.")
    ] = 90,
    as_json: JsonOption = False,
) -> None:
    """Rotate the key that signs access tokens. The old key verifies until its tokens expire."""
    with open_platform(Settings()) as platform:
        rotated = platform.accounts().rotate_if_older(timedelta(days=older_than_days))
    if as_json:
        print_json({"rotated": rotated})
    else:
        out.print(
            "A new key signs access tokens." if rotated else "The key is not old enough to rotate."
        )


def find_user(platform: Platform, tenant: str, user: str) -> tuple[UserServices, UserId]:
    """Find a registered user in a tenant by address or id. Raises UserUnknown."""
    services, tenant_id = platform.accounts(), TenantId(tenant)
    user_id = services.identities.find(tenant_id, "email", user) if "@" in user else UserId(user)
    if user_id is None or not isinstance(services.accounts.user(tenant_id, user_id), Registered):
        raise UserUnknown
    return services, user_id


def operator_origin(platform: Platform, tenant: str) -> Origin:
    """Return the origin of what the operator does on the server itself."""
    return Origin(tenant_id=TenantId(tenant), actor=OPERATOR, correlation_id=platform.new_id())


def _print(sentence: str, *, as_json: bool, **fields: str) -> None:
    if as_json:
        print_json(fields)
    else:
        out.print(sentence)
