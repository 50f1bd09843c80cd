"""`kinelog worker recommendations`: the recommendation service in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest


@pytest.mark.slow
def test_the_service_answers_until_it_is_stopped(tmp_path: Path) -> None:
    """C-39, C-54: by HTTP on a free port; a signal ends it."""
    command = [sys.executable, "-m", "bootstrap", "worker", "recommendations", "--port", "0"]
    environment = {**os.environ, "KINELOG_HOME": str(tmp_path)}
    environment.pop("KINELOG_POSTGRES_URL", None)
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:
        try:
            assert process.stderr is not None
            found = None
            while found is None:
                line = process.stderr.readline()
                assert line, "it has ended"
                found = re.search(r"Recommending at (http://127\.0\.0\.1:\d+)/", line)
            assert httpx2.get(f"{found[1]}/ping", timeout=60).status_code == 200
            body: Any = {"userId": "ada", "features": {}}
            answer = httpx2.post(f"{found[1]}/invocations", json=body, timeout=60)
            assert answer.status_code == 200
            assert all(each["reason"] for each in answer.json()["recommendations"])
        finally:
            process.terminate()
        process.stderr.read()
        assert process.wait(60) == 0
