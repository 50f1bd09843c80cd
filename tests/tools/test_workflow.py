"""The CI workflow has the required steps, and deploys nothing untested."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # without types

ROOT = Path(__file__).parents[2]
STEPS = ["lint", "typecheck", "test", "build", "deploy"]


def jobs() -> dict[str, Any]:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    found: dict[str, Any] = workflow["jobs"]
    return found


def before(name: str) -> set[str]:
    """Return every job that must finish before this one."""
    needs = jobs()[name].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*map(before, direct))


def test_the_pipeline_has_five_jobs() -> None:
    """R-OPS-05"""
    assert list(jobs()) == STEPS


def test_deployment_needs_green_checks_and_an_approval() -> None:
    """R-OPS-05: the approvers are configured for the environment."""
    assert before("deploy") == {*STEPS} - {"deploy"}
    assert jobs()["deploy"]["environment"] == "production"


def test_the_tests_run_on_every_version_of_python_that_is_promised() -> None:
    """R-OPS-05: those of the README and of the package."""
    versions: list[str] = jobs()["test"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [f"Programming Language :: Python :: {each}" for each in versions] == project[
        "classifiers"
    ]
    promised = f"Python {', '.join(versions[:-1])} or {versions[-1]}"
    assert promised in (ROOT / "README.md").read_text()


def test_a_push_and_the_nightly_run_do_not_cancel_each_other() -> None:
    """R-OPS-05: both are of `main`; only the nightly one runs all slow tests."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    group: str = yaml.safe_load(text)["concurrency"]["group"]
    assert "github.event_name" in group


@pytest.mark.parametrize("name", ["ci.yml", "deploy.yml", "calendar.yml"])
def test_every_action_is_pinned_by_its_commit(name: str) -> None:
    """R-OPS-05: a tag can be moved to other code; the version is in the comment."""
    text = (ROOT / ".github" / "workflows" / name).read_text()
    used = re.findall(r"uses: (.*)", text)
    assert used
    pinned = re.compile(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40} # v\d+(\.\d+)+")
    assert [each for each in used if not pinned.fullmatch(each)] == []
