"""A server that is told to stop does not wait for those who only listen."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2

from bootstrap.settings import Settings


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
