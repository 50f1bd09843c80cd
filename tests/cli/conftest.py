"""Fixtures that run the `kinelog` command as a process with its own data folder."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.sample_athlete.performance import Performance
from domain.values import Tempo
from tools.film_studio.film import render_video

KINELOG = Path(sys.executable).with_name("kinelog")
BRISK = Tempo(0.8, 0.2, 0.8, 0.4)


@dataclass
class CommandResult:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What was said about the refusal, without progress."""
        return self.err.strip().splitlines()[-1]


@dataclass
class Shell:
    """Runs commands with a data folder."""

    home: Path

    def run(self, *words: str | Path, env: Mapping[str, str] | None = None) -> CommandResult:
        done = subprocess.run(
            [KINELOG, *map(str, words)],
            env={**os.environ, "KINELOG_HOME": str(self.home), "COLUMNS": "200", **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        return CommandResult(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str | Path) -> Any:
        ran = self.run(*words, "--json")
        assert ran.status == 0, ran.err
        return ran.json


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "home")


@pytest.fixture(scope="session")
def squats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short film of three squats."""
    path = tmp_path_factory.mktemp("films") / "squats.mp4"
    performance = Performance(
        exercise="squat", repetitions=3, tempo=BRISK, azimuth_deg=60, width=480, height=360, fps=24
    )
    render_video(performance, path)
    return path


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, squats: Path) -> tuple[Shell, Any]:
    """A data folder in which the film was analyzed by the real model, and what was said of it."""
    shell = Shell(tmp_path_factory.mktemp("trained"))
    result = shell.json("analyze", squats, "--exercise", "squat", "--user", "ada")
    return shell, result
