"""`kinelog tenants`: create tenants, and set who may join them."""

from typing import Annotated

import typer

from bootstrap.cli.output import JsonOption, TenantOption, out, print_json
from bootstrap.cli.users import UserOption, find_user, operator_origin
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.emails import send_due_emails
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.join_policy import JoinKind, JoinPolicy
from domain.tenants.tenant import Active
from domain.tenants.tenant_id import parse_tenant_id

app = typer.Typer(help="Tenants, and who may join them.", no_args_is_help=True)

JoinOption = Annotated[
    JoinKind,
    typer.Option(
        "--join",
        help="Who may open an account: nobody, invited people, also people of --domain, everyone.",
    ),
]
DomainOption = Annotated[
    list[str] | None, typer.Option("--domain", help="A domain of --join domain; repeatable.")
]


@app.command()
def create(
    *,
    name: Annotated[str, typer.Option(help="The name of the organization.")],
    user: UserOption,
    join: JoinOption = "closed",
    domain: DomainOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Create a tenant with its administrator, who gets an e-mail if they have no account yet."""
    policy, settings = _policy(join, domain), Settings()
    with open_platform(settings) as platform:
        administration = platform.accounts().administration
        origin = operator_origin(platform, parse_tenant_id(tenant))
        if "@" in user:
            user_id = administration.create_tenant_for(
                name, user, join=policy, origin=origin, command_id=platform.new_id()
            )
        else:
            _, user_id = find_user(platform, tenant, user)
            administration.create_tenant(
                name, user_id, join=policy, origin=origin, command_id=platform.new_id()
            )
        send_due_emails(settings, platform)
    if as_json:
        print_json({"tenant": tenant, "user": user_id})
    else:
        out.print(f"{user_id} is the administrator of {tenant}.")


@app.command("join-policy")
def join_policy(
    *,
    join: Annotated[JoinKind | None, typer.Option("--join", help="The new policy.")] = None,
    domain: DomainOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Show who may open an account in a tenant, or change it."""
    if domain and join is None:
        raise typer.BadParameter("--domain belongs to --join domain.")
    tenant_id = TenantId(tenant)
    with open_platform(Settings()) as platform:
        services = platform.accounts()
        if join is not None:
            services.administration.change_join_policy(
                _policy(join, domain),
                origin=operator_origin(platform, tenant),
                command_id=platform.new_id(),
            )
        policy = services.tenants.join_policy(tenant_id)
        created = isinstance(services.accounts.tenant(tenant_id), Active)
    if as_json:
        print_json({"tenant": tenant, "join": policy.kind, "domains": policy.domains})
        return
    out.print(" ".join((f"{tenant}: {policy.kind}", *policy.domains)))
    if not created:
        out.print("The tenant has no administrator yet: use kinelog tenants create.")


def _policy(kind: JoinKind, domains: list[str] | None) -> JoinPolicy:
    return JoinPolicy(kind, tuple(name.strip().lower() for name in domains or ()))
