"""Parallel test processes share whole files, and leave no state to each other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.parallel import DURATIONS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SLOW, QUICK = max(DURATIONS, key=DURATIONS.__getitem__), min(DURATIONS, key=DURATIONS.__getitem__)
TEST = """
def test_{name}():
    with open({said!r}, "a") as said:
        print(__file__, os.getpid(), file=said)
"""


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run the tests in a folder with the plug-in, without pytest's other ones."""
    named = ["-p", "tests.plugins.parallel", "-p", "no:cacheprovider", *options]
    return subprocess.run(
        [sys.executable, "-m", "pytest", f"--rootdir={folder}", "--import-mode=importlib", *named],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, *files: str) -> None:
    """Write files of two tests each, which record their process."""
    for file in files:
        path = folder / "tests" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        said = str(folder / "said")
        tests = [TEST.format(name=name, said=said) for name in ("one", "other")]
        path.write_text("import os\n" + "".join(tests))


def said(folder: Path) -> list[tuple[str, str]]:
    """Return file and process of each test, in the order in which they ran."""
    pairs = [line.rsplit(" ", 1) for line in (folder / "said").read_text().splitlines()]
    return [(str(Path(file).relative_to(folder / "tests")), process) for file, process in pairs]


def test_a_file_is_run_by_one_process(tmp_path: Path) -> None:
    write(tmp_path, *(f"api/test_{number}.py" for number in range(6)))
    ran = run(tmp_path, "-p", "xdist", "-n", "2")
    assert ran.returncode == 0, ran.stdout
    who = said(tmp_path)
    assert len(who) == 12
    assert len(set(who)) == 6
    assert len({process for _, process in who}) == 2


def test_the_slowest_files_of_the_profile_run_first(tmp_path: Path) -> None:
    slow, quick = (file.removeprefix("tests/") for file in (SLOW, QUICK))
    write(tmp_path, quick, slow)
    ran = run(tmp_path, "-p", "xdist", "-n", "1")
    assert ran.returncode == 0, ran.stdout
    assert [file for file, _ in said(tmp_path)[::2]] == [slow, quick]


def test_a_file_without_a_duration_runs_first(tmp_path: Path) -> None:
    slow = SLOW.removeprefix("tests/")
    write(tmp_path, slow, "web/test_new_page.py")
    ran = run(tmp_path, "-p", "xdist", "-n", "1")
    assert ran.returncode == 0, ran.stdout
    assert [file for file, _ in said(tmp_path)[::2]] == ["web/test_new_page.py", slow]


@pytest.mark.parametrize("options", [["-p", "no:xdist"], ["-p", "xdist", "-n", "0"]])
def test_alone_the_order_stays(tmp_path: Path, options: list[str]) -> None:
    write(tmp_path, "domain/test_rules.py", "streams/test_worker.py")
    ran = run(tmp_path, *options)
    assert ran.returncode == 0, ran.stdout
    assert said(tmp_path)[0][0] == "domain/test_rules.py"


KEEPS_A_LOOP = """
import asyncio

import pytest


@pytest.fixture(scope={scope!r}, autouse=True)
def loop():
    asyncio._set_running_loop(asyncio.new_event_loop())
    yield
    asyncio.get_running_loop().close()
    asyncio._set_running_loop(None)
"""


@pytest.mark.parametrize(("scope", "status"), [("module", 0), ("session", 1)])
def test_a_file_that_leaves_an_event_loop_running_fails(
    tmp_path: Path, scope: str, status: int
) -> None:
    """Playwright keeps one, and `asyncio.run` in the next file would refuse to start."""
    (tmp_path / "conftest.py").write_text(KEEPS_A_LOOP.format(scope=scope))
    write(tmp_path, "test_a.py", "test_b.py")
    ran = run(tmp_path, "-p", "no:xdist")
    assert ran.returncode == status, ran.stdout
    assert ("test_a.py left" in ran.stdout) == (status == 1)
