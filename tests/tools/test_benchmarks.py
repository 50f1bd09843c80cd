"""Benchmarks run to their end in their smallest size, except those that need minutes of load."""

import json
import subprocess
import sys

import pytest

SMALLEST = {
    "apple_export": {"megabytes": 1},
    "checkout": {"percent": 1},
    "eventlog": {"percent": 1},
    "graphql": {"rounds": 2},
    "health_ingestion": {"rounds": 1, "thousands": 1},
    "instrumentation": {"rounds": 10},
    "media": {"percent": 1},
    "pose_growth": {"few": 10, "many": 100, "rounds": 2},
    "pose_verification": {"sessions": 4, "rounds": 1, "most": 4},
    "projections": {"sessions": 20, "shipped-sessions": 2, "rounds": 1},
    "routing": {"rounds": 3},
    "sealing": {"percent": 1},
    "session_events": {"percent": 1},
    "signing_in": {"rounds": 5},
    "worker_messages": {"rounds": 3},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALLEST)
def test_a_benchmark_prints_its_figures(name: str) -> None:
    options = [f"--{option}={size}" for option, size in SMALLEST[name].items()]
    command = [sys.executable, "-m", f"benchmarks.{name}", *options, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row["benchmark"] for row in rows} == {name}
    assert all(any(isinstance(figure, float) for figure in row.values()) for row in rows)
