"""The Makefile keeps the targets that people and scripts use."""

import re
from pathlib import Path

import pytest

MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "target",
    [
        "run",
        "test",
        "test-slow",
        "check",
        "bench",
        "chaos",
        "up",
        "down",
        "schema",
        "client",
        "sample-video",
    ],
)
def test_a_target_exists_and_has_help(target: str) -> None:
    assert re.search(rf"^{target}:.* ## \S", MAKEFILE, re.MULTILINE)
