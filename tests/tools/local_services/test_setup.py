"""`make setup-services` installs missing packages, reports what it cannot, and is idempotent."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "setup-services.sh"


def program(folder: Path, name: str, text: str) -> None:
    """Write a program of this name into a folder of the PATH."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def set_up(path: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", SCRIPT],
        cwd=ROOT,
        env={"PATH": path, "HOME": os.environ["HOME"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("refused", ["apt-get", "mvn"])
def test_the_second_time_nothing_is_fetched(tmp_path: Path, refused: str) -> None:
    program(tmp_path, refused, f"touch {tmp_path}/called; exit 1")
    run = set_up(f"{tmp_path}:{os.environ['PATH']}")
    assert run.returncode == 0, run.stderr
    assert not (tmp_path / "called").exists()


def test_without_root_the_missing_packages_are_printed(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 1000")
    run = set_up(str(tmp_path), KINELOG_CACHE=str(tmp_path / "cache"))
    assert run.returncode == 1
    (sentence,) = run.stderr.splitlines()
    assert "redis-server openjdk-17-jre-headless maven" in sentence


def test_without_a_network_kafka_is_not_half_there(tmp_path: Path) -> None:
    program(tmp_path, "mvn", "exit 1")
    run = set_up(f"{tmp_path}:{os.environ['PATH']}", KINELOG_CACHE=str(tmp_path / "cache"))
    assert run.returncode == 1
    assert "downloading Kafka from Maven Central failed" in run.stderr
    assert [folder.suffix for folder in (tmp_path / "cache").iterdir()] == [".partial"]


def test_the_script_needs_no_more_than_a_posix_shell() -> None:
    shell = shutil.which("dash") or "/bin/sh"
    assert subprocess.run([shell, "-n", SCRIPT], check=False).returncode == 0


def test_make_down_stops_all_that_make_up_starts() -> None:
    up, down = (
        (ROOT / "scripts" / name).read_text(encoding="utf-8") for name in ("up.sh", "down.sh")
    )
    assert "${KINELOG_SIGN_IN:-required}" in up, "without a choice, sign-in is required"
    started = set(re.findall(r"^start(?:_simulators)? ([a-z]+) ", up, re.MULTILINE))
    (stopped,) = re.findall(r"^for name in ([a-z ]+); do$", down, re.MULTILINE)
    assert started == {*stopped.split()}
