"""The types of the pages' requests are generated from the OpenAPI document and the schema."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

from bootstrap.pages import SOURCES as WEB
from tests.web.nodes import NODE

BINARIES: Final = WEB / "node_modules" / ".bin"

API: Final = WEB.parent / "api"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what the types are generated from, beside links to the pages."""
    (tmp_path / "api").mkdir()
    (tmp_path / "web" / "types").mkdir(parents=True)
    for name in ("openapi.json", "schema.graphql"):
        (tmp_path / "api" / name).write_text((API / name).read_text("utf-8"), encoding="utf-8")
    for name in ("src", "node_modules"):
        (tmp_path / "web" / name).symlink_to(WEB / name)
    for name in ("tsconfig.json", "package.json"):
        (tmp_path / "web" / name).write_text((WEB / name).read_text("utf-8"), encoding="utf-8")
    return tmp_path


def errors(project: Path) -> str:
    """Generate the types, and type-check the pages with them."""
    scripts = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["scripts"]
    for script in scripts["types"].split(" && "):
        command, *arguments = script.split()
        run(project, command, *arguments).check_returncode()
    return run(project, *scripts["check"].split(), "--preserveSymlinks").stdout


def run(project: Path, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [NODE, BINARIES / command, *arguments],
        cwd=project / "web",
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_requests_of_the_pages_fit_the_api(project: Path) -> None:
    """R-API-02: strictly type-checked with the types of today's schemas."""
    assert errors(project) == ""


@pytest.mark.slow
def test_changed_fields_of_both_interfaces_are_found(project: Path) -> None:
    """For GraphQL, the types of results are inferred from the texts of the queries."""
    rest, graphql = project / "api" / "openapi.json", project / "api" / "schema.graphql"
    document = json.loads(rest.read_text(encoding="utf-8"))
    properties = document["components"]["schemas"]["Job"]["properties"]
    properties["renamed"] = properties.pop("state")
    consent = document["components"]["schemas"]["ConsentInput"]["properties"]
    consent["renamed"] = consent.pop("given")
    del document["paths"]["/v1/me/access-log"]
    rest.write_text(json.dumps(document), encoding="utf-8")
    schema = graphql.read_text(encoding="utf-8")
    graphql.write_text(schema.replace("  pseudonym: ", "  renamed: "), encoding="utf-8")
    found = errors(project)
    assert "Property 'state' does not exist" in found
    assert "src/leaderboards/leaderboard-list.ts" in found
    assert "src/account/consent-api.ts" in found
    assert "src/account/access-log.ts" in found
    assert "is not assignable to parameter of type 'never'" in found
