"""Fixtures: a platform with users and sessions, and an attacker."""

import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests
from fastapi import FastAPI

from api.app import build_app
from api.config import ApiConfig
from application.kernel.command_handler import Request
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.server import build_server_config
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.user import USER, Registered
from tests.api.conftest import WEB
from tests.data_folders import prepared
from tests.thread_servers import serving

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
OWNER = UserId("owner")

WAYS = ("anonymous", "member", "administrator")


@dataclass
class Besieged:
    """A running server with an HTTP session, and its signed-in users."""

    url: str
    session: requests.Session
    platform: Platform

    def headers(self, way: str) -> dict[str, str]:
        """Return the headers of a new user of this kind, signed in."""
        if way == "anonymous":
            return {}
        user_id = UserId(f"{way}-{self.platform.new_id()}")
        _register(self.platform, user_id)
        if way == "administrator":
            self.platform.accounts().administration.grant(
                user_id, "administrator", origin=ORIGIN, command_id=uuid4()
            )
        accounts = self.platform.accounts()
        user = accounts.accounts.user(DEFAULT_TENANT, user_id)
        assert isinstance(user, Registered)
        token = accounts.sign_in_service.begin(DEFAULT_TENANT, user_id, user).access_token
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    home = prepared(tmp_path_factory.mktemp("besieged"))
    settings = Settings(
        home=home,
        cache=home / "cache",
        postgres_url=None,
        redis_url=None,
        second_factor="optional",
    )
    with open_platform(settings) as platform:
        app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
        _register(platform, OWNER)
        platform.accounts().administration.create_tenant(
            "The Gym", OWNER, origin=ORIGIN, command_id=uuid4()
        )
        with served(app) as url, requests.Session() as session:
            yield Besieged(url, session, platform)


@contextmanager
def served(app: FastAPI) -> Generator[str]:
    """Serve on a free port; yield the URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # the kernel queues clients until the server is ready
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with serving(build_server_config(app, shutdown_s=5), listener):
            yield url


def _register(platform: Platform, user_id: UserId) -> None:
    now = platform.clock()
    registration = [
        commands.RegisterUser(at=now),
        commands.ChangeEmail(email=Personal(user_id, f"{user_id}@example.org")),
        commands.VerifyEmail(at=now),
    ]
    platform.commands.execute(
        Request(USER, user_id, registration), origin=ORIGIN, command_id=uuid4()
    )
