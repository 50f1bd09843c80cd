"""OpenID Connect providers come from settings, and incomplete ones are refused."""

from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from application.users.provider_scopes import ProviderScope
from bootstrap.settings import Settings
from bootstrap.wiring.sign_in_providers import OidcInvalid, oidc_clients, provider_scopes
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.tenant_id import TenantInvalid
from domain.users.identities import APPLE, FIREBASE, GOOGLE, Provider

KEY = ECKey.generate_key("P-256")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "AuthKey.p8"
    file.write_bytes(KEY.as_pem(private=True))
    return file


def given(monkeypatch: pytest.MonkeyPatch, **said: str) -> Settings:
    for name, value in said.items():
        monkeypatch.setenv(f"KINELOG_OIDC_{name}", value)
    return Settings(home=Path("/nowhere"))


def test_a_provider_is_named_by_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-IDN-12"""
    settings = given(
        monkeypatch,
        ACME_CLIENT_ID="kinelog",
        ACME_CLIENT_SECRET="hunter2",  # noqa: S106  of nobody
        ACME_ISSUER="https://sso.acme.example/realms/gym",
        GOOGLE_CLIENT_ID="g",
        GOOGLE_CLIENT_SECRET="hunter2",  # noqa: S106  of nobody
    )
    clients = oidc_clients(settings)
    acme, google = clients[Provider("acme")], clients[GOOGLE]
    assert (acme.issuer, acme.client_id) == ("https://sso.acme.example/realms/gym", "kinelog")
    assert acme.secret() == "hunter2"
    assert google.issuer == "https://accounts.google.com"
    assert not google.uses_form_post
    assert "hunter2" not in f"{acme} {settings}"


def test_a_provider_is_bound_to_tenants_and_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-IDN-12, R-TEN-03: by default, public providers serve all tenants, and others `default`."""
    monkeypatch.setenv("KINELOG_PROVIDER_TENANTS_ACME", "gym, club")
    monkeypatch.setenv("KINELOG_PROVIDER_DOMAINS_ACME", "acme.example,Acme.test")
    monkeypatch.setenv("KINELOG_PROVIDER_TENANTS_FIREBASE", "*")
    scopes = provider_scopes(Settings(home=Path("/nowhere")))
    acme = scopes.of(Provider("acme"))
    assert acme == ProviderScope(
        tenants=frozenset({TenantId("gym"), TenantId("club")}),
        domains=frozenset({"acme.example", "acme.test"}),
    )
    assert not acme.serves(DEFAULT_TENANT)
    assert acme.vouches_for("Ada@ACME.example")
    assert not acme.vouches_for("ada@evil.acme.example")
    everyone = ProviderScope(tenants=None)
    assert (scopes.of(FIREBASE), scopes.of(GOOGLE)) == (everyone, everyone)
    assert scopes.of(Provider("other")).tenants == frozenset({DEFAULT_TENANT})


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("KINELOG_PROVIDER_TENANTS_ACME", "Gym", TenantInvalid),
        ("KINELOG_PROVIDER_DOMAINS_PASSWORD", "acme.example", OidcInvalid),
    ],
)
def test_an_invalid_scope_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, refusal: type[Exception]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(refusal):
        provider_scopes(Settings(home=Path("/nowhere")))


def test_apples_secret_is_signed_with_the_teams_key(
    monkeypatch: pytest.MonkeyPatch, key_file: Path
) -> None:
    """R-IDN-12"""
    settings = given(
        monkeypatch,
        APPLE_CLIENT_ID="org.example.kinelog",
        APPLE_KEY_FILE=str(key_file),
        APPLE_KEY_ID="ABC123DEFG",
        APPLE_TEAM_ID="DEF123GHIJ",
    )
    client = oidc_clients(settings)[APPLE]
    read = jwt.decode(client.secret(), KEY)
    assert read.header == {"alg": "ES256", "kid": "ABC123DEFG", "typ": "JWT"}
    assert read.claims["iss"] == "DEF123GHIJ"
    assert read.claims["sub"] == client.client_id == "org.example.kinelog"
    assert read.claims["aud"] == "https://appleid.apple.com"
    assert read.claims["exp"] - read.claims["iat"] == 300
    assert client.uses_form_post


@pytest.mark.parametrize(
    "said",
    [
        {"ACME_CLIENT_ID": "x", "ACME_CLIENT_SECRET": "x"},
        {"ACME_CLIENT_ID": "x", "ACME_ISSUER": "https://acme.example"},
        {"GOOGLE_CLIENT_ID": "x"},
        {"ACME_CLIENT_ID": "x", "ACME_CLIENT_SECRET": "x", "ACME_ISSUER": "http://acme.example"},
        {"EMAIL_CLIENT_ID": "x", "EMAIL_CLIENT_SECRET": "x", "EMAIL_ISSUER": "https://a.example"},
        {
            "APPLE_CLIENT_ID": "x",
            "APPLE_KEY_FILE": "/nowhere/AuthKey.p8",
            "APPLE_KEY_ID": "x",
            "APPLE_TEAM_ID": "x",
        },
        {
            "APPLE_CLIENT_ID": "x",
            "APPLE_KEY_FILE": __file__,
            "APPLE_KEY_ID": "x",
            "APPLE_TEAM_ID": "x",
        },
    ],
    ids=["no issuer", "no secret", "no secret at Google", "not by TLS", "no name", "no key", "bad"],
)
def test_incomplete_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str]
) -> None:
    with pytest.raises(OidcInvalid):
        oidc_clients(given(monkeypatch, **said))


def test_a_provider_on_this_machine_needs_no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"ACME_CLIENT_ID": "x", "ACME_CLIENT_SECRET": "x", "ACME_ISSUER": "http://127.0.0.1:9"}
    assert oidc_clients(given(monkeypatch, **said))
