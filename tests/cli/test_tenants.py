"""`kinelog tenants`: the operator creates tenants and sets who may join them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from application.users.registration import Registration
from bootstrap.cli.tenants import app
from bootstrap.cli.users import app as users
from bootstrap.exit_codes import USAGE
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.commands import TenantAlreadyCreated, TenantUnknown
from domain.values import InvalidValue
from tests.application.users.users_fixture import ADDRESS, LINK, PASSWORD
from tests.mail_folder import embedded_mails, text_of

TENANT = ("--tenant", "gym")
CREATE = ("create", "--name", "The Gym", "--user", ADDRESS)

Ask = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    return tmp_path


@pytest.fixture
def ask(home: Path) -> Ask:
    """Run a command: returns what it prints, raises what it refuses with."""

    def run(*words: str, group: Any = app) -> Any:
        result = CliRunner().invoke(group, [*words, "--json"], catch_exceptions=False)
        return json.loads(result.stdout.splitlines()[-1])  # log lines precede it

    return run


def test_a_tenant_is_created_closed_with_an_administrator_who_gets_an_e_mail(
    home: Path, ask: Ask
) -> None:
    """R-CAT-06, R-TEN-03: nobody has to register in a tenant before it exists."""
    created = ask(*CREATE, *TENANT)
    assert ask("join-policy", *TENANT) == {"tenant": "gym", "join": "closed", "domains": []}
    (mail,) = embedded_mails(home / "mail")
    assert mail["To"] == ADDRESS
    assert LINK.search(text_of(mail))
    with open_platform(Settings()) as platform:
        roles = platform.accounts().accounts.roles(TenantId("gym"), UserId(created["user"]))
    assert roles == {"member", "administrator"}
    with pytest.raises(TenantAlreadyCreated):
        ask(*CREATE, *TENANT)


def test_an_administrator_whose_account_was_not_opened_gets_one(home: Path, ask: Ask) -> None:
    """R-CAT-06: a command claimed the address and died, or the restored log is older."""
    with open_platform(Settings()) as platform:
        identities = platform.accounts().identities
        identities.claim(TenantId("gym"), "email", ADDRESS, UserId("claimed"))
    assert ask(*CREATE, *TENANT)["user"] == "claimed"
    (mail,) = embedded_mails(home / "mail")
    assert mail["To"] == ADDRESS


def test_an_administrator_whose_address_a_stranger_registered_is_invited(
    home: Path, ask: Ask
) -> None:
    """R-CAT-06: anybody may register in the default tenant before it is created."""
    with open_platform(Settings()) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="stranger", correlation_id=uuid4())
        accounts = platform.accounts()
        accounts.registration.register(
            Registration(ADDRESS, PASSWORD), origin=origin, command_id=uuid4()
        )
        user = accounts.administration.identities.find(DEFAULT_TENANT, "email", ADDRESS)
        assert ask(*CREATE)["user"] == user
        assert user is not None
        assert accounts.administration.credentials.find(DEFAULT_TENANT, user) is None
    subjects = [mail["Subject"] for mail in embedded_mails(home / "mail")]
    assert "You are invited to Kinelog" in subjects


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
def test_a_tenant_that_is_refused_leaves_no_account_and_no_e_mail(
    home: Path, ask: Ask, name: str
) -> None:
    """R-CAT-06: the invitation would be to a tenant that does not exist."""
    with pytest.raises(InvalidValue):
        ask("create", "--name", name, "--user", ADDRESS, *TENANT)
    with open_platform(Settings()) as platform:
        assert platform.accounts().identities.find(TenantId("gym"), "email", ADDRESS) is None
        assert platform.log.head() == 0


def test_a_registered_user_becomes_the_administrator_of_the_tenant_default(
    home: Path, ask: Ask
) -> None:
    """R-CAT-06."""
    with open_platform(Settings()) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="anonymous", correlation_id=uuid4())
        platform.accounts().registration.register(
            Registration(email=ADDRESS, password=PASSWORD), origin=origin, command_id=uuid4()
        )
        user_id = platform.accounts().identities.find(DEFAULT_TENANT, "email", ADDRESS)
    assert ask("join-policy")["join"] == "open"
    assert ask(*CREATE, "--join", "invitation") == {"tenant": "default", "user": user_id}
    assert ask("join-policy")["join"] == "invitation"


def test_the_operator_changes_the_join_policy(ask: Ask) -> None:
    """R-TEN-03."""
    ask(*CREATE, *TENANT)
    domains = ("--join", "domain", "--domain", "example.org", "--domain", "Example.com")
    changed = ask("join-policy", *domains, *TENANT)
    assert changed == {"tenant": "gym", "join": "domain", "domains": ["example.org", "example.com"]}
    with pytest.raises(InvalidValue):
        ask("join-policy", "--join", "open", "--domain", "example.org", *TENANT)
    with pytest.raises(TenantUnknown):
        ask("join-policy", "--join", "open", "--tenant", "elsewhere")
    with pytest.raises(TenantUnknown):
        ask("join-policy", "--tenant", "elsewhere")


def test_domains_without_a_new_policy_are_refused(ask: Ask) -> None:
    """R-TEN-03: the policy that is shown would look like the new one."""
    ask(*CREATE, *TENANT)
    words = ["join-policy", "--domain", "example.org", *TENANT]
    assert CliRunner().invoke(app, words).exit_code == USAGE
    assert ask("join-policy", *TENANT)["join"] == "closed"


def test_the_former_command_creates_a_tenant_that_people_join_by_invitation(
    home: Path, ask: Ask
) -> None:
    """Its callers invite people next."""
    with open_platform(Settings()) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="anonymous", correlation_id=uuid4())
        platform.accounts().registration.register(
            Registration(email=ADDRESS, password=PASSWORD), origin=origin, command_id=uuid4()
        )
    ask("create-tenant", "--name", "Home", "--user", ADDRESS, group=users)
    assert ask("join-policy")["join"] == "invitation"
