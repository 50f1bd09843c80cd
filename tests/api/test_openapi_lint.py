"""The OpenAPI document passes a public linter."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.web.nodes import NODE

ROOT: Final = Path(__file__).parents[2]

REDOCLY: Final = ROOT / "web" / "node_modules" / ".bin" / "redocly"

CONFIG: Final = Path(__file__).parent / "redocly.yaml"


def problems(document: Path, tmp_path: Path) -> list[str]:
    """Return the rules of Redocly's recommended set that a document breaks."""
    done = subprocess.run(
        [NODE, REDOCLY, "lint", "--config", CONFIG, "--format=json", document],
        check=False,
        cwd=tmp_path,
        env={"PATH": str(NODE.parent), "HOME": str(tmp_path), "REDOCLY_TELEMETRY": "off"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "problems" in done.stdout, done.stderr
    return [each["ruleId"] for each in json.loads(done.stdout)["problems"]]


def test_the_linter_finds_no_error_and_no_warning(tmp_path: Path) -> None:
    """R-API-02: the recommended rules; `redocly.yaml` says which one differs."""
    assert problems(ROOT / "api" / "openapi.json", tmp_path) == []


@pytest.mark.parametrize("broken", ["servers", "security", "success"])
def test_the_linter_finds_a_defect(broken: str, tmp_path: Path) -> None:
    """The rules are in force."""
    document = json.loads((ROOT / "api" / "openapi.json").read_text(encoding="utf-8"))
    operation = document["paths"]["/healthz"]["get"]
    if broken == "servers":
        del document["servers"]
    elif broken == "security":
        del operation["security"]
    else:
        del operation["responses"]["200"]
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert problems(path, tmp_path)
