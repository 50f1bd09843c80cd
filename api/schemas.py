"""The two descriptions of our interface, kept beside the code that they are made from."""

import json
from pathlib import Path

from api.app import routes
from api.graphql.schema import schema


def documents() -> dict[str, str]:
    """Make both descriptions, by file name. No platform is needed."""
    openapi = json.dumps(routes().openapi(), indent=2, ensure_ascii=False)
    return {"openapi.json": f"{openapi}\n", "schema.graphql": f"{schema.as_str().strip()}\n"}


def write(folder: Path) -> None:
    """Write both files into a folder."""
    for name, content in documents().items():
        (folder / name).write_text(content, encoding="utf-8")


def check(folder: Path) -> list[str]:
    """Name the files in a folder that are missing or no longer say what the code does."""
    return [
        name
        for name, content in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != content
    ]
