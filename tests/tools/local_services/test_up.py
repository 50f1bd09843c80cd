"""`make up` starts the platform or only its servers, and `make down` removes them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tests.readme import Printed, Terminal, block_with, check_out
from tests.tools.local_services.processes import alive, children_of, descendants
from tests.waiting import wait_until
from tools.local_services.binaries import postgres_bin, postgres_bin_for, vector_postgres_bin
from tools.local_services.databases import name_of
from tools.local_services.ports import Port
from tools.local_services.probes import kafka_brokers, postgres_answers, redis_answers

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
KINELOG = Path(sys.executable).with_name("kinelog")
SQUATS = ["--exercise", "squat", "--reps", "2", "--speed", "4", "--json"]


@pytest.fixture
def folder() -> Generator[Path]:
    made = Path(tempfile.mkdtemp(prefix="kinelog-up-"))
    made.chmod(0o711)  # the user that runs PostgreSQL for root needs access
    yield made
    shutil.rmtree(made)


@contextmanager
def up(folder: Path) -> Generator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.local_services", folder, "--free-ports"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()


def addresses(process: "subprocess.Popen[str]") -> dict[str, str]:
    assert process.stdout is not None
    lines = [process.stdout.readline().rstrip("\n") for _ in range(3)]
    return dict(line.split("=", maxsplit=1) for line in lines)


def test_all_servers_answer_until_they_are_stopped_and_keep_their_data(folder: Path) -> None:
    """R-DAT-11, R-OPS-10: stopped by Ctrl-C and by kill; PostgreSQL has pgvector."""
    queries = {
        signal.SIGINT: "CREATE EXTENSION vector; CREATE TABLE kept ()",
        signal.SIGTERM: "SELECT FROM kept",
    }
    for number, query in queries.items():
        with up(folder) as process:
            found = addresses(process)
            url = found["KINELOG_POSTGRES_URL"]
            assert postgres_answers(url)
            assert kafka_brokers(found["KINELOG_KAFKA"])
            assert redis_answers(found["KINELOG_REDIS_URL"])
            assert name_of(url) == "kinelog"
            with psycopg.connect(url) as connection:
                connection.execute(query.encode())
                version = connection.info.server_version // 10_000
            processes = descendants(process.pid)
            process.send_signal(number)
            assert process.wait() == 0
        assert not alive(processes)
    keeps_its_version(folder / "postgres" / "data", version)


def keeps_its_version(data: Path, version: int) -> None:
    """Check that `make up` fills an index of pgvector, and old data keep their PostgreSQL."""
    assert postgres_bin_for(data) == vector_postgres_bin()
    assert (data / "PG_VERSION").read_text().strip() == str(version)
    (data / "PG_VERSION").write_text(f"{version - 1}\n")
    assert postgres_bin_for(data) == postgres_bin()


def test_when_one_server_ends_by_itself_all_end(folder: Path) -> None:
    with up(folder) as process:
        addresses(process)
        guards = children_of(process.pid)
        assert len(guards) == 3
        os.kill(min(guards), signal.SIGKILL)
        assert process.wait() != 0
        wait_until(lambda: not alive(guards))


def _json(environment: dict[str, str], *words: str) -> Any:
    run = subprocess.run([str(KINELOG), *words], env=environment, check=False, capture_output=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_whole_platform_goes_up_and_down_without_docker(folder: Path) -> None:
    """R-OPS-10: by the commands of the README, in their order; then an athlete has an account."""
    check_out(folder)
    address, other = Port(), Port()
    url = f"http://127.0.0.1:{address.number}"
    options = {"KINELOG_PORT": str(address.number), "SERVERS_OPTIONS": "--free-ports"}
    terminal = Terminal(folder, {**options, "COLUMNS": "200"})
    try:
        printed = terminal.run_block("make up")
        assert f"running at {url}/" in printed.by("make up")
        assert terminal.environment["KINELOG_BASE_URL"] == url
        trains(printed)
        with served(terminal, other) as own:
            user = trains_with_an_account(terminal, own)
        terminal.names = {"session-ID": f"session-{terminal.names['SESSION']}", "ID": user}
        audits(terminal)
    finally:
        services = folder / ".services"
        started = [int(each.read_text()) for each in services.glob("*.pid")]
        processes = {*started, *(child for each in started for child in descendants(each))}
        terminal.run("make down")
        address.release()
        other.release()
    assert len(processes) > 10
    assert not alive(processes)


def trains(printed: Printed) -> None:
    """Check what the block that starts the platform printed of a training."""
    found = re.search(r"--reps (\d+)", printed.line("live send"))
    assert found
    assert re.search(rf"in the log .* {found[1]} ", printed.by("live send"))
    assert printed.by("live follow").count("repetition_counted") == int(found[1])
    assert "There are no dead letters" in printed.by("doctor")
    assert "\u2502" not in printed.by("dlq list"), "the table has no row"


def audits(terminal: Terminal) -> None:
    """Read the stream of the session, verify the log, and export the data of the athlete."""
    printed = terminal.run_block("audit verify")
    assert "session.started" in printed.by("audit replay")
    with zipfile.ZipFile(terminal.folder / "ada.zip") as exported:
        assert any(b"ada@example.org" in exported.read(each) for each in exported.namelist())


@contextmanager
def served(terminal: Terminal, address: Port) -> Generator[str]:
    """Run another server of the platform, which requires accounts; yield its URL."""
    url = f"http://127.0.0.1:{address.number}"
    environment = terminal.environment | {
        "KINELOG_SIGN_IN": "required",
        "KINELOG_HOST": "0.0.0.0",  # noqa: S104  reached by a loopback address
        "KINELOG_PORT": str(address.number),
    }
    (line,) = block_with("kinelog serve")
    command = ["bash", "-c", f"exec {line}"]
    with subprocess.Popen(command, cwd=terminal.folder, env=environment) as server:
        try:
            wait_until(lambda: answers(f"{url}/readyz"))
            yield url
        finally:
            server.terminate()


def answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=60).status_code == 200
    except httpx2.ConnectError:
        return False


def trains_with_an_account(terminal: Terminal, url: str) -> str:
    """Create an account, and stream and follow a training of its athlete; return its id."""
    assert httpx2.get(f"{url}/v1/me/consents", timeout=60).status_code == 401
    environment = terminal.environment
    form = {"email": "ada@example.org", "password": "three quiet walruses 1871"}
    assert httpx2.post(f"{url}/v1/auth/register", json=form, timeout=60).status_code == 202
    wait_until(lambda: any((Path(environment["KINELOG_HOME"]) / "mail").glob("*.sealed")))
    base_url = environment["KINELOG_BASE_URL"]
    assert f"{base_url}/" in _json(environment, "mail", "show", "--json")["text"]
    result = _json(environment, "users", "token", "--user", form["email"], "--json")
    terminal.environment |= {"KINELOG_TOKEN": result["token"], "TOKEN": result["token"]}
    bearer = {"Authorization": f"Bearer {result['token']}"}
    texts = httpx2.get(f"{url}/v1/me/consents", headers=bearer, timeout=60).json()["items"]
    (text,) = (each for each in texts if each["purpose"] == "camera_processing")
    wanted = {"purpose": text["purpose"], "given": True, "version": text["version"]}
    agreed = httpx2.put(f"{url}/v1/me/consents", json=wanted, headers=bearer, timeout=60)
    assert agreed.status_code == 200, agreed.text
    whose = ["--url", url, "--athlete", result["user"]]
    sent = _json(terminal.environment, "live", "send", *whose, *SQUATS)
    assert sent["summary"]["repetitions"] == 2
    terminal.names["SESSION"] = sent["sessionId"]
    terminal.environment["URL"] = url
    followed = terminal.run_block("live follow", page="docs/how-to/follow.md")
    assert {each.count("repetition_counted") for each in followed.values()} == {2}
    return str(result["user"])
