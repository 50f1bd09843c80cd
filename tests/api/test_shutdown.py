"""A stopping server reports it, finishes its requests and does not wait for event streams."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from application.operations.readiness import Readiness
from bootstrap.server import EarlySignal, bind_socket, serve_app
from bootstrap.settings import Settings
from tests.api.server_process import get, serving


@pytest.mark.slow
def test_an_open_event_stream_ends_with_the_server(settings: Settings, tmp_path: Path) -> None:
    """R-API-05."""
    secret = settings.postgres_url
    environment = {"KINELOG_POSTGRES_URL": secret.get_secret_value()} if secret else {}
    command = [sys.executable, "-m", "tests.api.serving", str(tmp_path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ, **environment}
    ) as server:
        try:
            listen_until_the_end(server)
        finally:
            server.kill()


def listen_until_the_end(server: "subprocess.Popen[str]") -> None:
    assert server.stdout is not None
    port, job_id = server.stdout.readline().split()
    url = f"http://127.0.0.1:{port}/v1/jobs/{job_id}/events"
    with httpx2.stream("GET", url, timeout=60, trust_env=False) as stream:
        lines = stream.iter_lines()
        first = next(line for line in lines if line.startswith("data:"))
        assert '"state":"queued"' in first
        server.send_signal(signal.SIGTERM)
        assert not [line for line in lines if line.startswith("data:")]
    assert server.wait(timeout=60) in {0, -signal.SIGTERM}


@pytest.mark.slow
def test_a_stopping_server_reports_it_and_drains(tmp_path: Path) -> None:
    """R-OPS-09: no request is lost while a load balancer switches to other servers."""
    with serving(tmp_path, KINELOG_DRAIN_S="300") as (server, url):
        while get(f"{url}/readyz").status_code != 200:
            pass
        server.send_signal(signal.SIGTERM)
        while (answer := get(f"{url}/readyz")).status_code == 200:
            pass
        assert [error["code"] for error in answer.json()["errors"]] == ["ending"]
        assert get(f"{url}/healthz").status_code == 200
        assert get(f"{url}/v1/sessions").json()["items"] == []
        server.send_signal(signal.SIGTERM)  # ends the drain period
        assert server.wait(timeout=60) == 0


@pytest.mark.slow
def test_ctrl_c_stops_the_server_without_draining(tmp_path: Path) -> None:
    with serving(tmp_path, KINELOG_DRAIN_S="300") as (server, url):
        assert get(f"{url}/healthz").status_code == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("number", "drain_s"), [(signal.SIGTERM, 0.0), (signal.SIGINT, 300.0)], ids=["TERM", "INT"]
)
def test_a_signal_before_the_server_handles_signals_ends_it(number: int, drain_s: float) -> None:
    """Such as Ctrl-C while the URL is printed: nothing is raised, and the exit code is 0."""
    app = FastAPI()
    app.state.readiness = Readiness(())
    with EarlySignal() as early, bind_socket("127.0.0.1", 0) as listener:
        signal.raise_signal(number)
        serve_app(listener, app, drain_s=drain_s, early=early)


def test_a_second_ctrl_c_ends_a_start_that_takes_long() -> None:
    with EarlySignal():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_a_signal_right_after_the_start_closes_everything(tmp_path: Path, number: int) -> None:
    """The URL is printed before the server handles signals itself."""
    del number  # the moment differs from run to run
    with serving(tmp_path, KINELOG_DRAIN_S="0") as (server, _):
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
