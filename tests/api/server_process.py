"""A process of `kinelog serve`."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

KINELOG = Path(sys.executable).with_name("kinelog")


@contextmanager
def serving(home: Path, **settings: str) -> Generator[tuple["subprocess.Popen[str]", str]]:
    """Run `kinelog serve`; yield the process and its URL."""
    environment = {
        **os.environ,
        "KINELOG_HOME": str(home),
        "KINELOG_CACHE": str(home / "cache"),
        "KINELOG_PORT": "0",
        **settings,
    }
    for name in ("KINELOG_POSTGRES_URL", "KINELOG_KAFKA", "KINELOG_REDIS_URL"):
        environment.pop(name, None)
    with subprocess.Popen(
        [KINELOG, "serve", "--json"], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            yield server, json.loads(server.stdout.readline())["url"].rstrip("/")
        finally:
            server.kill()


def get(url: str) -> Any:
    return httpx2.get(url, timeout=60, trust_env=False)
