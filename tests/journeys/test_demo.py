"""What `make run` starts: a new user signs up, links a simulated health cloud, imports a file."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.clouds import agree
from tests.waiting import wait_until

KINELOG = str(Path(sys.executable).with_name("kinelog"))
COMMAND = [
    *(sys.executable, "-m", "tools.payments"),
    *(sys.executable, "-m", "tools.health"),
    *(sys.executable, "-m", "tools.speech"),
    *(KINELOG, "demo", "--json"),
]
"""As in the Makefile."""

ADDRESS = "ada@example.org"
PASSWORD = "three quiet walruses 1871"  # noqa: S105  of nobody
RECORDS = "metric,value,unit,start,end\nweight,81.5,kg,2026-01-07T07:30:00Z,2026-01-07T07:30:00Z\n"


@contextmanager
def running(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Run the demonstration, and yield its URL and its environment."""
    own = {name: each for name, each in os.environ.items() if not name.startswith("KINELOG_")}
    environment = {**own, "KINELOG_HOME": str(home), "KINELOG_PORT": "0"}
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        try:
            url = next(line["url"] for line in map(_read, process.stdout) if "url" in line)
            yield url.rstrip("/"), {**environment, "KINELOG_BASE_URL": url.rstrip("/")}
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


def _read(line: str) -> dict[str, Any]:
    found = json.loads(line) if line.startswith('{"url"') else {}
    return dict(found)


def sign_up(client: httpx2.Client, environment: dict[str, str]) -> None:
    """Register, and get the token that an operator can issue for this user."""
    form = {"email": ADDRESS, "password": PASSWORD}
    assert client.post("/v1/auth/register", json=form).status_code == 202
    command = [KINELOG, "users", "token", "--user", ADDRESS, "--json"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    client.headers["Authorization"] = f"Bearer {json.loads(ran.stdout)['token']}"


@pytest.mark.slow
def test_a_new_user_gets_an_email_links_a_cloud_and_imports_a_file(tmp_path: Path) -> None:
    """R-HLT-01, R-HLT-03, R-IDN-03: nothing waits for a process that does not run."""
    with running(tmp_path) as (url, environment), httpx2.Client(base_url=url, timeout=60) as ada:
        sign_up(ada, environment)
        wait_until(lambda: any((tmp_path / "mail").glob("*.sealed")))
        consents = ada.get("/v1/me/consents").json()["items"]
        version = next(each["version"] for each in consents if each["purpose"] == "health_data")
        given = {"purpose": "health_data", "given": True, "version": version}
        assert ada.put("/v1/me/consents", json=given).status_code == 200

        begun = ada.post("/v1/health/integrations/oura/link")
        assert begun.status_code == 200, begun.text
        back = ada.get(agree(begun.json()["location"]), headers={"Accept": "text/html"})
        assert back.headers["Location"].endswith("=linked")
        wait_until(lambda: "sleep" in metrics(ada))

        connected = ada.put("/v1/me/health/sources/apple_health", json={"metrics": ["weight"]})
        assert connected.status_code == 200, connected.text
        imported = ada.post(
            "/v1/me/health/sources/apple_health/files",
            data={"format": "csv", "timeZone": "UTC"},
            files={"file": ("weights.csv", RECORDS)},
        )
        assert imported.status_code == 202, imported.text
        where = imported.headers["Location"]
        wait_until(lambda: ada.get(where).json()["state"] == "done")
        assert "weight" in metrics(ada)


def metrics(person: httpx2.Client) -> set[str]:
    items = person.get("/v1/me/health/records", params={"first": 100}).json()["items"]
    return {each["metric"] for each in items}
