"""The types of the pages' requests are generated from the OpenAPI document."""

import json
import subprocess
from pathlib import Path
from typing import Final

from tests.web.nodes import NODE
from tests.web.server import WEB

BINARIES: Final = WEB / "node_modules" / ".bin"

DOCUMENT: Final = WEB.parent / "api" / "openapi.json"


def errors(document: Path, folder: Path) -> str:
    """Generate types from a document, and type-check the pages' client with them."""
    for name in ("src", "node_modules"):
        (folder / name).symlink_to(WEB / name)
    (folder / "tsconfig.json").write_text((WEB / "tsconfig.json").read_text(encoding="utf-8"))
    output = folder / "types" / "rest.d.ts"
    generated = [str(each) for each in (NODE, BINARIES / "openapi-typescript", document)]
    subprocess.run(
        [*generated, "--output", str(output)], check=True, capture_output=True, timeout=120
    )
    checked = subprocess.run(
        [NODE, BINARIES / "tsc", "--project", folder, "--preserveSymlinks"],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return checked.stdout


def test_the_client_of_the_pages_fits_the_api(tmp_path: Path) -> None:
    """R-API-02: strictly type-checked with the types of today's document."""
    assert errors(DOCUMENT, tmp_path) == ""


def test_a_changed_field_of_the_api_is_found(tmp_path: Path) -> None:
    """The check would notice it."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    properties = document["components"]["schemas"]["Job"]["properties"]
    properties["renamed"] = properties.pop("state")
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "Property 'state' does not exist" in errors(path, tmp_path)
