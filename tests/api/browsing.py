"""Browser client with our cookies, over TLS."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import build_app
from bootstrap.platform import open_platform
from bootstrap.settings import OidcSettings, Settings
from bootstrap.wiring.api import build_api_config
from tests.api.conftest import WEB
from tests.api.people import Town
from tests.data_folders import prepared
from tests.peers.oidc_provider import CLIENT_ID, CLIENT_SECRET, Back, ProviderBrowser

BASE = "https://kinelog.example"
HERE = {"Origin": BASE}
ADDRESS = "ada@example.org"
REFRESH = "__Host-kinelog_refresh"
SIGNED_IN = "kinelog_signed_in"
FLOW = "__Host-kinelog_flow"
DEVICE = "__Host-kinelog_device"
PROOF = "__Host-kinelog_registration"


def callback(provider: str) -> str:
    return f"{BASE}/v1/auth/oauth/{provider}/callback"


def client_of(issuer: str) -> OidcSettings:
    secret = SecretStr(CLIENT_SECRET)
    scope = "openid email profile"
    return OidcSettings(client_id=CLIENT_ID, client_secret=secret, issuer=issuer, scope=scope)


def settings_of(home: Path, issuers: Mapping[str, str]) -> Settings:
    return Settings(
        home=prepared(home),
        cache=home / "cache",
        postgres_url=None,
        redis_url=None,
        sign_in="required",
        second_factor="optional",
        base_url=BASE,
        sign_ins_per_minute=100_000,
        passwords_per_second=10_000,
        emails_per_hour=100_000,
        oidc={name: client_of(issuer) for name, issuer in issuers.items()},
    )


@dataclass
class Browser:
    """A user's browser: it keeps our cookies and the provider's separately."""

    ours: TestClient
    theirs: ProviderBrowser

    def leave(self, provider: str = "acme", **query: str) -> str:
        """Follow the link to a provider and return the URL of its page."""
        answer = self.ours.get(f"/v1/auth/oauth/{provider}", params=query)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def come_back(self, back: Back, **how: Any) -> httpx2.Response:
        """Follow the provider's redirect back to us."""
        assert back.url.startswith(BASE)
        if back.posted:
            answer = self.ours.post(back.url, data=back.answer, **how)
        else:
            answer = self.ours.get(back.url, params=back.answer, **how)
        return answer

    def sign_in(self, login: str, provider: str = "acme", **query: str) -> httpx2.Response:
        return self.come_back(self.theirs.sign_in(self.leave(provider, **query), login))

    def refresh(self, **headers: str) -> httpx2.Response:
        """Request tokens as one of our pages does."""
        return self.ours.post("/v1/auth/refresh?mode=cookie", headers={**HERE, **headers})

    def user(self) -> Any:
        return self.ours.get("/v1/auth/session").json()["user"]


@contextmanager
def site(settings: Settings) -> Iterator[Town]:
    """Serve a platform to browsers over TLS."""
    with open_platform(settings) as platform:
        app = build_app(platform, web=WEB, config=build_api_config(settings, "127.0.0.1"))
        with browser_of(app) as client:
            yield Town(client, platform, settings.home / "mail")


def browser_of(app: Any) -> TestClient:
    return TestClient(app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False)


def other_browser(town: Town) -> TestClient:
    return browser_of(town.client.app)


def problem(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
