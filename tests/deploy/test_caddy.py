"""The shipped proxy terminates TLS: its real program in front of a real server."""

import asyncio
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from adapters.rate_limit.token_bucket import TokenBuckets
from api.app import build_app
from api.config import ApiConfig
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.deploy.roles import ROOT
from tests.hostile.conftest import served
from tools.local_services.binaries import caddy
from tools.local_services.ports import Port

PATIENCE_S = 120.0


@dataclass
class Site:
    """The proxy's URL, and the authority of its certificate."""

    url: str
    context: ssl.SSLContext

    def get(self, path: str, **headers: str) -> httpx2.Response:
        with httpx2.Client(verify=self.context, trust_env=False, timeout=60) as client:
            return client.get(f"{self.url}{path}", headers=headers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("site")
    settings = Settings(home=home, cache=home, postgres_url=None, redis_url=None)
    limiters = {"auth": TokenBuckets("auth", 2, window_s=3600)}
    config = ApiConfig(https=True, origin="https://localhost", limiters=limiters)  # type: ignore[arg-type]  # names of policies
    with (
        open_platform(settings) as platform,
        served(build_app(platform, web=WEB, config=config)) as url,
    ):
        ports = [Port(), Port()]
        port = ports[0].number
        environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_DATA_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "SITE_ADDRESS": f"https://localhost:{port}",
            "HTTP_PORT": str(ports[1].number),
            "UPSTREAM": urlsplit(url).netloc,
        }
        words: list[str | Path] = [caddy(), "run", "--adapter", "caddyfile"]
        words += ["--config", ROOT / "deploy/caddy/Caddyfile"]
        process = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield Site(f"https://localhost:{port}", _authority(home, port))
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            for each in ports:
                each.release()


def _authority(home: Path, port: int) -> ssl.SSLContext:
    """Wait until the proxy listens with its certificate."""
    root = home / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            context = ssl.create_default_context(cafile=root)
            with (
                socket.create_connection(("localhost", port), timeout=1) as line,
                context.wrap_socket(line, server_hostname="localhost"),
            ):
                return context
        except OSError:
            assert time.monotonic() < until, "the proxy does not listen"
            time.sleep(0.1)


def test_pages_come_over_tls_with_hsts(site: Site) -> None:
    """R-TEN-11"""
    answer = site.get("/")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "text/html" in answer.headers["Content-Type"]


def test_what_operators_see_is_not_served_outside(site: Site) -> None:
    """R-OPS-02"""
    assert [site.get(path).status_code for path in ("/metrics", "/readyz", "/healthz")] == [
        404,
        404,
        200,
    ]


def test_clients_cannot_choose_their_address(site: Site) -> None:
    """R-API-08: the proxy replaces what a client claims to be forwarded."""
    statuses = []
    for number in range(3):
        with httpx2.Client(verify=site.context, trust_env=False, timeout=60) as client:
            answer = client.post(
                f"{site.url}/v1/auth/verification",
                json={"email": "ada@example.org"},
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
            )
            statuses.append(answer.status_code)
    assert statuses == [202, 202, 429]


def test_web_sockets_pass_the_proxy(site: Site) -> None:
    """R-TEN-11, R-API-01"""
    assert "request.invalid" in asyncio.run(_first_answer(site))


async def _first_answer(site: Site) -> str:
    """What the live socket answers to an empty message.

    The client runs in one thread: OpenSSL lets no two threads read and write one connection,
    and the synchronous client of websockets does so (https://github.com/python/cpython/issues/143756).
    """
    url = site.url.replace("https", "wss")
    async with (
        asyncio.timeout(PATIENCE_S),
        connect(
            f"{url}/ws/live", ssl=site.context, origin=Origin(site.url), open_timeout=PATIENCE_S
        ) as line,
    ):
        await line.send("{}")
        return str(await line.recv())
