"""Settings read the environment; names of the previous version still work for one version."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr, ValidationError
from structlog.testing import capture_logs

from bootstrap.deprecated_settings import DEPRECATED_NAMES, PREFIX
from bootstrap.settings import Settings

VALUES = {
    "KINELOG_SETTLE_S": ("7.5", 7.5),
    "KINELOG_KEPT_S": ("600", 600),
    "KINELOG_TRACE_SHARE": ("0.5", 0.5),
    "KINELOG_TRUSTED_ONLY": ("true", True),
    "KINELOG_TRUSTED_DOCUMENTS": ("queries.json", "queries.json"),
    "KINELOG_OPEN_ANYWHERE": ("true", True),
    "FORWARDED_ALLOW_IPS": ("10.0.0.0/8, ::1", "10.0.0.0/8,::1"),
}


def field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


@pytest.mark.parametrize("old", DEPRECATED_NAMES)
def test_a_deprecated_name_still_works_and_logs_a_warning(
    monkeypatch: pytest.MonkeyPatch, old: str
) -> None:
    new = DEPRECATED_NAMES[old]
    text, value = VALUES[old]
    monkeypatch.delenv(new, raising=False)
    monkeypatch.setenv(old, text)
    with capture_logs() as logs:
        settings = Settings()
    assert getattr(settings, field(new)) == value or str(getattr(settings, field(new))) == value
    assert {"event": "setting.deprecated", "log_level": "warning", "name": old, "use": new} in logs


def test_the_new_name_wins_over_the_deprecated_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINELOG_SETTLE_S", "1")
    monkeypatch.setenv("KINELOG_READ_YOUR_WRITES_TIMEOUT_S", "3")
    assert Settings().read_your_writes_timeout_s == 3


def test_every_deprecated_name_points_to_a_setting() -> None:
    assert {field(new) for new in DEPRECATED_NAMES.values()} <= set(Settings.model_fields)


@pytest.mark.parametrize("name", ["KINELOG_TRUSTED_PROXIES", "FORWARDED_ALLOW_IPS"])
@pytest.mark.parametrize(
    "value", ["*", "10.0.0.0/8,*", "0.0.0.0/0", "::/0", "10.0.0.0/8, 0.0.0.0/1, 128.0.0.0/1"]
)
def test_not_every_address_can_be_a_trusted_proxy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """R-API-08: else clients choose the address that rate limits count."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match="Name the proxies' own addresses or networks"):
        Settings()


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-API-08"""
    monkeypatch.setenv("KINELOG_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1, fdaa::/16")
    assert Settings().trusted_proxies == "10.0.0.0/8,192.0.2.1,fdaa::/16"


@pytest.mark.parametrize(
    ("url", "user_timeout"),
    [
        ("postgresql://kinelog@database/kinelog", "15000"),
        ("postgresql://kinelog@database/kinelog?sslmode=verify-full", "15000"),
        ("postgresql://kinelog@database/kinelog?tcp_user_timeout=60000", "60000"),
    ],
)
def test_connections_to_a_lost_database_server_end(
    monkeypatch: pytest.MonkeyPatch, url: str, user_timeout: str
) -> None:
    """R-OPS-09: also idle ones, and those that wait for a reply."""
    monkeypatch.setenv("KINELOG_POSTGRES_URL", url)
    connection_string = Settings().postgres_url
    assert connection_string is not None
    parameters = conninfo_to_dict(connection_string.get_secret_value())
    assert parameters["host"] == "database"
    assert parameters["dbname"] == "kinelog"
    assert parameters["tcp_user_timeout"] == user_timeout
    assert parameters["keepalives_idle"] == "5"
    assert parameters.get("sslmode") == ("verify-full" if "sslmode" in url else None)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kinelog:what?@database/kinelog",
        "postgresql://kinelog:what?@database/kinelog?sslmode=require",
        "postgresql://kinelog@database/kinelog?",
        "postgresql://kinelog@database/kinelog?sslmode=require&",
    ],
)
def test_a_database_url_keeps_its_parts_whatever_it_ends_with(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """R-OPS-09: libpq reads all of these, also a password with a question mark."""
    monkeypatch.setenv("KINELOG_POSTGRES_URL", url)
    connection_string = Settings().postgres_url
    assert connection_string is not None
    parameters = conninfo_to_dict(connection_string.get_secret_value())
    assert conninfo_to_dict(url).items() <= parameters.items()
    assert parameters["tcp_user_timeout"] == "15000"


@pytest.mark.parametrize("secret", ["short", "fifteen letters and spaces", "sechzehn-Zeichen-ä"])
def test_the_secret_of_notifications_is_one_long_word(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """R-CON-03: S3 servers send spaces as other characters."""
    monkeypatch.setenv("KINELOG_S3_NOTIFICATION_SECRET", secret)
    with pytest.raises(ValidationError, match="without spaces") as refused:
        Settings()
    assert secret not in str(refused.value)


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_line_break_at_the_end_of_a_setting_is_left_out(
    monkeypatch: pytest.MonkeyPatch, line_break: str
) -> None:
    """Secrets of Kubernetes often have one, and no server accepts a key with it."""
    monkeypatch.setenv("KINELOG_STRIPE_KEY", f"sk_test_1{line_break}")
    monkeypatch.setenv("KINELOG_OIDC_ACME_CLIENT_ID", f"kinelog{line_break}")
    monkeypatch.setenv("KINELOG_OIDC_ACME_CLIENT_SECRET", f"key{line_break}")
    settings = Settings()
    assert settings.stripe_key == SecretStr("sk_test_1")
    acme = settings.oidc["acme"]
    assert (acme.client_id, acme.client_secret) == ("kinelog", SecretStr("key"))
