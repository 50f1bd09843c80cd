"""API configuration: anonymous access needs a loopback address or an explicit setting."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from api.middleware.hosts import is_loopback
from bootstrap.settings import Settings
from bootstrap.wiring.api import IceServersInvalid, UnauthenticatedAccess, build_api_config
from bootstrap.wiring.emails import mail_server


def settings(**given: object) -> Settings:
    return Settings(home=Path("/nowhere"), **{"postgres_url": None, "redis_url": None, **given})  # type: ignore[arg-type]  # of many types


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  that is the question
        ("::", False),
        ("192.0.2.1", False),
        ("gym.example.org", False),
        ("", False),
    ],
)
def test_anonymous_access_is_served_to_this_machine_only(host: str, *, alone: bool) -> None:
    assert is_loopback(host) is alone
    if alone:
        assert not build_api_config(settings(), host).sign_in_required
    else:
        with pytest.raises(UnauthenticatedAccess, match="KINELOG_SIGN_IN=required"):
            build_api_config(settings(), host)
    assert build_api_config(settings(sign_in="required"), host).sign_in_required
    assert not build_api_config(
        settings(sign_in="open", allow_anonymous=True), host
    ).sign_in_required


def test_everybody_signs_in_where_the_log_is_in_postgresql() -> None:
    url = SecretStr("postgresql://nowhere/kinelog")
    assert settings(postgres_url=url).sign_in_required
    assert not settings(postgres_url=url, sign_in="open").sign_in_required
    assert not settings().sign_in_required
    assert settings(sign_in="required").sign_in_required


def test_requests_with_passwords_are_paced() -> None:
    """R-IDN-18."""
    assert build_api_config(settings(), "127.0.0.1").passwords_per_second == 10
    config = build_api_config(settings(passwords_per_second=3), "127.0.0.1")
    assert config.passwords_per_second == 3


def test_tls_and_pages_elsewhere_are_settings() -> None:
    """R-TEN-11."""
    result = settings(
        base_url="https://kinelog.example", cors_origins="https://a.example, https://b.example"
    )
    config = build_api_config(result, "127.0.0.1")
    assert (config.https, config.origins) == (True, ("https://a.example", "https://b.example"))
    assert not build_api_config(settings(), "127.0.0.1").https


WAYS = "stun:stun.example.org, turn:turn.example.org:3478?transport=tcp, turns:turn.example.org"


def test_servers_that_relay_share_a_secret_with_us() -> None:
    """C-01."""
    config = build_api_config(
        settings(ice_servers=WAYS, turn_secret=SecretStr("s3cret")), "127.0.0.1"
    )
    assert (config.ice_servers, config.turn_secret) == (tuple(WAYS.split(", ")), "s3cret")
    with pytest.raises(IceServersInvalid, match="KINELOG_TURN_SECRET"):
        build_api_config(settings(ice_servers=WAYS), "127.0.0.1")
    assert (
        build_api_config(settings(ice_servers="stun:stun.example.org"), "127.0.0.1").turn_secret
        is None
    )


@pytest.mark.parametrize("server", ["stun.example.org", "stun:", "http://a.example", "turn:a?x=1"])
def test_an_invalid_ice_server_is_refused_at_the_start(server: str) -> None:
    """C-01."""
    with pytest.raises(IceServersInvalid, match="KINELOG_ICE_SERVERS"):
        build_api_config(settings(ice_servers=server, turn_secret=SecretStr("s3cret")), "127.0.0.1")


@pytest.mark.parametrize(
    ("url", "encryption", "port"),
    [
        ("smtp://mail.example", "starttls", 587),
        ("smtps://mail.example", "tls", 465),
        ("smtp+plain://mail.example:2525", "none", 2525),
    ],
)
def test_a_mail_server_is_named_by_a_url(url: str, encryption: str, port: int) -> None:
    """R-TEN-11: TLS is the default."""
    server = mail_server(url, "a@example.org")
    assert (server.host, server.encryption, server.port) == ("mail.example", encryption, port)


def test_a_mail_servers_password_may_hold_anything() -> None:
    server = mail_server("smtp://ada%40example.org:p%2Fw@mail.example", "a@example.org")
    assert (server.user, server.password) == ("ada@example.org", "p/w")


@pytest.mark.parametrize(
    "url",
    ["mail.example", "mail.example:587", "http://x:secret@y", "smtp://", "smtp://x:y:secret"],
)
def test_an_invalid_mail_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(smtp_url=SecretStr(url))
    assert "secret" not in str(refused.value)
