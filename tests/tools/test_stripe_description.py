"""`make stripe-description` downloads the description of Stripe's API, or says what is missing."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "stripe-description.sh"


def program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def download(path: str, cache: Path) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": path, "HOME": os.environ["HOME"], "KINELOG_CACHE": str(cache)}
    return subprocess.run(
        ["/bin/sh", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_second_time_nothing_is_downloaded(tmp_path: Path) -> None:
    first = download(os.environ["PATH"], tmp_path / "cache")
    assert first.returncode == 0, first.stderr
    (file,) = (tmp_path / "cache").rglob("*.json")
    program(tmp_path, "go", f"touch {tmp_path}/called; exit 1")
    again = download(f"{tmp_path}:{os.environ['PATH']}", tmp_path / "cache")
    assert (again.returncode, again.stdout) == (0, "")
    assert file.stat().st_size > 1_000_000
    assert not (tmp_path / "called").exists()


def test_without_root_the_missing_package_is_named(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 1000")
    ran = download(str(tmp_path), tmp_path / "cache")
    assert ran.returncode == 1
    assert ran.stderr.endswith("on Debian: apt-get install -y golang-go\n")


@pytest.mark.parametrize("answer", ["exit 1", """echo '{"Sum": "h1:other", "Dir": "/"}'"""])
def test_a_failed_download_leaves_no_file(tmp_path: Path, answer: str) -> None:
    """Nor does a module with another checksum."""
    program(tmp_path, "go", answer)
    ran = download(f"{tmp_path}:{os.environ['PATH']}", tmp_path / "cache")
    assert ran.returncode == 1
    assert "downloading stripe-mock with Go failed" in ran.stderr
    assert not list(tmp_path.rglob("*.json"))
