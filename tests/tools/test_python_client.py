"""The generated Python client: its documented example is typed, and runs against a server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import httpx2
import pytest

from tests.api.people import PASSWORD, Town
from tests.web.server import opened

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the client; return the folder of its wheel."""
    folder = tmp_path_factory.mktemp("dist")
    script = ROOT / "scripts" / "python-client.sh"
    subprocess.run(["sh", script, folder], cwd=ROOT, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def wheel(build: Path) -> Path:
    return next(build.glob("kinelog_client-*.whl"))


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example of the client's README."""
    found = EXAMPLE.search((ROOT / "tools" / "python_client" / "README.md").read_text("utf-8"))
    assert found is not None
    path = tmp_path / "example.py"
    path.write_text(found[1], encoding="utf-8")
    return path


def python() -> Path:
    """The interpreter of the environment with the client's dependencies."""
    return ROOT / ".tools" / "python-client" / "bin" / "python"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URL of a server that requires sign-in, and the address of its user."""
    home = tmp_path / "home"
    with opened(home, home / "none.mp4", sign_in="required") as served:
        with httpx2.Client(base_url=served.url, timeout=60) as client:
            town = Town(cast("Any", client), served.platform, home / "mail")
            town.citizen("ada@example.org")
        yield served.url, "ada@example.org"


def test_the_example_of_the_python_client_runs(
    wheel: Path, example: Path, server: tuple[str, str]
) -> None:
    """R-API-02: sign in, start and complete a session, list sessions, query GraphQL."""
    url, email = server
    variables = {
        "KINELOG_URL": url,
        "KINELOG_EMAIL": email,
        "KINELOG_PASSWORD": PASSWORD,
        "PYTHONPATH": str(wheel),
    }
    done = subprocess.run(
        [python(), example],
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["SessionStatus.COMPLETED 0"]


def test_the_python_client_is_typed(build: Path, example: Path) -> None:
    """A wrong name in a request or a response is a type error, in strict mode."""
    assert type_errors(build, example) == []
    text = example.read_text(encoding="utf-8")
    wrong = text.replace("session.repetition_count", "session.reps").replace(
        "started.session_id, client", "started.session, client"
    )
    example.write_text(wrong, encoding="utf-8")
    assert len(type_errors(build, example)) == 2


def type_errors(build: Path, example: Path) -> list[str]:
    """Check a program that uses the client."""
    strict = ("--strict", "--follow-imports", "silent", "--config-file", os.devnull)
    places = ("--python-executable", python(), "--cache-dir", build / "types")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *strict, *places, example],
        env={**os.environ, "MYPYPATH": str(build / "python-client")},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return [line for line in checked.stdout.splitlines() if ": error:" in line]
