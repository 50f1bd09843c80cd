"""A run that must end in time skips tests that would start later, and says how many."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
from pathlib import Path

import pytest

@pytest.fixture(params=[1, 2])
def set_up(request):
    with open("set_up.txt", "a") as file:
        print(request.param, file=file)

def test_one(set_up):
    pass

def test_two(set_up):
    assert Path("never").exists()
"""


def run(folder: Path, *options: str) -> str:
    """Run the tests with the plug-in, without pytest's other ones; return the report."""
    (folder / "test_example.py").write_text(TESTS)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.plugins.time_limit", "-rs", *options],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


def test_without_a_limit_all_tests_run(tmp_path: Path) -> None:
    assert "2 failed, 2 passed" in run(tmp_path)


def test_before_the_limit_all_tests_run(tmp_path: Path) -> None:
    assert "2 failed, 2 passed" in run(tmp_path, f"--until={time.time() + 600}")


def test_after_the_limit_no_test_is_set_up(tmp_path: Path) -> None:
    report = run(tmp_path, f"--until={time.time() - 1}")
    assert "SKIPPED [4]" in report
    assert "the time of this run is over" in report
    assert not (tmp_path / "set_up.txt").exists()


@pytest.mark.parametrize("wrong", ["--until=soon", "--until="])
def test_a_limit_that_is_no_time_is_refused(tmp_path: Path, wrong: str) -> None:
    assert run(tmp_path, wrong) == ""
