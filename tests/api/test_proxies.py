"""Behind a proxy, each client has its own rate limit, and the proxy shows nothing internal."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.health_checks.served import proxies
from adapters.rate_limit.token_bucket import TokenBuckets
from api.app import build_app
from api.client_address import network_of
from api.config import ApiConfig
from application.operations.readiness import Degraded
from application.platform import Platform
from tests.api.conftest import WEB
from tests.hostile.conftest import served

PROXY = "10.1.2.3"
LOGIN = {"email": "ada@example.org", "password": "not the password"}
FILE = next((WEB / "assets").glob("*.js"))
AMOUNT = 2


def behind(platform: Platform, peer: str = PROXY, trusted: str = "10.0.0.0/8") -> TestClient:
    """Serve to this peer, with two attempts for each client."""
    limiters = {name: TokenBuckets(name, AMOUNT, window_s=3600) for name in ("auth", "refresh")}
    config = ApiConfig(limiters=limiters, trusted_proxies=trusted)  # type: ignore[arg-type]  # names of policies
    app = build_app(platform, web=WEB, config=config)
    return TestClient(app, client=(peer, 50_000), raise_server_exceptions=False)


def attempts(client: TestClient, *forwarded: str) -> list[int]:
    """Try to find a secret, from each of these addresses."""
    return [
        client.post(
            "/v1/auth/reset-password",
            json={"token": "x" * 43, "password": "cumbersome Walrus 77"},
            headers={"X-Forwarded-For": each} if each else {},
        ).status_code
        for each in forwarded
    ]


def is_limited(statuses: list[int]) -> list[bool]:
    return [each == 429 for each in statuses]


def test_clients_of_a_trusted_proxy_have_their_own_limits(platform: Platform) -> None:
    """R-API-08"""
    client = behind(platform)
    assert not any(is_limited(attempts(client, "192.0.2.1", "192.0.2.2", "192.0.2.1")))
    assert is_limited(attempts(client, "192.0.2.1", "192.0.2.2")) == [True, False]


def test_a_client_cannot_forge_its_address(platform: Platform) -> None:
    """R-API-08: the proxy appends the address that it sees; what is left of it is the client's."""
    client = behind(platform)
    forged = [f"198.51.100.{number}, 192.0.2.1" for number in range(3)]
    assert is_limited(attempts(client, *forged)) == [False, False, True]
    client = behind(platform, peer="203.0.113.9")
    forged = [f"198.51.100.{number}" for number in range(3)]
    assert is_limited(attempts(client, *forged)) == [False, False, True]


def test_the_application_does_not_trust_every_address(platform: Platform) -> None:
    """R-API-08: the leftmost address, which the client writes, would count."""
    with pytest.raises(ValueError, match="Name the trusted proxies"):
        attempts(behind(platform, trusted="*"), "192.0.2.1")


def test_addresses_of_one_ipv6_network_share_a_limit(platform: Platform) -> None:
    """R-API-08"""
    client = behind(platform)
    own = [f"2001:db8:0:1:{number}::1" for number in range(3)]
    assert is_limited(attempts(client, *own)) == [False, False, True]
    assert is_limited(attempts(client, "2001:db8:0:2::1")) == [False]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    """R-API-08"""
    assert network_of(address) == network


def test_loading_pages_spends_nothing_from_the_limit_of_secrets(platform: Platform) -> None:
    """R-API-08: files and refreshes have no limit, or their own."""
    client = behind(platform)
    for _ in range(AMOUNT):
        for path in ("/", "/sign_in.html", f"/static/assets/{FILE.name}", "/healthz"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "RateLimit" not in answer.headers, path
    assert is_limited([client.get("/v1/auth/session").status_code for _ in range(3)]) == [
        False,
        False,
        True,
    ]
    assert client.post("/v1/auth/refresh", json={"refreshToken": "x"}).status_code == 429
    assert is_limited(attempts(client, "", "", "")) == [False, False, True]
    assert not any(is_limited([client.get("/sign_in.html").status_code]))


def test_what_operators_see_is_not_behind_the_proxy(platform: Platform) -> None:
    """R-OPS-02: metrics and readiness answer to requests of the platform's network only."""
    for peer in (PROXY, "203.0.113.9"):
        client = behind(platform, peer=peer)
        for path in ("/metrics", "/readyz"):
            for name in ("X-Forwarded-For", "Forwarded"):
                hidden = client.get(path, headers={name: "192.0.2.1"})
                assert (hidden.status_code, hidden.json()["code"]) == (404, "http.404")
            assert client.get(path).status_code == 200
        assert client.get("/healthz", headers={"X-Forwarded-For": "192.0.2.1"}).is_success


def proxies_check(client: TestClient) -> Any:
    return next(
        each for each in client.get("/readyz").json()["checks"] if each["name"] == "proxies"
    )


def test_an_untrusted_proxy_is_noticed(platform: Platform) -> None:
    """R-API-08, R-OPS-02: by most requests, not by one that a client made up."""
    client = behind(platform, peer="172.18.0.5")
    client.get("/")
    client.get("/")
    client.get("/", headers={"X-Forwarded-For": "192.0.2.1"})
    assert proxies_check(client)["state"] == "ok"
    for _ in range(3):
        client.get("/", headers={"X-Forwarded-For": "192.0.2.1"})
    client = behind(platform)
    client.get("/", headers={"X-Forwarded-For": "192.0.2.1"})
    assert proxies_check(client)["state"] == "ok", "it is trusted"


def test_the_doctor_asks_the_api_of_its_machine(platform: Platform) -> None:
    """R-API-08, R-OPS-02"""
    app = build_app(platform, web=WEB, config=ApiConfig(trusted_proxies="192.0.2.99"))
    with served(app) as url:
        port = int(url.rpartition(":")[2])
        check = proxies(port)
        client = TestClient(app, client=("172.18.0.5", 1))
        client.get("/", headers={"X-Forwarded-For": "192.0.2.1"})
        with pytest.raises(Degraded, match=r"172\.18\.0\.5.*KINELOG_TRUSTED_PROXIES"):
            check.probe()
    assert check.probe() == f"No API answers at port {port} of this machine."
