"""`kinelog serve`: its address, and tokens that other processes of the installation issue."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import httpx2
import pytest

from application.platform import Platform
from bootstrap.cli import serve
from bootstrap.cli.serve import served_on
from bootstrap.exit_codes import BY_CODE, BY_KIND
from bootstrap.server import bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from tests.api.server_process import get, serving
from tests.application.users.users_fixture import ADDRESS, PASSWORD
from tests.cli.conftest import Shell
from tests.waiting import wait_until


@pytest.mark.slow
def test_a_server_on_another_port_accepts_tokens_of_the_operator(shell: Shell) -> None:
    """R-IDN-09: and its e-mails lead to its own address."""
    with serving(shell.home, KINELOG_SIGN_IN="required") as (_, url):
        form = {"email": ADDRESS, "password": PASSWORD}
        registered = httpx2.post(f"{url}/v1/auth/register", json=form, trust_env=False, timeout=60)
        assert registered.status_code == 202
        wait_until(lambda: any((shell.home / "mail").glob("*.sealed")))
        assert f"{url}/" in shell.json("mail", "show")["text"]
        token = shell.json("users", "token", "--user", ADDRESS)["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        mine = httpx2.get(f"{url}/v1/me/consents", headers=bearer, trust_env=False, timeout=60)
        assert mine.status_code == 200, mine.text


def test_incomplete_settings_of_a_provider_are_refused_at_the_start(shell: Shell) -> None:
    """R-IDN-12: and not by each sign-in, also with a password."""
    ran = shell.run("serve", "--port", "0", env={"KINELOG_OIDC_ACME_CLIENT_ID": "kinelog"})
    assert (ran.status, ran.out) == (BY_KIND["invalid"], "")
    assert ran.sentence == "kinelog: KINELOG_OIDC_ACME_ISSUER must be the provider's https URL."


def test_a_server_that_is_open_to_others_is_refused_before_any_work(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-01: a refused command changes nothing, such as by e-mails that are due."""
    begun: list[Settings] = []

    @contextmanager
    def begin(settings: Settings, _: Platform) -> Generator[None]:
        begun.append(settings)
        yield

    monkeypatch.setattr(serve, "background_work", begin)
    ran = shell.run("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104  the case
    assert (ran.status, begun) == (BY_CODE["serve.open_to_others"], [])
    monkeypatch.setattr(serve, "find_pages", Mock(side_effect=serve.PagesUnavailable))
    ran = shell.run("serve", "--port", "0")
    assert (ran.status, begun) == (BY_KIND["unavailable"], [])


def test_servers_on_different_ports_issue_the_same_tokens(tmp_path: Path) -> None:
    """R-IDN-09: the issuer is a setting, and the address is not."""
    settings = Settings(home=tmp_path, postgres_url=None, redis_url=None)
    here = settings.with_served_url("http://192.0.2.1:8941")
    assert here.base_url == settings.base_url
    assert here.public_url == "http://192.0.2.1:8941"
    config = build_api_config(here, "127.0.0.1")
    assert config.origin == here.public_url
    assert config.hosts == frozenset({"192.0.2.1", "127.0.0.1"})


def test_a_configured_base_url_is_kept(tmp_path: Path) -> None:
    """R-TEN-11: such as that of a TLS proxy."""
    settings = Settings(home=tmp_path, base_url="https://gym.example")
    assert settings.public_url == "https://gym.example"
    assert settings.with_served_url("http://192.0.2.1:8941").public_url == "https://gym.example"


@pytest.mark.parametrize(
    ("host", "opened"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]")],  # noqa: S104  the case
)
def test_the_url_of_a_server_can_be_opened(host: str, opened: str) -> None:
    """R-API-01: no browser reaches 0.0.0.0 by that name."""
    with bind_socket(host, 0) as listener:
        port = listener.getsockname()[1]
        assert served_on(listener) == f"http://{opened}:{port}"


@pytest.mark.slow
def test_a_server_on_all_addresses_prints_a_url_that_it_serves(tmp_path: Path) -> None:
    """R-API-01: without sign-in it refuses unknown hosts."""
    anyone = {"KINELOG_HOST": "0.0.0.0", "KINELOG_ALLOW_ANONYMOUS": "true"}  # noqa: S104  the case
    with serving(tmp_path, **anyone) as (_, url):
        assert get(f"{url}/healthz").status_code == 200


@pytest.mark.slow
def test_a_server_on_all_addresses_prints_its_configured_url(tmp_path: Path) -> None:
    """R-API-01: others open that one."""
    public = {"KINELOG_BASE_URL": "https://gym.example", "KINELOG_SIGN_IN": "required"}
    with serving(tmp_path, KINELOG_HOST="0.0.0.0", **public) as (_, url):  # noqa: S104  the case
        assert url == "https://gym.example"
