"""`kinelog users`: the operator creates tenants, grants roles and issues tokens."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from application.users.registration import Registration
from bootstrap.cli.tenants import app as tenants
from bootstrap.cli.users import A_CENTURY, app
from bootstrap.exit_codes import USAGE
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.coaching.preferences import SafetyNotMuted
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.commands import LastAdministrator, TenantUnknown
from domain.tenants.join_policy import OPEN
from domain.users.commands import UserUnknown
from domain.users.factor_commands import AddSecondFactor
from domain.users.user import Registered
from tests.application.users.users_fixture import ADDRESS, PASSWORD
from tests.cli.conftest import Shell

TENANT = TenantId("gym")
WHO = ("--user", ADDRESS, "--tenant", "gym")

Ask = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a registered user."""
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    with open_platform(Settings()) as platform:
        origin = Origin(tenant_id=TENANT, actor="anonymous", correlation_id=uuid4())
        platform.accounts().administration.create_tenant(
            "The Gym", UserId("mayor"), join=OPEN, origin=origin, command_id=uuid4()
        )
        platform.accounts().registration.register(
            Registration(email=ADDRESS, password=PASSWORD), origin=origin, command_id=uuid4()
        )
    return tmp_path


@pytest.fixture
def ask(home: Path) -> Ask:
    """Return a function that runs `kinelog users`, returns its output and raises its errors."""

    def run(*words: str) -> Any:
        result = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        return json.loads(result.stdout.splitlines()[-1])  # log lines precede it

    return run


def test_an_operator_gets_a_token_for_programs_of_their_own(home: Path, ask: Ask) -> None:
    """R-IDN-09"""
    result = ask("token", *WHO)
    with open_platform(Settings()) as platform:
        claims = platform.accounts().sign_in_service.authenticate(result["token"])
    assert (claims.tenant_id, claims.user_id) == (TENANT, result["user"])
    assert result["expires_in_s"] == 600
    plain = CliRunner().invoke(app, ["token", *WHO], catch_exceptions=False).stdout
    assert plain.count("\n") == 1, "on one line, to be put into KINELOG_TOKEN"


def test_an_operator_sets_cue_preferences(ask: Ask) -> None:
    """R-POS-03"""
    usual = ask("cue-preferences", *WHO)
    assert (usual["frequency"], usual["muted"]) == ("usual", [])
    quiet = ask(
        "cue-preferences", *WHO, "--frequency", "seldom", "--no-praise", "--mute", "hurried"
    )
    assert quiet == {**usual, "frequency": "seldom", "praise": False, "muted": ["hurried"]}
    assert ask("cue-preferences", *WHO, "--mute", "-") == {**quiet, "muted": []}
    with pytest.raises(SafetyNotMuted):
        ask("cue-preferences", *WHO, "--mute", "leaning_back")


def test_the_operator_grants_and_revokes_roles(ask: Ask) -> None:
    """R-CAT-06."""
    created = ask("grant", "--role", "administrator", *WHO)
    del created["role"]
    assert ask("grant", "--role", "analyst", *WHO) == {**created, "role": "analyst"}
    assert ask("grant", "--role", "trainer", *WHO)["role"] == "trainer"
    assert ask("revoke", "--role", "trainer", *WHO) == {**created, "role": "trainer"}
    with open_platform(Settings()) as platform:
        roles = platform.accounts().accounts.roles(TENANT, UserId(created["user"]))
    assert roles == {"member", "analyst", "administrator"}


def test_roles_need_an_account_and_a_tenant_keeps_an_administrator(
    ask: Ask,
) -> None:
    """R-CAT-06."""
    arguments = ["create", "--name", "The Club", "--user", ADDRESS, "--tenant", "club"]
    CliRunner().invoke(tenants, arguments, catch_exceptions=False)
    with pytest.raises(LastAdministrator):
        ask("revoke", "--role", "administrator", "--user", ADDRESS, "--tenant", "club")
    with pytest.raises(UserUnknown):
        ask("grant", "--role", "trainer", "--user", "bob@example.org")


def test_a_role_in_a_tenant_without_creation_says_how_to_create_it(home: Path, ask: Ask) -> None:
    """R-TEN-06: people register in `default`, which needs no creation; its staff does."""
    with open_platform(Settings()) as platform:
        platform.accounts().registration.register(
            Registration(email=ADDRESS, password=PASSWORD),
            origin=Origin(tenant_id=DEFAULT_TENANT, actor="anonymous", correlation_id=uuid4()),
            command_id=uuid4(),
        )
    with pytest.raises(TenantUnknown, match="kinelog tenants create"):
        ask("grant", "--user", ADDRESS, "--role", "trainer")


def test_keys_are_changed_when_they_are_old_enough(ask: Ask) -> None:
    """C-22."""

    def kids() -> set[str]:
        with open_platform(Settings()) as platform:
            return {key["kid"] for key in platform.accounts().public_keys()["keys"]}

    first = kids()
    assert ask("rotate-keys") == {"rotated": False}
    assert ask("rotate-keys", "--older-than-days", "0") == {"rotated": True}
    assert first < kids()


def test_an_age_that_no_key_can_have_is_a_usage_error(shell: Shell) -> None:
    """C-22."""
    oldest = shell.run("users", "rotate-keys", "--older-than-days", str(A_CENTURY))
    assert oldest.status == 0
    beyond = shell.run("users", "rotate-keys", "--older-than-days", "999999999999")
    assert beyond.status == USAGE


def test_serving_other_machines_needs_an_explicit_option(shell: Shell) -> None:
    """R-API-01."""
    served = shell.run("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104  that is refused
    assert served.status == 23
    assert "KINELOG_SIGN_IN=required" in served.sentence
    assert "KINELOG_BASE_URL" in served.sentence, "or other machines get 421"


def test_an_operator_resets_second_factors(home: Path, ask: Ask) -> None:
    """R-IDN-18: the event names the operator."""
    user = ask("token", *WHO)["user"]
    with open_platform(Settings()) as platform:
        services = platform.accounts()
        origin = Origin(tenant_id=TENANT, actor=user, correlation_id=uuid4())
        add = AddSecondFactor(factor_id="app", kind="totp", is_confirmed=False, at=platform.clock())
        services.accounts.execute(UserId(user), [add], origin=origin, command_id=uuid4())
    ask("reset-second-factors", *WHO)
    with open_platform(Settings()) as platform:
        events = list(platform.log.scan(after=0, limit=99))
        account = platform.accounts().accounts.user(TENANT, UserId(user))
    assert isinstance(account, Registered)
    assert account.second_factors == ()
    (reset,) = [each for each in events if each.event.event_name == "user.second_factors_reset"]
    assert reset.origin.actor == "operator"
