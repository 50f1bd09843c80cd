"""The committed API schemas: openapi.json and schema.graphql."""

import json
from pathlib import Path

from api.app import build_routes
from api.graphql.schema import schema


def documents() -> dict[str, str]:
    """Generate both schemas, by file name. Needs no platform."""
    openapi = json.dumps(build_routes().openapi(), indent=2, ensure_ascii=False)
    return {"openapi.json": f"{openapi}\n", "schema.graphql": f"{schema.as_str().strip()}\n"}


def write(folder: Path) -> None:
    """Write both schemas into a folder."""
    for name, content in documents().items():
        (folder / name).write_text(content, encoding="utf-8")


def check(folder: Path) -> list[str]:
    """Return the names of the schema files in a folder that are missing or outdated."""
    return [
        name
        for name, content in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != content
    ]
