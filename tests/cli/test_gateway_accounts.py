"""`kinelog payments accounts`: own accounts of a tenant at the gateways."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bootstrap.cli.payments import app
from bootstrap.cli.tenants import app as tenants
from bootstrap.exit_codes import OK, USAGE
from bootstrap.wiring.gateway_accounts import ModesDiffer, SettingOfGatewayUnknown
from bootstrap.wiring.gateways import GatewayIncomplete
from domain.tenants.commands import TenantUnknown
from tests.application.users.users_fixture import ADDRESS

STRIPE = """
# of the studio
KINELOG_STRIPE_KEY=sk_test_of_studio
KINELOG_STRIPE_PUBLISHABLE_KEY=pk_test_of_studio
KINELOG_STRIPE_WEBHOOK_SECRETS=whsec_1,whsec_2
KINELOG_YOOKASSA_KEY=
"""
YOOKASSA_LIVE = "KINELOG_YOOKASSA_SHOP_ID=54401\nKINELOG_YOOKASSA_KEY=live_of_studio\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    return tmp_path


@pytest.fixture
def studio() -> None:
    words = ("create", "--name", "Studio", "--user", ADDRESS, "--tenant", "studio")
    CliRunner().invoke(tenants, words, catch_exceptions=False)


def run(*words: str, text: str | None = None) -> Any:
    return CliRunner().invoke(app, ["accounts", *words], input=text, catch_exceptions=False)


def answer(*words: str, text: str | None = None) -> Any:
    result = run(*words, "--json", text=text)
    assert result.exit_code == OK
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.usefixtures("studio")
def test_accounts_are_set_shown_and_removed(tmp_path: Path) -> None:
    """R-PAY-15: from a file or the standard input; no output has a key."""
    nothing: Any = {"tenant": "studio", "mode": None, "gateways": [], "changedAt": None}
    assert answer("show", "studio") == nothing
    file = tmp_path / "studio.env"
    file.write_text(STRIPE)
    written = run("set", "studio", str(file))
    assert "studio has accounts of its own in test mode: stripe." in written.stdout
    assert "Restart the API" in written.stdout
    both = answer("set", "studio", "-", text=STRIPE + YOOKASSA_LIVE.replace("live_", "test_"))
    assert (both["mode"], both["gateways"]) == ("test", ["stripe", "yookassa"])
    shown = run("show", "studio", "--json").stdout
    assert json.loads(shown.splitlines()[-1]) == both
    assert "_of_studio" not in written.stdout + shown
    assert answer("remove", "studio") == answer("remove", "studio") == nothing


@pytest.mark.usefixtures("studio")
@pytest.mark.parametrize(
    ("text", "refusal", "words"),
    [
        ("", GatewayIncomplete, "the secret key is missing"),
        ("KINELOG_STRIPE_KEY=sk_test_1", GatewayIncomplete, "KINELOG_STRIPE_PUBLISHABLE_KEY"),
        ("KINELOG_WEBMONEY_PURSE_EUR=1", GatewayIncomplete, "KINELOG_WEBMONEY_PURSE_EUR"),
        ("KINELOG_POSTGRES_URL=x", SettingOfGatewayUnknown, "KINELOG_POSTGRES_URL is not"),
        ("STRIPE_KEY=sk_test_1", SettingOfGatewayUnknown, "STRIPE_KEY is not"),
        ("KINELOG_SBERBANK_CA=/etc/x", SettingOfGatewayUnknown, "set for the installation"),
        (STRIPE + YOOKASSA_LIVE, ModesDiffer, "different modes"),
    ],
)
def test_settings_that_are_wrong_are_refused(
    text: str, refusal: type[Exception], words: str
) -> None:
    """R-PAY-15: with the name of the setting, and nothing is stored."""
    with pytest.raises(refusal, match=words):
        run("set", "studio", "-", text=text)
    assert answer("show", "studio")["mode"] is None


def test_an_unknown_tenant_and_a_file_that_is_too_long_are_refused(tmp_path: Path) -> None:
    """R-PAY-15"""
    with pytest.raises(TenantUnknown):
        run("set", "nobody", "-", text=STRIPE)
    assert run("set", "studio", "-", text="#" * 64_001).exit_code == USAGE
    assert run("set", "studio", str(tmp_path / "none.env")).exit_code == USAGE


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Such as one that an editor saved in another encoding."""
    file = tmp_path / "studio.env"
    file.write_text(STRIPE, encoding="utf-16")
    refused = run("set", "studio", str(file))
    assert refused.exit_code == USAGE
    assert "The file is not UTF-8 text." in refused.stderr


@pytest.mark.usefixtures("studio")
def test_settings_of_the_installation_are_not_those_of_a_tenant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-PAY-15: a tenant that forgets a setting does not get that of the installation."""
    monkeypatch.setenv("KINELOG_STRIPE_KEY", "sk_live_1")
    monkeypatch.setenv("KINELOG_STRIPE_PUBLISHABLE_KEY", "pk_live_1")
    monkeypatch.setenv("KINELOG_STRIPE_WEBHOOK_SECRETS", "whsec_1")
    with pytest.raises(GatewayIncomplete, match="KINELOG_STRIPE_WEBHOOK_SECRETS"):
        run("set", "studio", "-", text="\n".join(STRIPE.strip().splitlines()[1:3]))
    assert answer("set", "studio", "-", text=STRIPE)["gateways"] == ["stripe"]
