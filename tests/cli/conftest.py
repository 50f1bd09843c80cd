"""Fixtures that run the `kinelog` command with its own data folder."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from adapters.sample_athlete.performance import Performance
from bootstrap.__main__ import main
from domain.values import Tempo
from tests.data_folders import prepared
from tests.plugins.process_state import unchanged_logging
from tools.film_studio.video import render_video

KINELOG = Path(sys.executable).with_name("kinelog")
BRISK = Tempo(0.8, 0.2, 0.8, 0.4)


@dataclass
class CommandResult:
    """Result of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """Return the error message, without progress."""
        return self.err.strip().splitlines()[-1]


@dataclass
class Shell:
    """Runs commands with a data folder."""

    home: Path

    def run(self, *words: str | Path, env: Mapping[str, str] | None = None) -> CommandResult:
        """Run a command in this process, which has already imported the libraries."""
        out, err = StringIO(), StringIO()
        collecting = gc.get_threshold()
        with (
            unchanged_logging(),
            patch.dict(os.environ, self._environment(env)),
            patch.object(sys, "argv", ["kinelog", *map(str, words)]),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        gc.set_threshold(*collecting)
        return CommandResult(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def run_process(self, *words: str | Path) -> CommandResult:
        """Run a command in its own process."""
        done = subprocess.run(
            [KINELOG, *map(str, words)],
            env={**os.environ, **self._environment(None)},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        return CommandResult(done.returncode, done.stdout, done.stderr)

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        return {"KINELOG_HOME": str(self.home), "COLUMNS": "200", **(more or {})}

    def json(self, *words: str | Path) -> Any:
        ran = self.run(*words, "--json")
        assert ran.status == 0, ran.err
        return ran.json


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(prepared(tmp_path / "home"))


@pytest.fixture(scope="session")
def squats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short video of three squats."""
    path = tmp_path_factory.mktemp("videos") / "squats.mp4"
    performance = Performance(
        exercise="squat", repetitions=3, tempo=BRISK, azimuth_deg=60, width=480, height=360, fps=24
    )
    render_video(performance, path)
    return path


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, squats: Path) -> tuple[Shell, Any]:
    """A data folder in which the real model analyzed the video, and the command's output."""
    shell = Shell(tmp_path_factory.mktemp("trained"))
    result = shell.json("analyze", squats, "--exercise", "squat", "--user", "ada")
    return shell, result
